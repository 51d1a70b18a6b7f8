//! Laws of [`ports::syncs::SyncStore`].

use super::members::actions;
use super::tools::{connected, one_claims, one_wins, race, refused};
use crate::Stores;
use crate::builders::{at, audit_entry, connection, sync_run};
use chrono::{DateTime, Duration, Utc};
use domain::connection::Connection;
use domain::sync::{FactKind, StepStatus, SyncRun, SyncStatus, SyncWarning};
use ports::syncs::Lease;
use ports::{Kind, PageRequest};
use serde_json::json;

pub(super) fn now() -> DateTime<Utc> {
    at("2026-02-01T12:00:00Z")
}

pub(super) fn lease() -> Duration {
    Duration::seconds(60)
}

pub(super) async fn shop(stores: &Stores, number: u32) -> Connection {
    connected(stores, 1, number).await;
    connection(1, number)
}

pub(super) async fn queue(stores: &Stores, connection: &Connection, number: u32) -> SyncRun {
    let run = sync_run(connection, number);
    stores.syncs.create(&run, None).await.expect("created");
    run
}

pub(super) async fn claim(stores: &Stores, at: DateTime<Utc>) -> Option<Lease> {
    stores.syncs.claim(at, lease()).await.expect("answered")
}

pub(super) async fn find(stores: &Stores, run: &SyncRun) -> SyncRun {
    let found = stores.syncs.find(run.scope.workspace, run.id).await;
    found.expect("answered").expect("there")
}

/// Claims the only run and ends it.
pub(super) async fn end(stores: &Stores, status: SyncStatus) -> Lease {
    let mut lease = claim(stores, now()).await.expect("a run");
    lease.run.status = status;
    lease.run.finished_at = Some(now());
    stores
        .syncs
        .advance(&lease, now(), self::lease())
        .await
        .expect("ended");
    lease
}

pub async fn a_run_reads_back_whole(stores: Stores) {
    let shop = shop(&stores, 1).await;
    let run = queue(&stores, &shop, 1).await;
    assert_eq!(find(&stores, &run).await, run);
    let unknown = sync_run(&shop, 2).id;
    let found = stores.syncs.find(run.scope.workspace, unknown).await;
    assert_eq!(found.expect("answered"), None);
}

pub async fn a_connection_has_one_open_run(stores: Stores) {
    let (first, second) = (shop(&stores, 1).await, shop(&stores, 2).await);
    queue(&stores, &first, 1).await;
    let entry = audit_entry(first.workspace, "sync.start");
    let told = Some(&entry);
    let second_run = sync_run(&first, 2);
    let refusal = stores.syncs.create(&second_run, told).await;
    refused(refusal, Kind::Conflict);
    assert_eq!(actions(&stores, first.workspace).await, [""; 0]);
    end(&stores, SyncStatus::Succeeded).await;
    let created = stores.syncs.create(&second_run, told).await;
    created.expect("created");
    assert_eq!(actions(&stores, first.workspace).await, ["sync.start"]);
    queue(&stores, &second, 3).await;
}

pub async fn of_many_runs_at_once_one_is_created(stores: Stores) {
    let shop = shop(&stores, 1).await;
    let results = race(|n| {
        let (syncs, run) = (stores.syncs.clone(), sync_run(&shop, n));
        async move { syncs.create(&run, None).await }
    })
    .await;
    one_wins(&results);
}

pub async fn runs_are_listed_newest_first(stores: Stores) {
    let (first, second) = (shop(&stores, 1).await, shop(&stores, 2).await);
    let mut expected = Vec::new();
    for number in 1..=5 {
        let run = queue(&stores, if number == 3 { &second } else { &first }, number).await;
        expected.insert(0, run.id);
        end(&stores, SyncStatus::Succeeded).await;
    }
    let list = async |connection, limit| {
        let mut request = PageRequest::first(limit);
        let mut all = Vec::new();
        loop {
            let page = stores
                .syncs
                .list(first.workspace, connection, &request)
                .await;
            let page = page.expect("a page");
            all.extend(page.items.iter().map(|run| run.id));
            match page.next_cursor {
                Some(cursor) => request.cursor = Some(cursor),
                None => return all,
            }
        }
    };
    assert_eq!(list(None, 2).await, expected);
    assert_eq!(list(Some(second.id), 2).await, expected[2..3]);
    expected.remove(2);
    assert_eq!(list(Some(first.id), 3).await, expected);
}

pub async fn the_oldest_open_run_is_claimed_first(stores: Stores) {
    let shops = [
        shop(&stores, 1).await,
        shop(&stores, 2).await,
        shop(&stores, 3).await,
    ];
    let young = queue(&stores, &shops[0], 9).await;
    let old = queue(&stores, &shops[1], 1).await;
    let middle = queue(&stores, &shops[2], 5).await;
    for expected in [old, middle, young] {
        let lease = claim(&stores, now()).await.expect("a run");
        assert_eq!(lease.run.id, expected.id);
        assert_eq!(lease.run.status, SyncStatus::Running);
        assert_eq!((lease.run.started_at, lease.run.resumed), (Some(now()), 0));
        assert_eq!(find(&stores, &lease.run).await, lease.run);
    }
    assert_eq!(claim(&stores, now()).await, None);
}

