//! Products to look at, each with what it earned in a range.

mod ranking;
mod refunds;

pub use ranking::{ByEarned, Earned};
pub use refunds::{ORDERS_AT_MOST, RefundPeriod, Refunds, SoldAndReturned};

use crate::Ports;
use crate::reports::ReportRow;
use crate::stores::{StoreError, Stores};
use domain::calendar::DayRange;
use domain::catalog::CostRecord;
use domain::ids::{ProductId, StoreId, WorkspaceId};
use domain::prices::PriceRecord;
use domain::rollup::Dimension;
use domain::store::Store;
use ports::catalog::{ProductQuery, StoredProduct};
use ports::{Page, PageRequest};
use std::collections::BTreeMap;

#[derive(Debug, Clone)]
pub struct ProductView {
    pub stored: StoredProduct,
    /// `None` when it sold nothing in the range, or no range was asked for.
    pub performance: Option<ReportRow>,
}

#[derive(Debug, Clone)]
pub struct ProductDetail {
    pub view: ProductView,
    /// One row a day of the range, oldest first.
    pub series: Vec<ReportRow>,
    /// Each variant's history of costs, oldest first.
    pub costs: Vec<CostRecord>,
    /// What its variants were offered at, oldest first.
    pub prices: Vec<PriceRecord>,
    /// What each variant earned in the range, those of which nothing was sold left out.
    pub variants: Vec<ReportRow>,
}

#[derive(Clone)]
pub struct Products {
    ports: Ports,
    stores: Stores,
}

impl Products {
    #[must_use]
    pub fn new(ports: Ports) -> Self {
        Self {
            stores: Stores::new(ports.clone()),
            ports,
        }
    }

    pub async fn list(
        &self,
        workspace: WorkspaceId,
        store: Option<StoreId>,
        query: &ProductQuery,
        range: Option<DayRange>,
        page: &PageRequest,
    ) -> Result<(Store, Page<ProductView>), StoreError> {
        let store = self.stores.pick(workspace, store).await?;
        let page = self.ports.catalog.list(store.scope, query, page).await?;
        let mut performance = match range {
            Some(range) if !page.items.is_empty() => self.performance(&store, range).await?,
            _ => BTreeMap::new(),
        };
        let items = page
            .items
            .into_iter()
            .map(|stored| ProductView {
                performance: performance.remove(&stored.product.id.to_string()),
                stored,
            })
            .collect();
        Ok((
            store,
            Page {
                items,
                total: page.total,
                next_cursor: page.next_cursor,
            },
        ))
    }

    /// As [`list`](Self::list), in the order of what the products earned in the range.
    pub async fn ranked(
        &self,
        workspace: WorkspaceId,
        store: Option<StoreId>,
        query: &ProductQuery,
        (range, by): (DayRange, ByEarned),
        page: &PageRequest,
    ) -> Result<(Store, Page<ProductView>), StoreError> {
        let store = self.stores.pick(workspace, store).await?;
        let numbers = self.ports.catalog.numbers(store.scope, query).await?;
        let total = numbers.len() as u64;
        let mut performance = self.performance(&store, range).await?;
        let ranked = by.page(numbers, &performance, page)?;
        let these = ProductQuery {
            ids: Some(ranked.ids.clone()),
            ..ProductQuery::default()
        };
        let found = PageRequest::first(page.limit);
        let found = self.ports.catalog.list(store.scope, &these, &found).await?;
        let mut found: BTreeMap<ProductId, StoredProduct> = found
            .items
            .into_iter()
            .map(|stored| (stored.product.id, stored))
            .collect();
        let items = ranked
            .ids
            .iter()
            // One that was deleted meanwhile is on no page.
            .filter_map(|id| found.remove(id))
            .map(|stored| ProductView {
                performance: performance.remove(&stored.product.id.to_string()),
                stored,
            })
            .collect();
        let page = Page {
            items,
            total: Some(total),
            next_cursor: ranked.next_cursor,
        };
        Ok((store, page))
    }

