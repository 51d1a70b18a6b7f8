//! Products to look at, each with what it earned in a range.

use crate::Ports;
use crate::reports::ReportRow;
use crate::stores::{StoreError, Stores};
use domain::calendar::DayRange;
use domain::catalog::CostRecord;
use domain::ids::{ProductId, StoreId, WorkspaceId};
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
        Ok(ProductDetail {
            view: ProductView {
                stored,
                performance,
            },
            series,
            costs,
        })
    }
}
