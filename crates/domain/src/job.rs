//! Durable work of every kind as one list shows it: what it is called, where it stands, what comes next.
//!
//! Must not know: how work is stored, who does it.

use crate::ads::AdSyncRun;
use crate::agents::{AgentRun, RunKind, RunStatus};
use crate::changes::ChangeSet;
use crate::forecast::ForecastRun;
use crate::import::Import;
use crate::reconciliation::ReconciliationRun;
use crate::recost::RecostRun;
use crate::supplier::SupplierSyncRun;
use crate::sync::{SyncKind, SyncRun};
use crate::work::Work;
use chrono::{DateTime, Utc};
use uuid::Uuid;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobKind {
    AgentRun,
    Rehearsal,
    Sync,
    Import,
    Recost,
    Reconciliation,
    ChangeSet,
    Forecast,
    AdSync,
    SupplierSync,
}

impl JobKind {
    pub const ALL: [Self; 10] = [
        Self::AgentRun,
        Self::Rehearsal,
        Self::Sync,
        Self::Import,
        Self::Recost,
        Self::Reconciliation,
        Self::ChangeSet,
        Self::Forecast,
        Self::AdSync,
        Self::SupplierSync,
    ];
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    pub id: Uuid,
    pub kind: JobKind,
    /// As people know it; an agent's run is called by the agent's id.
    pub name: String,
    /// A word of its own kind.
    pub status: String,
    /// How often somebody took it up.
    pub attempts: u32,
    /// Done and all, as far as both are known.
    pub progress: Option<(u64, u64)>,
    pub created_at: DateTime<Utc>,
    pub started_at: Option<DateTime<Utc>>,
    pub finished_at: Option<DateTime<Utc>>,
    /// Not taken up before; `None` where nothing has to be waited for.
    pub next_run_at: Option<DateTime<Utc>>,
    pub last_error: Option<String>,
}

impl Job {
    fn of(kind: JobKind, name: String, work: &impl Work) -> Self {
        Self {
            id: work.id(),
            kind,
            name,
            status: work.status().to_owned(),
            attempts: 0,
            progress: None,
            created_at: work.created_at(),
            started_at: None,
            finished_at: None,
            next_run_at: None,
            last_error: None,
        }
    }

    fn timed(self, started: Option<DateTime<Utc>>, finished: Option<DateTime<Utc>>) -> Self {
        Self {
            started_at: started,
            finished_at: finished,
            ..self
        }
    }

    /// Its first take-up and what followed it.
    fn again(self, times: u32) -> Self {
        Self {
            attempts: u32::from(self.started_at.is_some()) + times,
            ..self
        }
    }
}

impl From<&AgentRun> for Job {
    fn from(run: &AgentRun) -> Self {
        let kind = match run.kind {
            RunKind::Decide => JobKind::AgentRun,
            RunKind::Rehearse { .. } => JobKind::Rehearsal,
        };
        let waits = run.status.is_open()
            && !matches!(run.status, RunStatus::Running | RunStatus::Cancelling);
        Self {
            progress: run.progress,
            next_run_at: waits.then_some(run.run_at),
            last_error: run.error.clone(),
            ..Self::of(kind, run.agent.clone(), run)
                .timed(run.started_at, run.finished_at)
                .again(run.failures + run.crashes)
        }
    }
}

impl From<&SyncRun> for Job {
    fn from(run: &SyncRun) -> Self {
        let name = match run.kind {
            SyncKind::Backfill => "Everything is read",
            SyncKind::Incremental => "What changed is read",
        };
        let counted = run.steps.iter();
        let counted = counted.filter_map(|s| s.total.map(|all| (s.done.min(all), all)));
        let progress = counted.reduce(|sum, step| (sum.0 + step.0, sum.1 + step.1));
        Self {
            progress,
            last_error: run.error.as_ref().map(|e| e.message.clone()),
            ..Self::of(JobKind::Sync, name.to_owned(), run)
                .timed(run.started_at, run.finished_at)
                .again(run.resumed)
        }
    }
}

impl From<&Import> for Job {
    fn from(import: &Import) -> Self {
        let progress = &import.progress;
        let known = progress.rows_total.map(|all| (progress.rows_done, all));
        Self {
            progress: known,
            last_error: import.error.as_ref().map(|e| e.message.clone()),
            ..Self::of(JobKind::Import, import.file.name.clone(), import)
                .timed(import.started_at, import.finished_at)
                .again(import.resumed)
        }
    }
}

impl From<&RecostRun> for Job {
    fn from(run: &RecostRun) -> Self {
        Self {
            progress: run.total.map(|all| (run.looked_at.min(all), all)),
            last_error: run.error.clone(),
            ..Self::of(JobKind::Recost, run.summary.clone(), run)
                .timed(run.started_at, run.finished_at)
                .again(run.resumed)
        }
    }
}

impl From<&ReconciliationRun> for Job {
    fn from(run: &ReconciliationRun) -> Self {
        let days = |from, to: chrono::NaiveDate| {
            let days = to.signed_duration_since(from).num_days() + 1;
            u64::try_from(days).unwrap_or(0)
        };
        let all = days(run.range.from, run.range.to);
        let done = run
            .done_through
            .map_or(0, |day| days(run.range.from, day).min(all));
        let name = format!("{} to {}", run.range.from, run.range.to);
        Self {
            progress: Some((done, all)),
            last_error: run.error.as_ref().map(|e| e.message.clone()),
            ..Self::of(JobKind::Reconciliation, name, run)
                .timed(run.started_at, run.finished_at)
                .again(run.resumed)
        }
    }
}

impl From<&ForecastRun> for Job {
    fn from(run: &ForecastRun) -> Self {
        Self {
            progress: run.total.map(|all| (run.done.min(all), all)),
            last_error: run.error.as_ref().map(|e| e.message.clone()),
            ..Self::of(JobKind::Forecast, format!("From {}", run.day), run)
                .timed(run.started_at, run.finished_at)
                .again(run.resumed)
        }
    }
}

impl From<&AdSyncRun> for Job {
    fn from(run: &AdSyncRun) -> Self {
        Self {
            progress: run.progress(),
            last_error: run.error.as_ref().map(|e| e.message.clone()),
            ..Self::of(JobKind::AdSync, run.account_name.clone(), run)
                .timed(run.started_at, run.finished_at)
                .again(run.resumed)
        }
    }
}

impl From<&SupplierSyncRun> for Job {
    fn from(run: &SupplierSyncRun) -> Self {
        Self {
            progress: run.progress(),
            last_error: run.error.as_ref().map(|e| e.message.clone()),
            ..Self::of(JobKind::SupplierSync, run.account_name.clone(), run)
                .timed(run.started_at, run.finished_at)
                .again(run.resumed)
        }
    }
}

impl From<&ChangeSet> for Job {
    fn from(set: &ChangeSet) -> Self {
        let all = set.operations.len() as u64;
        let ended = set.operations.iter().filter(|o| o.state.has_ended());
        Self {
            progress: Some((ended.count() as u64, all)),
            next_run_at: set.next_try_at.filter(|_| set.status.is_work()),
            last_error: set.error.clone(),
            ..Self::of(JobKind::ChangeSet, set.title.clone(), set)
                .timed(set.started_at, set.finished_at)
                .again(0)
        }
    }
}
