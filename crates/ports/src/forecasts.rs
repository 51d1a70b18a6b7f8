//! Forecasts that are kept, what came of them, and the nights' work on them.

use crate::{Page, PageRequest, PortResult};
use async_trait::async_trait;
use chrono::{DateTime, Duration, NaiveDate, Utc};
use domain::calendar::DayRange;
use domain::forecast::score::DayScores;
use domain::forecast::{ForecastRun, StoredForecast, Target, TargetLevel};
use domain::ids::{ForecastRunId, StoreId, StoreScope, WorkspaceId};

/// The right to work on a run; see [`crate::syncs::Lease`].
#[derive(Debug, Clone, PartialEq)]
pub struct ForecastLease {
    pub run: ForecastRun,
    pub fence: i64,
}

#[async_trait]
pub trait ForecastRuns: Send + Sync {
    /// `Conflict` while another run of the same store is open; of many at once one wins.
    async fn create(&self, run: &ForecastRun) -> PortResult<()>;
    async fn find(
        &self,
        workspace: WorkspaceId,
        id: ForecastRunId,
    ) -> PortResult<Option<ForecastRun>>;
    /// Newest first; of one store when given.
    async fn list(
        &self,
        workspace: WorkspaceId,
        store: Option<StoreId>,
        page: &PageRequest,
    ) -> PortResult<Page<ForecastRun>>;
    /// The oldest open run whose lease is free or has expired; claimed by one caller only. The first claim sets `started_at`; any later one counts as
    /// resumed.
    async fn claim(&self, now: DateTime<Utc>, lease: Duration)
    -> PortResult<Option<ForecastLease>>;
    /// Saves progress and prolongs the lease; `Conflict` when the fence is old. A cancellation that was asked for meanwhile is kept and shows in
    /// the answered run's status. A closed run gives up its lease.
    async fn advance(
        &self,
        lease: &ForecastLease,
        now: DateTime<Utc>,
        prolong: Duration,
    ) -> PortResult<ForecastRun>;
    /// A queued run is cancelled at once, a running one is asked to stop; `Conflict` when it has ended, `NotFound` when unknown.
    async fn request_cancel(
        &self,
        workspace: WorkspaceId,
        id: ForecastRunId,
        now: DateTime<Utc>,
    ) -> PortResult<ForecastRun>;
}

#[async_trait]
pub trait ForecastStore: Send + Sync {
    /// Keeps them all or none. One of the same target and first day is replaced; the newest of a target is the one that begins last.
    async fn save_forecasts(&self, scope: StoreScope, made: &[StoredForecast]) -> PortResult<()>;
    /// The newest of each target of a level, by number.
    async fn newest_forecasts(
        &self,
        scope: StoreScope,
        level: TargetLevel,
    ) -> PortResult<Vec<StoredForecast>>;
    async fn newest_forecast(
        &self,
        scope: StoreScope,
        target: Target,
    ) -> PortResult<Option<StoredForecast>>;
    /// Every one that begins on `from` or later, by level, number and day; those after `after`, at most `limit`.
    async fn walk_forecasts(
        &self,
        scope: StoreScope,
        from: NaiveDate,
        after: Option<(Target, NaiveDate)>,
        limit: u32,
    ) -> PortResult<Vec<StoredForecast>>;
    /// Forgets all that begin before.
    async fn forget_forecasts(&self, scope: StoreScope, before: NaiveDate) -> PortResult<()>;
    /// A day's earlier scores are replaced.
    async fn save_scores(&self, scope: StoreScope, days: &[DayScores]) -> PortResult<()>;
    /// Oldest first; a day that was never scored is left out.
    async fn scores(&self, scope: StoreScope, range: DayRange) -> PortResult<Vec<DayScores>>;
}
