//! Laws of [`ports::runs::RunStore`]: leases, fences, and workers that die.

use super::runs::{claim, find, put_down, queue, queue_of, told};
use super::syncs::{lease, now};
use super::tools::{RACERS, connected, one_wins, race, refused};
use crate::Stores;
use crate::builders::{agent_run, log_line};
use chrono::{DateTime, Duration, Utc};
use domain::agents::{AgentRun, RunStatus};
use domain::ids::RunId;
use ports::Kind;
use ports::runs::{MOST_CRASHES, RunLease};
use std::collections::BTreeSet;

async fn claim_at(stores: &Stores, at: DateTime<Utc>, limit: u32) -> Vec<RunLease> {
    let claimed = stores.runs.claim(at, lease(), limit).await;
    claimed.expect("answered")
}

fn ids(claimed: &[RunLease]) -> Vec<RunId> {
    claimed.iter().map(|held| held.run.id).collect()
}

async fn lines(stores: &Stores, run: &AgentRun) -> usize {
    let log = stores.runs.log(run.scope.workspace, run.id, 0, 100).await;
    log.expect("read").len()
}

pub async fn due_runs_are_claimed_by_priority_and_age_and_are_running_from_then_on(stores: Stores) {
    let here = connected(&stores, 1, 1).await;
    let there = connected(&stores, 2, 1).await;
    let young = queue_of(&stores, here, "a", 3).await;
    let old = queue_of(&stores, there, "b", 1).await;
    let urgent = AgentRun {
        priority: 5,
        ..agent_run(here, "c", 9)
    };
    let late = AgentRun {
        priority: -5,
        ..agent_run(here, "d", 0)
    };
    for run in [&urgent, &late] {
        stores.runs.create(run, None).await.expect("created");
    }
    let claimed = claim_at(&stores, now(), 10).await;
    let expected = [urgent, old, young, late].map(|run| AgentRun {
        status: RunStatus::Running,
        started_at: Some(now()),
        ..run
    });
    let runs: Vec<_> = claimed.into_iter().map(|held| held.run).collect();
    assert_eq!(runs, expected);
    for run in &expected {
        assert_eq!(find(&stores, run).await, *run);
        assert_eq!(told(&stores, run).await, ["queued", "running"]);
    }
}

pub async fn as_many_are_claimed_as_are_asked_for(stores: Stores) {
    let here = connected(&stores, 1, 1).await;
    let mut expected = Vec::new();
    for number in 1..=5 {
        let agent = format!("agent {number}");
        expected.push(queue_of(&stores, here, &agent, number).await.id);
    }
    let mut claimed = Vec::new();
    for (limit, count) in [(0, 0), (2, 2), (2, 2), (2, 1), (2, 0)] {
        let held = claim_at(&stores, now(), limit).await;
        assert_eq!(held.len(), count);
        claimed.extend(ids(&held));
    }
    assert_eq!(claimed, expected);
}

pub async fn what_is_not_due_or_leased_or_over_is_not_claimed(stores: Stores) {
    let here = connected(&stores, 1, 1).await;
    let due = now() + lease() * 3;
    let later = AgentRun {
        run_at: due,
        ..agent_run(here, "a", 1)
    };
    stores.runs.create(&later, None).await.expect("created");
    let running = queue_of(&stores, here, "b", 2).await;
    let ends = queue_of(&stores, here, "c", 3).await;
    let claimed = claim_at(&stores, now(), 10).await;
    assert_eq!(ids(&claimed), [running.id, ends.id]);
    put_down(&stores, &claimed[1], RunStatus::Failed).await;
    let almost = now() + lease() - Duration::seconds(1);
    assert_eq!(claim_at(&stores, almost, 10).await, []);
    let claimed = claim_at(&stores, now() + lease(), 10).await;
    assert_eq!(ids(&claimed), [running.id]);
    put_down(&stores, &claimed[0], RunStatus::Succeeded).await;
    let almost = due - Duration::seconds(1);
    assert_eq!(claim_at(&stores, almost, 10).await, []);
    assert_eq!(ids(&claim_at(&stores, due, 10).await), [later.id]);
}

