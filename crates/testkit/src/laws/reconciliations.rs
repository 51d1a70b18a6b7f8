//! Laws of [`ports::reconciliations::ReconciliationStore`].

use super::syncs::{lease, now, shop};
use super::tools::{one_wins, race, refused};
use crate::Stores;
use crate::builders::{days, reconciled, reconciliation};
use chrono::{DateTime, Utc};
use domain::connection::Connection;
use domain::ids::WorkspaceId;
use domain::reconciliation::{Reconciled, ReconciliationRun};
use domain::sync::SyncStatus;
use ports::reconciliations::ReconciliationLease;
use ports::{Kind, PageRequest};
use uuid::Uuid;

async fn queue(stores: &Stores, shop: &Connection, number: u32) -> ReconciliationRun {
    let run = reconciliation(shop, number);
    stores.reconciliations.create(&run).await.expect("created");
    run
}

async fn claim(stores: &Stores, at: DateTime<Utc>) -> Option<ReconciliationLease> {
    let claimed = stores.reconciliations.claim(at, lease()).await;
    claimed.expect("answered")
}

async fn advance(
    stores: &Stores,
    held: &ReconciliationLease,
    found: &[Reconciled],
) -> ReconciliationRun {
    let advanced = stores
        .reconciliations
        .advance(held, found, now(), lease())
        .await;
    advanced.expect("advanced")
}

async fn found(stores: &Stores, run: &ReconciliationRun) -> Vec<Reconciled> {
    let range = days("2026-01-01", "2026-01-31");
    let found = stores.reconciliations.days(run.scope, range).await;
    found
        .expect("answered")
        .into_iter()
        .map(|d| d.result)
        .collect()
}

pub async fn a_run_reads_back_whole(stores: Stores) {
    let shop = shop(&stores, 1).await;
    let run = queue(&stores, &shop, 1).await;
    let store = &stores.reconciliations;
    let read = store.find(run.scope.workspace, run.id).await;
    assert_eq!(read.expect("answered"), Some(run.clone()));
    let elsewhere = WorkspaceId(Uuid::from_u128(99));
    assert_eq!(store.find(elsewhere, run.id).await.expect("answered"), None);
}

pub async fn a_store_has_one_open_run(stores: Stores) {
    let shop = shop(&stores, 1).await;
    queue(&stores, &shop, 1).await;
    let second = reconciliation(&shop, 2);
    refused(stores.reconciliations.create(&second).await, Kind::Conflict);
    let mut held = claim(&stores, now()).await.expect("a run");
    held.run.status = SyncStatus::Succeeded;
    advance(&stores, &held, &[]).await;
    stores
        .reconciliations
        .create(&second)
        .await
        .expect("the first has ended");
}

pub async fn of_many_runs_at_once_one_is_created(stores: Stores) {
    let shop = shop(&stores, 1).await;
    let store = &stores.reconciliations;
    let outcomes = race(|n| {
        let (store, run) = (store.clone(), reconciliation(&shop, n));
        async move { store.create(&run).await }
    })
    .await;
    one_wins(&outcomes);
}

pub async fn runs_are_listed_newest_first(stores: Stores) {
    let shop = shop(&stores, 1).await;
    for number in 1..=3 {
        queue(&stores, &shop, number).await;
        let mut held = claim(&stores, now()).await.expect("a run");
        held.run.status = SyncStatus::Succeeded;
        advance(&stores, &held, &[]).await;
    }
    let mut page = PageRequest::first(2);
    let mut seen = Vec::new();
    loop {
        let store = &stores.reconciliations;
        let listed = store.list(shop.workspace, Some(shop.store), &page).await;
        let listed = listed.expect("listed");
        assert_eq!(listed.total, Some(3));
        seen.extend(listed.items.into_iter().map(|run| run.id));
        match listed.next_cursor {
            Some(cursor) => page.cursor = Some(cursor),
            None => break,
        }
    }
    let expected: Vec<_> = (1..=3).rev().map(|n| reconciliation(&shop, n).id).collect();
    assert_eq!(seen, expected);
}

pub async fn a_run_is_claimed_by_one_caller_only(stores: Stores) {
    let shop = shop(&stores, 1).await;
    queue(&stores, &shop, 1).await;
    let held = claim(&stores, now()).await.expect("a run");
    assert_eq!(held.run.status, SyncStatus::Running);
    assert_eq!(held.run.started_at, Some(now()));
    assert_eq!(claim(&stores, now()).await, None);
    let later = now() + lease();
    let again = claim(&stores, later).await.expect("the lease has expired");
    assert_eq!((again.run.resumed, again.run.started_at), (1, Some(now())));
    assert!(again.fence > held.fence);
}

