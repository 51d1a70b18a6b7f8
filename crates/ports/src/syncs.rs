//! Sync runs, who works on them, and where they stand.

use crate::{Page, PageRequest, PortResult};
use async_trait::async_trait;
use chrono::{DateTime, Duration, Utc};
use domain::audit::NewEntry;
use domain::ids::{ConnectionId, SyncId, WorkspaceId};
use domain::sync::SyncRun;

/// The right to work on a run until `expires_at`; a later claim makes `fence` larger, and a smaller one writes nothing any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    pub run: SyncRun,
    pub fence: i64,
}

#[async_trait]
pub trait SyncStore: Send + Sync {
    /// `Conflict` while another run of the same connection is open; of many at once one wins. With the audit's
    /// entry about it, or neither.
    async fn create(&self, run: &SyncRun, entry: Option<&NewEntry>) -> PortResult<()>;
    async fn find(&self, workspace: WorkspaceId, id: SyncId) -> PortResult<Option<SyncRun>>;
    /// Newest first; of one connection when given.
    async fn list(
        &self,
        workspace: WorkspaceId,
        connection: Option<ConnectionId>,
        page: &PageRequest,
    ) -> PortResult<Page<SyncRun>>;
    /// The oldest open run whose lease is free or has expired; claimed by one caller only. It is `Running` from then on (a
    /// `Cancelling` one stays so). The first claim sets `started_at`; any later one counts as resumed.
    async fn claim(&self, now: DateTime<Utc>, lease: Duration) -> PortResult<Option<Lease>>;
    /// Saves progress and prolongs the lease; `Conflict` when the fence is old. A cancellation that was asked for meanwhile is kept and
    /// shows in the answered run's status. A closed run gives up its lease.
    async fn advance(
        &self,
        lease: &Lease,
        now: DateTime<Utc>,
        prolong: Duration,
    ) -> PortResult<SyncRun>;
    /// A queued run is cancelled at once, a running one is asked to stop; `Conflict` when it has ended, `NotFound` when unknown.
    async fn request_cancel(
        &self,
        workspace: WorkspaceId,
        id: SyncId,
        now: DateTime<Utc>,
    ) -> PortResult<SyncRun>;
    /// A cancelled or failed run is queued again, to go on where it stopped; `Conflict` otherwise or while another one is open.
    async fn requeue(
        &self,
        workspace: WorkspaceId,
        id: SyncId,
        now: DateTime<Utc>,
    ) -> PortResult<SyncRun>;

    /// The saved place under a name (for instance `orders.backfill`); opaque to the store.
    async fn checkpoint(
        &self,
        connection: ConnectionId,
        name: &str,
    ) -> PortResult<Option<serde_json::Value>>;
    /// `None` forgets it.
    async fn set_checkpoint(
        &self,
        connection: ConnectionId,
        name: &str,
        value: Option<&serde_json::Value>,
    ) -> PortResult<()>;
}