pub async fn of_many_that_claim_each_run_is_had_by_one(stores: Stores) {
    let here = connected(&stores, 1, 1).await;
    let mut expected = BTreeSet::new();
    for number in 1..=RACERS {
        let agent = format!("agent {number}");
        expected.insert(queue_of(&stores, here, &agent, number).await.id);
    }
    let claims = race(|_| {
        let runs = stores.runs.clone();
        async move { runs.claim(now(), lease(), 3).await }
    })
    .await;
    let mut claimed: Vec<_> = claims
        .into_iter()
        .flat_map(|claim| ids(&claim.expect("answered")))
        .collect();
    // Who passed over what another one held at that moment may have left some.
    claimed.extend(ids(&claim_at(&stores, now(), RACERS).await));
    assert_eq!(claimed.len(), expected.len(), "each once");
    assert_eq!(claimed.into_iter().collect::<BTreeSet<_>>(), expected);
}

pub async fn progress_is_saved_with_its_lines_and_the_lease_is_prolonged(stores: Stores) {
    let here = connected(&stores, 1, 1).await;
    queue(&stores, here, 1).await;
    let held = claim(&stores).await;
    let mut run = held.run.clone();
    run.progress = Some((1, 7));
    run.log_lines = 2;
    let log = [log_line(1, "One"), log_line(2, "Two")];
    let later = now() + lease() - Duration::seconds(1);
    let saved = stores.runs.advance(&held, &run, &log, later, lease()).await;
    assert_eq!(saved.expect("saved"), run);
    assert_eq!(find(&stores, &run).await, run);
    let read = stores.runs.log(here.workspace, run.id, 0, 100).await;
    assert_eq!(read.expect("read"), log);
    let expected = ["queued", "running", "running"];
    assert_eq!(told(&stores, &run).await, expected);
    let end = later + lease();
    let almost = end - Duration::seconds(1);
    assert_eq!(claim_at(&stores, almost, 1).await, []);
    assert_eq!(claim_at(&stores, end, 1).await.len(), 1);
}

pub async fn what_is_put_down_is_free_and_no_crash(stores: Stores) {
    let here = connected(&stores, 1, 1).await;
    queue(&stores, here, 1).await;
    let mut held = claim(&stores).await;
    let due = now() + lease() * 2;
    held.run.run_at = due;
    held.run.status = RunStatus::Applying;
    let log = [log_line(1, "Waits")];
    let put = stores.runs.put_down(&held, &held.run, &log).await;
    assert_eq!(put.expect("put down"), held.run);
    assert_eq!(find(&stores, &held.run).await, held.run);
    assert_eq!(lines(&stores, &held.run).await, 1);
    let expected = ["queued", "running", "applying"];
    assert_eq!(told(&stores, &held.run).await, expected);
    let almost = due - Duration::seconds(1);
    assert_eq!(claim_at(&stores, almost, 1).await, []);
    for _ in 0..5 {
        let again = claim_at(&stores, due, 1).await;
        assert_eq!(again[0].run, held.run, "nothing but its lease is new");
        assert!(again[0].fence > held.fence);
        put_down(&stores, &again[0], RunStatus::Applying).await;
    }
}

