//! Opportunities with what people decided about them, and how they are scored.

use crate::{Page, PageRequest, PortResult};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::audit::NewEntry;
use domain::ids::{OpportunityId, StoreScope, TrendSeriesId, WorkspaceId};
use domain::opportunity::{Opportunity, OpportunitySettings, TrendSeries, Watch, Watched};
use uuid::Uuid;

/// Filters are joined by *and*.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OpportunityFilter {
    pub watch: Option<Watch>,
    /// At least, in hundredths.
    pub score: Option<i64>,
    /// At least, in ten-thousandths.
    pub margin: Option<i64>,
    /// ISO 3166-1 alpha-2: sent there, or everywhere.
    pub ships_to: Option<String>,
    /// The whole name, without regard to case.
    pub supplier: Option<String>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct OpportunitySums {
    /// Those that wait for somebody.
    pub waiting: u64,
    /// Those of them that have a high potential.
    pub high: u64,
    pub approved: u64,
    /// Found at or after a moment, whatever was decided since.
    pub discovered: u64,
}

#[async_trait]
pub trait OpportunityStore: Send + Sync {
    /// Sets the figures of each, and when it was found first; what people decided stays. A later round has a larger number.
    async fn save_opportunities(
        &self,
        scope: StoreScope,
        round: Uuid,
        found: &[Opportunity],
    ) -> PortResult<()>;
    /// Those whose figures are of an earlier round are offered by nobody any more: forgotten where nobody decided about them, else marked.
    async fn settle_opportunities(
        &self,
        scope: StoreScope,
        round: Uuid,
        at: DateTime<Utc>,
    ) -> PortResult<()>;
    /// By the lower end of the interval of the score, the highest first. What was snoozed until `now` waits again.
    async fn opportunities(
        &self,
        scope: StoreScope,
        filter: &OpportunityFilter,
        now: DateTime<Utc>,
        page: &PageRequest,
    ) -> PortResult<Page<Watched>>;
    async fn opportunity(
        &self,
        workspace: WorkspaceId,
        id: OpportunityId,
    ) -> PortResult<Option<Watched>>;
    /// Stores the decision as `watched.version`, which follows the stored one, with the audit's entry, or not at all; `Conflict` when it does not. Figures stay.
    async fn decide_opportunity(&self, watched: &Watched, entry: &NewEntry) -> PortResult<()>;
    async fn opportunity_sums(
        &self,
        scope: StoreScope,
        now: DateTime<Utc>,
        since: DateTime<Utc>,
    ) -> PortResult<OpportunitySums>;
    /// How much is looked for what, as files told it; by id.
    async fn trends(&self, scope: StoreScope) -> PortResult<Vec<TrendSeries>>;
    /// Sets each series in place of the one of its id, if there is one, with the audit's entry, or none; those of another store are left out.
    async fn save_trends(
        &self,
        scope: StoreScope,
        series: &[TrendSeries],
        entry: &NewEntry,
    ) -> PortResult<()>;
    /// With the audit's entry, or neither; one that is not there is `NotFound`.
    async fn forget_trend(
        &self,
        scope: StoreScope,
        id: TrendSeriesId,
        entry: &NewEntry,
    ) -> PortResult<()>;
    /// The newest version; `None` when nobody set anything.
    async fn opportunity_settings(
        &self,
        scope: StoreScope,
    ) -> PortResult<Option<OpportunitySettings>>;
    /// Stores `settings.version`, which follows the stored one (1 when there is none), with the audit's entry, or not at all; `Conflict` when it does not.
    async fn set_opportunity_settings(
        &self,
        settings: &OpportunitySettings,
        entry: &NewEntry,
    ) -> PortResult<()>;
}
