//! Laws of [`ports::runs::RunStore`]: creation, lists and cancellation.

use super::members::actions;
use super::syncs::{lease, now};
use super::tools::{connected, one_wins, race, refused};
use crate::Stores;
use crate::builders::{agent_run, audit_entry, scope};
use chrono::Duration;
use domain::agents::{AgentRun, RunKind, RunStatus};
use domain::ids::{RunId, StoreScope, WorkspaceId};
use ports::events::RUNS_CHANGED;
use ports::runs::{RunFilter, RunLease};
use ports::{Kind, PageRequest, PortResult};

/// Of the agent `pricing`.
pub(super) async fn queue(stores: &Stores, scope: StoreScope, number: u32) -> AgentRun {
    queue_of(stores, scope, "pricing", number).await
}

pub(super) async fn queue_of(
    stores: &Stores,
    scope: StoreScope,
    agent: &str,
    number: u32,
) -> AgentRun {
    let run = agent_run(scope, agent, number);
    stores.runs.create(&run, None).await.expect("created");
    run
}

/// The only one that is due.
pub(super) async fn claim(stores: &Stores) -> RunLease {
    let claimed = stores.runs.claim(now(), lease(), 10).await;
    let mut claimed = claimed.expect("answered");
    assert_eq!(claimed.len(), 1, "{claimed:?}");
    claimed.remove(0)
}

pub(super) async fn find(stores: &Stores, run: &AgentRun) -> AgentRun {
    let found = stores.runs.find(run.scope.workspace, run.id).await;
    found.expect("answered").expect("there")
}

/// A run as its worker puts it down.
pub(super) async fn put_down(stores: &Stores, held: &RunLease, status: RunStatus) -> AgentRun {
    let mut run = held.run.clone();
    run.status = status;
    if !status.is_open() {
        run.finished_at = Some(now());
    }
    let saved = stores.runs.put_down(held, &run, &[]).await;
    saved.expect("put down")
}

/// Statuses that the log tells of the run, oldest first.
pub(super) async fn told(stores: &Stores, run: &AgentRun) -> Vec<String> {
    let events = stores.events.since(run.scope.workspace, 0, 1000).await;
    let events = events.expect("read").into_iter().map(|e| e.event);
    let of = events.filter(|e| e.kind == RUNS_CHANGED && e.entity_id == run.id.to_string());
    of.map(|e| {
        assert_eq!(e.entity_kind, "run");
        assert_eq!(e.data["id"], run.id.to_string());
        assert_eq!(e.data["agent"], run.agent);
        e.data["status"].as_str().expect("a status").to_owned()
    })
    .collect()
}

async fn ids(stores: &Stores, workspace: WorkspaceId, filter: &RunFilter) -> Vec<RunId> {
    let page = PageRequest::first(50);
    let page = stores.runs.list(workspace, filter, &page).await;
    let page = page.expect("a page");
    assert_eq!(page.total, Some(page.items.len() as u64));
    page.items.iter().map(|run| run.id).collect()
}

async fn cancel(stores: &Stores, run: &AgentRun) -> PortResult<AgentRun> {
    let workspace = run.scope.workspace;
    stores.runs.request_cancel(workspace, run.id, now()).await
}

pub async fn a_run_reads_back_whole_in_its_workspace_only(stores: Stores) {
    let here = connected(&stores, 1, 1).await;
    let run = queue(&stores, here, 1).await;
    assert_eq!(find(&stores, &run).await, run);
    assert_eq!(told(&stores, &run).await, ["queued"]);
    let there = scope(2, 1).workspace;
    let found = stores.runs.find(there, run.id).await;
    assert_eq!(found.expect("answered"), None);
    let listed = ids(&stores, there, &RunFilter::default()).await;
    assert_eq!(listed, []);
    let cancelled = stores.runs.request_cancel(there, run.id, now()).await;
    refused(cancelled, Kind::NotFound);
    let unknown = agent_run(here, "pricing", 9);
    refused(cancel(&stores, &unknown).await, Kind::NotFound);
    assert_eq!(find(&stores, &run).await, run);
}