pub async fn an_old_fence_writes_nothing(stores: Stores) {
    let here = connected(&stores, 1, 1).await;
    queue(&stores, here, 1).await;
    let old = claim(&stores).await;
    let new = claim_at(&stores, now() + lease(), 1).await.remove(0);
    assert!(new.fence > old.fence);
    let log = [log_line(1, "Late")];
    let late = stores.runs.advance(&old, &old.run, &log, now(), lease());
    refused(late.await, Kind::Conflict);
    let mut ended = old.run.clone();
    ended.status = RunStatus::Failed;
    let late = stores.runs.put_down(&old, &ended, &log).await;
    refused(late, Kind::Conflict);
    let late = stores.runs.keep_facts(&old, "late").await;
    refused(late, Kind::Conflict);
    assert_eq!(find(&stores, &new.run).await, new.run);
    assert_eq!(lines(&stores, &new.run).await, 0);
    let facts = stores.runs.facts(here.workspace, new.run.id).await;
    assert_eq!(facts.expect("read"), None);
    assert_eq!(told(&stores, &new.run).await.len(), 3);
    // Nor does the fence of one that was put down, or that ended.
    let waits = put_down(&stores, &new, RunStatus::WaitingApproval).await;
    let late = stores.runs.put_down(&new, &ended, &log).await;
    refused(late, Kind::Conflict);
    assert_eq!(find(&stores, &waits).await, waits);
    let last = claim_at(&stores, now() + lease(), 1).await.remove(0);
    let mut done = last.run.clone();
    done.status = RunStatus::Succeeded;
    let saved = stores.runs.advance(&last, &done, &[], now(), lease()).await;
    assert_eq!(saved.expect("saved"), done);
    let late = stores.runs.advance(&last, &ended, &log, now(), lease());
    refused(late.await, Kind::Conflict);
    assert_eq!(find(&stores, &done).await, done);
}

pub async fn of_many_that_end_the_same_run_one_does(stores: Stores) {
    let here = connected(&stores, 1, 1).await;
    queue(&stores, here, 1).await;
    let held = claim(&stores).await;
    let results = race(|n| {
        let (runs, held) = (stores.runs.clone(), held.clone());
        async move {
            let mut run = held.run.clone();
            run.status = RunStatus::Succeeded;
            run.finished_at = Some(now());
            runs.put_down(&held, &run, &[log_line(n.into(), "Done")])
                .await
        }
    })
    .await;
    one_wins(&results);
    assert_eq!(lines(&stores, &held.run).await, 1);
    let expected = ["queued", "running", "succeeded"];
    assert_eq!(told(&stores, &held.run).await, expected);
}

pub async fn a_lease_that_is_over_is_a_crash(stores: Stores) {
    let here = connected(&stores, 1, 1).await;
    queue(&stores, here, 1).await;
    let held = claim(&stores).await;
    let later = now() + lease();
    let again = claim_at(&stores, later, 1).await.remove(0);
    let expected = AgentRun {
        crashes: 1,
        ..held.run
    };
    assert_eq!(again.run, expected, "it started when it first did");
    assert_eq!(find(&stores, &expected).await, expected);
}

/// As many workers die with all that is due, the first of them now.
async fn let_die(stores: &Stores, times: u32) -> DateTime<Utc> {
    let mut at = now();
    for _ in 0..times {
        assert!(!claim_at(stores, at, 10).await.is_empty());
        at += lease();
    }
    at
}

pub async fn three_workers_that_die_end_a_run(stores: Stores) {
    let here = connected(&stores, 1, 1).await;
    let run = queue(&stores, here, 1).await;
    let at = let_die(&stores, MOST_CRASHES).await;
    assert_eq!(claim_at(&stores, at, 10).await, []);
    let dead = find(&stores, &run).await;
    assert_eq!(dead.status, RunStatus::Dead);
    assert_eq!((dead.crashes, dead.finished_at), (MOST_CRASHES, Some(at)));
    assert_eq!(dead.error.as_deref(), Some("its worker died 3 times"));
    let told = told(&stores, &run).await;
    assert_eq!(told.last().map(String::as_str), Some("dead"));
    assert_eq!(claim_at(&stores, at + lease(), 10).await, []);
    queue(&stores, here, 2).await;
}

pub async fn a_dead_run_does_not_take_the_place_of_one_that_is_due(stores: Stores) {
    let here = connected(&stores, 1, 1).await;
    queue_of(&stores, here, "a", 1).await;
    queue_of(&stores, here, "b", 2).await;
    let at = let_die(&stores, MOST_CRASHES).await;
    let due = queue_of(&stores, here, "c", 3).await;
    assert_eq!(ids(&claim_at(&stores, at, 1).await), [due.id]);
}