pub async fn a_run_is_claimed_by_one_caller_only(stores: Stores) {
    let shop = shop(&stores, 1).await;
    queue(&stores, &shop, 1).await;
    let results = race(|_| {
        let syncs = stores.syncs.clone();
        async move { syncs.claim(now(), lease()).await }
    })
    .await;
    one_claims(&results);
}

pub async fn an_expired_lease_is_claimed_again_as_resumed(stores: Stores) {
    let shop = shop(&stores, 1).await;
    queue(&stores, &shop, 1).await;
    let first = claim(&stores, now()).await.expect("a run");
    assert_eq!(claim(&stores, now() + Duration::seconds(59)).await, None);
    let second = claim(&stores, now() + Duration::seconds(61))
        .await
        .expect("a run");
    assert!(second.fence > first.fence);
    assert_eq!(
        (second.run.resumed, second.run.started_at),
        (1, Some(now()))
    );
}

pub async fn progress_is_saved_and_prolongs_the_lease(stores: Stores) {
    let shop = shop(&stores, 1).await;
    queue(&stores, &shop, 1).await;
    let mut held = claim(&stores, now()).await.expect("a run");
    let step = held.run.step_mut(FactKind::Orders).expect("a step");
    (step.done, step.total, step.status) = (5, Some(12), StepStatus::Running);
    held.run.oldest_day = Some(crate::builders::day("2025-12-31"));
    held.run.warnings.push(SyncWarning {
        code: "scope_missing".to_owned(),
        message: "no customers".to_owned(),
    });
    let later = now() + Duration::seconds(50);
    let answered = stores
        .syncs
        .advance(&held, later, lease())
        .await
        .expect("saved");
    assert_eq!(answered, held.run);
    assert_eq!(find(&stores, &held.run).await, held.run);
    assert_eq!(claim(&stores, now() + Duration::seconds(105)).await, None);
    let taken = claim(&stores, now() + Duration::seconds(111))
        .await
        .expect("a run");
    assert_eq!(
        taken.run.steps, held.run.steps,
        "it goes on where it stopped"
    );
}

pub async fn an_old_fence_writes_nothing(stores: Stores) {
    let shop = shop(&stores, 1).await;
    queue(&stores, &shop, 1).await;
    let mut old = claim(&stores, now()).await.expect("a run");
    let later = now() + Duration::minutes(5);
    let new = claim(&stores, later).await.expect("a run");
    old.run.status = SyncStatus::Failed;
    refused(
        stores.syncs.advance(&old, later, lease()).await,
        Kind::Conflict,
    );
    assert_eq!(find(&stores, &new.run).await, new.run);
    stores
        .syncs
        .advance(&new, later, lease())
        .await
        .expect("the newest may");
}

pub async fn of_the_same_lease_expired_one_caller_goes_on(stores: Stores) {
    let shop = shop(&stores, 1).await;
    queue(&stores, &shop, 1).await;
    claim(&stores, now()).await.expect("a run");
    let results = race(|_| {
        let syncs = stores.syncs.clone();
        async move { syncs.claim(now() + Duration::hours(1), lease()).await }
    })
    .await;
    one_claims(&results);
}

pub async fn checkpoints_are_kept_by_connection_and_name(stores: Stores) {
    let (first, second) = (shop(&stores, 1).await, shop(&stores, 2).await);
    let get = async |connection: &Connection, name: &str| {
        stores
            .syncs
            .checkpoint(connection.id, name)
            .await
            .expect("read")
    };
    let set = async |connection: &Connection, name: &str, value: Option<serde_json::Value>| {
        let set = stores
            .syncs
            .set_checkpoint(connection.id, name, value.as_ref())
            .await;
        set.expect("written");
    };
    assert_eq!(get(&first, "orders").await, None);
    let place = json!({"since": "2026-01-01T00:00:00Z", "page": null, "n": [1, 2.5, "ä"]});
    set(&first, "orders", Some(json!("old"))).await;
    set(&first, "orders", Some(place.clone())).await;
    set(&first, "products", Some(json!(null))).await;
    set(&second, "orders", Some(json!(7))).await;
    assert_eq!(get(&first, "orders").await, Some(place));
    assert_eq!(get(&first, "products").await, Some(json!(null)));
    set(&first, "orders", None).await;
    assert_eq!(get(&first, "orders").await, None);
    assert_eq!(get(&second, "orders").await, Some(json!(7)));
}

#[macro_export]
macro_rules! sync_laws {
    ($make:ident) => {
        $crate::laws!(
            syncs,
            $make,
            [
                a_run_reads_back_whole,
                a_connection_has_one_open_run,
                of_many_runs_at_once_one_is_created,
                runs_are_listed_newest_first,
                the_oldest_open_run_is_claimed_first,
                a_run_is_claimed_by_one_caller_only,
                an_expired_lease_is_claimed_again_as_resumed,
                progress_is_saved_and_prolongs_the_lease,
                an_old_fence_writes_nothing,
                of_the_same_lease_expired_one_caller_goes_on,
                checkpoints_are_kept_by_connection_and_name,
            ]
        );
        $crate::laws!(
            sync_ends,
            $make,
            [
                a_queued_run_is_cancelled_at_once,
                a_running_run_is_asked_to_stop_and_the_wish_is_kept,
                what_has_ended_cannot_be_cancelled,
                a_closed_run_gives_up_its_lease,
                a_stopped_run_goes_on_where_it_stopped,
                a_stopped_run_waits_while_another_is_open,
                a_success_cannot_be_queued_again,
            ]
        );
    };
}
