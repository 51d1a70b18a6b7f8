//! Whose figures a passport tells: all that the stores sold, one product, or one order.

use super::collect::Cell;
use super::unavailable::Excludes;
use super::{ProfitReport, ReportError, ReportQuery, ReportRow, Reports, Split, StoreChoice, View};
use crate::ingest::calendar;
use crate::orders::order_figures;
use domain::calendar::DayRange;
use domain::ids::{OrderId, ProductId};
use domain::rollup::Dimension;
use domain::store::Store;

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Subject {
    #[default]
    All,
    Product(ProductId),
    /// Over all of its days.
    Order(OrderId),
}

impl Reports {
    /// `None` when there is no such product or order.
    pub(super) async fn of_subject(
        &self,
        query: &ReportQuery,
        subject: Subject,
    ) -> Result<Option<ProfitReport>, ReportError> {
        match subject {
            Subject::All => Ok(Some(self.profit(query, Split::Store).await?)),
            Subject::Product(id) => self.of_product(query, id).await,
            Subject::Order(id) => self.of_order(query, id).await,
        }
    }

    /// The chosen store, else all of the workspace.
    async fn candidates(&self, query: &ReportQuery) -> Result<Vec<Store>, ReportError> {
        Ok(match query.store {
            StoreChoice::One(id) => vec![self.stores.pick(query.workspace, Some(id)).await?],
            StoreChoice::First | StoreChoice::All => self.stores.list(query.workspace).await?,
        })
    }

    async fn of_product(
        &self,
        query: &ReportQuery,
        id: ProductId,
    ) -> Result<Option<ProfitReport>, ReportError> {
        for store in self.candidates(query).await? {
            let Some(stored) = self.ports.catalog.find(store.scope, id).await? else {
                continue;
            };
            let of_store = ReportQuery {
                store: StoreChoice::One(store.scope.store),
                ..query.clone()
            };
            let view = self.view(&of_store).await?;
            let mut converter = self
                .converter(query.workspace, &view, &[view.range])
                .await?;
            let of = (Dimension::Product, id.to_string());
            let days = self
                .days_of(&store, view.range, (of.0, &of.1), &mut converter)
                .await?;
            let mut total = Cell::default();
            for (_, cell) in &days {
                total.add(cell);
            }
            let total = ReportRow::of(of.1, stored.product.title, &total);
            let report = self.one_row(view, total, Split::Product).await?;
            return Ok(Some(ProfitReport {
                rates: converter.used(),
                ..report
            }));
        }
        Ok(None)
    }

    async fn of_order(
        &self,
        query: &ReportQuery,
        id: OrderId,
    ) -> Result<Option<ProfitReport>, ReportError> {
        for store in self.candidates(query).await? {
            let Some(stored) = self.ports.orders.find(store.scope, id).await? else {
                continue;
            };
            let day = calendar(&store)?.day_of(stored.order.processed_at);
            let days = stored.ledger.entries.iter().map(|e| e.day);
            let range = DayRange {
                from: days.clone().fold(day, std::cmp::min),
                to: days.fold(day, std::cmp::max),
            };
            let view = View {
                all: false,
                currency: stored.order.currency,
                range,
                stores: vec![store],
            };
            let measures = order_figures(&stored).measures;
            let total = ReportRow::new(id.to_string(), stored.order.name.clone(), measures);
            let report = self.one_row(view, total, Split::Product).await?;
            return Ok(Some(ProfitReport {
                as_of: Some(stored.observed_at),
                ..report
            }));
        }
        Ok(None)
    }

    async fn one_row(
        &self,
        view: View,
        total: ReportRow,
        split: Split,
    ) -> Result<ProfitReport, ReportError> {
        let mut unavailable = self.unavailable(&view, split, &total).await?;
        for field in ["ad_spend", "fixed_costs"] {
            let reason = "It belongs to days, not to single products or orders.";
            unavailable.fields.insert(field, reason.to_owned());
        }
        // What is left out of the whole store says nothing about one thing of it.
        unavailable
            .notes
            .retain(|note| !["other_currency", "day_costs_without_rate"].contains(&note.code));
        Ok(ProfitReport {
            as_of: self.as_of(&view).await?,
            split,
            rows: Vec::new(),
            excludes: Excludes::of(&total),
            total,
            unavailable,
            rates: Vec::new(),
            comparison: None,
            view,
        })
    }
}
