//! Unusual days with what people said about them, and the briefs of mornings.

use crate::{Page, PageRequest, PortResult};
use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, Utc};
use domain::analysis::{Anomaly, Brief, Kept, Standing};
use domain::audit::NewEntry;
use domain::calendar::DayRange;
use domain::ids::{AnomalyId, StoreScope, WorkspaceId};

#[async_trait]
pub trait AnalysisStore: Send + Sync {
    /// What is unusual in these days by now. What people said stays; of the stored ones of these days that are not among them those that nobody
    /// spoke about are forgotten, others are marked as gone. `found` are of these days.
    async fn save_anomalies(
        &self,
        scope: StoreScope,
        days: DayRange,
        found: &[Anomaly],
        at: DateTime<Utc>,
    ) -> PortResult<()>;
    /// The newest day first.
    async fn anomalies(
        &self,
        scope: StoreScope,
        standing: Option<Standing>,
        page: &PageRequest,
    ) -> PortResult<Page<Kept>>;
    async fn anomaly(&self, workspace: WorkspaceId, id: AnomalyId) -> PortResult<Option<Kept>>;
    /// Stores the mark as `kept.version`, which follows the stored one, with the audit's entry, or not at all; `Conflict` when it does not.
    async fn mark_anomaly(&self, kept: &Kept, entry: &NewEntry) -> PortResult<()>;
    /// Whether it is the first of its store and day; a later one is not stored.
    async fn save_brief(&self, brief: &Brief) -> PortResult<bool>;
    /// Stores it in place of the version before it: `brief.version` follows the stored one. Else nothing is changed, and it answers `false`: of
    /// many that write one day again one does.
    async fn replace_brief(&self, brief: &Brief) -> PortResult<bool>;
    /// The newest day first.
    async fn briefs(&self, scope: StoreScope, page: &PageRequest) -> PortResult<Page<Brief>>;
    async fn brief(&self, scope: StoreScope, day: NaiveDate) -> PortResult<Option<Brief>>;
}
