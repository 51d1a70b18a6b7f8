//! Sync runs with their leases, and checkpoints.

use super::database::{FakeDatabase, State, refuse};
use super::leased::WorkRow;
use super::paging;
use async_trait::async_trait;
use chrono::{DateTime, Duration, Utc};
use domain::audit::NewEntry;
use domain::ids::{ConnectionId, SyncId, WorkspaceId};
use domain::sync::{SyncRun, SyncStatus};
use domain::work::Run;
use ports::syncs::{Lease, SyncStore};
use ports::{Kind, Page, PageRequest, PortResult};

impl State {
    fn has_open_run(&self, connection: ConnectionId) -> bool {
        self.runs
            .values()
            .any(|row| row.work.connection == connection && row.work.status.is_open())
    }

    fn run(
        &mut self,
        operation: &'static str,
        workspace: WorkspaceId,
        id: SyncId,
    ) -> PortResult<&mut WorkRow<SyncRun>> {
        self.runs
            .get_mut(&id)
            .filter(|row| row.work.scope.workspace == workspace)
            .ok_or_else(|| refuse(Kind::NotFound, operation, "there is no such run"))
    }
}

#[async_trait]
impl SyncStore for FakeDatabase {
    async fn create(&self, run: &SyncRun, entry: Option<&NewEntry>) -> PortResult<()> {
        let mut state = self.lock();
        if state.has_open_run(run.connection) || state.runs.contains_key(&run.id) {
            let detail = "another run of this connection is open";
            return Err(refuse(Kind::Conflict, "syncs.create", detail));
        }
        state.runs.insert(run.id, WorkRow::new(run));
        state.record(entry.map_or(&[], std::slice::from_ref));
        Ok(())
    }

    async fn find(&self, workspace: WorkspaceId, id: SyncId) -> PortResult<Option<SyncRun>> {
        Ok(self
            .lock()
            .run("syncs.find", workspace, id)
            .ok()
            .map(|row| row.work.clone()))
    }

    async fn list(
        &self,
        workspace: WorkspaceId,
        connection: Option<ConnectionId>,
        page: &PageRequest,
    ) -> PortResult<Page<SyncRun>> {
        let rows = self
            .lock()
            .runs
            .values()
            .filter(|row| row.work.scope.workspace == workspace)
            .filter(|row| connection.is_none_or(|c| row.work.connection == c))
            .map(|row| (row.key(), row.work.clone()))
            .collect();
        paging::page("syncs", "syncs.list", rows, page)
    }

    async fn claim(&self, now: DateTime<Utc>, lease: Duration) -> PortResult<Option<Lease>> {
        let mut state = self.lock();
        let row = WorkRow::claim(state.runs.values_mut(), now, lease);
        Ok(row.map(|row| Lease {
            run: row.work.clone(),
            fence: row.fence,
        }))
    }

    async fn advance(
        &self,
        lease: &Lease,
        now: DateTime<Utc>,
        prolong: Duration,
    ) -> PortResult<SyncRun> {
        let mut state = self.lock();
        let row = state.runs.get_mut(&lease.run.id);
        let until = now + prolong;
        WorkRow::advance(row, "syncs.advance", &lease.run, lease.fence, until)
    }

    async fn request_cancel(
        &self,
        workspace: WorkspaceId,
        id: SyncId,
        now: DateTime<Utc>,
    ) -> PortResult<SyncRun> {
        let mut state = self.lock();
        let operation = "syncs.request_cancel";
        let row = state.run(operation, workspace, id)?;
        let cancelled = row.work.cancel(now);
        cancelled.map_err(|detail| refuse(Kind::Conflict, operation, detail))?;
        Ok(row.work.clone())
    }

    async fn requeue(
        &self,
        workspace: WorkspaceId,
        id: SyncId,
        _now: DateTime<Utc>,
    ) -> PortResult<SyncRun> {
        let mut state = self.lock();
        let connection = state.run("syncs.requeue", workspace, id)?.work.connection;
        let busy = state.has_open_run(connection);
        let row = state.run("syncs.requeue", workspace, id)?;
        let stopped = matches!(row.work.status, SyncStatus::Cancelled | SyncStatus::Failed);
        if busy || !stopped {
            let detail = "only a stopped run of a connection without an open one can go on";
            return Err(refuse(Kind::Conflict, "syncs.requeue", detail));
        }
        row.work.requeue();
        row.leased_until = None;
        Ok(row.work.clone())
    }

    async fn checkpoint(
        &self,
        connection: ConnectionId,
        name: &str,
    ) -> PortResult<Option<serde_json::Value>> {
        let key = (connection, name.to_owned());
        Ok(self.lock().checkpoints.get(&key).cloned())
    }

    async fn set_checkpoint(
        &self,
        connection: ConnectionId,
        name: &str,
        value: Option<&serde_json::Value>,
    ) -> PortResult<()> {
        let mut state = self.lock();
        let key = (connection, name.to_owned());
        match value {
            Some(value) => state.checkpoints.insert(key, value.clone()),
            None => state.checkpoints.remove(&key),
        };
        Ok(())
    }
}
