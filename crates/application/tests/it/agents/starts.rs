//! What starts a run: the schedule, an event, an order; and what keeps one from starting.

use super::*;
use domain::agents::{Budget, Trigger};
use domain::catalog::CostBook;
use ports::runs::RunFilter;
use testkit::builders::OrderBuilder;

async fn runs(world: &World) -> Vec<AgentRun> {
    let filter = RunFilter {
        agent: Some(ORDERS.into()),
        kind: Some("decide"),
        ..RunFilter::default()
    };
    let page = PageRequest::first(100);
    world
        .agents
        .runs(world.workspace, &filter, &page)
        .await
        .unwrap()
        .items
}

async fn due(world: &World) -> u64 {
    world.agents.start_due().await.unwrap()
}

#[tokio::test]
async fn a_schedule_fires_once_for_all_that_look_and_once_after_a_long_silence() {
    let world = world().await;
    let other = over(&world, Arc::clone(&world.ports.runs));
    assert_eq!(due(&world).await, 0, "a new store's first time is ahead");
    let next = world
        .agents
        .standing(&store(&world).await, ORDERS)
        .await
        .unwrap()
        .next_at;
    assert_eq!(next, Some("2026-07-01T12:15:00Z".parse().unwrap()));
    world.clock.advance(Duration::minutes(15));
    let (one, two) = tokio::join!(world.agents.start_due(), other.start_due());
    assert_eq!(
        one.unwrap() + two.unwrap(),
        2,
        "every fifteen minutes, and the analyst, who makes up for this morning"
    );
    let all = runs(&world).await;
    assert_eq!(all.len(), 1);
    assert!(matches!(all[0].trigger, Trigger::Schedule { due } if Some(due) == next));

    // It holds: the next time goes by.
    world.clock.advance(Duration::minutes(15));
    due(&world).await;
    assert_eq!(runs(&world).await.len(), 1);
    world
        .agents
        .cancel(world.workspace, all[0].id)
        .await
        .unwrap();
    world.clock.advance(Duration::days(3));
    due(&world).await;
    due(&world).await;
    assert_eq!(
        runs(&world).await.len(),
        2,
        "three days were missed, and one run makes up for them"
    );
}

#[tokio::test]
async fn a_disabled_agent_is_started_by_people_alone_and_another_pattern_counts_at_once() {
    let world = world().await;
    due(&world).await;
    let disabled = ConfigChange {
        enabled: Some(false),
        ..ConfigChange::default()
    };
    configured(&world, disabled).await;
    world.clock.advance(Duration::days(1));
    due(&world).await;
    let told = world.agents.accept(
        world.workspace,
        "orders/create".into(),
        serde_json::json!({}),
        None,
        None,
    );
    assert!(told.await.unwrap().new);
    assert!(runs(&world).await.is_empty());
    let standing = world
        .agents
        .standing(&store(&world).await, ORDERS)
        .await
        .unwrap();
    assert_eq!(standing.next_at, None);
    started(&world).await.unwrap();

    let enabled = ConfigChange {
        enabled: Some(true),
        schedule: Some("30 9 * * *".into()),
        ..ConfigChange::default()
    };
    configured(&world, enabled).await;
    let standing = world
        .agents
        .standing(&store(&world).await, ORDERS)
        .await
        .unwrap();
    // New York is four hours behind in July.
    let expected = "2026-07-02T13:30:00Z".parse().unwrap();
    assert_eq!(
        (world.now() < expected, standing.next_at),
        (true, Some(expected))
    );
}

#[tokio::test]
async fn an_event_is_kept_once_and_starts_who_wants_to_know() {
    let world = world().await;
    let tell = |kind: &str, key: Option<&str>| {
        let data = serde_json::json!({ "order": "1" });
        world.agents.accept(
            world.workspace,
            kind.to_owned(),
            data,
            None,
            key.map(str::to_owned),
        )
    };
    assert!(tell("weather/changed", None).await.unwrap().new);
    assert!(runs(&world).await.is_empty());
    let first = tell("orders/create", Some("a")).await.unwrap();
    let again = tell("orders/create", Some("a")).await.unwrap();
    assert_eq!((first.new, again.new, &first.id), (true, false, &again.id));
    let all = runs(&world).await;
    assert_eq!(all.len(), 1);
    assert_eq!(all[0].parameters["order"], "1");
    assert!(
        matches!(&all[0].trigger, Trigger::Event { event, event_type } if *event == first.id && event_type == "orders/create")
    );
    // While it holds, another one is kept and starts nothing.
    assert!(tell("orders/create", Some("b")).await.unwrap().new);
    assert_eq!(runs(&world).await.len(), 1);
    let refused = tell(" ", None).await;
    assert!(matches!(refused, Err(AgentError::Invalid(faults)) if faults[0].field == "event_type"));
}

#[tokio::test(start_paused = true)]
async fn orders_that_change_start_who_wants_to_know_once_whoever_watches() {
    let world = world().await;
    let stop = CancellationToken::new();
    let worker = |agents: Agents| {
        let stop = stop.clone();
        tokio::spawn(async move { agents.run_worker(stop).await })
    };
    let workers = [
        worker(world.agents.clone()),
        worker(over(&world, Arc::clone(&world.ports.runs))),
    ];
    tokio::time::sleep(TICK).await;
    let store = store(&world).await;
    for id in 10..15 {
        let booked = OrderBuilder::new(id).sold_at(world.now());
        let booked = booked.booked(&CostBook::default());
        world
            .ports
            .orders
            .save(store.scope, &[booked], world.now())
            .await
            .unwrap();
    }
    tokio::time::sleep(std::time::Duration::from_secs(200)).await;
    stop.cancel();
    for worker in workers {
        worker.await.unwrap();
    }
    let by_event = runs(&world).await.into_iter();
    let by_event = by_event.filter(|r| matches!(&r.trigger, Trigger::Event { event_type, .. } if event_type == "orders.changed"));
    assert_eq!(by_event.count(), 1);
}

#[tokio::test]
async fn one_run_at_a_time_and_no_more_than_the_budget() {
    let world = world().await;
    let first = started(&world).await.unwrap();
    let second = started(&world).await;
    assert!(
        matches!(second, Err(AgentError::AlreadyRunning(id)) if id == first.id),
        "{second:?}"
    );
    world
        .agents
        .cancel(world.workspace, first.id)
        .await
        .unwrap();
    let budget = Budget {
        runs_per_hour: 2,
        ..Budget::default()
    };
    let change = ConfigChange {
        budget: Some(budget),
        ..ConfigChange::default()
    };
    configured(&world, change).await;
    let second = started(&world).await.unwrap();
    world
        .agents
        .cancel(world.workspace, second.id)
        .await
        .unwrap();
    let third = started(&world).await;
    assert!(
        matches!(&third, Err(AgentError::OverBudget(why)) if why.contains("2 times within an hour")),
        "{third:?}"
    );
    world
        .clock
        .advance(Duration::hours(1) + Duration::seconds(1));
    started(&world).await.unwrap();
}
