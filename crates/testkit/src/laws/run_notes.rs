//! Laws of [`ports::runs::RunStore`]: logs, facts, statistics, and what is forgotten.

use super::runs::{claim, find, put_down, queue, queue_of};
use super::syncs::{lease, now};
use super::tools::connected;
use crate::Stores;
use crate::builders::{agent_run, connection, day, log_line, scope};
use chrono::{DateTime, Duration, Utc};
use domain::agents::{AgentRun, RunKind, RunStatus};
use domain::ids::{StoreScope, WorkspaceId};
use ports::PageRequest;
use ports::runs::{RunFilter, RunLease, RunStatistics};

async fn texts(stores: &Stores, run: &AgentRun, after: u64, limit: u32) -> Vec<String> {
    let (workspace, id) = (run.scope.workspace, run.id);
    let log = stores.runs.log(workspace, id, after, limit).await;
    let lines = log.expect("read").into_iter();
    lines.map(|line| line.text).collect()
}

async fn facts(stores: &Stores, workspace: WorkspaceId, run: &AgentRun) -> Option<String> {
    let facts = stores.runs.facts(workspace, run.id).await;
    facts.expect("read")
}

async fn keep(stores: &Stores, held: &RunLease, facts: &str) {
    let kept = stores.runs.keep_facts(held, facts).await;
    kept.expect("kept");
}

/// Ended at an instant, with a line and facts.
async fn noted(stores: &Stores, scope: StoreScope, number: u32, ended: DateTime<Utc>) -> AgentRun {
    queue(stores, scope, number).await;
    let held = claim(stores).await;
    keep(stores, &held, "facts").await;
    let mut run = held.run.clone();
    run.status = RunStatus::Succeeded;
    run.finished_at = Some(ended);
    let log = [log_line(1, "Done")];
    let put = stores.runs.put_down(&held, &run, &log).await;
    put.expect("put down")
}

pub async fn lines_are_read_after_a_number_in_order(stores: Stores) {
    let here = connected(&stores, 1, 1).await;
    queue(&stores, here, 1).await;
    let held = claim(&stores).await;
    let run = &held.run;
    assert_eq!(texts(&stores, run, 0, 10).await, [""; 0]);
    for numbers in [1..=2_u64, 3..=12] {
        let log: Vec<_> = numbers.map(|no| log_line(no, &format!("{no}"))).collect();
        let saved = stores.runs.advance(&held, run, &log, now(), lease()).await;
        saved.expect("saved");
    }
    let all: Vec<_> = (1..=12).map(|no: u64| no.to_string()).collect();
    assert_eq!(texts(&stores, run, 0, 100).await, all);
    assert_eq!(texts(&stores, run, 9, 2).await, ["10", "11"]);
    assert_eq!(texts(&stores, run, 12, 2).await, [""; 0]);
    assert_eq!(texts(&stores, run, u64::MAX, 2).await, [""; 0]);
    assert_eq!(texts(&stores, run, 0, 0).await, [""; 0]);
}

