//! Laws of [`ports::changes::Stops`].

use super::members::actions;
use super::tools::{race, refused};
use crate::Stores;
use crate::builders::{at, audit_entry, scope};
use domain::audit::Actor;
use domain::ids::WorkspaceId;
use ports::Kind;
use ports::changes::{Stop, StopScope};
use ports::events::STOPS_CHANGED;

pub(super) fn here() -> WorkspaceId {
    scope(1, 1).workspace
}

fn there() -> WorkspaceId {
    scope(2, 1).workspace
}

pub(super) fn stop(scope: StopScope, reason: &str) -> Stop {
    Stop {
        scope,
        reason: reason.to_owned(),
        by: Actor::command_line(),
        at: at("2026-02-01T12:00:00Z"),
    }
}

pub(super) async fn put(stores: &Stores, workspace: WorkspaceId, stop: &Stop) {
    let entry = audit_entry(workspace, "stop.put");
    let stopped = stores.stops.stop(workspace, stop, &entry).await;
    stopped.expect("stopped");
}

async fn stops(stores: &Stores, workspace: WorkspaceId) -> Vec<Stop> {
    stores.stops.stops(workspace).await.expect("read")
}

async fn told(stores: &Stores, workspace: WorkspaceId) -> usize {
    let events = stores.events.since(workspace, 0, 1000).await;
    let events = events.expect("read").into_iter().map(|e| e.event);
    let of = events.filter(|e| e.kind == STOPS_CHANGED);
    of.filter(|e| e.entity_id == workspace.to_string()).count()
}

fn agent(id: &str) -> StopScope {
    StopScope::Agent(id.to_owned())
}

fn connection(id: &str) -> StopScope {
    StopScope::Connection(id.to_owned())
}

pub async fn stops_are_kept_by_scope_in_their_workspace(stores: Stores) {
    assert_eq!(stops(&stores, here()).await, []);
    let scopes = [
        StopScope::All,
        agent("Stock"),
        agent("a"),
        agent("pricing"),
        connection("a"),
        connection("pricing"),
    ];
    let all: Vec<_> = scopes.map(|s| stop(s, "Look first")).into();
    for stop in all.iter().rev() {
        put(&stores, here(), stop).await;
    }
    assert_eq!(stops(&stores, here()).await, all);
    assert_eq!(stops(&stores, there()).await, []);
    put(&stores, there(), &all[1]).await;
    assert_eq!(stops(&stores, there()).await, all[1..2]);
    assert_eq!(told(&stores, here()).await, all.len());
    assert_eq!(told(&stores, there()).await, 1);
}

pub async fn a_stop_replaces_one_of_the_same_scope(stores: Stores) {
    put(&stores, here(), &stop(agent("pricing"), "Too eager")).await;
    put(&stores, here(), &stop(agent("stock"), "Too slow")).await;
    let later = Stop {
        at: at("2026-02-02T12:00:00Z"),
        ..stop(agent("pricing"), "Still too eager")
    };
    put(&stores, here(), &later).await;
    let expected = [later, stop(agent("stock"), "Too slow")];
    assert_eq!(stops(&stores, here()).await, expected);
}

pub async fn what_is_lifted_is_off_with_an_entry_or_not_at_all(stores: Stores) {
    put(&stores, here(), &stop(StopScope::All, "Look first")).await;
    put(&stores, here(), &stop(agent("pricing"), "Too eager")).await;
    let lift = async |workspace, scope: &StopScope| {
        let entry = audit_entry(workspace, "stop.lift");
        stores.stops.lift(workspace, scope, &entry).await
    };
    refused(lift(there(), &StopScope::All).await, Kind::NotFound);
    refused(lift(here(), &agent("stock")).await, Kind::NotFound);
    refused(lift(here(), &connection("pricing")).await, Kind::NotFound);
    assert_eq!(stops(&stores, here()).await.len(), 2);
    assert_eq!(actions(&stores, here()).await, ["stop.put", "stop.put"]);
    assert_eq!(told(&stores, here()).await, 2);
    lift(here(), &StopScope::All).await.expect("lifted");
    let left = [stop(agent("pricing"), "Too eager")];
    assert_eq!(stops(&stores, here()).await, left);
    refused(lift(here(), &StopScope::All).await, Kind::NotFound);
    let entries = actions(&stores, here()).await;
    assert_eq!(entries, ["stop.put", "stop.put", "stop.lift"]);
    assert_eq!(actions(&stores, there()).await, [""; 0]);
    assert_eq!(told(&stores, here()).await, 3);
}

pub async fn of_many_that_lift_one_does(stores: Stores) {
    put(&stores, here(), &stop(StopScope::All, "Look first")).await;
    let results = race(|_| {
        let stops = stores.stops.clone();
        async move {
            let entry = audit_entry(here(), "stop.lift");
            stops.lift(here(), &StopScope::All, &entry).await
        }
    })
    .await;
    let lifted = results.iter().filter(|r| r.is_ok()).count();
    assert_eq!(lifted, 1);
    for result in results.into_iter().filter(Result::is_err) {
        refused(result, Kind::NotFound);
    }
    let entries = actions(&stores, here()).await;
    assert_eq!(entries, ["stop.put", "stop.lift"]);
}

#[macro_export]
macro_rules! stop_laws {
    ($make:ident) => {
        $crate::laws!(
            stops,
            $make,
            [
                stops_are_kept_by_scope_in_their_workspace,
                a_stop_replaces_one_of_the_same_scope,
                what_is_lifted_is_off_with_an_entry_or_not_at_all,
                of_many_that_lift_one_does,
            ]
        );
    };
}
