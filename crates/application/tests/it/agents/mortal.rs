//! Runs as a worker sees them that dies at a moment of the test's choice: nothing that it asks for after that is ever answered.

use async_trait::async_trait;
use chrono::{DateTime, Duration, Utc};
use domain::agents::{AgentRun, LogLine};
use domain::audit::NewEntry;
use domain::ids::{RunId, StoreId, StoreScope, WorkspaceId};
use ports::runs::{IncomingEvent, RunFilter, RunLease, RunStatistics, RunStore};
use ports::{Kind, Page, PageRequest, PortError, PortResult, Retry};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use tokio::sync::{Mutex, Notify};

pub(crate) struct Mortal {
    inner: Arc<dyn RunStore>,
    /// Moments that are left to live: one before and one after each call of a worker.
    left: AtomicI64,
    pub(super) died: AtomicBool,
    /// So many readings of facts fail.
    pub(super) unreadable: AtomicI64,
    /// What a worker needs to save, and whom it tells that it does.
    writer: Option<(&'static Mutex<()>, &'static Notify)>,
}

impl Mortal {
    pub(crate) fn new(inner: Arc<dyn RunStore>, moments: i64) -> Self {
        Self {
            inner,
            left: AtomicI64::new(moments),
            died: AtomicBool::new(false),
            unreadable: AtomicI64::new(0),
            writer: None,
        }
    }

    pub(crate) fn with_one_writer(
        self,
        writer: &'static Mutex<()>,
        wanted: &'static Notify,
    ) -> Self {
        Self {
            writer: Some((writer, wanted)),
            ..self
        }
    }

    async fn moment(&self) {
        if self.left.fetch_sub(1, Ordering::SeqCst) <= 0 {
            self.died.store(true, Ordering::SeqCst);
            std::future::pending::<()>().await;
        }
    }

    async fn alive<T>(&self, call: impl Future<Output = T>) -> T {
        self.moment().await;
        let answer = call.await;
        self.moment().await;
        answer
    }
}

#[async_trait]
impl RunStore for Mortal {
    async fn create(&self, run: &AgentRun, entry: Option<&NewEntry>) -> PortResult<()> {
        self.inner.create(run, entry).await
    }

    async fn holding(
        &self,
        scope: StoreScope,
        agent: &str,
        kind: &str,
    ) -> PortResult<Option<AgentRun>> {
        self.inner.holding(scope, agent, kind).await
    }

    async fn find(&self, workspace: WorkspaceId, id: RunId) -> PortResult<Option<AgentRun>> {
        self.inner.find(workspace, id).await
    }

    async fn list(
        &self,
        workspace: WorkspaceId,
        filter: &RunFilter,
        page: &PageRequest,
    ) -> PortResult<Page<AgentRun>> {
        self.inner.list(workspace, filter, page).await
    }

    async fn claim(
        &self,
        now: DateTime<Utc>,
        lease: Duration,
        limit: u32,
    ) -> PortResult<Vec<RunLease>> {
        if self.died.load(Ordering::SeqCst) {
            return std::future::pending().await;
        }
        self.inner.claim(now, lease, limit).await
    }

    async fn advance(
        &self,
        lease: &RunLease,
        run: &AgentRun,
        log: &[LogLine],
        now: DateTime<Utc>,
        prolong: Duration,
    ) -> PortResult<AgentRun> {
        let _turn = match self.writer {
            Some((writer, wanted)) => {
                wanted.notify_one();
                Some(writer.lock().await)
            }
            None => None,
        };
        self.alive(self.inner.advance(lease, run, log, now, prolong))
            .await
    }

    async fn put_down(
        &self,
        lease: &RunLease,
        run: &AgentRun,
        log: &[LogLine],
    ) -> PortResult<AgentRun> {
        self.alive(self.inner.put_down(lease, run, log)).await
    }

    async fn request_cancel(
        &self,
        workspace: WorkspaceId,
        id: RunId,
        now: DateTime<Utc>,
    ) -> PortResult<AgentRun> {
        self.inner.request_cancel(workspace, id, now).await
    }

    async fn wake(&self, workspace: WorkspaceId, id: RunId, now: DateTime<Utc>) -> PortResult<()> {
        self.inner.wake(workspace, id, now).await
    }

    async fn log(
        &self,
        workspace: WorkspaceId,
        id: RunId,
        after: u64,
        limit: u32,
    ) -> PortResult<Vec<LogLine>> {
        self.inner.log(workspace, id, after, limit).await
    }

    async fn keep_facts(&self, lease: &RunLease, facts: &str) -> PortResult<()> {
        self.alive(self.inner.keep_facts(lease, facts)).await
    }

    async fn facts(&self, workspace: WorkspaceId, id: RunId) -> PortResult<Option<String>> {
        if self.unreadable.fetch_sub(1, Ordering::SeqCst) > 0 {
            let detail = "the disk is busy";
            return Err(PortError::new(
                Kind::Unavailable,
                Retry::Never,
                "fake",
                "runs.facts",
                detail,
            ));
        }
        self.inner.facts(workspace, id).await
    }

    async fn statistics(
        &self,
        workspace: WorkspaceId,
        store: Option<StoreId>,
        since: DateTime<Utc>,
    ) -> PortResult<Vec<RunStatistics>> {
        self.inner.statistics(workspace, store, since).await
    }

    async fn prune(&self, ended_before: DateTime<Utc>) -> PortResult<u64> {
        self.inner.prune(ended_before).await
    }

    async fn next_at(&self, scope: StoreScope, agent: &str) -> PortResult<Option<DateTime<Utc>>> {
        self.inner.next_at(scope, agent).await
    }

    async fn fire(
        &self,
        scope: StoreScope,
        agent: &str,
        due: Option<DateTime<Utc>>,
        next: Option<DateTime<Utc>>,
        run: Option<&AgentRun>,
    ) -> PortResult<bool> {
        self.inner.fire(scope, agent, due, next, run).await
    }

    async fn accept(&self, event: &IncomingEvent, runs: &[AgentRun]) -> PortResult<bool> {
        self.inner.accept(event, runs).await
    }
}
