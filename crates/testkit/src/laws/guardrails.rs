//! Laws of [`ports::guardrails::GuardrailStore`].

use super::members::actions;
use super::tools::{connected, one_wins, race, refused};
use crate::Stores;
use crate::builders::{audit_entry, connection, guardrails, scope};
use domain::changes::Guardrails;
use domain::ids::{StoreScope, WorkspaceId};
use ports::events::GUARDRAILS_CHANGED;
use ports::{Kind, PortResult};

async fn try_set(stores: &Stores, wanted: &Guardrails) -> PortResult<()> {
    let entry = audit_entry(wanted.scope.workspace, "guardrails.set");
    stores.guardrails.set_guardrails(wanted, &entry).await
}

async fn set(stores: &Stores, scope: StoreScope, version: i64) -> Guardrails {
    let wanted = guardrails(scope, version);
    try_set(stores, &wanted).await.expect("set");
    wanted
}

async fn find(stores: &Stores, scope: StoreScope) -> Option<Guardrails> {
    stores.guardrails.guardrails(scope).await.expect("answered")
}

/// Versions that the log tells of, oldest first.
async fn told(stores: &Stores, workspace: WorkspaceId) -> Vec<Option<i64>> {
    let events = stores.events.since(workspace, 0, 1000).await;
    let events = events.expect("read").into_iter().map(|e| e.event);
    let events = events.filter(|e| e.kind == GUARDRAILS_CHANGED);
    events.map(|e| e.version).collect()
}

pub async fn the_newest_version_is_found_whole_with_its_entry_and_its_event(stores: Stores) {
    let here = connected(&stores, 1, 1).await;
    assert_eq!(find(&stores, here).await, None);
    for version in 1..=2 {
        let stored = set(&stores, here, version).await;
        assert_eq!(find(&stores, here).await, Some(stored));
    }
    let entries = actions(&stores, here.workspace).await;
    assert_eq!(entries, ["guardrails.set", "guardrails.set"]);
    assert_eq!(told(&stores, here.workspace).await, [Some(1), Some(2)]);
}

pub async fn those_of_another_store_or_workspace_are_not_seen(stores: Stores) {
    let here = connected(&stores, 1, 1).await;
    set(&stores, here, 1).await;
    let borrowed = StoreScope {
        workspace: scope(2, 1).workspace,
        ..here
    };
    for other in [scope(1, 2), scope(2, 1), borrowed] {
        assert_eq!(find(&stores, other).await, None);
    }
    assert_eq!(told(&stores, borrowed.workspace).await, []);
}

pub async fn a_version_that_does_not_follow_changes_nothing(stores: Stores) {
    let here = connected(&stores, 1, 1).await;
    for early in [0, 2] {
        let refusal = try_set(&stores, &guardrails(here, early)).await;
        refused(refusal, Kind::Conflict);
    }
    let first = set(&stores, here, 1).await;
    for wrong in [0, 1, 3] {
        let mut other = guardrails(here, wrong);
        other.limits.margin = 1;
        refused(try_set(&stores, &other).await, Kind::Conflict);
    }
    assert_eq!(find(&stores, here).await, Some(first));
    assert_eq!(actions(&stores, here.workspace).await, ["guardrails.set"]);
    assert_eq!(told(&stores, here.workspace).await, [Some(1)]);
}

pub async fn of_many_that_set_the_same_version_one_wins(stores: Stores) {
    let here = connected(&stores, 1, 1).await;
    set(&stores, here, 1).await;
    let results = race(|n| {
        let port = stores.guardrails.clone();
        async move {
            let mut wanted = guardrails(here, 2);
            wanted.reason = Some(format!("Racer {n}"));
            let entry = audit_entry(here.workspace, "guardrails.set");
            port.set_guardrails(&wanted, &entry).await
        }
    })
    .await;
    one_wins(&results);
    assert_eq!(actions(&stores, here.workspace).await.len(), 2);
}

pub async fn they_go_with_their_store(stores: Stores) {
    let (gone, stays) = (
        connected(&stores, 1, 1).await,
        connected(&stores, 1, 2).await,
    );
    set(&stores, gone, 1).await;
    let kept = set(&stores, stays, 1).await;
    let connection = connection(1, 1);
    let purge = Some(connection.store);
    let removed = stores
        .connections
        .remove(gone.workspace, connection.id, purge);
    removed.await.expect("removed");
    assert_eq!(find(&stores, gone).await, None);
    assert_eq!(find(&stores, stays).await, Some(kept));
    // A store of the same id starts anew.
    set(&stores, gone, 1).await;
}

#[macro_export]
macro_rules! guardrail_laws {
    ($make:ident) => {
        $crate::laws!(
            guardrails,
            $make,
            [
                the_newest_version_is_found_whole_with_its_entry_and_its_event,
                those_of_another_store_or_workspace_are_not_seen,
                a_version_that_does_not_follow_changes_nothing,
                of_many_that_set_the_same_version_one_wins,
                they_go_with_their_store,
            ]
        );
    };
}
