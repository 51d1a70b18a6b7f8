//! Rows and coverage as the API and the command line write them.

use super::query::ALL_STORES;
use crate::http::amounts::{optional_amount, share};
use application::reports::{RateUse, ReportRow, View};
use chrono::NaiveDate;
use domain::money::Currency;
use domain::report::{Coverage, Shares};
use domain::store::Store;
use serde::Serialize;
use utoipa::ToSchema;

/// Of all stores together the id is `all`.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = StoreRef)]
pub(crate) struct StoreRef {
    pub(crate) id: String,
    pub(crate) name: String,
}

/// A store in a report of several: its days are those of its own zone.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = StoreInReport)]
pub(crate) struct StoreInReport {
    pub(crate) id: String,
    pub(crate) name: String,
    /// Its own; what the report shows is converted when the report's is another.
    pub(crate) currency: String,
    pub(crate) timezone: String,
}

/// By which rates amounts of another currency were converted, day by day.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = RateUse)]
pub(crate) struct RateUseBody {
    from: String,
    to: String,
    /// `EUR/USD`.
    pair: String,
    /// The currency between the two, when there is no rate of the pair itself.
    via: Option<String>,
    /// `entered`, `imported` or `feed`.
    source: String,
    /// Days that were converted by it.
    days: usize,
    /// Days of the oldest and the newest rate among them.
    oldest: NaiveDate,
    newest: NaiveDate,
    /// How old a rate was at most on the day that it was used for.
    max_age_days: u32,
    /// The newest rate, to look at.
    latest: String,
}

impl StoreRef {
    pub(crate) fn of(store: &Store) -> Self {
        Self {
            id: store.scope.store.to_string(),
            name: store.name.clone(),
        }
    }

    pub(crate) fn of_view(view: &View) -> Self {
        view.single().map_or_else(
            || Self {
                id: ALL_STORES.to_owned(),
                name: "All stores".to_owned(),
            },
            Self::of,
        )
    }
}

impl StoreInReport {
    pub(crate) fn of_view(view: &View) -> Vec<Self> {
        let one = |store: &Store| Self {
            id: store.scope.store.to_string(),
            name: store.name.clone(),
            currency: store.currency.to_string(),
            timezone: store.timezone.clone(),
        };
        view.stores.iter().map(one).collect()
    }
}

impl RateUseBody {
    pub(crate) fn of(used: &RateUse) -> Self {
        Self {
            from: used.from.to_string(),
            to: used.to.to_string(),
            pair: format!("{}/{}", used.from, used.to),
            via: used.via.map(|c| c.to_string()),
            source: used.source.as_str().to_owned(),
            days: used.days,
            oldest: used.oldest,
            newest: used.newest,
            max_age_days: used.max_age_days,
            latest: used.latest.to_string(),
        }
    }

    /// `EUR/USD by 30 rates (feed), the newest 1.1657 of 2026-11-26`.
    pub(crate) fn in_words(&self) -> String {
        let via = self
            .via
            .as_ref()
            .map(|via| format!(" through {via}"))
            .unwrap_or_default();
        format!(
            "{}{via}, {} days by rates of {} to {} ({}), the newest {}",
            self.pair, self.days, self.oldest, self.newest, self.source, self.latest
        )
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
    pub(crate) cost: ShareBody,
    pub(crate) shipping: ShareBody,
    pub(crate) fees: ShareBody,
    pub(crate) ad_spend: ShareBody,
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
    pub(crate) gross_sales: Option<String>,
    /// Positive; taken off.
    pub(crate) discounts: Option<String>,
    /// Positive; taken off.
    pub(crate) returns: Option<String>,
    pub(crate) net_sales: Option<String>,
    pub(crate) shipping: Option<String>,
    pub(crate) taxes: Option<String>,
    pub(crate) duties: Option<String>,
    pub(crate) fees_charged: Option<String>,
    pub(crate) tips: Option<String>,
    pub(crate) total_sales: Option<String>,
    /// Net sales + shipping + tips.
    pub(crate) net_revenue: Option<String>,
    /// The part of net revenue whose product cost is unknown: shown apart, part of no profit.
    pub(crate) net_revenue_without_cost: Option<String>,
    /// Sold gift cards: a liability, not a sale.
    pub(crate) gift_cards: Option<String>,
    pub(crate) cost_of_goods: Option<String>,
    /// (net revenue − net revenue without cost) − cost of goods.
    pub(crate) cm1: Option<String>,
    pub(crate) shipping_cost: Option<String>,
    pub(crate) payment_fees: Option<String>,
    /// The part of the payment fees that lies on revenue without cost: apart with it, part of no profit.
    pub(crate) payment_fees_without_cost: Option<String>,
    /// CM1 − shipping cost − payment fees on what is covered.
    pub(crate) cm2: Option<String>,
    pub(crate) ad_spend: Option<String>,
    pub(crate) cm3: Option<String>,
    pub(crate) fixed_costs: Option<String>,
    pub(crate) net_profit: Option<String>,
    pub(crate) coverage: CoverageBody,
    /// To which store the row belongs; by store, product and variant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) store_id: Option<String>,
    /// Why none of its money is known: days without an exchange rate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) withheld: Option<String>,
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
        let known = |minor: Option<i64>| {
            optional_amount(minor.filter(|_| row.withheld.is_none()), currency)
        };
        let money = |minor| known(Some(minor));
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
            store_id: row.store.map(|id| id.to_string()),
            withheld: row.withheld.clone(),
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