pub async fn while_one_holds_no_other_of_its_store_agent_and_kind_starts(stores: Stores) {
    let here = connected(&stores, 1, 1).await;
    let run = queue(&stores, here, 1).await;
    let second = agent_run(here, "pricing", 2);
    let entry = audit_entry(here.workspace, "agent.run");
    let refusal = stores.runs.create(&second, Some(&entry)).await;
    refused(refusal, Kind::Conflict);
    assert_eq!(actions(&stores, here.workspace).await, [""; 0]);
    assert_eq!(told(&stores, &second).await, [""; 0]);
    let holding = async |kind| {
        let held = stores.runs.holding(here, "pricing", kind).await;
        held.expect("answered").map(|run| run.id)
    };
    assert_eq!(holding("decide").await, Some(run.id));
    assert_eq!(holding("rehearse").await, None);
    // Of another store, agent or kind it may.
    queue(&stores, scope(1, 2), 1).await;
    queue_of(&stores, here, "stock", 3).await;
    let rehearsal = AgentRun {
        kind: rehearse(),
        ..agent_run(here, "pricing", 4)
    };
    let entry = audit_entry(here.workspace, "agent.rehearse");
    let created = stores.runs.create(&rehearsal, Some(&entry)).await;
    created.expect("created");
    assert_eq!(actions(&stores, here.workspace).await, ["agent.rehearse"]);
    assert_eq!(holding("rehearse").await, Some(rehearsal.id));
    let taken = agent_run(here, "other", 1);
    refused(stores.runs.create(&taken, None).await, Kind::Conflict);
}

fn rehearse() -> RunKind {
    let day = crate::builders::day;
    RunKind::Rehearse {
        from: day("2026-01-01"),
        to: day("2026-01-31"),
    }
}

pub async fn what_waits_for_people_or_has_ended_holds_nobody_back(stores: Stores) {
    let here = connected(&stores, 1, 1).await;
    let statuses = [
        RunStatus::WaitingApproval,
        RunStatus::Applying,
        RunStatus::Succeeded,
        RunStatus::Failed,
        RunStatus::Cancelled,
        RunStatus::Dead,
    ];
    for (number, status) in (1..).zip(statuses) {
        let run = queue(&stores, here, number).await;
        let held = stores.runs.claim(now(), lease(), 10).await;
        let mut held = held.expect("answered").into_iter();
        let mut held = held.find(|held| held.run.id == run.id).expect("claimed");
        held.run.run_at = now() + Duration::days(1);
        let another = agent_run(here, "pricing", 99);
        refused(stores.runs.create(&another, None).await, Kind::Conflict);
        put_down(&stores, &held, status).await;
        let holding = stores.runs.holding(here, "pricing", "decide").await;
        assert_eq!(holding.expect("answered"), None, "{status:?}");
    }
    queue(&stores, here, 99).await;
}

pub async fn of_many_that_create_one_wins(stores: Stores) {
    let here = connected(&stores, 1, 1).await;
    let results = race(|n| {
        let runs = stores.runs.clone();
        async move { runs.create(&agent_run(here, "pricing", n), None).await }
    })
    .await;
    one_wins(&results);
    let filter = RunFilter::default();
    assert_eq!(ids(&stores, here.workspace, &filter).await.len(), 1);
}

pub async fn runs_are_listed_newest_first_by_store_agent_status_and_kind(stores: Stores) {
    let (here, there) = (
        connected(&stores, 1, 1).await,
        connected(&stores, 1, 2).await,
    );
    let first = queue(&stores, here, 1).await.id;
    claim(&stores).await;
    let second = queue_of(&stores, here, "stock", 2).await.id;
    let third = queue(&stores, there, 3).await.id;
    let rehearsal = AgentRun {
        kind: rehearse(),
        ..agent_run(here, "pricing", 4)
    };
    stores.runs.create(&rehearsal, None).await.expect("created");
    let fourth = rehearsal.id;
    queue(&stores, connected(&stores, 2, 1).await, 5).await;
    let all = RunFilter::default();
    let (of_store, of_agent) = (Some(here.store), Some("pricing".to_owned()));
    let cases = [
        (all.clone(), vec![fourth, third, second, first]),
        (
            RunFilter {
                store: of_store,
                ..all.clone()
            },
            vec![fourth, second, first],
        ),
        (
            RunFilter {
                agent: of_agent.clone(),
                ..all.clone()
            },
            vec![fourth, third, first],
        ),
        (
            RunFilter {
                status: Some(RunStatus::Running),
                ..all.clone()
            },
            vec![first],
        ),
        (
            RunFilter {
                kind: Some("rehearse"),
                ..all.clone()
            },
            vec![fourth],
        ),
        (
            RunFilter {
                store: of_store,
                agent: of_agent,
                status: Some(RunStatus::Queued),
                kind: Some("decide"),
            },
            vec![],
        ),
    ];
    for (filter, expected) in cases {
        let found = ids(&stores, here.workspace, &filter).await;
        assert_eq!(found, expected, "{filter:?}");
    }
    let mut walked = Vec::new();
    let mut page = PageRequest::first(3);
    loop {
        let next = stores.runs.list(here.workspace, &all, &page).await;
        let next = next.expect("a page");
        walked.extend(next.items.iter().map(|run| run.id));
        let Some(cursor) = next.next_cursor else {
            break;
        };
        page.cursor = Some(cursor);
    }
    assert_eq!(walked, [fourth, third, second, first]);
}

