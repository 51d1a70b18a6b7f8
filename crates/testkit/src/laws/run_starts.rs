//! Laws of [`ports::runs::RunStore`]: schedules and events.

use super::runs::{find, queue, told};
use super::syncs::now;
use super::tools::{connected, race};
use crate::Stores;
use crate::builders::{agent_run, scope};
use chrono::{DateTime, Duration, Utc};
use domain::agents::AgentRun;
use domain::ids::{StoreScope, WorkspaceId};
use ports::PortResult;
use ports::runs::IncomingEvent;

/// So many hours from now.
fn hour(n: i64) -> Option<DateTime<Utc>> {
    Some(now() + Duration::hours(n))
}

async fn next_at(stores: &Stores, scope: StoreScope) -> Option<DateTime<Utc>> {
    let next = stores.runs.next_at(scope, "pricing").await;
    next.expect("answered")
}

async fn fire(
    stores: &Stores,
    scope: StoreScope,
    due: Option<DateTime<Utc>>,
    next: Option<DateTime<Utc>>,
    run: Option<&AgentRun>,
) -> bool {
    let fired = stores.runs.fire(scope, "pricing", due, next, run).await;
    fired.expect("answered")
}

async fn is_there(stores: &Stores, run: &AgentRun) -> bool {
    let found = stores.runs.find(run.scope.workspace, run.id).await;
    found.expect("answered").is_some()
}

pub async fn a_schedule_moves_from_where_it_stands_and_starts_its_run(stores: Stores) {
    let here = connected(&stores, 1, 1).await;
    assert_eq!(next_at(&stores, here).await, None);
    assert!(fire(&stores, here, None, hour(1), None).await);
    assert_eq!(next_at(&stores, here).await, hour(1));
    let run = agent_run(here, "pricing", 1);
    assert!(fire(&stores, here, hour(1), hour(2), Some(&run)).await);
    assert_eq!(next_at(&stores, here).await, hour(2));
    assert_eq!(find(&stores, &run).await, run);
    assert_eq!(told(&stores, &run).await, ["queued"]);
    // Switched off, and on again.
    assert!(fire(&stores, here, hour(2), None, None).await);
    assert_eq!(next_at(&stores, here).await, None);
    assert!(fire(&stores, here, None, hour(3), None).await);
    assert_eq!(next_at(&stores, here).await, hour(3));
}

pub async fn a_schedule_that_stands_elsewhere_changes_nothing(stores: Stores) {
    let here = connected(&stores, 1, 1).await;
    let run = agent_run(here, "pricing", 1);
    assert!(!fire(&stores, here, hour(1), hour(2), Some(&run)).await);
    assert_eq!(next_at(&stores, here).await, None);
    assert!(fire(&stores, here, None, hour(1), None).await);
    for due in [None, hour(0), hour(2)] {
        assert!(!fire(&stores, here, due, hour(3), Some(&run)).await);
    }
    assert_eq!(next_at(&stores, here).await, hour(1));
    assert!(!is_there(&stores, &run).await);
    assert_eq!(told(&stores, &run).await, [""; 0]);
}

pub async fn a_schedule_moves_on_while_another_run_holds(stores: Stores) {
    let here = connected(&stores, 1, 1).await;
    queue(&stores, here, 1).await;
    let run = agent_run(here, "pricing", 2);
    assert!(fire(&stores, here, None, hour(1), Some(&run)).await);
    assert_eq!(next_at(&stores, here).await, hour(1));
    assert!(!is_there(&stores, &run).await);
    assert_eq!(told(&stores, &run).await, [""; 0]);
}

pub async fn schedules_of_other_stores_and_agents_stand_apart(stores: Stores) {
    let here = connected(&stores, 1, 1).await;
    assert!(fire(&stores, here, None, hour(1), None).await);
    for other in [scope(1, 2), scope(2, 1)] {
        assert_eq!(next_at(&stores, other).await, None);
        assert!(fire(&stores, other, None, hour(2), None).await);
    }
    let stock = stores.runs.next_at(here, "stock").await;
    assert_eq!(stock.expect("answered"), None);
    assert_eq!(next_at(&stores, here).await, hour(1));
}

