//! Laws of [`ports::recosts::RecostStore`].

use super::tools::{connected, one_claims, race, refused};
use crate::Stores;
use crate::builders::{
    LineBuilder, OrderBuilder, at, origin, recost_run, recost_run_of, scope, variant_cost,
};
use chrono::{DateTime, Duration, Utc};
use domain::catalog::CostBook;
use domain::ids::{OrderId, VariantId};
use domain::inputs::InputChange;
use domain::recost::{RecostExtent, RecostRun};
use domain::sync::SyncStatus;
use ports::recosts::RecostLease;
use ports::{Kind, PageRequest};

fn now() -> DateTime<Utc> {
    at("2026-02-01T12:00:00Z")
}

fn lease() -> Duration {
    Duration::seconds(60)
}

/// With something to take back.
fn run(number: u32) -> RecostRun {
    let change = InputChange::put(variant_cost(10, "4", None), origin());
    RecostRun {
        inverse: vec![change],
        ..recost_run(number)
    }
}

async fn create(stores: &Stores, run: &RecostRun) {
    stores.recosts.create(run).await.expect("created");
}

async fn claim(stores: &Stores, at: DateTime<Utc>) -> Option<RecostLease> {
    stores.recosts.claim(at, lease()).await.expect("answered")
}

pub async fn a_run_reads_back_whole_and_its_id_is_its_own(stores: Stores) {
    connected(&stores, 1, 1).await;
    create(&stores, &run(1)).await;
    let found = stores.recosts.find(run(1).scope.workspace, run(1).id).await;
    assert_eq!(found.expect("read"), Some(run(1)));
    refused(stores.recosts.create(&run(1)).await, Kind::Conflict);
    let other = scope(2, 1).workspace;
    let found = stores.recosts.find(other, run(1).id).await;
    assert_eq!(found.expect("read"), None);
}

pub async fn runs_are_listed_newest_first_and_open_ones_oldest_first(stores: Stores) {
    let scope = connected(&stores, 1, 1).await;
    for number in 1..=5 {
        create(&stores, &run(number)).await;
    }
    create(&stores, &recost_run_of(self::scope(1, 2), 9)).await;
    let mut page = PageRequest::first(2);
    let mut seen = Vec::new();
    loop {
        let found = stores.recosts.list(scope, &page).await.expect("a page");
        assert_eq!(found.total, Some(5));
        seen.extend(found.items);
        page.cursor = found.next_cursor;
        if page.cursor.is_none() {
            break;
        }
    }
    let newest: Vec<_> = (1..=5).rev().map(run).collect();
    assert_eq!(seen, newest);
    let open = stores.recosts.open(scope).await.expect("read");
    assert_eq!(open, (1..=5).map(run).collect::<Vec<_>>());
}

pub async fn the_oldest_is_claimed_and_the_runs_of_a_store_follow_one_another(stores: Stores) {
    connected(&stores, 1, 1).await;
    create(&stores, &run(2)).await;
    create(&stores, &run(1)).await;
    let first = claim(&stores, now()).await.expect("a run");
    assert_eq!(
        (first.run.id, first.run.status),
        (run(1).id, SyncStatus::Running)
    );
    assert_eq!(first.run.started_at, Some(now()));
    assert_eq!(claim(&stores, now()).await, None);
    create(&stores, &recost_run_of(scope(1, 2), 9)).await;
    let other = claim(&stores, now()).await.expect("of the other store");
    assert_eq!(other.run.scope, scope(1, 2));
    // The lease runs out: it goes on, and who held it writes nothing any more.
    let later = now() + lease() + Duration::seconds(1);
    let again = claim(&stores, later).await.expect("goes on");
    assert_eq!((again.run.id, again.run.resumed), (run(1).id, 1));
    let late = stores.recosts.advance(&first, later, lease()).await;
    refused(late, Kind::Conflict);
    let ended = RecostLease {
        run: RecostRun {
            status: SyncStatus::Succeeded,
            ..again.run.clone()
        },
        fence: again.fence,
    };
    let answer = stores.recosts.advance(&ended, later, lease()).await;
    answer.expect("ended");
    let next = claim(&stores, later).await.expect("the next one");
    assert_eq!(next.run.id, run(2).id);
}

pub async fn of_many_that_claim_one_wins(stores: Stores) {
    connected(&stores, 1, 1).await;
    create(&stores, &run(1)).await;
    let claims = race(|_| {
        let recosts = stores.recosts.clone();
        async move { recosts.claim(now(), lease()).await }
    })
    .await;
    one_claims(&claims);
}

