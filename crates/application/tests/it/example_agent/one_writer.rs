//! A database with one writer, as an embedded one has: who gathers facts holds it until the run's lease wants to write, too.

use super::agent::{Past, UntypedProducts};
use super::policy::Facts;
use crate::agents::mortal::Mortal;
use crate::world::World;
use application::PortSet;
use application::agents::{Agent, Agents, Entry, Gathering, Halt, Unwanted, Watched};
use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, Utc};
use domain::agents::{AgentSpec, Decision, Rehearsal, RunStatus, Values};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Mutex, Notify};

static WRITER: Mutex<()> = Mutex::const_new(());
/// Told when a lease wants the writer.
static WANTED: Notify = Notify::const_new();

struct Holding;

#[async_trait]
impl Agent for Holding {
    const KINDS: &'static [&'static str] = UntypedProducts::KINDS;

    type Facts = Facts;
    type Past = Past;

    fn spec() -> &'static AgentSpec {
        UntypedProducts::spec()
    }

    async fn gather(of: &Gathering) -> Result<Facts, Halt> {
        let _turn = WRITER.lock().await;
        WANTED.notified().await;
        tokio::task::yield_now().await;
        UntypedProducts::gather(of).await
    }

    fn decide(facts: &Facts, values: &Values, now: DateTime<Utc>, seed: u64) -> Decision {
        UntypedProducts::decide(facts, values, now, seed)
    }

    async fn past(of: &Gathering, days: (NaiveDate, NaiveDate)) -> Result<(Past, String), Halt> {
        UntypedProducts::past(of, days).await
    }

    fn rehearse(
        past: &Past,
        values: &Values,
        days: (NaiveDate, NaiveDate),
        seed: u64,
        watched: &Watched,
    ) -> Result<Rehearsal, Unwanted> {
        UntypedProducts::rehearse(past, values, days, seed, watched)
    }
}

#[tokio::test]
async fn facts_and_the_lease_of_their_run_do_not_wait_for_each_other() {
    let world = World::new().await;
    world.synced().await;
    let runs = Mortal::new(Arc::clone(&world.ports.runs), i64::MAX / 2);
    let set = PortSet {
        runs: Arc::new(runs.with_one_writer(&WRITER, &WANTED)),
        ..(*world.ports).clone()
    };
    let agents = Agents::new(set.into(), world.hub.clone(), world.changes.clone());
    let agents = agents.with_agent(Entry::of::<Holding>());
    let store = world.changes.store(world.workspace, None).await.unwrap();
    let within = Duration::from_secs(8);
    let run = tokio::time::timeout(within, super::ran(&world, &agents, &store)).await;
    let run = run.expect("neither waits for the other");
    assert_eq!(run.status, RunStatus::Succeeded, "{run:?}");
}