pub async fn a_run_cannot_hold_again_while_another_does(stores: Stores) {
    let here = connected(&stores, 1, 1).await;
    queue(&stores, here, 1).await;
    let held = claim(&stores).await;
    put_down(&stores, &held, RunStatus::WaitingApproval).await;
    let looks = claim(&stores).await;
    queue(&stores, here, 2).await;
    let mut run = looks.run.clone();
    run.status = RunStatus::Running;
    let log = [log_line(1, "Again")];
    let again = stores.runs.advance(&looks, &run, &log, now(), lease());
    refused(again.await, Kind::Conflict);
    assert_eq!(find(&stores, &looks.run).await, looks.run);
    assert_eq!(lines(&stores, &looks.run).await, 0);
}

/// What is asked for at the same moment may be done together.
pub async fn of_many_that_save_at_once_each_is_answered_for_itself(stores: Stores) {
    let here = connected(&stores, 1, 1).await;
    for n in 0..12 {
        queue_of(&stores, here, &format!("agent {n}"), n).await;
    }
    let held = claim_at(&stores, now(), 12).await;
    assert_eq!(held.len(), 12);
    for held in held.iter().skip(2).step_by(4) {
        let asked = stores
            .runs
            .request_cancel(here.workspace, held.run.id, now());
        asked.await.expect("asked");
    }
    let save = |(n, mut held): (usize, RunLease)| {
        let runs = stores.runs.clone();
        async move {
            let mut run = held.run.clone();
            run.looked_at = 7;
            let log = [log_line(1, "Saved")];
            match n % 4 {
                0 => {
                    run.status = RunStatus::Succeeded;
                    run.finished_at = Some(now());
                    runs.put_down(&held, &run, &log).await
                }
                1 => {
                    held.fence -= 1;
                    runs.put_down(&held, &run, &log).await
                }
                _ => runs.advance(&held, &run, &log, now(), lease()).await,
            }
        }
    };
    let saved = futures::future::join_all(held.iter().cloned().enumerate().map(save)).await;
    for (n, (held, saved)) in held.iter().zip(saved).enumerate() {
        let run = &held.run;
        let expected = match n % 4 {
            0 => vec!["queued", "running", "succeeded"],
            1 => vec!["queued", "running"],
            2 => vec!["queued", "running", "cancelling", "cancelling"],
            _ => vec!["queued", "running", "running"],
        };
        assert_eq!(told(&stores, run).await, expected);
        assert_eq!(lines(&stores, run).await, usize::from(n % 4 != 1));
        if n % 4 == 1 {
            refused(saved, Kind::Conflict);
            assert_eq!(find(&stores, run).await, *run);
        } else {
            let saved = saved.expect("saved");
            assert_eq!(saved.looked_at, 7);
            assert_eq!(find(&stores, run).await, saved);
        }
    }
}

pub async fn of_many_that_create_and_claim_at_once_each_is_answered_for_itself(stores: Stores) {
    let here = connected(&stores, 1, 1).await;
    let create = |n: u32| {
        let runs = stores.runs.clone();
        async move {
            let run = agent_run(here, &format!("agent {}", n / 2), n);
            (runs.create(&run, None).await, run)
        }
    };
    let claims = (0..4).map(|_| claim_at(&stores, now(), 3));
    let created = futures::future::join_all((0..12).map(create));
    let (created, claimed) = futures::join!(created, futures::future::join_all(claims));
    let mut claimed: Vec<_> = claimed.iter().flat_map(|c| ids(c)).collect();
    claimed.extend(ids(&claim_at(&stores, now(), 12).await));
    let mut expected = BTreeSet::new();
    for pair in created.chunks(2) {
        let won = pair.iter().filter(|(created, _)| created.is_ok());
        let won: Vec<_> = won.map(|(_, run)| run).collect();
        assert_eq!(won.len(), 1, "{pair:?}");
        assert_eq!(told(&stores, won[0]).await, ["queued", "running"]);
        expected.insert(won[0].id);
    }
    assert_eq!(claimed.len(), expected.len(), "each once");
    assert_eq!(claimed.into_iter().collect::<BTreeSet<_>>(), expected);
}
