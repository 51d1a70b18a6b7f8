//! Orders with their ledger, and the rollups that are kept up in the same transaction.

use crate::{Page, PageRequest, PortResult};
use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, Utc};
use domain::agents::recommendation::Basket;
use domain::calendar::DayRange;
use domain::ids::{CustomerId, OrderId, ProductId, StoreScope, VariantId};
use domain::ledger::Ledger;
use domain::money::Currency;
use domain::order::Order;
use domain::prices::PaidPrice;

/// An order and the entries that were derived from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BookedOrder {
    pub order: Order,
    pub ledger: Ledger,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredOrder {
    pub order: Order,
    pub ledger: Ledger,
    /// 1 at first, one more with each applied change.
    pub version: i64,
    pub observed_at: DateTime<Utc>,
}

/// What became of a batch; ids are in the order of the batch.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SaveReport {
    pub created: Vec<OrderId>,
    pub changed: Vec<OrderId>,
    /// Same facts, same ledger: nothing was written.
    pub unchanged: Vec<OrderId>,
    /// Older than what is stored, or older than its deletion: nothing was written.
    pub stale: Vec<OrderId>,
}

/// By the time of the sale (`processed_at`), or by the provider's present total (`totals.current_total`) in minor units whatever
/// the currency. Equal ones stand in any fixed order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OrderSort {
    #[default]
    NewestFirst,
    OldestFirst,
    LargestFirst,
    SmallestFirst,
}

/// Filters are joined by *and*; days are the store's local days of the sale.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OrderQuery {
    /// A part of the name (`1001` finds `#1001`), a SKU or a line's title, without regard to case (ASCII), or an order's number.
    pub text: Option<String>,
    pub from: Option<NaiveDate>,
    pub to: Option<NaiveDate>,
    pub financial_status: Option<String>,
    pub fulfillment_status: Option<String>,
    pub channel: Option<String>,
    pub country: Option<String>,
    pub product: Option<ProductId>,
    pub customer: Option<CustomerId>,
    pub flag: Option<OrderFlag>,
    pub sort: OrderSort,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OrderFlag {
    /// With at least one refund.
    Refunded,
    Cancelled,
    Edited,
    Test,
}

/// The days and times that a store's orders cover.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OrderSpan {
    pub first_day: Option<NaiveDate>,
    pub last_day: Option<NaiveDate>,
    /// Latest `observed_at`.
    pub as_of: Option<DateTime<Utc>>,
}

#[async_trait]
pub trait OrderStore: Send + Sync {
    /// Writes a batch in one transaction: facts, ledger, rollups (by [`domain::rollup::fold`]), the days of
    /// customers (by [`domain::customers::fold`]) and one `orders.changed` event.
    ///
    /// * An order is replaced when its `updated_at` is newer than the stored one's, or equal with other content or ledger.
    /// * An older one is stale, an equal one unchanged; neither writes anything.
    /// * A deleted order stays deleted unless its `updated_at` is later than the deletion.
    /// * After any sequence of saves, in any order, of the same facts, the rollups equal the fold of the stored orders.
    /// * So do the days of customers, when an order changes hands too.
    /// * Two batches at once lose nothing: the rollups of both are in.
    async fn save(
        &self,
        scope: StoreScope,
        batch: &[BookedOrder],
        observed_at: DateTime<Utc>,
    ) -> PortResult<SaveReport>;

    /// Deletes orders and takes their entries out of the rollups, leaving tombstones; unknown ids are remembered too, so that a
    /// late older copy does not come back. Answers how many were there.
    async fn remove(
        &self,
        scope: StoreScope,
        ids: &[OrderId],
        at: DateTime<Utc>,
    ) -> PortResult<u64>;

    /// `None` when unknown, deleted, or of another store or workspace.
    async fn find(&self, scope: StoreScope, id: OrderId) -> PortResult<Option<StoredOrder>>;

    /// Every matching order is on exactly one page; `total` is over all pages.
    async fn list(
        &self,
        scope: StoreScope,
        query: &OrderQuery,
        page: &PageRequest,
    ) -> PortResult<Page<StoredOrder>>;

    /// Orders after `after` in ascending id, at most `limit`; only those that sold one of `variants` when that is given.
    async fn walk(
        &self,
        scope: StoreScope,
        after: Option<OrderId>,
        variants: Option<&[VariantId]>,
        limit: u32,
    ) -> PortResult<Vec<StoredOrder>>;

    /// As quick over a million orders as over one.
    async fn span(&self, scope: StoreScope) -> PortResult<OrderSpan>;

    /// Without deleted ones, with test orders. It takes longer the more there are.
    async fn count(&self, scope: StoreScope) -> PortResult<u64>;

    /// What variants were ordered at in these days, by variant and then day: of days on which all orders in this currency had one price for
    /// it. Test orders do not count.
    async fn paid_prices(
        &self,
        scope: StoreScope,
        currency: Currency,
        range: DayRange,
    ) -> PortResult<Vec<PaidPrice>>;

    /// What orders of these days had in them, by day and then order: distinct products of the catalogue, ascending. Test orders, cancelled ones
    /// and those without such a product are left out.
    async fn baskets(&self, scope: StoreScope, range: DayRange) -> PortResult<Vec<Basket>>;

    /// [`OrderSpan::as_of`] alone, as quick over a million orders as over one.
    async fn as_of(&self, scope: StoreScope) -> PortResult<Option<DateTime<Utc>>>;
}
