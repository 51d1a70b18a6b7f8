//! How many runs of agents the product's queue carries: dispatch, rows, steps, log, events and statistics are the product's own, in this
//! process; only what a run does is nothing.

use crate::measure::{Figure, Plan, rounded};
use crate::product::Place;
use adapter_postgres::PostgresDatabase;
use adapter_sqlite::SqliteDatabase;
use anyhow::{Context as _, Result, ensure};
use application::agents::{AT_ONCE, Halt, Held, Queue};
use application::events::EventHub;
use chrono::{DateTime, SubsecRound as _, Utc};
use domain::agents::{AgentRun, LogLevel, RunKind, RunStatus, Trigger};
use domain::ids::{RunId, StoreId, StoreScope, WorkspaceId};
use ports::clock::SystemClock;
use ports::events::EventLog;
use ports::runs::RunStore;
use std::collections::HashMap;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use uuid::Uuid;

mod bare;

pub const RATE_SQLITE: &str = "queue_sqlite_runs_per_s";
pub const RATE_POSTGRES: &str = "queue_postgres_runs_per_s";
pub const LATENCY: &str = "queue_latency_p99_ms";
pub const NAMES: [&str; 3] = [RATE_SQLITE, RATE_POSTGRES, LATENCY];

/// Who queue runs, each the next one when its own has ended.
const STARTERS: u128 = 128;
const PER_SECOND: f64 = 200.0;
/// Steps and lines of a run, and events: queued, running, succeeded.
const STEPS: [&str; 3] = ["gather", "decide", "propose"];
const EVENTS: [&str; 3] = ["queued", "running", "succeeded"];
const WORKSPACE: WorkspaceId = WorkspaceId(Uuid::from_u128(1));

/// Who waits for the end of which run.
type Ends = Arc<Mutex<HashMap<RunId, oneshot::Sender<()>>>>;

/// The product's queue over a database of its own, worked on by this process.
struct Line {
    queue: Queue,
    runs: Arc<dyn RunStore>,
    events: Arc<dyn EventLog>,
    ends: Ends,
    /// From when it was due to when its work began.
    waits: Arc<Mutex<Vec<Duration>>>,
    stop: CancellationToken,
    working: TaskTracker,
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A whole run that finds nothing to do.
async fn nothing(held: &mut Held) -> Result<(), Halt> {
    for step in STEPS {
        held.begin(step);
        held.note().await?;
        held.say(LogLevel::Info, "there is nothing to do");
        held.done(step, "nothing".to_owned());
    }
    held.end(
        RunStatus::Succeeded,
        Some("There was nothing to do.".to_owned()),
    );
    held.put_down().await
}

impl Line {
    fn over<D: RunStore + EventLog + 'static>(database: &Arc<D>) -> Self {
        let (runs, events): (Arc<dyn RunStore>, Arc<dyn EventLog>) =
            (database.clone(), database.clone());
        let clock = Arc::new(SystemClock);
        let hub = EventHub::over(events.clone(), clock.clone());
        let line = Self {
            queue: Queue::new(runs.clone(), clock, hub),
            runs,
            events,
            ends: Ends::default(),
            waits: Arc::default(),
            stop: CancellationToken::new(),
            working: TaskTracker::new(),
        };
        let (queue, stop) = (line.queue.clone(), line.stop.clone());
        let (ends, waits) = (line.ends.clone(), line.waits.clone());
        line.working.spawn(async move {
            let work = |mut held: Held| {
                let (ends, waits) = (ends.clone(), waits.clone());
                async move {
                    let run = &held.lease().run;
                    let (id, waited) = (run.id, Utc::now() - run.created_at);
                    lock(&waits).push(waited.to_std().unwrap_or_default());
                    let outcome = nothing(&mut held).await;
                    held.settle(outcome).await;
                    if let Some(end) = lock(&ends).remove(&id) {
                        // Whoever started it may have given up.
                        let _ = end.send(());
                    }
                }
            };
            queue.work(AT_ONCE, &stop, work).await;
        });
        line
    }

