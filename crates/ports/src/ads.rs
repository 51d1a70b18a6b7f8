//! Ad accounts, what runs in them, their days, and the runs that read them.

use crate::{Page, PageRequest, PortResult};
use async_trait::async_trait;
use chrono::{DateTime, Duration, NaiveDate, Utc};
use domain::ads::{AdAccount, AdLevel, AdSums, AdSyncRun, InsightDay, Micros, StoredEntity};
use domain::audit::NewEntry;
use domain::calendar::DayRange;
use domain::ids::{AdAccountId, AdSyncId, StoreScope, WorkspaceId};

/// What of an account one writing of days changed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DaysKept {
    /// New or different; equal rows are not written.
    pub written: u64,
    /// Taken away, because they are not told any more.
    pub removed: u64,
}

/// Sums of one campaign or ad set over a range.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntitySums {
    pub id: String,
    pub sums: AdSums,
    /// The newest day with a row.
    pub last_day: NaiveDate,
}

#[async_trait]
pub trait AdStore: Send + Sync {
    /// A second account of the same platform and number in a workspace is a `Conflict`. With the audit's entry, or neither.
    async fn create_ad_account(&self, account: &AdAccount, entry: &NewEntry) -> PortResult<()>;

    /// Replaces it if its version is the stored one, which grows by one; else `Conflict`; `NotFound` when it is gone.
    async fn update_ad_account(&self, account: &AdAccount) -> PortResult<AdAccount>;

    async fn ad_account(
        &self,
        workspace: WorkspaceId,
        id: AdAccountId,
    ) -> PortResult<Option<AdAccount>>;

    /// Oldest first.
    async fn ad_accounts(&self, workspace: WorkspaceId) -> PortResult<Vec<AdAccount>>;

    /// With all that is kept of it: what ran, days, runs. With the audit's entry, or neither.
    async fn remove_ad_account(
        &self,
        workspace: WorkspaceId,
        id: AdAccountId,
        entry: &NewEntry,
    ) -> PortResult<()>;

    /// Each by its level and number; the later one replaces the earlier.
    async fn save_ad_entities(
        &self,
        scope: StoreScope,
        account: AdAccountId,
        entities: &[StoredEntity],
    ) -> PortResult<()>;

    /// By number.
    async fn ad_entities(
        &self,
        scope: StoreScope,
        account: AdAccountId,
        level: AdLevel,
    ) -> PortResult<Vec<StoredEntity>>;

    /// The rows become all that is known of these days at this level: others of the range are taken away. In one transaction.
    async fn replace_ad_days(
        &self,
        scope: StoreScope,
        account: AdAccountId,
        level: AdLevel,
        range: DayRange,
        rows: &[InsightDay],
    ) -> PortResult<DaysKept>;

    /// By day, then number; of one campaign or ad set when given.
    async fn ad_days(
        &self,
        scope: StoreScope,
        account: AdAccountId,
        level: AdLevel,
        of: Option<&str>,
        range: DayRange,
    ) -> PortResult<Vec<InsightDay>>;

    /// Sums of each campaign or ad set with a row in the range, by number; purchases are those of one kind.
    async fn ad_sums(
        &self,
        scope: StoreScope,
        account: AdAccountId,
        level: AdLevel,
        range: DayRange,
        purchase: Option<&str>,
    ) -> PortResult<Vec<EntitySums>>;

    /// What all campaigns of the account spent on each day with a row, oldest first.
    async fn ad_spend(
        &self,
        scope: StoreScope,
        account: AdAccountId,
        range: DayRange,
    ) -> PortResult<Vec<(NaiveDate, Micros)>>;
}

/// The right to work on a run until it expires; a later claim makes `fence` larger, and a smaller one writes nothing any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdSyncLease {
    pub run: AdSyncRun,
    pub fence: i64,
}

#[async_trait]
pub trait AdSyncs: Send + Sync {
    /// `Conflict` while another run of the same account is open.
    async fn create_ad_sync(&self, run: &AdSyncRun) -> PortResult<()>;

    async fn ad_sync(&self, workspace: WorkspaceId, id: AdSyncId) -> PortResult<Option<AdSyncRun>>;

    /// Newest first; of one account when given.
    async fn ad_syncs(
        &self,
        workspace: WorkspaceId,
        account: Option<AdAccountId>,
        page: &PageRequest,
    ) -> PortResult<Page<AdSyncRun>>;

    /// The oldest open run whose lease is free or has expired; claimed by one caller only.
    async fn claim_ad_sync(
        &self,
        now: DateTime<Utc>,
        lease: Duration,
    ) -> PortResult<Option<AdSyncLease>>;

    /// Saves progress and prolongs the lease; `Conflict` when the fence is old. A wish to cancel that came meanwhile is kept and
    /// answered.
    async fn advance_ad_sync(
        &self,
        lease: &AdSyncLease,
        now: DateTime<Utc>,
        prolong: Duration,
    ) -> PortResult<AdSyncRun>;

    /// A queued run ends at once, a running one when its worker sees it; `Conflict` when it has ended.
    async fn cancel_ad_sync(
        &self,
        workspace: WorkspaceId,
        id: AdSyncId,
        now: DateTime<Utc>,
    ) -> PortResult<AdSyncRun>;
}
