//! Variants with what a unit costs now, those first that lack a cost for the most sales.

use super::{CostError, Costs};
use domain::calendar::DayRange;
use domain::catalog::{CostRecord, Variant};
use domain::ids::{ProductId, VariantId};
use domain::rollup::{Dimension, Measures};
use domain::store::Store;
use ports::catalog::{ProductQuery, StoredProduct};
use ports::page::MAX_LIMIT;
use ports::{Kind, Page, PageRequest, PortError, PortResult, Retry};
use std::collections::BTreeMap;

/// Sales of so many days weigh a missing cost.
const DAYS: u64 = 365;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CostFilter {
    /// Nothing is known, and no default stands in.
    Missing,
    /// A default stands in.
    Estimated,
    Known,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CostQuery {
    pub text: Option<String>,
    pub filter: Option<CostFilter>,
}

#[derive(Debug, Clone)]
pub struct VariantView {
    pub product: ProductId,
    pub product_title: String,
    pub variant: Variant,
    /// What counts now; `None` when nothing is recorded.
    pub record: Option<CostRecord>,
    /// Ten-thousandths of the price that stand in for an unknown cost.
    pub default: Option<i64>,
    /// Of the last year.
    pub net_sales: i64,
    pub net_sales_without_cost: i64,
}

impl VariantView {
    #[must_use]
    pub const fn state(&self) -> CostFilter {
        match (&self.record, self.default) {
            (Some(_), _) => CostFilter::Known,
            (None, Some(_)) => CostFilter::Estimated,
            (None, None) => CostFilter::Missing,
        }
    }

    /// The worst first: by what lacks a cost, then by what was sold.
    fn rank(&self) -> (i64, i64, i64) {
        (
            -self.net_sales_without_cost,
            -self.net_sales,
            self.variant.id.0,
        )
    }
}

impl Costs {
    pub async fn variants(
        &self,
        store: &Store,
        query: &CostQuery,
        page: &PageRequest,
    ) -> Result<Page<VariantView>, CostError> {
        let after = page.cursor.as_deref().map(read_cursor).transpose()?;
        let mut views = self.all_variants(store, query.text.clone()).await?;
        views.retain(|v| query.filter.is_none_or(|f| f == v.state()));
        views.sort_by_key(VariantView::rank);
        let total = views.len() as u64;
        let mut rest: Vec<_> = views
            .into_iter()
            .filter(|v| after.is_none_or(|after| v.rank() > after))
            .collect();
        let limit = page.limit as usize;
        let more = rest.len() > limit;
        rest.truncate(limit);
        let next_cursor = rest.last().filter(|_| more).map(|last| {
            let (missing, sales, id) = last.rank();
            format!("{missing}.{sales}.{id}")
        });
        Ok(Page {
            items: rest,
            total: Some(total),
            next_cursor,
        })
    }

    async fn all_variants(
        &self,
        store: &Store,
        text: Option<String>,
    ) -> Result<Vec<VariantView>, CostError> {
        let now = self.ports.clock.now();
        let book = self.ports.catalog.cost_book(store.scope).await?;
        let sold = self.sold(store).await?;
        let mut views = Vec::new();
        for stored in self.products(store, text).await? {
            let product = stored.product;
            for variant in product.variants {
                let record = book.record_at(variant.id, now).cloned();
                let measures = sold.get(&variant.id).copied().unwrap_or_default();
                views.push(VariantView {
                    product: product.id,
                    product_title: product.title.clone(),
                    record,
                    default: book.default.map(|d| d.basis_points),
                    net_sales: measures.net_sales(),
                    net_sales_without_cost: measures.cost_missing,
                    variant,
                });
            }
        }
        Ok(views)
    }

    async fn sold(&self, store: &Store) -> PortResult<BTreeMap<VariantId, Measures>> {
        let today = crate::ingest::calendar(store)?.day_of(self.ports.clock.now());
        let range = DayRange {
            from: today - chrono::Days::new(DAYS),
            to: today,
        };
        let rows = self
            .ports
            .reports
            .by_key(store.scope, store.currency, range, Dimension::Variant)
            .await?;
        let known = rows.into_iter().filter_map(|row| {
            let id = row.key.parse::<VariantId>().ok()?;
            Some((id, row.measures))
        });
        Ok(known.collect())
    }

    async fn products(
        &self,
        store: &Store,
        text: Option<String>,
    ) -> PortResult<Vec<StoredProduct>> {
        let query = ProductQuery {
            text,
            ..ProductQuery::default()
        };
        let mut page = PageRequest::first(MAX_LIMIT);
        let mut all = Vec::new();
        loop {
            let found = self.ports.catalog.list(store.scope, &query, &page).await?;
            all.extend(found.items);
            page.cursor = found.next_cursor;
            if page.cursor.is_none() {
                return Ok(all);
            }
        }
    }

    /// The variant with its product, and its history of costs, oldest first.
    pub async fn history(
        &self,
        store: &Store,
        id: VariantId,
    ) -> Result<Option<(VariantView, Vec<CostRecord>)>, CostError> {
        let views = self.all_variants(store, None).await?;
        let Some(view) = views.into_iter().find(|v| v.variant.id == id) else {
            return Ok(None);
        };
        let history = self.ports.catalog.cost_history(store.scope, id).await?;
        Ok(Some((view, history)))
    }
}

fn read_cursor(text: &str) -> PortResult<(i64, i64, i64)> {
    let parts: Vec<i64> = text.split('.').filter_map(|p| p.parse().ok()).collect();
    match parts[..] {
        [missing, sales, id] => Ok((missing, sales, id)),
        _ => Err(PortError::new(
            Kind::Rejected,
            Retry::Never,
            "royal",
            "costs.list",
            "the cursor was not made by this list; start again without one",
        )),
    }
}
