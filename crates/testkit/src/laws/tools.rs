//! What several laws need.

use crate::Stores;
use crate::builders::{connection, scope, store};
use domain::ids::StoreScope;
use domain::rollup::{Placement, Rollups, fold};
use ports::events::NewEvent;
use ports::orders::StoredOrder;
use ports::{Kind, PortError};
use std::future::Future;

/// How many take part in a race.
pub(super) const RACERS: u32 = 20;

/// The scope of a connected store, by numbers as in [`connection`].
pub(super) async fn connected(stores: &Stores, workspace: u32, number: u32) -> StoreScope {
    let (connection, store) = (connection(workspace, number), store(workspace, number));
    let saved = stores.connections.save(&connection, &store).await;
    saved.expect("the connection is saved");
    scope(workspace, number)
}

/// Runs all at once and answers in the order of their numbers.
pub(super) async fn race<T, F>(run: impl Fn(u32) -> F) -> Vec<T>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let racers: Vec<_> = (1..=RACERS).map(|n| tokio::spawn(run(n))).collect();
    let mut results = Vec::new();
    for racer in racers {
        results.push(racer.await.expect("a racer does not panic"));
    }
    results
}

/// Of a race of which one must win: all others are told that there is a conflict.
#[track_caller]
pub(super) fn one_wins<T>(results: &[Result<T, PortError>]) {
    let winners = results.iter().filter(|r| r.is_ok()).count();
    assert_eq!(winners, 1, "exactly one of {} wins", results.len());
    for error in results.iter().filter_map(|r| r.as_ref().err()) {
        assert_eq!(error.kind, Kind::Conflict, "{error}");
    }
}

/// Of a race to claim one piece of work: one has it, all others are told that there is none.
#[track_caller]
pub(super) fn one_claims<T>(claims: &[Result<Option<T>, PortError>]) {
    let claimed = |claim: &&Result<Option<T>, PortError>| {
        let claim = claim.as_ref().expect("answered");
        claim.is_some()
    };
    let winners = claims.iter().filter(claimed).count();
    assert_eq!(winners, 1, "exactly one of {} claims it", claims.len());
}

#[track_caller]
pub(super) fn refused<T>(result: Result<T, PortError>, kind: Kind) {
    match result {
        Ok(_) => panic!("expected {kind:?}, but it was accepted"),
        Err(error) => assert_eq!(error.kind, kind, "{error}"),
    }
}

/// All orders of the store, by walking.
pub(super) async fn all_orders(stores: &Stores, scope: StoreScope) -> Vec<StoredOrder> {
    let mut all: Vec<StoredOrder> = Vec::new();
    loop {
        let after = all.last().map(|o| o.order.id);
        let next = stores.orders.walk(scope, after, None, 7).await;
        let next = next.expect("the walk goes on");
        if next.is_empty() {
            return all;
        }
        all.extend(next);
    }
}

/// What the rollups have to be.
pub(super) fn fold_of(orders: &[StoredOrder]) -> Rollups {
    let mut sum = Rollups::new();
    for stored in orders {
        for (key, measures) in fold(&Placement::of(&stored.order), &stored.ledger) {
            *sum.entry(key).or_default() += measures;
        }
    }
    sum.retain(|_, measures| !measures.is_zero());
    sum
}

/// Fails unless the stored rollups equal the fold of the stored orders.
pub(super) async fn assert_rollups_hold(stores: &Stores, scope: StoreScope, when: &str) {
    let expected = fold_of(&all_orders(stores, scope).await);
    let stored = stores.reports.all(scope).await.expect("rollups are read");
    for (key, measures) in &expected {
        assert_eq!(stored.get(key), Some(measures), "{when}: {key:?}");
    }
    for (key, measures) in &stored {
        assert!(
            expected.contains_key(key),
            "{when}: {key:?} {measures:?} has no orders"
        );
    }
}

/// Events of one kind about the store, oldest first.
pub(super) async fn events_of(stores: &Stores, scope: StoreScope, kind: &str) -> Vec<NewEvent> {
    let events = stores.events.since(scope.workspace, 0, 1000).await;
    events
        .expect("events are read")
        .into_iter()
        .map(|e| e.event)
        .filter(|e| e.kind == kind && e.entity_id == scope.store.to_string())
        .collect()
}
