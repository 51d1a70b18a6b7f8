//! Reconciliation runs with their leases, and what they found by day.

use crate::{Page, PageRequest, PortResult};
use async_trait::async_trait;
use chrono::{DateTime, Duration, Utc};
use domain::calendar::DayRange;
use domain::ids::{ReconciliationId, StoreId, StoreScope, WorkspaceId};
use domain::reconciliation::{Reconciled, ReconciliationRun};

/// The right to work on a run; see [`crate::syncs::Lease`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReconciliationLease {
    pub run: ReconciliationRun,
    pub fence: i64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedDay {
    pub result: Reconciled,
    pub checked_at: DateTime<Utc>,
}

#[async_trait]
pub trait ReconciliationStore: Send + Sync {
    /// `Conflict` while another run of the same store is open; of many at once one wins.
    async fn create(&self, run: &ReconciliationRun) -> PortResult<()>;
    async fn find(
        &self,
        workspace: WorkspaceId,
        id: ReconciliationId,
    ) -> PortResult<Option<ReconciliationRun>>;
    /// Newest first; of one store when given.
    async fn list(
        &self,
        workspace: WorkspaceId,
        store: Option<StoreId>,
        page: &PageRequest,
    ) -> PortResult<Page<ReconciliationRun>>;
    /// The oldest open run whose lease is free or has expired; claimed by one caller only. It is `Running` from then on (a
    /// `Cancelling` one stays so). The first claim sets `started_at`; any later one counts as resumed.
    async fn claim(
        &self,
        now: DateTime<Utc>,
        lease: Duration,
    ) -> PortResult<Option<ReconciliationLease>>;
    /// Saves progress with the days that were found, in one transaction, and prolongs the lease; `Conflict` when the fence is old, and then
    /// nothing is saved. A day's earlier result is replaced. A cancellation that was asked for meanwhile is kept and shows in the answered
    /// run's status. A closed run gives up its lease.
    async fn advance(
        &self,
        lease: &ReconciliationLease,
        found: &[Reconciled],
        now: DateTime<Utc>,
        prolong: Duration,
    ) -> PortResult<ReconciliationRun>;
    /// A queued run is cancelled at once, a running one is asked to stop; `Conflict` when it has ended, `NotFound` when unknown.
    async fn request_cancel(
        &self,
        workspace: WorkspaceId,
        id: ReconciliationId,
        now: DateTime<Utc>,
    ) -> PortResult<ReconciliationRun>;
    /// The latest results of the days of the range, oldest first; a day that was never checked is left out.
    async fn days(&self, scope: StoreScope, range: DayRange) -> PortResult<Vec<CheckedDay>>;
}
