//! Our days against the provider's, over the fakes: what agrees, what is found, what mending does.

use crate::world::{World, order, product};
use application::events::EventHub;
use application::reconciliation::{Outcome, ReconciliationError, Reconciliations};
use domain::ids::OrderId;
use domain::reconciliation::{Cause, ReconciliationRun};
use domain::sync::SyncStatus;
use ports::source::{Fact, FactRef};
use testkit::builders::{at, day};
use tokio_util::sync::CancellationToken;

/// Ten orders, one a day up to the last of June.
async fn world() -> (World, Reconciliations) {
    let world = World::new().await;
    world.shop.put(product("4.00"));
    for id in 1..=10 {
        world.shop.put(order(id, id));
    }
    world.synced().await;
    let hub = EventHub::new(&world.ports);
    let ports = world.ports.clone();
    let reconciliations = Reconciliations::new(ports, hub, world.connections.clone());
    (world, reconciliations)
}

async fn compared(world: &World, service: &Reconciliations) -> ReconciliationRun {
    let started = service.start(world.workspace, None, None, None).await;
    let id = started.unwrap().id;
    let stop = CancellationToken::new();
    let worker = tokio::spawn({
        let (service, stop) = (service.clone(), stop.clone());
        async move { service.run_worker(stop).await }
    });
    let run = loop {
        let run = service.find(world.workspace, id).await.unwrap().unwrap();
        if !run.status.is_open() {
            break run;
        }
        tokio::task::yield_now().await;
    };
    stop.cancel();
    worker.await.unwrap();
    assert_eq!(run.status, SyncStatus::Succeeded, "{:?}", run.error);
    run
}

async fn causes(world: &World, service: &Reconciliations) -> Vec<(Cause, OrderId)> {
    let (_, _, days) = service
        .days(world.workspace, None, None, None)
        .await
        .unwrap();
    let findings = days.into_iter().flat_map(|d| d.result.findings);
    findings.map(|f| (f.cause, f.order)).collect()
}

#[tokio::test]
async fn a_copy_that_is_whole_agrees_day_by_day() {
    let (world, service) = world().await;
    let run = compared(&world, &service).await;
    assert_eq!((run.tally.explained, run.tally.unexplained), (0, 0));
    assert!(run.tally.agree >= 10, "{:?}", run.tally);
    let standing = service.standing().await.unwrap();
    assert_eq!(standing.len(), 1);
    assert_eq!(standing[0].tally.unexplained, 0);
    assert_eq!((standing[0].difference, standing[0].unexplained), (0, 0));
    let view = world.connections.list(world.workspace).await.unwrap();
    let shown = view[0].reconciled.as_ref().unwrap();
    assert_eq!(
        shown.tally, standing[0].tally,
        "a connection shows the same"
    );
}

#[tokio::test]
async fn an_order_that_never_came_and_one_that_is_gone_are_found_and_mended() {
    let (world, service) = world().await;
    // One that no change and no webhook told of, and one that was deleted without a word.
    let Fact::Order(mut late) = order(99, 3) else {
        unreachable!("an order");
    };
    late.updated_at = at("2026-06-28T10:00:00Z");
    world.shop.put(Fact::Order(late));
    world
        .shop
        .delete(FactRef::Order(OrderId(5)), at("2026-06-27T00:00:00Z"));
    let run = compared(&world, &service).await;
    assert_eq!(run.tally.unexplained, 0, "{:?}", run.tally);
    let mut found = causes(&world, &service).await;
    found.sort_by_key(|(_, order)| *order);
    assert_eq!(
        found,
        [
            (Cause::Deletion, OrderId(5)),
            (Cause::MissingOrder, OrderId(99))
        ]
    );

    let range = domain::calendar::DayRange {
        from: day("2026-06-20"),
        to: day("2026-06-30"),
    };
    let mut mended = service
        .mend(world.workspace, None, range, None)
        .await
        .unwrap();
    mended.sort_by_key(|m| m.order);
    let outcomes: Vec<_> = mended.iter().map(|m| m.outcome).collect();
    assert_eq!(outcomes, [Outcome::Removed, Outcome::Reread]);
    let again = compared(&world, &service).await;
    assert_eq!((again.tally.explained, again.tally.unexplained), (0, 0));
    assert_eq!(world.orders().await, 10);
}

#[tokio::test]
async fn one_run_at_a_time_and_none_where_there_is_nothing_to_compare() {
    let (world, service) = world().await;
    let first = service.start(world.workspace, None, None, None).await;
    let first = first.unwrap().id;
    let second = service.start(world.workspace, None, None, None).await;
    assert!(
        matches!(second, Err(ReconciliationError::AlreadyRunning(Some(id))) if id == first),
        "{second:?}"
    );
    let before = service
        .start(
            world.workspace,
            None,
            Some(day("2020-01-01")),
            Some(day("2020-01-02")),
        )
        .await;
    assert!(matches!(before, Err(ReconciliationError::NothingToCheck)));
    let empty = World::new().await;
    let hub = EventHub::new(&empty.ports);
    let none = Reconciliations::new(empty.ports.clone(), hub, empty.connections.clone());
    assert_eq!(none.standing().await.unwrap(), []);
}

#[tokio::test]
async fn what_is_due_is_compared_once_a_day() {
    let (_world, service) = world().await;
    assert_eq!(service.start_due().await.unwrap(), 1);
    assert_eq!(service.start_due().await.unwrap(), 0, "it is queued");
}
