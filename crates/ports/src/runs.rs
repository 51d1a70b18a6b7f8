//! Runs of agents: who works on them, where they stand, what they said, and what starts them.

use crate::{Page, PageRequest, PortResult};
use async_trait::async_trait;
use chrono::{DateTime, Duration, Utc};
use domain::agents::{AgentRun, LogLine, RunStatus};
use domain::audit::NewEntry;
use domain::ids::{RunId, StoreId, StoreScope, WorkspaceId};
use serde_json::Value;

/// The right to work on a run; see [`crate::syncs::Lease`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunLease {
    pub run: AgentRun,
    pub fence: i64,
}

/// Filters are joined by *and*.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RunFilter {
    pub store: Option<StoreId>,
    pub agent: Option<String>,
    pub status: Option<RunStatus>,
    /// `decide` or `rehearse`.
    pub kind: Option<&'static str>,
}

/// Of the runs of one agent that were created since an instant, rehearsals left out.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RunStatistics {
    pub agent: String,
    pub total: u64,
    pub succeeded: u64,
    /// Failed or dead.
    pub failed: u64,
    /// Mean seconds from the first take-up to the end, of those that ended; `None` when none did.
    pub mean_seconds: Option<f64>,
    /// Latest creation, take-up or end.
    pub last_activity: Option<DateTime<Utc>>,
    /// Failed or dead since the latest success.
    pub failures_in_row: u64,
}

/// The mean of so many durations that sum up to so many microseconds; `None` of none.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "a mean that is shown to people")]
pub fn mean_seconds(micros: i64, count: u64) -> Option<f64> {
    (count > 0).then(|| micros as f64 / 1_000_000.0 / count as f64)
}

/// The latest instant of which a run and its further lines tell.
#[must_use]
pub fn latest(run: &AgentRun, log: &[LogLine]) -> DateTime<Utc> {
    let lines = log.iter().map(|line| line.at);
    lines.fold(run.latest(), std::cmp::max)
}

/// Something that happened, told from outside or by the product itself, that agents may want to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IncomingEvent {
    /// Unique in its workspace.
    pub id: String,
    pub workspace: WorkspaceId,
    pub event_type: String,
    pub data: Value,
    /// When it happened, as told.
    pub happened_at: DateTime<Utc>,
    pub accepted_at: DateTime<Utc>,
}

/// Workers that may die with a run before it is given up.
pub const MOST_CRASHES: u32 = 3;

#[async_trait]
pub trait RunStore: Send + Sync {
    /// `Conflict` while a run of the same store, agent and kind holds ([`RunStatus::holds`]); of many at once one wins. With
    /// the audit's entry about it, or neither.
    async fn create(&self, run: &AgentRun, entry: Option<&NewEntry>) -> PortResult<()>;
    /// The one that holds; one that was asked to stop holds if it did before.
    async fn holding(
        &self,
        scope: StoreScope,
        agent: &str,
        kind: &str,
    ) -> PortResult<Option<AgentRun>>;
    /// `None` in another workspace.
    async fn find(&self, workspace: WorkspaceId, id: RunId) -> PortResult<Option<AgentRun>>;
    /// Newest first.
    async fn list(
        &self,
        workspace: WorkspaceId,
        filter: &RunFilter,
        page: &PageRequest,
    ) -> PortResult<Page<AgentRun>>;
    /// Open runs whose `run_at` has come or that were asked to stop, and whose lease is free or over, the largest priority first and the oldest of
    /// these, at most `limit`; each is claimed by one caller only, and a queued one is `Running` from then on. One whose lease was over has one crash more; with
    /// [`MOST_CRASHES`] it becomes `Dead` instead of being claimed.
    async fn claim(
        &self,
        now: DateTime<Utc>,
        lease: Duration,
        limit: u32,
    ) -> PortResult<Vec<RunLease>>;
    /// Saves progress and these further lines of its log, and prolongs the lease; `Conflict` when the fence is old, and then nothing is saved. A
    /// cancellation that was asked for meanwhile is kept and shows in the answered run's status.
    async fn advance(
        &self,
        lease: &RunLease,
        run: &AgentRun,
        log: &[LogLine],
        now: DateTime<Utc>,
        prolong: Duration,
    ) -> PortResult<AgentRun>;
    /// As [`advance`](Self::advance), and gives up the lease: the run has ended, or is taken up again when its `run_at` comes.
    async fn put_down(
        &self,
        lease: &RunLease,
        run: &AgentRun,
        log: &[LogLine],
    ) -> PortResult<AgentRun>;
    /// What nobody works on is cancelled at once, a running one is asked to stop; `Conflict` when it has ended, `NotFound` when unknown.
    async fn request_cancel(
        &self,
        workspace: WorkspaceId,
        id: RunId,
        now: DateTime<Utc>,
    ) -> PortResult<AgentRun>;
    /// A waiting run is looked at at once; a run that does not wait is left as it is.
    async fn wake(&self, workspace: WorkspaceId, id: RunId, now: DateTime<Utc>) -> PortResult<()>;
    /// Lines after a number, in order, at most `limit`.
    async fn log(
        &self,
        workspace: WorkspaceId,
        id: RunId,
        after: u64,
        limit: u32,
    ) -> PortResult<Vec<LogLine>>;
    /// Writes down the facts that a run decides on, once: those of a run that has some already are left as they are. `Conflict` when the fence is old.
    async fn keep_facts(&self, lease: &RunLease, facts: &str) -> PortResult<()>;
    async fn facts(&self, workspace: WorkspaceId, id: RunId) -> PortResult<Option<String>>;
    /// One row for each agent with runs, by agent; of one store when given.
    async fn statistics(
        &self,
        workspace: WorkspaceId,
        store: Option<StoreId>,
        since: DateTime<Utc>,
    ) -> PortResult<Vec<RunStatistics>>;
    /// Forgets logs and facts of runs that ended before, and events that were accepted before; the runs stay. Answers how many runs and events
    /// those were. An event of a forgotten id is a new one.
    async fn prune(&self, before: DateTime<Utc>) -> PortResult<u64>;

    /// The instant for which a schedule is to start its agent next.
    async fn next_at(&self, scope: StoreScope, agent: &str) -> PortResult<Option<DateTime<Utc>>>;
    /// Moves a schedule from the instant that was due (`None`: it has none yet) to its next one, and creates the run unless another one holds; all in
    /// one transaction. `false`, and nothing is changed, when the schedule does not stand at `due` any more: of many callers one starts it.
    async fn fire(
        &self,
        scope: StoreScope,
        agent: &str,
        due: Option<DateTime<Utc>>,
        next: Option<DateTime<Utc>>,
        run: Option<&AgentRun>,
    ) -> PortResult<bool>;
    /// Keeps the event and creates the runs that it starts, except those that another one holds back, in one transaction. `false`, and nothing is
    /// changed, when there is an event of that id in the workspace.
    async fn accept(&self, event: &IncomingEvent, runs: &[AgentRun]) -> PortResult<bool>;
}
