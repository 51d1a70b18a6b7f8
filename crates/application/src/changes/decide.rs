//! What people decide on a set: approve, reject, take back.

use super::evidence::risk;
use super::propose::{Draft, VALID_FOR, effect_unknown};
use super::{ChangeError, Changes, Fault, guard};
use crate::traces::asked;
use domain::audit::{Actor, ActorKind, NewEntry};
use domain::changes::{
    Approval, ChangeSet, ChangeSetStatus, Decision, Digest, OperationState, Origin, guardrails,
    plan,
};
use domain::ids::{ChangeSetId, WorkspaceId};
use domain::people::Role;
use ports::changes::ChangeFilter;
use ports::page::MAX_LIMIT;
use ports::{Kind, PageRequest, PortResult};
use serde_json::json;
use uuid::Uuid;

const LONGEST_NOTE: usize = 1_000;
/// A set that has not ended.
const OPEN: [ChangeSetStatus; 3] = [
    ChangeSetStatus::Proposed,
    ChangeSetStatus::Approved,
    ChangeSetStatus::Applying,
];

/// Who decides, with the role that they have.
#[derive(Debug, Clone)]
pub struct Approver {
    pub actor: Actor,
    pub role: Role,
}

impl Changes {
    /// Lets it be applied, without the operations whose numbers are in `reject`. `digest` is that of what was looked at.
    pub async fn approve(
        &self,
        workspace: WorkspaceId,
        id: ChangeSetId,
        by: &Approver,
        digest: &Digest,
        reject: &[u32],
        note: Option<&str>,
    ) -> Result<ChangeSet, ChangeError> {
        let note = note_of(note)?;
        let mut set = self.waiting_set(workspace, id).await?;
        if set.digest() != *digest {
            return Err(ChangeError::OtherDigest);
        }
        let is_own = may_approve(&set, by)?;
        self.not_stopped(&set).await?;
        self.may_refund(&set, reject, &by.actor).await?;
        self.may_order(&set, reject, Some(by))
            .await?
            .map_err(ChangeError::Order)?;
        leave_out(&mut set, reject)?;
        set.status = ChangeSetStatus::Approved;
        let now = self.ports.clock.now();
        set.approval = Some(Approval {
            by: by.actor.clone(),
            at: now,
            digest: digest.clone(),
            note: note.clone(),
            role: Some(by.role),
        });
        let entry = self.entry(&set, &by.actor, "change_set.approve");
        let entry = entry.after(&json!({
            "digest": digest, "left_out": reject, "own_proposal": is_own,
        }));
        let set = self.decide(&set, because(entry, note.as_deref())).await?;
        self.queued.notify_one();
        Ok(set)
    }

    pub async fn reject(
        &self,
        workspace: WorkspaceId,
        id: ChangeSetId,
        by: &Actor,
        note: Option<&str>,
    ) -> Result<ChangeSet, ChangeError> {
        let note = note_of(note)?;
        let mut set = self.waiting_set(workspace, id).await?;
        set.status = ChangeSetStatus::Rejected;
        for operation in &mut set.operations {
            operation.state = OperationState::Rejected;
        }
        set.rejection = Some(Decision {
            by: by.clone(),
            at: self.ports.clock.now(),
            note: note.clone(),
        });
        let entry = self.entry(&set, by, "change_set.reject");
        self.decide(&set, because(entry, note.as_deref())).await
    }

    /// Proposes what takes back all that is in effect of a set; it waits for approval as any other.
    pub async fn undo(
        &self,
        workspace: WorkspaceId,
        id: ChangeSetId,
        by: &Actor,
        reason: Option<&str>,
    ) -> Result<ChangeSet, ChangeError> {
        let reason = note_of(reason)?;
        let of = self.find(workspace, id).await?;
        let of = of.ok_or(ChangeError::UnknownSet)?;
        if !plan::may_undo(&of) {
            return Err(ChangeError::NothingToUndo);
        }
        if self.is_undo_under_way(&of).await? {
            return Err(ChangeError::UndoUnderWay);
        }
        let wanted = plan::undo(&of);
        let store = self.stores.find(of.scope).await?;
        let actions = || wanted.iter().map(|w| &w.action);
        let (costs, discounted) = match &store {
            Some(store) => (
                self.costs(store, actions()).await?,
                self.discounted(store, actions()).await?,
            ),
            None => return Err(ChangeError::NoConnection),
        };
        let limits = self.limits(of.scope).await?;
        let draft = Draft {
            id: ChangeSetId(Uuid::now_v7()),
            scope: of.scope,
            connection: of.connection,
            title: format!("Undo: {}", of.title.trim_start_matches("Undo: ")),
            reason: reason.unwrap_or_else(|| format!("Takes back \"{}\"", of.title)),
            origin: Origin::Undo { of: of.id },
            proposed_by: by.clone(),
            risk: risk(&limits, &wanted, &costs, &discounted),
            evidence: Vec::new(),
            effect: None,
            effect_unknown: Some(effect_unknown(&wanted).to_owned()),
            valid: VALID_FOR,
            wanted,
        };
        self.put_forward(draft, "change_set.undo").await
    }

