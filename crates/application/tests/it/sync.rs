use crate::world::{World, order, product};
use application::sync::SyncError;
use domain::sync::{FactKind, StepStatus, SyncKind, SyncStatus};
use ports::source::{Fact, FactRef};
use ports::{Kind, Retry};
use std::time::Duration;
use testkit::fakes::{SourceCall, SourceOperation};

async fn shop_with(orders: i64) -> World {
    let world = World::new().await;
    world.shop.put(product("4.00"));
    for id in 1..=orders {
        world.shop.put(order(id, id));
    }
    world
}

fn skip_what_comes_before_orders(world: &World) {
    for _ in [FactKind::Locations, FactKind::Products] {
        world
            .shop
            .break_export_after(0, Kind::Forbidden, Retry::Never);
    }
}

fn windows(world: &World) -> Vec<(chrono::NaiveDate, chrono::NaiveDate)> {
    let orders = |call: SourceCall| match call {
        SourceCall::Export(request, _) if request.kind == FactKind::Orders => {
            Some((request.from?.date_naive(), request.until?.date_naive()))
        }
        _ => None,
    };
    world.shop.calls().into_iter().filter_map(orders).collect()
}

#[tokio::test(start_paused = true)]
async fn a_backfill_reads_everything_newest_first_without_a_gap() {
    let world = shop_with(400).await;
    let run = world.synced().await;
    assert_eq!(world.orders().await, 400);
    let windows = windows(&world);
    assert!(windows.len() > 2, "{windows:?}");
    for pair in windows.windows(2) {
        assert_eq!(pair[0].0, pair[1].1, "pieces touch each other: {windows:?}");
    }
    assert_eq!(run.progress(), Some(1.0));
    let step = run
        .steps
        .iter()
        .find(|s| s.kind == FactKind::Orders)
        .unwrap();
    assert_eq!((step.status, step.done), (StepStatus::Done, 400));
}

#[tokio::test(start_paused = true)]
async fn what_is_not_granted_is_skipped_with_the_reason() {
    let world = shop_with(3).await;
    world.shop.forbid(FactKind::Payouts);
    world.shop.forbid(FactKind::Customers);
    let run = world.synced().await;
    for kind in [FactKind::Payouts, FactKind::Customers] {
        let step = run.steps.iter().find(|s| s.kind == kind).unwrap();
        assert_eq!(step.status, StepStatus::Skipped);
        assert!(step.reason.is_some());
    }
    assert_eq!(world.orders().await, 3);
}

#[tokio::test(start_paused = true)]
async fn an_export_that_breaks_off_is_repeated_until_it_is_whole() {
    let world = shop_with(100).await;
    for facts in [0, 7, 30] {
        world.shop.break_export_after(
            facts,
            Kind::Unavailable,
            Retry::After(Duration::from_secs(1)),
        );
    }
    let run = world.synced().await;
    assert_eq!(world.orders().await, 100);
    assert!(run.warnings.iter().any(|w| w.code == "export_retried"));
}

#[tokio::test(start_paused = true)]
async fn refused_credentials_end_the_run_with_a_remedy_and_leave_the_facts() {
    let world = shop_with(5).await;
    world.synced().await;
    world.clock.advance(chrono::Duration::minutes(5));
    world
        .shop
        .fail_next(SourceOperation::Identify, Kind::Unauthorized, Retry::Never);
    let connection = world.newest().await.connection;
    world
        .syncs
        .start(world.workspace, connection, None, None)
        .await
        .unwrap();
    let run = world.work().await;
    assert_eq!(run.status, SyncStatus::Failed);
    assert!(run.error.unwrap().remedy.contains("token"));
    assert_eq!(world.orders().await, 5);
    let view = world
        .connections
        .find(world.workspace, connection)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        view.connection.state,
        domain::connection::ConnectionState::Down
    );
}

