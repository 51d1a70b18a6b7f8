//! Exchange rates of a workspace, how it wants them used, and the published series that fills them.

use crate::{Page, PageRequest, PortResult};
use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, Utc};
use domain::audit::NewEntry;
use domain::calendar::DayRange;
use domain::fx::{DEFAULT_MAX_AGE_DAYS, Rate, RateSource};
use domain::ids::{ImportId, WorkspaceId};
use domain::money::Currency;
use serde::{Deserialize, Serialize};

/// A rate with where it is from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredRate {
    pub rate: Rate,
    /// Who or what told it: a person's address, a file's name, a publisher.
    pub origin: String,
    /// The import that brought it.
    pub import: Option<ImportId>,
    pub observed_at: DateTime<Utc>,
}

/// What names a rate: there is one for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RateKey {
    pub day: NaiveDate,
    pub base: Currency,
    pub quote: Currency,
    pub source: RateSource,
}

impl RateKey {
    #[must_use]
    pub const fn of(rate: &Rate) -> Self {
        Self {
            day: rate.day,
            base: rate.base,
            quote: rate.quote,
            source: rate.source,
        }
    }
}

/// What an undone import left behind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Undone {
    pub removed: u64,
    pub restored: u64,
}

/// All rates of one pair and source, in short.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RateSeries {
    pub base: Currency,
    pub quote: Currency,
    pub source: RateSource,
    pub count: u64,
    pub oldest: NaiveDate,
    pub newest: NaiveDate,
    /// The rate of the newest day.
    pub latest: StoredRate,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RateFilter {
    pub base: Option<Currency>,
    pub quote: Option<Currency>,
    pub source: Option<RateSource>,
}

/// How a workspace wants its money told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct MoneySettings {
    /// In which all stores together are told; that of the first store when `None`.
    pub currency: Option<Currency>,
    /// For how many days a rate stands in for days without one.
    pub max_age_days: u32,
}

impl Default for MoneySettings {
    fn default() -> Self {
        Self {
            currency: None,
            max_age_days: DEFAULT_MAX_AGE_DAYS,
        }
    }
}

/// Where the reading of the published series stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeedState {
    /// The address that was read.
    pub url: String,
    pub last_attempt_at: DateTime<Utc>,
    pub last_success_at: Option<DateTime<Utc>>,
    /// The newest day that it told.
    pub newest: Option<NaiveDate>,
    /// Why the last attempt failed; `None` when it did not.
    pub error: Option<String>,
    /// Attempts that failed since the last success.
    pub failures: u32,
}

#[async_trait]
pub trait RateStore: Send + Sync {
    /// Replaces the rate of the same key and answers what was replaced, with its old value. Rates of other sources stay. What the same import
    /// saved before is replaced silently; of two of one key in a batch the last one counts. With the audit's entry about it.
    async fn save(
        &self,
        workspace: WorkspaceId,
        rates: &[StoredRate],
        entry: Option<&NewEntry>,
    ) -> PortResult<Vec<StoredRate>>;
    /// Removes what the import saved and nobody replaced since, and puts back those of `replaced` whose key is free then.
    async fn undo(
        &self,
        workspace: WorkspaceId,
        import: ImportId,
        replaced: &[StoredRate],
    ) -> PortResult<Undone>;
    /// Whether there was one. Without one the entry is not stored either.
    async fn remove(
        &self,
        workspace: WorkspaceId,
        key: RateKey,
        entry: &NewEntry,
    ) -> PortResult<bool>;
    /// All rates of the days whose quote is among the currencies, in ascending key: enough to convert any of them into any other.
    async fn between(
        &self,
        workspace: WorkspaceId,
        currencies: &[Currency],
        days: DayRange,
    ) -> PortResult<Vec<StoredRate>>;
    /// Newest day first.
    async fn list(
        &self,
        workspace: WorkspaceId,
        filter: RateFilter,
        page: &PageRequest,
    ) -> PortResult<Page<StoredRate>>;
    /// One for each pair and source that has rates, by base, quote and source.
    async fn series(&self, workspace: WorkspaceId) -> PortResult<Vec<RateSeries>>;
    /// The usual ones until others are set.
    async fn money_settings(&self, workspace: WorkspaceId) -> PortResult<MoneySettings>;
    async fn set_money_settings(
        &self,
        workspace: WorkspaceId,
        settings: &MoneySettings,
        entry: &NewEntry,
    ) -> PortResult<()>;
    /// `None` before the first attempt.
    async fn feed_state(&self, workspace: WorkspaceId) -> PortResult<Option<FeedState>>;
    async fn set_feed_state(&self, workspace: WorkspaceId, state: &FeedState) -> PortResult<()>;
}

/// How much of a series is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FeedSpan {
    /// The newest day.
    Day,
    /// About the last ninety days.
    Quarter,
    /// From its beginning.
    All,
}

/// A published series of daily rates.
#[async_trait]
pub trait RateFeed: Send + Sync {
    /// Where it is read; what a person is told.
    fn url(&self) -> String;
    /// Who publishes it.
    fn publisher(&self) -> String;
    /// At least the days of the span that the series has, each currency of a day once; currencies that this version does not know are left out.
    /// An answer that cannot be read whole is `Corrupt`, and none of it is answered.
    async fn read(&self, span: FeedSpan) -> PortResult<Vec<Rate>>;
}
