//! Change-sets as people propose them.

use super::at;
use super::store::numbered;
use domain::audit::Actor;
use domain::changes::{
    Action, Approval, ChangeSet, ChangeSetStatus, Evidence, EvidenceRow, Operation, OperationState,
    Origin, Risk,
};
use domain::connection::Connection;
use domain::ids::{ChangeSetId, ProductId, StoreScope, VariantId};

/// Proposed, with two prices that rise by one tenth, until 8 February 2026; a larger number was created later.
#[must_use]
pub fn change_set(connection: &Connection, number: u32) -> ChangeSet {
    let created = at("2026-02-01T08:00:00Z") + chrono::Duration::minutes(i64::from(number));
    let id = connection.id.0.as_u128() ^ (u128::from(number) << 64) ^ (8 << 120);
    ChangeSet {
        id: ChangeSetId(uuid::Uuid::from_u128(id)),
        scope: StoreScope {
            workspace: connection.workspace,
            store: connection.store,
        },
        connection: connection.id,
        title: format!("Prices {number}"),
        reason: "Costs have risen".to_owned(),
        origin: Origin::Person,
        proposed_by: Actor::command_line(),
        status: ChangeSetStatus::Proposed,
        version: 1,
        operations: vec![price_operation(number, 1), price_operation(number, 2)],
        evidence: vec![Evidence {
            title: "Costs".to_owned(),
            observed_at: created,
            rows: vec![EvidenceRow {
                label: "Tea".to_owned(),
                value: "4.00".to_owned(),
            }],
        }],
        effect: None,
        effect_unknown: Some("Too few sales".to_owned()),
        risk: Risk {
            score: 120,
            reasons: vec!["Two prices".to_owned()],
        },
        created_at: created,
        expires_at: at("2026-02-08T08:00:00Z"),
        approval: None,
        rejection: None,
        started_at: None,
        finished_at: None,
        next_try_at: None,
        error: None,
        undone_by: None,
        outcomes: Vec::new(),
    }
}

/// As [`change_set`], and approved.
#[must_use]
pub fn approved_change_set(connection: &Connection, number: u32) -> ChangeSet {
    let mut set = change_set(connection, number);
    set.status = ChangeSetStatus::Approved;
    for operation in &mut set.operations {
        operation.state = OperationState::Approved;
    }
    set.approval = Some(Approval {
        by: Actor::command_line(),
        at: set.created_at,
        digest: set.digest(),
        note: None,
        role: None,
    });
    set
}

fn price_operation(set: u32, no: u32) -> Operation {
    let (before, id) = (1000, i64::from(set) * 100 + i64::from(no));
    Operation {
        no,
        action: Action::Price {
            product: ProductId(id),
            variant: VariantId(id),
            before,
            after: before + before / 10,
        },
        label: format!("Tea {no}"),
        state: OperationState::Proposed,
        key: numbered(9, no, set),
        intended_at: None,
        ended_at: None,
        seen: None,
        error: None,
        tries: 0,
    }
}
