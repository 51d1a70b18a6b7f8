//! Runs that book orders again, who works on them, and where they stand.

use crate::orders::StoredOrder;
use crate::{Page, PageRequest, PortResult};
use async_trait::async_trait;
use chrono::{DateTime, Duration, Utc};
use domain::ids::{OrderId, RecostId, StoreScope, WorkspaceId};
use domain::recost::{RecostExtent, RecostRun};

/// The right to work on a run until it expires; a later claim makes `fence` larger, and a smaller one writes nothing any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecostLease {
    pub run: RecostRun,
    pub fence: i64,
}

#[async_trait]
pub trait RecostStore: Send + Sync {
    /// `Conflict` when the id is taken.
    async fn create(&self, run: &RecostRun) -> PortResult<()>;
    async fn find(&self, workspace: WorkspaceId, id: RecostId) -> PortResult<Option<RecostRun>>;
    /// Newest first, of one store.
    async fn list(&self, scope: StoreScope, page: &PageRequest) -> PortResult<Page<RecostRun>>;
    /// Runs that have not ended, oldest first.
    async fn open(&self, scope: StoreScope) -> PortResult<Vec<RecostRun>>;
    /// The oldest open run whose lease is free or has expired; claimed by one caller only. It is `Running` from then on (a
    /// `Cancelling` one stays so). The first claim sets `started_at`; any later one counts as resumed. Of one store the runs
    /// follow one another: while an older one is worked on, none of its store is given out.
    async fn claim(&self, now: DateTime<Utc>, lease: Duration) -> PortResult<Option<RecostLease>>;
    /// Saves progress and prolongs the lease; `Conflict` when the fence is old. A cancellation that was asked for meanwhile is kept
    /// and shows in the answered run's status. A closed run gives up its lease.
    async fn advance(
        &self,
        lease: &RecostLease,
        now: DateTime<Utc>,
        prolong: Duration,
    ) -> PortResult<RecostRun>;
    /// The run is asked to take its change back; `Conflict` when it has ended or has nothing to take back, `NotFound` when unknown.
    async fn request_cancel(&self, workspace: WorkspaceId, id: RecostId) -> PortResult<RecostRun>;
    /// A failed run is queued again, to go on where it stopped; `Conflict` otherwise.
    async fn requeue(&self, workspace: WorkspaceId, id: RecostId) -> PortResult<RecostRun>;

    /// Orders of the extent after `after` in ascending id, at most `limit`.
    async fn affected(
        &self,
        scope: StoreScope,
        extent: &RecostExtent,
        after: Option<OrderId>,
        limit: u32,
    ) -> PortResult<Vec<StoredOrder>>;
    /// How many orders the extent holds.
    async fn count_affected(&self, scope: StoreScope, extent: &RecostExtent) -> PortResult<u64>;

    /// By which version of the derivation all orders of the store are booked; `None` when it was never said.
    async fn derivation(&self, scope: StoreScope) -> PortResult<Option<u32>>;
    async fn set_derivation(&self, scope: StoreScope, version: u32) -> PortResult<()>;
}
