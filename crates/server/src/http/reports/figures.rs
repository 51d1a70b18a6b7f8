//! Rows and coverage as the API and the command line write them.

use crate::http::amounts::{amount, optional_amount, share};
use application::reports::ReportRow;
use domain::money::Currency;
use domain::report::{Coverage, Shares};
use domain::store::Store;
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = StoreRef)]
pub(crate) struct StoreRef {
    pub(crate) id: String,
    pub(crate) name: String,
}

impl StoreRef {
    pub(crate) fn of(store: &Store) -> Self {
        Self {
            id: store.scope.store.to_string(),
            name: store.name.clone(),
        }
    }
}

/// Shares of net sales from 0 to 1 that add up to 1; all null when there were no sales.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Share)]
pub(crate) struct ShareBody {
    actual: Option<f64>,
    estimated: Option<f64>,
    missing: Option<f64>,
}

/// How much of net sales has a known cost, shipping cost, payment fee and ad spend.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Coverage)]
pub(crate) struct CoverageBody {
    cost: ShareBody,
    shipping: ShareBody,
    fees: ShareBody,
    ad_spend: ShareBody,
}

/// Amounts are decimal strings in the currency of the report; null is unknown, and `unavailable` says why.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Row)]
pub(crate) struct Row {
    /// `2026-02-14`, `2026-W07`, `2026-02`, a product's or variant's number, a channel, a country.
    pub(crate) key: String,
    pub(crate) label: String,
    /// Each order once; by product and variant at its first line, so that rows add up.
    pub(crate) orders: i64,
    /// Orders with at least one such line; only by product and variant.
    pub(crate) orders_containing: Option<i64>,
    /// Sold less taken back.
    pub(crate) units: i64,
    pub(crate) gross_sales: String,
    /// Positive; taken off.
    pub(crate) discounts: String,
    /// Positive; taken off.
    pub(crate) returns: String,
    pub(crate) net_sales: String,
    pub(crate) shipping: String,
    pub(crate) taxes: String,
    pub(crate) duties: String,
    pub(crate) fees_charged: String,
    pub(crate) tips: String,
    pub(crate) total_sales: String,
    /// Net sales + shipping + tips.
    pub(crate) net_revenue: String,
    /// The part of net revenue whose product cost is unknown: shown apart, part of no profit.
    pub(crate) net_revenue_without_cost: String,
    /// Sold gift cards: a liability, not a sale.
    pub(crate) gift_cards: String,
    pub(crate) cost_of_goods: Option<String>,
    /// (net revenue − net revenue without cost) − cost of goods.
    pub(crate) cm1: Option<String>,
    pub(crate) shipping_cost: Option<String>,
    pub(crate) payment_fees: String,
    /// The part of the payment fees that lies on revenue without cost: apart with it, part of no profit.
    pub(crate) payment_fees_without_cost: String,
    /// CM1 − shipping cost − payment fees on what is covered.
    pub(crate) cm2: Option<String>,
    pub(crate) ad_spend: Option<String>,
    pub(crate) cm3: Option<String>,
    pub(crate) fixed_costs: Option<String>,
    pub(crate) net_profit: Option<String>,
    pub(crate) coverage: CoverageBody,
}

/// A row of a product.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = ProductRow)]
pub(crate) struct ProductRow {
    #[serde(flatten)]
    pub(crate) row: Row,
    pub(crate) product_id: String,
}

/// A row of a day.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = SeriesRow)]
pub(crate) struct SeriesRow {
    #[serde(flatten)]
    pub(crate) row: Row,
    #[schema(format = "date")]
    pub(crate) day: String,
}

/// Something to know about figures that are there, e.g. that fees of a gateway are unknown.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Note)]
pub(crate) struct NoteBody {
    pub(crate) code: String,
    pub(crate) message: String,
}

impl ShareBody {
    fn of(shares: Option<Shares>) -> Self {
        Self {
            actual: shares.map(|s| share(s.actual)),
            estimated: shares.map(|s| share(s.estimated)),
            missing: shares.map(|s| share(s.missing)),
        }
    }
}

impl CoverageBody {
    pub(crate) fn of(coverage: &Coverage) -> Self {
        Self {
            cost: ShareBody::of(coverage.cost),
            shipping: ShareBody::of(coverage.shipping),
            fees: ShareBody::of(coverage.fees),
            ad_spend: ShareBody::of(coverage.ad_spend),
        }
    }
}

impl CoverageBody {
    /// Share of net sales whose product cost is known or estimated.
    pub(crate) fn cost_known(&self) -> Option<f64> {
        self.cost.missing.map(|missing| 1.0 - missing)
    }
}

impl Row {
    pub(crate) fn of(row: &ReportRow, currency: Currency) -> Self {
        let f = &row.figures;
        let m = &f.measures;
        let money = |minor| amount(minor, currency);
        let known = |minor| optional_amount(minor, currency);
        Self {
            key: row.key.clone(),
            label: row.label.clone(),
            orders: m.orders,
            orders_containing: (m.orders_containing != 0).then_some(m.orders_containing),
            units: m.units,
            gross_sales: money(m.gross_sales),
            discounts: money(m.discounts),
            returns: money(m.returns),
            net_sales: money(f.net_sales),
            shipping: money(m.shipping),
            taxes: money(m.taxes),
            duties: money(m.duties),
            fees_charged: money(m.fees_charged),
            tips: money(m.tips),
            total_sales: money(f.total_sales),
            net_revenue: money(f.net_revenue),
            net_revenue_without_cost: money(f.net_revenue_without_cost),
            gift_cards: money(m.gift_cards),
            cost_of_goods: known(f.cost_of_goods),
            cm1: known(f.cm1),
            shipping_cost: known(f.shipping_cost),
            payment_fees: money(m.payment_fees),
            payment_fees_without_cost: money(m.payment_fees_without_cost),
            cm2: known(f.cm2),
            ad_spend: known(f.ad_spend),
            cm3: known(f.cm3),
            fixed_costs: known(f.fixed_costs),
            net_profit: known(f.net_profit),
            coverage: CoverageBody::of(&row.coverage),
        }
    }
}

impl ProductRow {
    pub(crate) fn of(row: &ReportRow, currency: Currency) -> Self {
        Self {
            row: Row::of(row, currency),
            product_id: row.key.clone(),
        }
    }
}

impl SeriesRow {
    pub(crate) fn of(row: &ReportRow, currency: Currency) -> Self {
        Self {
            row: Row::of(row, currency),
            day: row.key.clone(),
        }
    }
}