pub async fn facts_are_kept_once_by_who_holds_the_lease(stores: Stores) {
    let here = connected(&stores, 1, 1).await;
    queue(&stores, here, 1).await;
    let held = claim(&stores).await;
    assert_eq!(facts(&stores, here.workspace, &held.run).await, None);
    keep(&stores, &held, r#"{"stock": 1}"#).await;
    keep(&stores, &held, r#"{"stock": 2}"#).await;
    let kept = facts(&stores, here.workspace, &held.run).await;
    assert_eq!(kept.as_deref(), Some(r#"{"stock": 1}"#));
}

pub async fn logs_and_facts_of_another_workspace_are_not_seen(stores: Stores) {
    let here = connected(&stores, 1, 1).await;
    let run = noted(&stores, here, 1, now()).await;
    let there = scope(2, 1).workspace;
    let log = stores.runs.log(there, run.id, 0, 10).await;
    assert_eq!(log.expect("read"), []);
    assert_eq!(facts(&stores, there, &run).await, None);
}

pub async fn old_logs_and_facts_are_forgotten_and_the_runs_stay(stores: Stores) {
    let here = connected(&stores, 1, 1).await;
    let old = noted(&stores, here, 1, now() - Duration::seconds(1)).await;
    let new = noted(&stores, here, 2, now()).await;
    // Nothing was written down of this one, and that one has not ended.
    queue(&stores, here, 3).await;
    let mut held = claim(&stores).await;
    held.run.finished_at = Some(now() - Duration::days(1));
    held.run.status = RunStatus::Failed;
    let put = stores.runs.put_down(&held, &held.run, &[]).await;
    put.expect("put down");
    queue(&stores, here, 4).await;
    let open = claim(&stores).await;
    keep(&stores, &open, "facts").await;
    assert_eq!(stores.runs.prune(now()).await.expect("pruned"), 1);
    assert_eq!(find(&stores, &old).await, old);
    assert_eq!(texts(&stores, &old, 0, 10).await, [""; 0]);
    assert_eq!(facts(&stores, here.workspace, &old).await, None);
    assert_eq!(texts(&stores, &new, 0, 10).await, ["Done"]);
    for stays in [&new, &open.run] {
        assert!(facts(&stores, here.workspace, stays).await.is_some());
    }
    assert_eq!(stores.runs.prune(now()).await.expect("pruned"), 0);
}

/// Takes up what is due, and ends it so many seconds later.
async fn end(stores: &Stores, status: RunStatus, seconds: i64) {
    let held = claim(stores).await;
    let mut run = held.run.clone();
    run.status = status;
    run.finished_at = Some(now() + Duration::seconds(seconds));
    let put = stores.runs.put_down(&held, &run, &[]).await;
    put.expect("put down");
}

async fn statistics(
    stores: &Stores,
    scope: StoreScope,
    since: DateTime<Utc>,
) -> Vec<RunStatistics> {
    let (workspace, store) = (scope.workspace, Some(scope.store));
    let all = stores.runs.statistics(workspace, store, since).await;
    all.expect("answered")
}

pub async fn statistics_are_of_each_agent_since_an_instant(stores: Stores) {
    let here = connected(&stores, 1, 1).await;
    let since = agent_run(here, "", 2).created_at;
    let ends = [
        (1, RunStatus::Failed, 1),
        (2, RunStatus::Dead, 10),
        (3, RunStatus::Succeeded, 20),
        (4, RunStatus::Failed, 30),
        (5, RunStatus::Dead, 41),
        (6, RunStatus::Cancelled, 50),
    ];
    for (number, status, seconds) in ends {
        queue(&stores, here, number).await;
        end(&stores, status, seconds).await;
    }
    let never = queue(&stores, here, 7).await;
    let cancelled = stores.runs.request_cancel(here.workspace, never.id, since);
    cancelled.await.expect("cancelled");
    let waits = AgentRun {
        run_at: now() + Duration::days(1),
        created_at: now() + Duration::hours(1),
        ..agent_run(here, "stock", 8)
    };
    stores.runs.create(&waits, None).await.expect("created");
    let failing = queue_of(&stores, here, "Ads", 9).await;
    end(&stores, RunStatus::Failed, 2).await;
    let pricing = RunStatistics {
        agent: "pricing".to_owned(),
        total: 6,
        succeeded: 1,
        failed: 3,
        mean_seconds: Some(30.2),
        last_activity: Some(now() + Duration::seconds(50)),
        failures_in_row: 2,
    };
    let stock = RunStatistics {
        agent: "stock".to_owned(),
        total: 1,
        last_activity: Some(waits.created_at),
        ..RunStatistics::default()
    };
    let ads = RunStatistics {
        agent: failing.agent,
        total: 1,
        failed: 1,
        mean_seconds: Some(2.0),
        last_activity: Some(now() + Duration::seconds(2)),
        failures_in_row: 1,
        ..RunStatistics::default()
    };
    let found = statistics(&stores, here, since).await;
    assert_eq!(found, [ads, pricing, stock]);
    let later = now() + Duration::days(1);
    assert_eq!(statistics(&stores, here, later).await, []);
}

pub async fn rehearsals_and_other_stores_do_not_count(stores: Stores) {
    let (here, there) = (
        connected(&stores, 1, 1).await,
        connected(&stores, 1, 2).await,
    );
    queue(&stores, here, 1).await;
    queue(&stores, there, 2).await;
    queue(&stores, connected(&stores, 2, 1).await, 3).await;
    let rehearsal = AgentRun {
        kind: RunKind::Rehearse {
            from: day("2026-01-01"),
            to: day("2026-01-31"),
        },
        ..agent_run(here, "pricing", 4)
    };
    stores.runs.create(&rehearsal, None).await.expect("created");
    let since = agent_run(here, "", 0).created_at;
    assert_eq!(statistics(&stores, here, since).await[0].total, 1);
    let all = stores.runs.statistics(here.workspace, None, since).await;
    let all = all.expect("answered");
    assert_eq!(all.len(), 1);
    assert_eq!(all[0].total, 2);
}

pub async fn runs_go_with_their_store(stores: Stores) {
    let (gone, stays) = (
        connected(&stores, 1, 1).await,
        connected(&stores, 1, 2).await,
    );
    let (old, kept) = (
        noted(&stores, gone, 1, now()).await,
        noted(&stores, stays, 2, now()).await,
    );
    queue(&stores, gone, 3).await;
    let held = claim(&stores).await;
    let next = Some(now() + Duration::days(1));
    for scope in [gone, stays] {
        let fired = stores.runs.fire(scope, "stock", None, next, None).await;
        assert!(fired.expect("answered"));
    }
    let connection = connection(1, 1);
    let purge = Some(connection.store);
    let removed = stores
        .connections
        .remove(gone.workspace, connection.id, purge);
    removed.await.expect("removed");
    let page = PageRequest::first(10);
    let listed = stores
        .runs
        .list(gone.workspace, &RunFilter::default(), &page)
        .await;
    let ids: Vec<_> = listed.expect("listed").items.iter().map(|r| r.id).collect();
    assert_eq!(ids, [kept.id]);
    assert_eq!(texts(&stores, &old, 0, 10).await, [""; 0]);
    assert_eq!(facts(&stores, gone.workspace, &old).await, None);
    assert_eq!(texts(&stores, &kept, 0, 10).await, ["Done"]);
    for (scope, expected) in [(gone, None), (stays, next)] {
        let next = stores.runs.next_at(scope, "stock").await;
        assert_eq!(next.expect("answered"), expected);
    }
    let held_back = stores.runs.put_down(&held, &held.run, &[]).await;
    super::tools::refused(held_back, ports::Kind::Conflict);
    // A store of the same id starts anew.
    queue(&stores, gone, 4).await;
    let held = claim(&stores).await;
    put_down(&stores, &held, RunStatus::Succeeded).await;
}