pub async fn what_nobody_works_on_is_cancelled_at_once(stores: Stores) {
    let here = connected(&stores, 1, 1).await;
    let run = queue(&stores, here, 1).await;
    let expected = AgentRun {
        status: RunStatus::Cancelled,
        finished_at: Some(now()),
        ..run
    };
    assert_eq!(cancel(&stores, &expected).await.expect("asked"), expected);
    assert_eq!(find(&stores, &expected).await, expected);
    assert_eq!(told(&stores, &expected).await, ["queued", "cancelled"]);
    refused(cancel(&stores, &expected).await, Kind::Conflict);
    // What waits for people has no worker either.
    queue(&stores, here, 2).await;
    let mut held = claim(&stores).await;
    held.run.run_at = now() + Duration::days(1);
    let waits = put_down(&stores, &held, RunStatus::WaitingApproval).await;
    let cancelled = cancel(&stores, &waits).await.expect("asked");
    assert_eq!(cancelled.status, RunStatus::Cancelled);
    queue(&stores, here, 3).await;
}

pub async fn a_running_one_is_asked_to_stop_and_what_its_worker_saves_keeps_the_wish(
    stores: Stores,
) {
    let here = connected(&stores, 1, 1).await;
    queue(&stores, here, 1).await;
    let held = claim(&stores).await;
    let asked = cancel(&stores, &held.run).await.expect("asked");
    assert_eq!(asked.status, RunStatus::Cancelling);
    assert_eq!(asked.finished_at, None);
    // Twice is once.
    assert_eq!(cancel(&stores, &held.run).await.expect("asked"), asked);
    let refusal = stores
        .runs
        .create(&agent_run(here, "pricing", 2), None)
        .await;
    refused(refusal, Kind::Conflict);
    let mut run = held.run.clone();
    run.looked_at = 7;
    let saved = stores.runs.advance(&held, &run, &[], now(), lease()).await;
    let saved = saved.expect("saved");
    run.status = RunStatus::Cancelling;
    assert_eq!(saved, run);
    assert_eq!(find(&stores, &run).await, run);
    let ended = put_down(&stores, &held, RunStatus::Cancelled).await;
    assert_eq!(ended.status, RunStatus::Cancelled);
    let expected = ["queued", "running", "cancelling", "cancelling"];
    let told = told(&stores, &run).await;
    assert_eq!(told[..4], expected);
    assert_eq!(told.last().map(String::as_str), Some("cancelled"));
    queue(&stores, here, 2).await;
}

pub async fn one_that_was_asked_to_stop_and_is_put_down_is_taken_up_at_once(stores: Stores) {
    let here = connected(&stores, 1, 1).await;
    queue(&stores, here, 1).await;
    let mut held = claim(&stores).await;
    cancel(&stores, &held.run).await.expect("asked");
    held.run.run_at = now() + Duration::days(1);
    let saved = put_down(&stores, &held, RunStatus::WaitingApproval).await;
    assert_eq!(saved.status, RunStatus::Cancelling);
    let again = claim(&stores).await;
    assert_eq!(again.run, saved);
}

pub async fn one_that_stops_does_not_hold_if_it_did_not_before(stores: Stores) {
    let here = connected(&stores, 1, 1).await;
    let first = queue(&stores, here, 1).await;
    let held = claim(&stores).await;
    put_down(&stores, &held, RunStatus::WaitingApproval).await;
    let looks = claim(&stores).await;
    assert_eq!(looks.run.status, RunStatus::WaitingApproval);
    let second = queue(&stores, here, 2).await;
    let asked = cancel(&stores, &first).await.expect("asked");
    assert_eq!(asked.status, RunStatus::Cancelling);
    let holding = stores.runs.holding(here, "pricing", "decide").await;
    assert_eq!(holding.expect("answered"), Some(second.clone()));
    put_down(&stores, &looks, RunStatus::Cancelled).await;
    let holding = stores.runs.holding(here, "pricing", "decide").await;
    assert_eq!(holding.expect("answered"), Some(second));
}