pub async fn of_many_that_fire_one_starts_it(stores: Stores) {
    let here = connected(&stores, 1, 1).await;
    for (due, next) in [(None, hour(1)), (hour(1), hour(2))] {
        // So that nothing but the schedule keeps others from starting it.
        let results = race(|n| {
            let runs = stores.runs.clone();
            async move {
                let mut run = agent_run(here, &format!("agent {n}"), n);
                run.created_at = next.unwrap_or(run.created_at);
                run.id.0 = uuid::Uuid::from_u128(
                    run.id.0.as_u128() ^ u128::from(run.created_at.timestamp().unsigned_abs()),
                );
                let fired = runs.fire(here, "pricing", due, next, Some(&run)).await;
                (fired, run)
            }
        })
        .await;
        let mut started = 0;
        for (fired, run) in &results {
            let fired = *fired.as_ref().expect("answered");
            assert_eq!(is_there(&stores, run).await, fired);
            if fired {
                started += 1;
                let cancelled = stores.runs.request_cancel(here.workspace, run.id, now());
                cancelled.await.expect("cancelled");
            }
        }
        assert_eq!(started, 1);
        assert_eq!(next_at(&stores, here).await, next);
    }
}

fn event(workspace: WorkspaceId, id: &str) -> IncomingEvent {
    IncomingEvent {
        id: id.to_owned(),
        workspace,
        event_type: "stock.low".to_owned(),
        data: serde_json::json!({ "sku": "TEA" }),
        happened_at: now() - Duration::hours(1),
        accepted_at: now(),
    }
}

async fn accept(stores: &Stores, event: &IncomingEvent, runs: &[AgentRun]) -> bool {
    let accepted: PortResult<bool> = stores.runs.accept(event, runs).await;
    accepted.expect("answered")
}

pub async fn an_event_is_kept_once_and_starts_its_runs(stores: Stores) {
    let here = connected(&stores, 1, 1).await;
    let first = [agent_run(here, "pricing", 2), agent_run(here, "ads", 1)];
    let told_once = event(here.workspace, "one");
    assert!(accept(&stores, &told_once, &first).await);
    for run in &first {
        assert_eq!(find(&stores, run).await, *run);
        assert_eq!(told(&stores, run).await, ["queued"]);
    }
    let again = [agent_run(here, "stock", 3)];
    assert!(!accept(&stores, &told_once, &again).await);
    assert!(!is_there(&stores, &again[0]).await);
    let elsewhere = event(scope(2, 1).workspace, "one");
    assert!(accept(&stores, &elsewhere, &[]).await);
    assert!(accept(&stores, &event(here.workspace, "two"), &again).await);
    assert!(is_there(&stores, &again[0]).await);
}

pub async fn an_event_starts_what_nothing_holds_back(stores: Stores) {
    let here = connected(&stores, 1, 1).await;
    queue(&stores, here, 1).await;
    let (held_back, starts) = (agent_run(here, "pricing", 2), agent_run(here, "stock", 3));
    let runs = [held_back.clone(), starts.clone()];
    assert!(accept(&stores, &event(here.workspace, "one"), &runs).await);
    assert!(!is_there(&stores, &held_back).await);
    assert_eq!(told(&stores, &held_back).await, [""; 0]);
    assert!(is_there(&stores, &starts).await);
}

pub async fn of_many_that_tell_the_same_event_one_is_accepted(stores: Stores) {
    let here = connected(&stores, 1, 1).await;
    let results = race(|n| {
        let runs = stores.runs.clone();
        async move {
            let run = agent_run(here, &format!("agent {n}"), n);
            let event = event(here.workspace, "one");
            let accepted = runs.accept(&event, std::slice::from_ref(&run)).await;
            (accepted, run)
        }
    })
    .await;
    let mut accepted = 0;
    for (result, run) in &results {
        let ours = *result.as_ref().expect("answered");
        assert_eq!(is_there(&stores, run).await, ours);
        accepted += u32::from(ours);
    }
    assert_eq!(accepted, 1);
}

pub async fn what_was_told_long_ago_is_forgotten(stores: Stores) {
    let here = connected(&stores, 1, 1).await;
    let at = |id, accepted_at| IncomingEvent {
        accepted_at,
        ..event(here.workspace, id)
    };
    let run = agent_run(here, "pricing", 1);
    let old = at("old", now() - Duration::seconds(1));
    assert!(accept(&stores, &old, std::slice::from_ref(&run)).await);
    let new = at("new", now());
    assert!(accept(&stores, &new, &[]).await);
    assert_eq!(stores.runs.prune(now()).await.expect("pruned"), 1);
    assert!(!accept(&stores, &new, &[]).await, "it is known still");
    assert!(accept(&stores, &old, &[]).await, "it is a new one");
    assert_eq!(find(&stores, &run).await, run, "its run stays");
}