pub async fn a_cancellation_is_kept_and_needs_something_to_take_back(stores: Stores) {
    let scope = connected(&stores, 1, 1).await;
    create(&stores, &run(1)).await;
    let mut lease_of = claim(&stores, now()).await.expect("a run");
    let asked = stores.recosts.request_cancel(scope.workspace, run(1).id);
    assert_eq!(asked.await.expect("asked").status, SyncStatus::Cancelling);
    lease_of.run.looked_at = 5;
    let kept = stores.recosts.advance(&lease_of, now(), lease()).await;
    let kept = kept.expect("saved");
    assert_eq!((kept.status, kept.looked_at), (SyncStatus::Cancelling, 5));
    lease_of.run.status = SyncStatus::Cancelled;
    let ended = stores.recosts.advance(&lease_of, now(), lease()).await;
    ended.expect("ended");
    let again = stores.recosts.request_cancel(scope.workspace, run(1).id);
    refused(again.await, Kind::Conflict);
    create(&stores, &recost_run(2)).await;
    let nothing = stores.recosts.request_cancel(scope.workspace, run(2).id);
    refused(nothing.await, Kind::Conflict);
    let unknown = stores.recosts.request_cancel(scope.workspace, run(3).id);
    refused(unknown.await, Kind::NotFound);
}

pub async fn a_failed_run_goes_on_where_it_stopped(stores: Stores) {
    let scope = connected(&stores, 1, 1).await;
    create(&stores, &run(1)).await;
    let early = stores.recosts.requeue(scope.workspace, run(1).id).await;
    refused(early, Kind::Conflict);
    let mut held = claim(&stores, now()).await.expect("a run");
    held.run.status = SyncStatus::Failed;
    held.run.after = Some(OrderId(7));
    held.run.error = Some("the disk is full".to_owned());
    let failed = stores.recosts.advance(&held, now(), lease()).await;
    failed.expect("failed");
    assert_eq!(claim(&stores, now()).await, None);
    let queued = stores.recosts.requeue(scope.workspace, run(1).id).await;
    let queued = queued.expect("queued");
    assert_eq!((queued.status, queued.error), (SyncStatus::Queued, None));
    let again = claim(&stores, now()).await.expect("goes on");
    assert_eq!(again.run.after, Some(OrderId(7)));
}

pub async fn affected_orders_are_those_of_the_extent(stores: Stores) {
    let scope = connected(&stores, 1, 1).await;
    let order = |id: i64, variant, on: &str| {
        OrderBuilder::new(id)
            .sold_at(at(on))
            .line(LineBuilder::new(variant, 1, 1000))
            .booked(&CostBook::default())
    };
    let batch = [
        order(1, 10, "2026-01-01"),
        order(2, 11, "2026-01-02"),
        order(3, 10, "2026-01-03"),
        order(4, 12, "2026-01-04"),
    ];
    let saved = stores.orders.save(scope, &batch, now()).await;
    saved.expect("saved");
    let variants = |ids: &[i64], since: Option<&str>| {
        RecostExtent::of_variants(ids.iter().copied().map(VariantId).collect(), since.map(at))
    };
    let of_order = RecostExtent::of_orders(vec![OrderId(4)]);
    for (extent, expected) in [
        (RecostExtent::everything(), vec![1, 2, 3, 4]),
        (variants(&[10], None), vec![1, 3]),
        (variants(&[10], Some("2026-01-02")), vec![3]),
        (variants(&[11], None).and(of_order), vec![2, 4]),
        (variants(&[], None), vec![]),
    ] {
        let mut seen: Vec<i64> = Vec::new();
        loop {
            let after = seen.last().copied().map(OrderId);
            let found = stores.recosts.affected(scope, &extent, after, 2).await;
            let found = found.expect("read");
            if found.is_empty() {
                break;
            }
            seen.extend(found.iter().map(|o| o.order.id.0));
        }
        assert_eq!(seen, expected, "{extent:?}");
        let count = stores.recosts.count_affected(scope, &extent).await;
        assert_eq!(count.expect("counted"), expected.len() as u64, "{extent:?}");
    }
}

pub async fn the_derivation_of_a_store_is_remembered(stores: Stores) {
    let ours = connected(&stores, 1, 1).await;
    assert_eq!(stores.recosts.derivation(ours).await.expect("read"), None);
    for version in [2, 3] {
        let set = stores.recosts.set_derivation(ours, version).await;
        set.expect("set");
        let known = stores.recosts.derivation(ours).await.expect("read");
        assert_eq!(known, Some(version));
    }
    let other = stores.recosts.derivation(scope(1, 2)).await;
    assert_eq!(other.expect("read"), None);
}

#[macro_export]
macro_rules! recost_laws {
    ($make:ident) => {
        $crate::laws!(
            recosts,
            $make,
            [
                a_run_reads_back_whole_and_its_id_is_its_own,
                runs_are_listed_newest_first_and_open_ones_oldest_first,
                the_oldest_is_claimed_and_the_runs_of_a_store_follow_one_another,
                of_many_that_claim_one_wins,
                a_cancellation_is_kept_and_needs_something_to_take_back,
                a_failed_run_goes_on_where_it_stopped,
                affected_orders_are_those_of_the_extent,
                the_derivation_of_a_store_is_remembered,
            ]
        );
    };
}
