//! Orders: one narrow row to filter and sort by, one document with facts and ledger, one row for each thing that was sold.

mod read;
mod save;
mod write;

pub(crate) use read::{SELECT, stored};

use crate::{Backend, Database};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::agents::recommendation::Basket;
use domain::calendar::DayRange;
use domain::ids::{OrderId, StoreScope, VariantId};
use domain::money::Currency;
use domain::prices::PaidPrice;
use ports::orders::{
    BookedOrder, OrderFlag, OrderQuery, OrderSpan, OrderStore, SaveReport, StoredOrder,
};
use ports::{Page, PageRequest, PortResult};

/// The bit of a flag in `orders.flags`.
const fn bit(flag: OrderFlag) -> i64 {
    match flag {
        OrderFlag::Refunded => 1,
        OrderFlag::Cancelled => 2,
        OrderFlag::Edited => 4,
        OrderFlag::Test => 8,
    }
}

#[async_trait]
impl<B: Backend> OrderStore for Database<B> {
    async fn save(
        &self,
        scope: StoreScope,
        batch: &[BookedOrder],
        observed_at: DateTime<Utc>,
    ) -> PortResult<SaveReport> {
        self.save_orders(scope, batch, observed_at).await
    }

    async fn remove(
        &self,
        scope: StoreScope,
        ids: &[OrderId],
        at: DateTime<Utc>,
    ) -> PortResult<u64> {
        self.remove_orders(scope, ids, at).await
    }

    async fn find(&self, scope: StoreScope, id: OrderId) -> PortResult<Option<StoredOrder>> {
        self.find_order(scope, id).await
    }

    async fn list(
        &self,
        scope: StoreScope,
        query: &OrderQuery,
        page: &PageRequest,
    ) -> PortResult<Page<StoredOrder>> {
        self.list_orders(scope, query, page).await
    }

    async fn walk(
        &self,
        scope: StoreScope,
        after: Option<OrderId>,
        variants: Option<&[VariantId]>,
        limit: u32,
    ) -> PortResult<Vec<StoredOrder>> {
        self.walk_orders(scope, after, variants, limit).await
    }

    async fn span(&self, scope: StoreScope) -> PortResult<OrderSpan> {
        self.order_span(scope).await
    }

    async fn count(&self, scope: StoreScope) -> PortResult<u64> {
        self.order_count(scope).await
    }

    async fn paid_prices(
        &self,
        scope: StoreScope,
        currency: Currency,
        range: DayRange,
    ) -> PortResult<Vec<PaidPrice>> {
        self.prices_in_orders(scope, currency, range).await
    }

    async fn baskets(&self, scope: StoreScope, range: DayRange) -> PortResult<Vec<Basket>> {
        self.baskets_of_orders(scope, range).await
    }

    async fn as_of(&self, scope: StoreScope) -> PortResult<Option<DateTime<Utc>>> {
        self.newest_observed(scope).await
    }
}