pub async fn an_old_fence_saves_neither_progress_nor_days(stores: Stores) {
    let shop = shop(&stores, 1).await;
    let run = queue(&stores, &shop, 1).await;
    let old = claim(&stores, now()).await.expect("a run");
    claim(&stores, now() + lease()).await.expect("a run");
    let late = stores
        .reconciliations
        .advance(&old, &[reconciled("2026-01-05", 100)], now(), lease())
        .await;
    refused(late, Kind::Conflict);
    assert_eq!(found(&stores, &run).await, []);
}

pub async fn a_day_s_earlier_result_is_replaced(stores: Stores) {
    let shop = shop(&stores, 1).await;
    let run = queue(&stores, &shop, 1).await;
    let held = claim(&stores, now()).await.expect("a run");
    let both = [reconciled("2026-01-06", 200), reconciled("2026-01-05", 100)];
    advance(&stores, &held, &both).await;
    advance(&stores, &held, &[reconciled("2026-01-06", 250)]).await;
    let expected = [reconciled("2026-01-05", 100), reconciled("2026-01-06", 250)];
    assert_eq!(found(&stores, &run).await, expected);
    let one = stores
        .reconciliations
        .days(run.scope, days("2026-01-06", "2026-01-06"))
        .await
        .expect("answered");
    assert_eq!(one.len(), 1, "a day that was never checked is left out");
    assert_eq!(one[0].checked_at, now());
}

pub async fn a_wish_to_stop_is_kept(stores: Stores) {
    let shop = shop(&stores, 1).await;
    let run = queue(&stores, &shop, 1).await;
    let held = claim(&stores, now()).await.expect("a run");
    let store = &stores.reconciliations;
    let asked = store
        .request_cancel(run.scope.workspace, run.id, now())
        .await;
    assert_eq!(asked.expect("asked").status, SyncStatus::Cancelling);
    assert_eq!(
        advance(&stores, &held, &[]).await.status,
        SyncStatus::Cancelling
    );
    let mut held = held;
    held.run.status = SyncStatus::Cancelled;
    assert_eq!(
        advance(&stores, &held, &[]).await.status,
        SyncStatus::Cancelled
    );
    let after = store
        .request_cancel(run.scope.workspace, run.id, now())
        .await;
    refused(after, Kind::Conflict);
    assert_eq!(claim(&stores, now() + lease()).await, None);
}

pub async fn a_queued_run_is_cancelled_at_once(stores: Stores) {
    let shop = shop(&stores, 1).await;
    let run = queue(&stores, &shop, 1).await;
    let store = &stores.reconciliations;
    let unknown = reconciliation(&shop, 2).id;
    let wrong = store
        .request_cancel(run.scope.workspace, unknown, now())
        .await;
    refused(wrong, Kind::NotFound);
    let cancelled = store
        .request_cancel(run.scope.workspace, run.id, now())
        .await;
    assert_eq!(cancelled.expect("cancelled").status, SyncStatus::Cancelled);
    assert_eq!(claim(&stores, now()).await, None);
}

pub async fn days_of_a_purged_store_are_gone(stores: Stores) {
    let shop = shop(&stores, 1).await;
    let run = queue(&stores, &shop, 1).await;
    let held = claim(&stores, now()).await.expect("a run");
    advance(&stores, &held, &[reconciled("2026-01-05", 100)]).await;
    stores
        .connections
        .remove(shop.workspace, shop.id, Some(shop.store))
        .await
        .expect("removed");
    assert_eq!(found(&stores, &run).await, []);
    let read = stores.reconciliations.find(shop.workspace, run.id).await;
    assert_eq!(read.expect("answered"), None);
}

#[macro_export]
macro_rules! reconciliation_laws {
    ($make:ident) => {
        $crate::laws!(
            reconciliations,
            $make,
            [
                a_run_reads_back_whole,
                a_store_has_one_open_run,
                of_many_runs_at_once_one_is_created,
                runs_are_listed_newest_first,
                a_run_is_claimed_by_one_caller_only,
                an_old_fence_saves_neither_progress_nor_days,
                a_day_s_earlier_result_is_replaced,
                a_wish_to_stop_is_kept,
                a_queued_run_is_cancelled_at_once,
                days_of_a_purged_store_are_gone,
            ]
        );
    };
}