    /// Queues it and waits for its end.
    async fn run(&self, run: AgentRun) -> Result<()> {
        let (end, ended) = oneshot::channel();
        lock(&self.ends).insert(run.id, end);
        self.queue.create(&run, None).await?;
        ended.await.context("the run was not worked on to its end")
    }

    /// So many, as fast as they get through; how long that took.
    async fn all(self: &Arc<Self>, count: u64) -> Result<Duration> {
        let begun = Arc::new(AtomicU64::new(0));
        let began = Instant::now();
        let starters: Vec<_> = (0..STARTERS)
            .map(|starter| {
                let (line, begun) = (Arc::clone(self), Arc::clone(&begun));
                tokio::spawn(async move {
                    while begun.fetch_add(1, Ordering::Relaxed) < count {
                        line.run(new_run(starter, Utc::now())).await?;
                    }
                    anyhow::Ok(())
                })
            })
            .collect();
        for starter in starters {
            starter.await??;
        }
        Ok(began.elapsed())
    }

    /// So many a second, whether or not the ones before have ended.
    async fn paced(self: &Arc<Self>, seconds: f64) -> Result<Vec<Duration>> {
        lock(&self.waits).clear();
        let count = (seconds * PER_SECOND).max(1.0) as u32;
        let (first, from) = (Utc::now(), tokio::time::Instant::now());
        let mut started = Vec::new();
        for n in 0..count {
            let due = Duration::from_secs_f64(f64::from(n) / PER_SECOND);
            tokio::time::sleep_until(from + due).await;
            let line = Arc::clone(self);
            let run = new_run(STARTERS + u128::from(n), first + due);
            started.push(tokio::spawn(async move { line.run(run).await }));
        }
        for run in started {
            run.await??;
        }
        Ok(std::mem::take(&mut *lock(&self.waits)))
    }

    /// Every run has ended well with its steps and lines, and every change of it was told once and in order.
    async fn is_whole(&self, count: u64) -> Result<()> {
        let statistics = self.runs.statistics(WORKSPACE, None, DateTime::UNIX_EPOCH);
        let statistics = statistics.await?;
        let succeeded: u64 = statistics.iter().map(|s| s.succeeded).sum();
        ensure!(
            succeeded == count,
            "{succeeded} of {count} runs: {statistics:?}"
        );
        let mut told: HashMap<String, Vec<String>> = HashMap::new();
        let mut seq = 0;
        loop {
            let events = self.events.since(WORKSPACE, seq, 1_000).await?;
            let Some(last) = events.last() else { break };
            ensure!(
                events.is_sorted_by(|a, b| a.seq < b.seq),
                "events out of order"
            );
            seq = last.seq;
            for event in events {
                let status = event.event.data["status"].as_str().unwrap_or_default();
                let of = told.entry(event.event.entity_id).or_default();
                of.push(status.to_owned());
            }
        }
        ensure!(
            told.len() as u64 == count,
            "{} runs were told of",
            told.len()
        );
        ensure!(
            told.values().all(|t| *t == EVENTS),
            "a change was told twice, or not"
        );
        if let Some(id) = told.keys().next() {
            let id = RunId(id.parse()?);
            let run = self.runs.find(WORKSPACE, id).await?;
            let steps = run.context("a run is gone")?.steps.len();
            let lines = self.runs.log(WORKSPACE, id, 0, 10).await?.len();
            ensure!((steps, lines) == (3, 3), "{steps} steps, {lines} lines");
        }
        Ok(())
    }

    async fn end(&self) {
        self.stop.cancel();
        self.working.close();
        self.working.wait().await;
    }
}