    /// How much of a product came back; `None` when there is no such product.
    pub async fn refunds(
        &self,
        workspace: WorkspaceId,
        store: Option<StoreId>,
        id: ProductId,
        range: DayRange,
    ) -> Result<Option<Refunds>, StoreError> {
        for candidate in self.stores.list(workspace).await? {
            if store.is_some_and(|s| s != candidate.scope.store) {
                continue;
            }
            if self
                .ports
                .catalog
                .find(candidate.scope, id)
                .await?
                .is_some()
            {
                let refunds = refunds::refunds(&self.ports, &candidate, id, range).await?;
                return Ok(Some(refunds));
            }
        }
        Ok(None)
    }

    /// What each variant of a product earned.
    async fn variants(
        &self,
        store: &Store,
        product: &StoredProduct,
        range: DayRange,
    ) -> Result<Vec<ReportRow>, StoreError> {
        let titles: BTreeMap<String, &str> = product
            .product
            .variants
            .iter()
            .map(|v| (v.id.to_string(), v.title.as_str()))
            .collect();
        let rows = self
            .ports
            .reports
            .by_key(store.scope, store.currency, range, Dimension::Variant)
            .await?;
        let row = |row: ports::reports::KeyRow| {
            let title = (*titles.get(&row.key)?).to_owned();
            Some(ReportRow::new(row.key, title, row.measures))
        };
        Ok(rows.into_iter().filter_map(row).collect())
    }

    async fn performance(
        &self,
        store: &Store,
        range: DayRange,
    ) -> Result<BTreeMap<String, ReportRow>, StoreError> {
        let rows = self
            .ports
            .reports
            .by_key(store.scope, store.currency, range, Dimension::Product)
            .await?;
        let row = |row: ports::reports::KeyRow| {
            (
                row.key.clone(),
                ReportRow::new(row.key, String::new(), row.measures),
            )
        };
        Ok(rows.into_iter().map(row).collect())
    }

    pub async fn find(
        &self,
        workspace: WorkspaceId,
        store: Option<StoreId>,
        id: ProductId,
        range: Option<DayRange>,
    ) -> Result<Option<(Store, ProductDetail)>, StoreError> {
        for candidate in self.stores.list(workspace).await? {
            if store.is_some_and(|s| s != candidate.scope.store) {
                continue;
            }
            if let Some(stored) = self.ports.catalog.find(candidate.scope, id).await? {
                let detail = self.detail(&candidate, stored, range).await?;
                return Ok(Some((candidate, detail)));
            }
        }
        Ok(None)
    }

    async fn detail(
        &self,
        store: &Store,
        stored: StoredProduct,
        range: Option<DayRange>,
    ) -> Result<ProductDetail, StoreError> {
        let key = stored.product.id.to_string();
        let mut series = Vec::new();
        if let Some(range) = range {
            for row in self
                .ports
                .reports
                .by_day(store.scope, store.currency, range, Dimension::Product, &key)
                .await?
            {
                series.push(ReportRow::new(
                    row.day.to_string(),
                    row.day.to_string(),
                    row.measures,
                ));
            }
        }
        let performance = (!series.is_empty()).then(|| {
            let mut total = domain::rollup::Measures::default();
            for row in &series {
                total += row.figures.measures;
            }
            ReportRow::new(key, stored.product.title.clone(), total)
        });
        let mut costs = Vec::new();
        for variant in &stored.product.variants {
            costs.extend(
                self.ports
                    .catalog
                    .cost_history(store.scope, variant.id)
                    .await?,
            );
        }
        let variants: Vec<_> = stored.product.variants.iter().map(|v| v.id).collect();
        let prices = self
            .ports
            .catalog
            .price_history(store.scope, &variants)
            .await?;
        let variants = match range {
            Some(range) => self.variants(store, &stored, range).await?,
            None => Vec::new(),
        };
        Ok(ProductDetail {
            view: ProductView {
                stored,
                performance,
            },
            series,
            costs,
            prices,
            variants,
        })
    }
}