    async fn is_undo_under_way(&self, of: &ChangeSet) -> PortResult<bool> {
        for status in OPEN {
            let filter = ChangeFilter {
                store: Some(of.scope.store),
                status: Some(status),
                ..ChangeFilter::default()
            };
            let page = PageRequest::first(MAX_LIMIT);
            let open = self.list(of.scope.workspace, &filter, &page).await?;
            let is_ours = |s: &ChangeSet| s.origin == Origin::Undo { of: of.id };
            if open.items.iter().any(is_ours) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// A set on which one may still decide.
    pub(super) async fn waiting_set(
        &self,
        workspace: WorkspaceId,
        id: ChangeSetId,
    ) -> Result<ChangeSet, ChangeError> {
        let set = self.find(workspace, id).await?;
        let set = set.ok_or(ChangeError::UnknownSet)?;
        let now = self.ports.clock.now();
        match set.status {
            ChangeSetStatus::Expired => Err(ChangeError::Expired),
            ChangeSetStatus::Proposed if set.expires_at <= now => {
                self.ports.changes.expire(now).await?;
                self.hub.wake();
                Err(ChangeError::Expired)
            }
            ChangeSetStatus::Proposed => Ok(set),
            status => Err(ChangeError::NotWaiting(status)),
        }
    }

    /// While a stop is on, nothing is let through that would only be refused later.
    pub(super) async fn not_stopped(&self, set: &ChangeSet) -> Result<(), ChangeError> {
        let stops = self.ports.stops.stops(set.scope.workspace).await?;
        let signs = guard::signs(&stops);
        guardrails::stopped(&set.origin, set.connection, &signs).map_err(ChangeError::Stopped)
    }

    pub(super) async fn decide(
        &self,
        set: &ChangeSet,
        entry: NewEntry,
    ) -> Result<ChangeSet, ChangeError> {
        if set.status == ChangeSetStatus::Approved {
            asked(&self.ports, set.scope.workspace, set.id.0).await;
        }
        let decided = self.ports.changes.decide(set, &entry).await;
        let decided = decided.map_err(|error| match error.kind {
            Kind::Conflict => ChangeError::DecidedMeanwhile,
            Kind::NotFound => ChangeError::UnknownSet,
            _ => ChangeError::Port(error),
        })?;
        self.wake_run(&decided).await;
        self.hub.wake();
        Ok(decided)
    }
}

/// Whether it is their own proposal, which only some roles may approve, and which is recorded.
fn may_approve(set: &ChangeSet, by: &Approver) -> Result<bool, ChangeError> {
    let (proposer, actor) = (&set.proposed_by, &by.actor);
    let is_own = (proposer.kind, &proposer.id) == (actor.kind, &actor.id)
        || (proposer.id.is_some() && proposer.id == actor.id);
    if matches!(set.origin, Origin::Agent { .. }) {
        let is_nobody = matches!(actor.kind, ActorKind::System | ActorKind::Nobody);
        if is_nobody || is_own {
            return Err(ChangeError::NeedsPerson);
        }
    }
    if is_own && by.role < Role::Operator {
        return Err(ChangeError::OwnProposal);
    }
    Ok(is_own)
}

fn leave_out(set: &mut ChangeSet, reject: &[u32]) -> Result<(), ChangeError> {
    let fault = |message: String| ChangeError::Invalid(vec![Fault::new("reject", message)]);
    if let Some(no) = reject.iter().find(|no| set.operation(**no).is_none()) {
        return Err(fault(format!("there is no operation {no}")));
    }
    for operation in &mut set.operations {
        operation.state = if reject.contains(&operation.no) {
            OperationState::Rejected
        } else {
            OperationState::Approved
        };
    }
    let is_left = |o: &domain::changes::Operation| o.state == OperationState::Approved;
    if !set.operations.iter().any(is_left) {
        let message = "names every operation: reject the set as a whole".to_owned();
        return Err(fault(message));
    }
    Ok(())
}

pub(super) fn note_of(text: Option<&str>) -> Result<Option<String>, ChangeError> {
    let text = text.map(str::trim).filter(|t| !t.is_empty());
    if text.is_some_and(|t| t.chars().count() > LONGEST_NOTE) {
        let message = format!("has at most {LONGEST_NOTE} characters");
        return Err(ChangeError::Invalid(vec![Fault::new("note", message)]));
    }
    Ok(text.map(str::to_owned))
}

pub(super) fn because(entry: NewEntry, reason: Option<&str>) -> NewEntry {
    match reason {
        Some(reason) => entry.because(reason),
        None => entry,
    }
}
