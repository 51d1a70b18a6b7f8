//! Products: one row with its document, one row for each variant's name, and the histories of costs and prices.

mod costs;
mod prices;
mod read;
mod save;

use crate::{Backend, Database};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::catalog::{CostBook, CostRecord, Product};
use domain::ids::{ProductId, StoreScope, VariantId};
use domain::prices::PriceRecord;
use ports::catalog::{CatalogReport, CatalogStore, ProductQuery, StoredProduct};
use ports::{Page, PageRequest, PortResult};

#[async_trait]
impl<B: Backend> CatalogStore for Database<B> {
    async fn save(
        &self,
        scope: StoreScope,
        batch: &[Product],
        observed_at: DateTime<Utc>,
    ) -> PortResult<CatalogReport> {
        self.save_products(scope, batch, observed_at).await
    }

    async fn remove(
        &self,
        scope: StoreScope,
        ids: &[ProductId],
        at: DateTime<Utc>,
    ) -> PortResult<u64> {
        self.remove_products(scope, ids, at).await
    }

    async fn find(&self, scope: StoreScope, id: ProductId) -> PortResult<Option<StoredProduct>> {
        self.find_product(scope, id).await
    }

    async fn list(
        &self,
        scope: StoreScope,
        query: &ProductQuery,
        page: &PageRequest,
    ) -> PortResult<Page<StoredProduct>> {
        self.list_products(scope, query, page).await
    }

    async fn numbers(&self, scope: StoreScope, query: &ProductQuery) -> PortResult<Vec<ProductId>> {
        self.product_numbers(scope, query).await
    }

    async fn price_history(
        &self,
        scope: StoreScope,
        variants: &[VariantId],
    ) -> PortResult<Vec<PriceRecord>> {
        let ids: Vec<i64> = variants.iter().map(|v| v.0).collect();
        let mut session = self.0.read("catalog.price_history").await?;
        prices::records::<B, _>(&mut session, scope, &ids).await
    }

    async fn cost_book(&self, scope: StoreScope) -> PortResult<CostBook> {
        let mut session = self.0.read("catalog.cost_book").await?;
        let records = costs::records::<B, _>(&mut session, scope, None).await?;
        let mut book = CostBook::new(records);
        crate::inputs::tell_book::<B, _>(&mut session, scope, &mut book).await?;
        Ok(book)
    }

    async fn cost_history(
        &self,
        scope: StoreScope,
        variant: VariantId,
    ) -> PortResult<Vec<CostRecord>> {
        let mut session = self.0.read("catalog.cost_history").await?;
        let records = costs::records::<B, _>(&mut session, scope, Some(&[variant.0])).await?;
        let mut book = CostBook::new(records);
        crate::inputs::tell_variant(&mut session, scope, variant, &mut book).await?;
        let mut records = book.history(variant).to_vec();
        records.sort_by_key(|r| (r.valid_from, r.observed_at));
        Ok(records)
    }
}
