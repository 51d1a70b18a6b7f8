//! How an agent is set, and what it takes to let it act.

use super::*;
use domain::agents::{Budget, Value, Values};
use ports::audit::AuditFilter;

async fn configure(world: &World, change: ConfigChange) -> Result<AgentConfig, AgentError> {
    let store = store(world).await;
    world
        .agents
        .configure(&store, ORDERS, change, person("ann"))
        .await
}

fn fields(outcome: Result<AgentConfig, AgentError>) -> Vec<String> {
    match outcome {
        Err(AgentError::Invalid(faults)) => faults.into_iter().map(|f| f.field).collect(),
        other => panic!("{other:?}"),
    }
}

fn late_after(days: i64) -> Values {
    Values::from([("late_after".to_owned(), Value::Number(days))])
}

#[tokio::test]
async fn every_fault_is_named_and_nothing_is_stored() {
    let world = world().await;
    let outcome = configure(
        &world,
        ConfigChange {
            schedule: Some("every day".into()),
            values: Some(Values::from([
                ("late_after".to_owned(), Value::Number(1_000)),
                ("unheard_of".to_owned(), Value::Flag(true)),
            ])),
            budget: Some(Budget {
                writes_per_day: 101,
                money_per_day: Some(-1),
                calls_per_day: Some(100_001),
                ..Budget::default()
            }),
            ..ConfigChange::default()
        },
    );
    let expected = [
        "values.late_after",
        "values.unheard_of",
        "schedule",
        "budget.writes_per_day",
        "budget.money_per_day",
        "budget.calls_per_day",
    ];
    assert_eq!(fields(outcome.await), expected);
    let config = world
        .agents
        .standing(&store(&world).await, ORDERS)
        .await
        .unwrap()
        .config;
    assert_eq!((config.version, config.autonomy), (0, Autonomy::Observe));
    let unknown = world.agents.standing(&store(&world).await, "nobody").await;
    assert!(matches!(unknown, Err(AgentError::UnknownAgent)));
}

#[tokio::test]
async fn each_change_is_a_version_with_what_stood_before_in_the_audit() {
    let world = world().await;
    let change = ConfigChange {
        values: Some(late_after(5)),
        reason: Some("Our carrier is slow".into()),
        ..ConfigChange::default()
    };
    let config = configure(&world, change.clone()).await.unwrap();
    assert_eq!((config.version, &config.values), (1, &late_after(5)));
    let outdated = configure(&world, change).await;
    assert!(
        matches!(outdated, Err(AgentError::ChangedMeanwhile)),
        "{outdated:?}"
    );
    let filter = AuditFilter {
        action: Some("agent.configure".into()),
        ..AuditFilter::default()
    };
    let audit = &world.ports.audit;
    let entries = audit
        .entries(world.workspace, &filter, &PageRequest::first(10))
        .await
        .unwrap();
    let entry = &entries.items[0].entry;
    assert!(entry.before.as_ref().unwrap().contains(r#""values":{}"#));
    assert!(entry.after.as_ref().unwrap().contains(r#""late_after":5"#));
    assert_eq!(entry.reason.as_deref(), Some("Our carrier is slow"));
}

#[tokio::test(start_paused = true)]
async fn only_a_policy_that_was_rehearsed_as_it_is_may_act_and_only_with_a_reason() {
    let world = world().await;
    let act = |version: i64| ConfigChange {
        version,
        autonomy: Some(Autonomy::Act),
        reason: Some("It was right for a month".into()),
        ..ConfigChange::default()
    };
    assert_eq!(fields(configure(&world, act(0)).await), ["autonomy"]);
    let rehearsal = rehearsed(&world).await;
    assert_eq!(
        rehearsal.status,
        RunStatus::Succeeded,
        "{:?}",
        rehearsal.error
    );
    let told = rehearsal.rehearsal.unwrap();
    assert_eq!(told.days.len(), 6);
    assert!(sets(&world).await.is_empty(), "nothing is proposed by it");

    let silent = ConfigChange {
        reason: None,
        ..act(0)
    };
    assert_eq!(fields(configure(&world, silent).await), ["reason"]);
    let other = ConfigChange {
        values: Some(late_after(5)),
        ..act(0)
    };
    assert_eq!(fields(configure(&world, other).await), ["autonomy"]);
    // What is written out as its default is the same policy.
    let same = ConfigChange {
        values: Some(late_after(3)),
        ..act(0)
    };
    let config = configure(&world, same).await.unwrap();
    assert_eq!((config.version, config.autonomy), (1, Autonomy::Act));
    let changed = ConfigChange {
        version: 1,
        values: Some(late_after(5)),
        reason: Some("Why not".into()),
        ..ConfigChange::default()
    };
    assert_eq!(fields(configure(&world, changed).await), ["autonomy"]);
    let lowered = ConfigChange {
        version: 1,
        autonomy: Some(Autonomy::Propose),
        ..ConfigChange::default()
    };
    assert_eq!(configure(&world, lowered).await.unwrap().version, 2);
}

#[tokio::test]
async fn days_that_cannot_be_rehearsed_are_refused() {
    let world = world().await;
    let store = store(&world).await;
    let refused = async |from: &str, to: &str| {
        let (from, to) = (from.parse().unwrap(), to.parse().unwrap());
        match world
            .agents
            .rehearse(&store, ORDERS, from, to, person("ann"))
            .await
        {
            Err(AgentError::Invalid(faults)) => faults[0].field.clone(),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(refused("2026-06-28", "2026-06-27").await, "to");
    assert_eq!(refused("2026-06-01", "2026-06-30").await, "from");
    assert_eq!(refused("2026-06-28", "2026-07-01").await, "to");
    assert_eq!(refused("2025-06-28", "2026-07-01").await, "to");
    let (from, to) = ("2026-06-26".parse().unwrap(), "2026-06-30".parse().unwrap());
    world
        .agents
        .rehearse(&store, ORDERS, from, to, person("ann"))
        .await
        .unwrap();
    let second = world
        .agents
        .rehearse(&store, ORDERS, from, to, person("ann"))
        .await;
    assert!(
        matches!(second, Err(AgentError::AlreadyRunning(_))),
        "{second:?}"
    );
    // A rehearsal holds no other run back.
    started(&world).await.unwrap();
}
