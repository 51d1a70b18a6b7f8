//! Products, variants and the history of their costs.

use crate::{Page, PageRequest, PortResult};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::catalog::{CostBook, CostRecord, Product};
use domain::ids::{ProductId, StoreScope, VariantId};
use domain::prices::PriceRecord;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredProduct {
    pub product: Product,
    /// 1 at first, one more with each applied change.
    pub version: i64,
    pub observed_at: DateTime<Utc>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CatalogReport {
    pub created: Vec<ProductId>,
    pub changed: Vec<ProductId>,
    pub unchanged: Vec<ProductId>,
    pub stale: Vec<ProductId>,
    /// Costs that were recorded because the store shows another one than was known ([`CostBook::observe`]).
    pub costs: Vec<CostRecord>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ProductSort {
    #[default]
    /// Without regard to case (ASCII).
    Title,
    /// By `created_at`.
    NewestFirst,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ProductQuery {
    /// A part of title, vendor, type or a SKU, without regard to case (ASCII), or a product's number.
    pub text: Option<String>,
    pub status: Option<String>,
    /// `Some(true)`: at least one variant without cost; `Some(false)`: none.
    pub cost_missing: Option<bool>,
    /// Only these, when given.
    pub ids: Option<Vec<ProductId>>,
    pub sort: ProductSort,
}

#[async_trait]
pub trait CatalogStore: Send + Sync {
    /// Writes a batch in one transaction, with the cost and price records that it makes necessary and one `products.changed` event; the rules of age
    /// are those of orders (newer or equal-but-other replaces, older is stale, equal is unchanged). A stale product records neither.
    async fn save(
        &self,
        scope: StoreScope,
        batch: &[Product],
        observed_at: DateTime<Utc>,
    ) -> PortResult<CatalogReport>;

    /// Deletes products (their past sales and costs stay), leaving tombstones. Answers how many were there.
    async fn remove(
        &self,
        scope: StoreScope,
        ids: &[ProductId],
        at: DateTime<Utc>,
    ) -> PortResult<u64>;

    async fn find(&self, scope: StoreScope, id: ProductId) -> PortResult<Option<StoredProduct>>;

    /// Every matching product is on exactly one page; `total` is over all pages.
    async fn list(
        &self,
        scope: StoreScope,
        query: &ProductQuery,
        page: &PageRequest,
    ) -> PortResult<Page<StoredProduct>>;

    /// The number of every product that [`list`](Self::list) would give, in no order.
    async fn numbers(&self, scope: StoreScope, query: &ProductQuery) -> PortResult<Vec<ProductId>>;

    /// The whole cost history of the store, with what was told beside it ([`crate::inputs`]).
    async fn cost_book(&self, scope: StoreScope) -> PortResult<CostBook>;

    /// The cost history of one variant over all sources, oldest first.
    async fn cost_history(
        &self,
        scope: StoreScope,
        variant: VariantId,
    ) -> PortResult<Vec<CostRecord>>;

    /// What these variants were offered at, oldest first: one record for each price that differed from the one before it
    /// ([`PriceRecord::news`]). Like costs they stay when the product is removed.
    async fn price_history(
        &self,
        scope: StoreScope,
        variants: &[VariantId],
    ) -> PortResult<Vec<PriceRecord>>;
}
