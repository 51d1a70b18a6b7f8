//! Products, their tombstones and the histories of costs and prices.

use super::database::{FakeDatabase, StoreData};
use super::paging;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::catalog::{CostBook, CostRecord, Product};
use domain::ids::{ProductId, StoreScope, VariantId};
use domain::prices::PriceRecord;
use ports::catalog::{CatalogReport, CatalogStore, ProductQuery, ProductSort, StoredProduct};
use ports::events;
use ports::{Page, PageRequest, PortResult};

#[async_trait]
impl CatalogStore for FakeDatabase {
    async fn save(
        &self,
        scope: StoreScope,
        batch: &[Product],
        observed_at: DateTime<Utc>,
    ) -> PortResult<CatalogReport> {
        let mut state = self.lock();
        let mut report = CatalogReport::default();
        let data = state.store(scope);
        for product in batch {
            data.save_product(product, observed_at, &mut report);
        }
        state.emit(events::products_changed(scope, &report, observed_at));
        Ok(report)
    }

    async fn remove(
        &self,
        scope: StoreScope,
        ids: &[ProductId],
        at: DateTime<Utc>,
    ) -> PortResult<u64> {
        let mut state = self.lock();
        let data = state.store(scope);
        let mut removed = Vec::new();
        for id in ids {
            let deleted_at = data.deleted_products.entry(*id).or_insert(at);
            *deleted_at = at.max(*deleted_at);
            if data.products.remove(id).is_some() {
                removed.push(*id);
            }
        }
        state.emit(events::products_removed(scope, &removed, at));
        Ok(removed.len() as u64)
    }

    async fn find(&self, scope: StoreScope, id: ProductId) -> PortResult<Option<StoredProduct>> {
        Ok(self.lock().store(scope).products.get(&id).cloned())
    }

    async fn list(
        &self,
        scope: StoreScope,
        query: &ProductQuery,
        page: &PageRequest,
    ) -> PortResult<Page<StoredProduct>> {
        let rows = self
            .lock()
            .store(scope)
            .products
            .values()
            .filter(|stored| matches(&stored.product, query))
            .map(|stored| (sort_key(&stored.product, query.sort), stored.clone()))
            .collect();
        paging::page(
            &format!("products.{:?}", query.sort),
            "products.list",
            rows,
            page,
        )
    }

    async fn numbers(&self, scope: StoreScope, query: &ProductQuery) -> PortResult<Vec<ProductId>> {
        let mut state = self.lock();
        let products = state.store(scope).products.values();
        let wanted = products.filter(|stored| matches(&stored.product, query));
        Ok(wanted.map(|stored| stored.product.id).collect())
    }

    async fn price_history(
        &self,
        scope: StoreScope,
        variants: &[VariantId],
    ) -> PortResult<Vec<PriceRecord>> {
        let mut state = self.lock();
        let of_variants = state.store(scope).prices.iter();
        let mut history: Vec<_> = of_variants
            .filter(|r| variants.contains(&r.variant))
            .cloned()
            .collect();
        history.sort_by_key(|r| r.seen_at);
        Ok(history)
    }

    async fn cost_book(&self, scope: StoreScope) -> PortResult<CostBook> {
        Ok(self.lock().store(scope).book())
    }

    async fn cost_history(
        &self,
        scope: StoreScope,
        variant: VariantId,
    ) -> PortResult<Vec<CostRecord>> {
        let mut state = self.lock();
        let mut history = state.store(scope).book().history(variant).to_vec();
        history.sort_by_key(|r| (r.valid_from, r.observed_at));
        Ok(history)
    }
}

impl StoreData {
    fn save_product(
        &mut self,
        product: &Product,
        observed_at: DateTime<Utc>,
        report: &mut CatalogReport,
    ) {
        let deleted_at = self.deleted_products.get(&product.id);
        if deleted_at.is_some_and(|deleted_at| product.updated_at <= *deleted_at) {
            return report.stale.push(product.id);
        }
        let old = self.products.get(&product.id);
        match old {
            Some(old) if product.updated_at < old.product.updated_at => {
                return report.stale.push(product.id);
            }
            Some(old) if *product == old.product => return report.unchanged.push(product.id),
            Some(_) => report.changed.push(product.id),
            None => report.created.push(product.id),
        }
        let stored = StoredProduct {
            product: product.clone(),
            version: old.map_or(1, |old| old.version + 1),
            observed_at,
        };
        self.deleted_products.remove(&product.id);
        self.products.insert(product.id, stored);
        let mut book = CostBook::new(self.costs.iter().cloned());
        for variant in &product.variants {
            let latest = self.prices.iter().rfind(|r| r.variant == variant.id);
            let news = PriceRecord::news(latest, variant, observed_at);
            self.prices.extend(news);
            if let Some(record) = book.observe(variant.id, variant.unit_cost, observed_at) {
                book.insert(record.clone());
                self.costs.push(record.clone());
                report.costs.push(record);
            }
        }
    }
}

fn matches(product: &Product, query: &ProductQuery) -> bool {
    let lacks_cost = product.variants.iter().any(|v| v.unit_cost.is_none());
    query.status.as_ref().is_none_or(|s| *s == product.status)
        && query
            .cost_missing
            .is_none_or(|missing| missing == lacks_cost)
        && query
            .ids
            .as_ref()
            .is_none_or(|ids| ids.contains(&product.id))
        && query
            .text
            .as_deref()
            .is_none_or(|text| has_text(product, text))
}

fn has_text(product: &Product, text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    let within = |whole: &str| whole.to_ascii_lowercase().contains(&text);
    product.id.to_string() == text
        || within(&product.title)
        || within(&product.vendor)
        || within(&product.product_type)
        || product
            .variants
            .iter()
            .any(|v| v.sku.as_deref().is_some_and(within))
}

/// `!n` turns an order round without overflow.
fn sort_key(product: &Product, sort: ProductSort) -> (String, i64, i64) {
    match sort {
        ProductSort::Title => (product.title.to_ascii_lowercase(), 0, product.id.0),
        ProductSort::NewestFirst => {
            let time = product.created_at.timestamp_micros();
            (String::new(), !time, !product.id.0)
        }
    }
}