fn new_run(starter: u128, due: DateTime<Utc>) -> AgentRun {
    let due = due.trunc_subsecs(6);
    AgentRun {
        id: RunId(Uuid::now_v7()),
        scope: StoreScope {
            workspace: WORKSPACE,
            store: StoreId(Uuid::from_u128(starter)),
        },
        agent: "nothing".to_owned(),
        kind: RunKind::Decide,
        status: RunStatus::Queued,
        trigger: Trigger::Schedule { due },
        parameters: serde_json::json!({}),
        config_version: 1,
        seed: 1,
        priority: 0,
        failures: 0,
        crashes: 0,
        created_at: due,
        run_at: due,
        started_at: None,
        finished_at: None,
        steps: Vec::new(),
        progress: None,
        facts: None,
        log_lines: 0,
        looked_at: 0,
        proposals: 0,
        change_sets: Vec::new(),
        summary: None,
        error: None,
        rehearsal: None,
    }
}

/// All figures of the queue that are wanted of this database, which has to be empty.
pub async fn measure(
    plan: &Plan,
    place: &Place,
    say: &(dyn Fn(&str) + Sync),
) -> Result<Vec<Figure>> {
    use adapter_sqlite::Maintenance as _;
    match place {
        Place::Sqlite(file) => {
            let database = Arc::new(SqliteDatabase::open(Path::new(file)).await?);
            database.migrate().await?;
            let measured = measured(plan, place, Line::over(&database), say).await;
            database.close().await;
            measured
        }
        Place::Postgres(url) => {
            let database = Arc::new(PostgresDatabase::open(url).await?);
            database.migrate().await?;
            let measured = measured(plan, place, Line::over(&database), say).await;
            database.close().await;
            measured
        }
    }
}

async fn measured(
    plan: &Plan,
    place: &Place,
    line: Line,
    say: &(dyn Fn(&str) + Sync),
) -> Result<Vec<Figure>> {
    let line = Arc::new(line);
    let (rate, suffix) = match place {
        Place::Sqlite(_) => (RATE_SQLITE, ""),
        Place::Postgres(_) => (RATE_POSTGRES, "_postgres"),
    };
    let mut figures = Vec::new();
    let mut count = 0;
    if plan.wants(&[rate]) {
        // As many as take some seconds, after as many as warm up.
        let trial = (plan.seconds * 100.0).max(20.0) as u64;
        let took = line.all(trial).await?;
        let more = (trial as f64 / took.as_secs_f64() * plan.seconds) as u64;
        let took = line.all(more.max(1)).await?;
        count = trial + more.max(1);
        let per_second = more.max(1) as f64 / took.as_secs_f64();
        let bare = bare::commits(place, more.max(1)).await?;
        let against = format!("{bare:.0} commits/s of one row each on the same database");
        say(&format!(
            "{}: {per_second:.0} runs/s, {against}",
            place.name()
        ));
        figures.push(Figure {
            ratio: Some(rounded(per_second / bare)),
            against: Some(against),
            ..figure(rate.to_owned(), per_second, "runs/s")
        });
    }
    if plan.wants(&[LATENCY]) {
        let mut waits = line.paced(plan.seconds).await?;
        count += waits.len() as u64;
        waits.sort_unstable();
        let at = |share: f64| {
            let place = ((waits.len() as f64 * share).ceil() as usize).clamp(1, waits.len()) - 1;
            waits[place].as_secs_f64() * 1e3
        };
        say(&format!(
            "{}: {} runs at {PER_SECOND} a second start after p50 {:.2} ms, p99 {:.2} ms",
            place.name(),
            waits.len(),
            at(0.5),
            at(0.99)
        ));
        figures.push(figure(format!("{LATENCY}{suffix}"), at(0.99), "ms"));
    }
    line.end().await;
    line.is_whole(count).await?;
    Ok(figures)
}

fn figure(name: String, value: f64, unit: &'static str) -> Figure {
    Figure {
        name,
        value: rounded(value),
        unit,
        ratio: None,
        against: None,
    }
}