#[tokio::test(start_paused = true)]
async fn a_failed_run_goes_on_where_it_stopped() {
    let world = shop_with(300).await;
    let connection = world.connected().await.connection.id;
    skip_what_comes_before_orders(&world);
    world
        .shop
        .break_export_after(5, Kind::Rejected, Retry::Never);
    world
        .syncs
        .start(world.workspace, connection, None, None)
        .await
        .unwrap();
    let run = world.work().await;
    assert_eq!(run.status, SyncStatus::Failed);
    let before = windows(&world).len();
    assert!(world.orders().await < 300);

    world.syncs.resume(world.workspace, run.id).await.unwrap();
    let run = world.work().await;
    assert_eq!((run.status, run.error), (SyncStatus::Succeeded, None));
    assert_eq!(world.orders().await, 300);
    let after = windows(&world);
    assert_eq!(
        after[before],
        after[before - 1],
        "it goes on with the piece that failed: {after:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn only_one_run_at_a_time() {
    let world = shop_with(1).await;
    let connection = world.connected().await.connection.id;
    let first = world
        .syncs
        .start(world.workspace, connection, None, None)
        .await
        .unwrap();
    let second = world
        .syncs
        .start(world.workspace, connection, None, None)
        .await;
    assert!(matches!(second, Err(SyncError::AlreadyRunning(Some(id))) if id == first.id));
}

#[tokio::test(start_paused = true)]
async fn a_cancelled_run_keeps_what_it_has_and_can_go_on() {
    let world = shop_with(50).await;
    let connection = world.connected().await.connection.id;
    let queued = world
        .syncs
        .start(world.workspace, connection, None, None)
        .await
        .unwrap();
    let run = world
        .syncs
        .cancel(world.workspace, queued.id)
        .await
        .unwrap();
    assert_eq!(run.status, SyncStatus::Cancelled);
    assert!(matches!(
        world.syncs.cancel(world.workspace, queued.id).await,
        Err(SyncError::Ended)
    ));
    assert_eq!(
        world
            .syncs
            .start_due(chrono::Duration::zero())
            .await
            .unwrap(),
        0,
        "a person's word is not overruled"
    );
    world
        .syncs
        .resume(world.workspace, queued.id)
        .await
        .unwrap();
    assert_eq!(world.work().await.status, SyncStatus::Succeeded);
    assert_eq!(world.orders().await, 50);
}

#[tokio::test(start_paused = true)]
async fn later_runs_read_only_what_changed_and_hear_of_deletions() {
    let world = shop_with(10).await;
    let connection = world.synced().await.connection;
    world.clock.advance(chrono::Duration::hours(1));
    let Fact::Order(mut changed) = order(3, 3) else {
        unreachable!()
    };
    changed.updated_at = world.now();
    changed.cancelled_at = Some(world.now());
    world.shop.put(Fact::Order(changed));
    world
        .shop
        .delete(FactRef::Order(domain::ids::OrderId(4)), world.now());

    let exports = windows(&world).len();
    let run = world
        .syncs
        .start(world.workspace, connection, None, None)
        .await
        .unwrap();
    assert_eq!(run.kind, SyncKind::Incremental);
    assert_eq!(world.work().await.status, SyncStatus::Succeeded);
    assert_eq!(windows(&world).len(), exports, "nothing is read as a whole");
    assert_eq!(world.orders().await, 9);
    let third = world
        .ports
        .orders
        .find(world.scope().await, domain::ids::OrderId(3))
        .await
        .unwrap()
        .unwrap();
    assert!(third.order.cancelled_at.is_some());
    assert_eq!(third.version, 2);
}

/// From when on changes of the kind were asked for, of all looks so far.
fn asked_since(world: &World, kind: FactKind) -> Vec<chrono::DateTime<chrono::Utc>> {
    let calls = world.shop.calls().into_iter();
    let since = calls.filter_map(|call| match call {
        SourceCall::Changes(of, cursor) if of == kind => Some(cursor.since),
        _ => None,
    });
    since.collect()
}

#[tokio::test(start_paused = true)]
async fn a_look_at_changes_that_fails_at_once_begins_at_the_same_time_again() {
    let world = shop_with(5).await;
    let connection = world.synced().await.connection;
    let before = asked_since(&world, FactKind::Locations).len();
    for expected in [
        SyncStatus::Failed,
        SyncStatus::Failed,
        SyncStatus::Succeeded,
    ] {
        world.clock.advance(chrono::Duration::hours(1));
        if expected == SyncStatus::Failed {
            world
                .shop
                .fail_next(SourceOperation::Changes, Kind::Rejected, Retry::Never);
        }
        world
            .syncs
            .start(world.workspace, connection, None, None)
            .await
            .unwrap();
        assert_eq!(world.work().await.status, expected);
    }
    let since = asked_since(&world, FactKind::Locations).split_off(before);
    assert_eq!(since, [since[0]; 3], "no look reaches further back");
}

#[tokio::test(start_paused = true)]
async fn changes_of_many_pages_are_stored_to_the_last_one() {
    let world = shop_with(0).await;
    let connection = world.synced().await.connection;
    world.clock.advance(chrono::Duration::hours(1));
    world.shop.set_page_size(40);
    for id in 1..=700 {
        let Fact::Order(mut changed) = order(id, 3) else {
            unreachable!()
        };
        changed.updated_at = world.now();
        world.shop.put(Fact::Order(changed));
    }
    world
        .syncs
        .start(world.workspace, connection, None, None)
        .await
        .unwrap();
    let run = world.work().await;
    assert_eq!((run.status, run.error), (SyncStatus::Succeeded, None));
    assert_eq!(world.orders().await, 700);
}

#[tokio::test(start_paused = true)]
async fn what_changes_during_a_backfill_is_not_missed() {
    let world = shop_with(40).await;
    // The newest piece is stored when the run stops; then an order in it changes.
    skip_what_comes_before_orders(&world);
    world
        .shop
        .break_export_after(1000, Kind::Rejected, Retry::Never);
    let connection = world.connected().await.connection.id;
    world
        .syncs
        .start(world.workspace, connection, None, None)
        .await
        .unwrap();
    let run = world.work().await;
    assert_eq!(run.status, SyncStatus::Failed);
    assert!(world.orders().await > 0);
    world.clock.advance(chrono::Duration::minutes(3));
    let Fact::Order(mut changed) = order(1, 1) else {
        unreachable!()
    };
    changed.updated_at = world.now();
    changed.edited = true;
    world.shop.put(Fact::Order(changed));
    world.syncs.resume(world.workspace, run.id).await.unwrap();
    assert_eq!(world.work().await.status, SyncStatus::Succeeded);
    let first = world
        .ports
        .orders
        .find(world.scope().await, domain::ids::OrderId(1))
        .await
        .unwrap()
        .unwrap();
    assert!(first.order.edited);
}

#[tokio::test(start_paused = true)]
async fn a_run_that_was_left_behind_is_taken_up_when_its_lease_has_ended() {
    let world = shop_with(20).await;
    let connection = world.connected().await.connection.id;
    world
        .syncs
        .start(world.workspace, connection, None, None)
        .await
        .unwrap();
    // A worker that claimed it and died.
    let lease = world
        .ports
        .syncs
        .claim(world.now(), chrono::Duration::seconds(15))
        .await
        .unwrap();
    assert!(lease.is_some());
    assert!(
        world
            .ports
            .syncs
            .claim(world.now(), chrono::Duration::seconds(15))
            .await
            .unwrap()
            .is_none()
    );
    world.clock.advance(chrono::Duration::seconds(16));
    let run = world.work().await;
    assert_eq!(run.status, SyncStatus::Succeeded);
    assert_eq!(world.orders().await, 20);
}

#[tokio::test(start_paused = true)]
async fn a_cost_that_appears_reaches_back_and_one_that_changes_does_not() {
    let world = shop_with(6).await;
    let connection = world.synced().await.connection;
    let scope = world.scope().await;
    let profit = async || {
        let mut total = domain::rollup::Measures::default();
        for (key, m) in world.ports.reports.all(scope).await.unwrap() {
            if key.dimension == domain::rollup::Dimension::Total {
                total += m;
            }
        }
        (total.cost_of_goods, total.cost_missing)
    };
    // Orders 1..=6 sell variants 2, 3, 1, 2, 3, 1: four of them with a cost of 2 × 4.00.
    assert_eq!(profit().await, (4 * 800, 2 * 2000));

    let change = async |cost: &str, third: Option<&str>| {
        world.clock.advance(chrono::Duration::hours(1));
        let Fact::Product(mut product) = product(cost) else {
            unreachable!()
        };
        product.updated_at = world.now();
        if let Some(third) = third {
            product.variants[2].unit_cost = product.variants[0].unit_cost;
            if let Some(c) = &mut product.variants[2].unit_cost {
                c.amount = third.parse().unwrap();
            }
        }
        world.shop.put(Fact::Product(product));
        world
            .syncs
            .start(world.workspace, connection, None, None)
            .await
            .unwrap();
        assert_eq!(world.work().await.status, SyncStatus::Succeeded);
    };
    change("5.00", None).await;
    assert_eq!(
        profit().await,
        (4 * 800, 2 * 2000),
        "what was sold keeps the cost of its day"
    );
    change("5.00", Some("1.50")).await;
    assert_eq!(
        profit().await,
        (4 * 800 + 2 * 300, 0),
        "a first cost is carried back"
    );
}