pub async fn a_waiting_run_is_woken_and_no_other(stores: Stores) {
    let here = connected(&stores, 1, 1).await;
    let wake = async |run: &AgentRun, workspace| {
        let woken = stores.runs.wake(workspace, run.id, now()).await;
        woken.expect("answered");
        find(&stores, run).await
    };
    let due = queue(&stores, here, 1).await;
    assert_eq!(wake(&due, here.workspace).await, due);
    let mut held = claim(&stores).await;
    held.run.run_at = now() + Duration::days(1);
    let saved = stores
        .runs
        .advance(&held, &held.run, &[], now(), lease())
        .await;
    let running = saved.expect("saved");
    assert_eq!(wake(&running, here.workspace).await, running);
    let waits = put_down(&stores, &held, RunStatus::WaitingApproval).await;
    assert_eq!(wake(&waits, scope(2, 1).workspace).await, waits);
    let before = told(&stores, &waits).await.len();
    let woken = wake(&waits, here.workspace).await;
    assert_eq!(woken.run_at, now());
    assert_eq!(told(&stores, &waits).await.len(), before + 1);
    let mut held = claim(&stores).await;
    held.run.run_at = now() + Duration::days(1);
    let ended = put_down(&stores, &held, RunStatus::Succeeded).await;
    assert_eq!(wake(&ended, here.workspace).await, ended);
    let unknown = agent_run(here, "pricing", 9);
    let woken = stores.runs.wake(here.workspace, unknown.id, now()).await;
    woken.expect("left as it is");
}

#[macro_export]
macro_rules! run_laws {
    ($make:ident) => {
        $crate::laws!(
            runs,
            $make,
            [
                a_run_reads_back_whole_in_its_workspace_only,
                while_one_holds_no_other_of_its_store_agent_and_kind_starts,
                what_waits_for_people_or_has_ended_holds_nobody_back,
                of_many_that_create_one_wins,
                runs_are_listed_newest_first_by_store_agent_status_and_kind,
                what_nobody_works_on_is_cancelled_at_once,
                a_running_one_is_asked_to_stop_and_what_its_worker_saves_keeps_the_wish,
                one_that_was_asked_to_stop_and_is_put_down_is_taken_up_at_once,
                one_that_stops_does_not_hold_if_it_did_not_before,
                a_waiting_run_is_woken_and_no_other,
            ]
        );
        $crate::laws!(
            run_claims,
            $make,
            [
                due_runs_are_claimed_by_priority_and_age_and_are_running_from_then_on,
                as_many_are_claimed_as_are_asked_for,
                what_is_not_due_or_leased_or_over_is_not_claimed,
                of_many_that_claim_each_run_is_had_by_one,
                of_many_that_save_at_once_each_is_answered_for_itself,
                of_many_that_create_and_claim_at_once_each_is_answered_for_itself,
                progress_is_saved_with_its_lines_and_the_lease_is_prolonged,
                what_is_put_down_is_free_and_no_crash,
                an_old_fence_writes_nothing,
                of_many_that_end_the_same_run_one_does,
                a_lease_that_is_over_is_a_crash,
                three_workers_that_die_end_a_run,
                a_dead_run_does_not_take_the_place_of_one_that_is_due,
                a_run_cannot_hold_again_while_another_does,
            ]
        );
        $crate::laws!(
            run_notes,
            $make,
            [
                lines_are_read_after_a_number_in_order,
                facts_are_kept_once_by_who_holds_the_lease,
                logs_and_facts_of_another_workspace_are_not_seen,
                old_logs_and_facts_are_forgotten_and_the_runs_stay,
                statistics_are_of_each_agent_since_an_instant,
                rehearsals_and_other_stores_do_not_count,
                runs_go_with_their_store,
            ]
        );
        $crate::laws!(
            run_starts,
            $make,
            [
                a_schedule_moves_from_where_it_stands_and_starts_its_run,
                a_schedule_that_stands_elsewhere_changes_nothing,
                a_schedule_moves_on_while_another_run_holds,
                schedules_of_other_stores_and_agents_stand_apart,
                of_many_that_fire_one_starts_it,
                an_event_is_kept_once_and_starts_its_runs,
                an_event_starts_what_nothing_holds_back,
                of_many_that_tell_the_same_event_one_is_accepted,
                what_was_told_long_ago_is_forgotten,
            ]
        );
    };
}
