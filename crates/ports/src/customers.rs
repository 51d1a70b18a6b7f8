//! Customers by what they bought: their days, which are kept up with the rollups, and what is drawn from them.

use crate::{Page, PageRequest, PortResult};
use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, Utc};
use domain::calendar::DayRange;
use domain::customer::Customer;
use domain::customers::{
    Analysis, CustomerDay, CustomerDayRow, CustomerDays, CustomerSettings, Quintiles, Standing,
};
use domain::ids::{CustomerId, StoreScope};
use domain::money::Currency;

/// A customer with at least one order that counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomerRow {
    pub standing: Standing,
    /// `None` without access to customers, and after a redaction.
    pub profile: Option<Customer>,
    pub redacted: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CustomerSort {
    /// By lifetime net revenue.
    #[default]
    MostRevenue,
    /// By the day of the last order.
    LatestOrder,
    /// By the day of the first order.
    NewestFirst,
    MostOrders,
}

/// Bounds on the score of frequency with money, both included; see [`domain::customers::Rfm::scores`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorthFilter {
    pub frequency: Quintiles,
    pub money: Quintiles,
    pub from: u8,
    pub to: u8,
}

/// Filters are joined by *and*.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CustomerQuery {
    /// A part of name or mail address without regard to case (ASCII), or a customer's number.
    pub text: Option<String>,
    /// At least one order was sent there (ISO 3166-1 alpha-2).
    pub country: Option<String>,
    /// Of the first order.
    pub first_from: Option<NaiveDate>,
    pub first_to: Option<NaiveDate>,
    /// The last order is later than this day.
    pub last_after: Option<NaiveDate>,
    /// The last order is on this day or earlier.
    pub last_until: Option<NaiveDate>,
    pub worth: Option<WorthFilter>,
    /// Lifetime net revenue in minor units is more than this.
    pub revenue_above: Option<i64>,
    pub orders: Option<i64>,
    pub sort: CustomerSort,
    /// What somebody asked for, where the bounds are drawn from what changes: a cursor is of the same list while they move.
    pub asked: Option<String>,
}

impl CustomerQuery {
    /// Tells its list apart from any other, for a cursor.
    #[must_use]
    pub fn list(&self) -> String {
        match &self.asked {
            Some(asked) => format!("{asked}{:?}", self.sort),
            None => format!("{self:?}"),
        }
    }
}

/// Who bought in a range of days.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RangeCounts {
    /// Customers with at least one order in the range.
    pub customers: u64,
    /// Of these, whose first order of all is in the range.
    pub new: u64,
    /// Of these, who have at least two orders up to the end of the range.
    pub returning: u64,
    pub orders: i64,
    pub net_revenue: i64,
    pub guest_orders: i64,
    pub guest_net_revenue: i64,
}

/// The days of customers and what has been computed of them.
#[async_trait]
pub trait CustomerDayStore: Send + Sync {
    /// Rows after a place in the order of customer and day, in that order, at most `limit`; guests come first.
    async fn walk_days(
        &self,
        scope: StoreScope,
        currency: Currency,
        after: Option<(CustomerId, NaiveDate)>,
        limit: u32,
    ) -> PortResult<Vec<CustomerDayRow>>;

    /// Everything that is stored, for the proof that it equals a recomputation.
    async fn all_days(&self, scope: StoreScope) -> PortResult<CustomerDays>;

    /// Replaces all days of the store in one transaction, with what is kept of each customer.
    async fn replace_days(&self, scope: StoreScope, days: &CustomerDays) -> PortResult<()>;

    /// Computes the days of a store whose orders were stored by a release that kept none; answers whether there was anything to do.
    async fn fill_days(&self, scope: StoreScope) -> PortResult<bool>;

    /// Grows with each change of the days, of the settings or of who is who.
    async fn revision(&self, scope: StoreScope) -> PortResult<i64>;

    /// The analysis that was kept last, with the revision that it was computed at.
    async fn kept_analysis(
        &self,
        scope: StoreScope,
        currency: Currency,
    ) -> PortResult<Option<KeptAnalysis>>;

    async fn keep_analysis(
        &self,
        scope: StoreScope,
        currency: Currency,
        kept: &KeptAnalysis,
    ) -> PortResult<()>;
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptAnalysis {
    pub revision: i64,
    pub computed_at: DateTime<Utc>,
    pub took_ms: i64,
    pub analysis: Analysis,
}

/// Looking customers up.
#[async_trait]
pub trait CustomerBook: Send + Sync {
    /// `None` for one without an order that counts in this currency.
    async fn find(
        &self,
        scope: StoreScope,
        currency: Currency,
        id: CustomerId,
    ) -> PortResult<Option<CustomerRow>>;

    /// Every matching customer is on exactly one page; `total` is over all pages.
    async fn list(
        &self,
        scope: StoreScope,
        currency: Currency,
        query: &CustomerQuery,
        page: &PageRequest,
    ) -> PortResult<Page<CustomerRow>>;

    /// Of one customer, oldest first.
    async fn days_of(
        &self,
        scope: StoreScope,
        currency: Currency,
        id: CustomerId,
    ) -> PortResult<Vec<(NaiveDate, CustomerDay)>>;

    async fn counts_in(
        &self,
        scope: StoreScope,
        currency: Currency,
        range: DayRange,
    ) -> PortResult<RangeCounts>;

    /// The default ones until others are saved.
    async fn settings(&self, scope: StoreScope) -> PortResult<CustomerSettings>;

    async fn save_settings(&self, scope: StoreScope, settings: &CustomerSettings)
    -> PortResult<()>;
}
