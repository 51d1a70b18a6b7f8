//! An order in a list.

use crate::http::amounts::{amount, optional_amount};
use application::orders::order_figures;
use chrono::{DateTime, NaiveDate, Utc};
use domain::ledger::{Basis, EntryKind};
use ports::orders::StoredOrder;
use serde::Serialize;
use utoipa::ToSchema;

/// How much of an order's sales has a known product cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = CostCoverage)]
pub(crate) enum CostCoverage {
    /// All of it.
    Actual,
    /// Some of it, or some is estimated.
    Partial,
    Missing,
    /// There are no sales that could have a cost.
    None,
}

/// Amounts are in the currency of the order.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OrderSummary)]
pub(crate) struct SummaryBody {
    /// The provider's number.
    id: String,
    name: String,
    processed_at: DateTime<Utc>,
    /// The store's local day of the sale.
    day: NaiveDate,
    channel: Option<String>,
    country: Option<String>,
    financial_status: String,
    fulfillment_status: String,
    cancelled_at: Option<DateTime<Utc>>,
    /// A test order never counts.
    test: bool,
    edited: bool,
    refunded: bool,
    customer_id: Option<String>,
    /// Sold less taken back.
    units: i64,
    currency: String,
    /// By the provider, after edits, refunds and cancellations.
    total: String,
    net_sales: String,
    cost_of_goods: Option<String>,
    /// Over all its days; null while no cost is known.
    profit: Option<String>,
    cost_coverage: CostCoverage,
    /// Grows by one with each applied change.
    version: i64,
}

impl SummaryBody {
    pub(crate) fn of(stored: &StoredOrder) -> Self {
        let order = &stored.order;
        let currency = order.currency;
        let figures = order_figures(stored);
        Self {
            id: order.id.to_string(),
            name: order.name.clone(),
            processed_at: order.processed_at,
            day: stored.ledger.day,
            channel: (!order.channel.is_empty()).then(|| order.channel.clone()),
            country: order.country.clone(),
            financial_status: order.financial_status.clone(),
            fulfillment_status: order.fulfillment_status.clone(),
            cancelled_at: order.cancelled_at,
            test: order.test,
            edited: order.edited,
            refunded: !order.refunds.is_empty(),
            customer_id: order.customer.map(|c| c.to_string()),
            units: figures.measures.units,
            currency: currency.to_string(),
            total: amount(order.totals.current_total, currency),
            net_sales: amount(figures.net_sales, currency),
            cost_of_goods: optional_amount(figures.cost_of_goods, currency),
            profit: optional_amount(figures.net_profit, currency),
            cost_coverage: coverage(stored),
            version: stored.version,
        }
    }
}

/// By the sales entries, not by their sums: an order that was refunded in full still had costs.
fn coverage(stored: &StoredOrder) -> CostCoverage {
    let bases: Vec<Basis> = stored
        .ledger
        .entries
        .iter()
        .filter(|e| e.kind == EntryKind::GrossSale)
        .map(|e| e.cost)
        .collect();
    match bases.as_slice() {
        [] => CostCoverage::None,
        all if all.iter().all(|b| *b == Basis::Actual) => CostCoverage::Actual,
        all if all.iter().all(|b| *b == Basis::Missing) => CostCoverage::Missing,
        _ => CostCoverage::Partial,
    }
}
