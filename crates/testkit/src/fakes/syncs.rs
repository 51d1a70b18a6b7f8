//! Sync runs with their leases, and checkpoints.

use super::database::{FakeDatabase, RunRow, State, refuse};
use super::paging;
use async_trait::async_trait;
use chrono::{DateTime, Duration, Utc};
use domain::ids::{ConnectionId, SyncId, WorkspaceId};
use domain::sync::{SyncRun, SyncStatus};
use ports::syncs::{Lease, SyncStore};
use ports::{Kind, Page, PageRequest, PortResult};

impl State {
    fn has_open_run(&self, connection: ConnectionId) -> bool {
        self.runs
            .values()
            .any(|row| row.run.connection == connection && row.run.status.is_open())
    }

    fn run(
        &mut self,
        operation: &'static str,
        workspace: WorkspaceId,
        id: SyncId,
    ) -> PortResult<&mut RunRow> {
        self.runs
            .get_mut(&id)
            .filter(|row| row.run.scope.workspace == workspace)
            .ok_or_else(|| refuse(Kind::NotFound, operation, "there is no such run"))
    }
}

#[async_trait]
impl SyncStore for FakeDatabase {
    async fn create(&self, run: &SyncRun) -> PortResult<()> {
        let mut state = self.lock();
        if state.has_open_run(run.connection) || state.runs.contains_key(&run.id) {
            let detail = "another run of this connection is open";
            return Err(refuse(Kind::Conflict, "syncs.create", detail));
        }
        let row = RunRow {
            run: run.clone(),
            fence: 0,
            leased_until: None,
        };
        state.runs.insert(run.id, row);
        Ok(())
    }

    async fn find(&self, workspace: WorkspaceId, id: SyncId) -> PortResult<Option<SyncRun>> {
        Ok(self
            .lock()
            .run("syncs.find", workspace, id)
            .ok()
            .map(|row| row.run.clone()))
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
            .map(|row| &row.run)
            .filter(|run| run.scope.workspace == workspace)
            .filter(|run| connection.is_none_or(|c| run.connection == c))
            .map(|run| ((!run.created_at.timestamp_micros(), run.id), run.clone()))
            .collect();
        paging::page("syncs", "syncs.list", rows, page)
    }

    async fn claim(&self, now: DateTime<Utc>, lease: Duration) -> PortResult<Option<Lease>> {
        let mut state = self.lock();
        let free = |row: &&mut RunRow| {
            row.run.status.is_open() && row.leased_until.is_none_or(|until| until <= now)
        };
        let oldest = state
            .runs
            .values_mut()
            .filter(free)
            .min_by_key(|row| (row.run.created_at, row.run.id));
        Ok(oldest.map(|row| {
            row.fence += 1;
            row.leased_until = Some(now + lease);
            if row.run.status == SyncStatus::Queued {
                row.run.status = SyncStatus::Running;
            }
            if row.run.started_at.is_some() {
                row.run.resumed += 1;
            } else {
                row.run.started_at = Some(now);
            }
            Lease {
                run: row.run.clone(),
                fence: row.fence,
            }
        }))
    }

    async fn advance(
        &self,
        lease: &Lease,
        now: DateTime<Utc>,
        prolong: Duration,
    ) -> PortResult<SyncRun> {
        let mut state = self.lock();
        let holds = |row: &&mut RunRow| row.fence == lease.fence && row.leased_until.is_some();
        let row = state.runs.get_mut(&lease.run.id).filter(holds);
        let row = row.ok_or_else(|| {
            let detail = "somebody else works on this run";
            refuse(Kind::Conflict, "syncs.advance", detail)
        })?;
        let cancelling = row.run.status == SyncStatus::Cancelling;
        row.run = lease.run.clone();
        if cancelling && row.run.status.is_open() {
            row.run.status = SyncStatus::Cancelling;
        }
        row.leased_until = row.run.status.is_open().then(|| now + prolong);
        Ok(row.run.clone())
    }

    async fn request_cancel(
        &self,
        workspace: WorkspaceId,
        id: SyncId,
        now: DateTime<Utc>,
    ) -> PortResult<SyncRun> {
        let mut state = self.lock();
        let row = state.run("syncs.request_cancel", workspace, id)?;
        match row.run.status {
            SyncStatus::Queued => {
                row.run.status = SyncStatus::Cancelled;
                row.run.finished_at = Some(now);
            }
            SyncStatus::Running | SyncStatus::Cancelling => {
                row.run.status = SyncStatus::Cancelling;
            }
            SyncStatus::Cancelled | SyncStatus::Succeeded | SyncStatus::Failed => {
                let detail = "the run has ended";
                return Err(refuse(Kind::Conflict, "syncs.request_cancel", detail));
            }
        }
        Ok(row.run.clone())
    }

    async fn requeue(
        &self,
        workspace: WorkspaceId,
        id: SyncId,
        _now: DateTime<Utc>,
    ) -> PortResult<SyncRun> {
        let mut state = self.lock();
        let connection = state.run("syncs.requeue", workspace, id)?.run.connection;
        let busy = state.has_open_run(connection);
        let row = state.run("syncs.requeue", workspace, id)?;
        let stopped = matches!(row.run.status, SyncStatus::Cancelled | SyncStatus::Failed);
        if busy || !stopped {
            let detail = "only a stopped run of a connection without an open one can go on";
            return Err(refuse(Kind::Conflict, "syncs.requeue", detail));
        }
        row.run.status = SyncStatus::Queued;
        row.run.finished_at = None;
        row.run.error = None;
        row.leased_until = None;
        Ok(row.run.clone())
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
