//! `GET /v1/reports/pulse`

use super::figures::{
    CoverageBody, NoteBody, ProductRow, RateUseBody, Row, SeriesRow, StoreInReport, StoreRef,
};
use super::profit::{ComparisonBody, excludes, notes, reasons};
use super::query::RangeQuery;
use crate::auth::Caller;
use crate::http::amounts::{amount, optional_amount};
use crate::problem::Problem;
use crate::state::App;
use actix_web::web;
use application::reports::Pulse;
use chrono::{DateTime, NaiveDate, Utc};
use domain::money::Currency;
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// The last whole day against the same weekday of the weeks before.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WeekdayMedian)]
pub(crate) struct MedianBody {
    /// `net_profit`.
    metric: String,
    day: NaiveDate,
    /// The day's own figure.
    day_value: Option<String>,
    /// The median.
    value: Option<String>,
    /// Weeks that had data.
    samples: i64,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WithoutCost)]
pub(crate) struct WithoutCostBody {
    /// Variants sold in the range whose cost is missing.
    variants: i64,
    net_sales: String,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Pulse)]
pub(crate) struct PulseBody {
    store: StoreRef,
    currency: String,
    /// Of the days; null when the stores have several: each store's day is that of its own zone.
    timezone: Option<String>,
    stores: Vec<StoreInReport>,
    from: NaiveDate,
    to: NaiveDate,
    as_of: Option<DateTime<Utc>>,
    total: Row,
    comparison: Option<ComparisonBody>,
    coverage: CoverageBody,
    unavailable: BTreeMap<String, String>,
    excludes: BTreeMap<String, Vec<String>>,
    notes: Vec<NoteBody>,
    /// Empty when nothing had to be converted.
    rates: Vec<RateUseBody>,
    /// A row a day, oldest first, quiet days included.
    series: Vec<SeriesRow>,
    comparison_series: Option<Vec<SeriesRow>>,
    best_products: Vec<ProductRow>,
    worst_products: Vec<ProductRow>,
    weekday_median: Option<MedianBody>,
    products_without_cost: WithoutCostBody,
}

#[utoipa::path(
    get, path = "/v1/reports/pulse", operation_id = "pulse", tag = "reports",
    summary = "One screen: did I make money, on which days, with which products",
    params(RangeQuery),
    responses((status = 200, body = PulseBody))
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    query: web::Query<RangeQuery>,
) -> Result<web::Json<PulseBody>, Problem> {
    let pulse = app.reports.pulse(&query.asked(who.workspace.id)?).await?;
    Ok(web::Json(PulseBody::of(&pulse)))
}

impl PulseBody {
    fn of(pulse: &Pulse) -> Self {
        let (view, currency) = (&pulse.view, pulse.view.currency);
        let series = |rows: &[application::reports::ReportRow]| {
            rows.iter().map(|r| SeriesRow::of(r, currency)).collect()
        };
        let products = |rows: &[application::reports::ReportRow]| {
            rows.iter().map(|r| ProductRow::of(r, currency)).collect()
        };
        Self {
            store: StoreRef::of_view(view),
            currency: currency.to_string(),
            timezone: view.zone().map(str::to_owned),
            stores: StoreInReport::of_view(view),
            from: view.range.from,
            to: view.range.to,
            as_of: pulse.as_of,
            total: Row::of(&pulse.total, currency),
            comparison: pulse
                .comparison
                .as_ref()
                .map(|c| ComparisonBody::of(c, currency, false)),
            coverage: CoverageBody::of(&pulse.total.coverage),
            unavailable: reasons(&pulse.unavailable),
            excludes: excludes(&pulse.excludes),
            notes: notes(&pulse.unavailable),
            rates: pulse.rates.iter().map(RateUseBody::of).collect(),
            series: series(&pulse.series),
            comparison_series: pulse.comparison.as_ref().map(|c| series(&c.rows)),
            best_products: products(&pulse.best),
            worst_products: products(&pulse.worst),
            weekday_median: MedianBody::of(pulse, currency),
            products_without_cost: WithoutCostBody {
                variants: i64::try_from(pulse.without_cost.variants).unwrap_or(i64::MAX),
                net_sales: amount(pulse.without_cost.net_sales, currency),
            },
        }
    }
}

impl MedianBody {
    fn of(pulse: &Pulse, currency: Currency) -> Option<Self> {
        pulse.weekday_median.map(|m| Self {
            metric: "net_profit".to_owned(),
            day: m.day,
            day_value: optional_amount(m.day_net_profit, currency),
            value: Some(amount(m.median, currency)),
            samples: i64::try_from(m.samples).unwrap_or(i64::MAX),
        })
    }
}
