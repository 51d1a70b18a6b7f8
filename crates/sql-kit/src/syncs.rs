//! Sync runs with their leases, and checkpoints.

use crate::codec::json;
use crate::leased::Leased;
use crate::{Backend, Cells, Database, Session, Sql};
use async_trait::async_trait;
use chrono::{DateTime, Duration, Utc};
use domain::audit::NewEntry;
use domain::ids::{ConnectionId, SyncId, WorkspaceId};
use domain::sync::{SyncRun, SyncStatus};
use domain::work::Run;
use ports::syncs::{Lease, SyncStore};
use ports::{Page, PageRequest, PortResult};

impl Leased for SyncRun {
    const TABLE: &'static str = "sync_runs";
    const OPEN: &'static str = "'queued', 'running', 'cancelling'";
    const NAME: &'static str = "run";
}

#[async_trait]
impl<B: Backend> SyncStore for Database<B> {
    async fn create(&self, run: &SyncRun, entry: Option<&NewEntry>) -> PortResult<()> {
        let columns = vec![
            ("store", run.scope.store.into()),
            ("connection", run.connection.into()),
        ];
        let taken = "another sync of this connection is open; wait for its end or cancel it";
        self.create_work("syncs.create", run, columns, taken, entry)
            .await
    }

    async fn find(&self, workspace: WorkspaceId, id: SyncId) -> PortResult<Option<SyncRun>> {
        self.find_work("syncs.find", workspace, id.0).await
    }

    async fn list(
        &self,
        workspace: WorkspaceId,
        connection: Option<ConnectionId>,
        page: &PageRequest,
    ) -> PortResult<Page<SyncRun>> {
        let of = connection.map(|id| ("connection", id.into()));
        self.list_work("syncs.list", workspace, of.as_slice(), page)
            .await
    }

    async fn claim(&self, now: DateTime<Utc>, lease: Duration) -> PortResult<Option<Lease>> {
        let row = self.claim_work("syncs.claim", now, lease).await?;
        Ok(row.map(|row| Lease {
            run: row.work,
            fence: row.fence,
        }))
    }

    async fn advance(
        &self,
        lease: &Lease,
        now: DateTime<Utc>,
        prolong: Duration,
    ) -> PortResult<SyncRun> {
        self.advance_work("syncs.advance", &lease.run, lease.fence, now + prolong)
            .await
    }

    async fn request_cancel(
        &self,
        workspace: WorkspaceId,
        id: SyncId,
        now: DateTime<Utc>,
    ) -> PortResult<SyncRun> {
        let operation = "syncs.request_cancel";
        self.change_work::<SyncRun>(operation, workspace, id.0, |row| row.work.cancel(now))
            .await
    }

    async fn requeue(
        &self,
        workspace: WorkspaceId,
        id: SyncId,
        _now: DateTime<Utc>,
    ) -> PortResult<SyncRun> {
        self.change_work::<SyncRun>("syncs.requeue", workspace, id.0, |row| {
            if !matches!(row.work.status, SyncStatus::Cancelled | SyncStatus::Failed) {
                return Err("only a cancelled or failed run can go on");
            }
            row.work.requeue();
            row.leased_until = None;
            Ok(())
        })
        .await
    }

    async fn checkpoint(
        &self,
        connection: ConnectionId,
        name: &str,
    ) -> PortResult<Option<serde_json::Value>> {
        let sql = Sql::new("SELECT value FROM checkpoints WHERE connection = $1 AND name = $2")
            .bind(connection)
            .bind(name);
        let row = self.0.read("syncs.checkpoint").await?.one(sql).await?;
        Ok(row.map(|row| Cells::of(&row).json()).transpose()?)
    }

    async fn set_checkpoint(
        &self,
        connection: ConnectionId,
        name: &str,
        value: Option<&serde_json::Value>,
    ) -> PortResult<()> {
        let sql = match value {
            Some(value) => Sql::new(
                "INSERT INTO checkpoints (connection, name, value) VALUES ($1, $2, $3) \
                 ON CONFLICT (connection, name) DO UPDATE SET value = excluded.value",
            )
            .bind(connection)
            .bind(name)
            .bind(json(value)),
            None => Sql::new("DELETE FROM checkpoints WHERE connection = $1 AND name = $2")
                .bind(connection)
                .bind(name),
        };
        self.execute("syncs.set_checkpoint", sql).await?;
        Ok(())
    }
}
