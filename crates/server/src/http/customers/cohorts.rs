//! `GET /v1/cohorts`

use super::figures::{HorizonBody, coverage, margin, ratio};
use crate::auth::Caller;
use crate::http::amounts::{amount, optional_amount};
use crate::http::reports::figures::StoreRef;
use crate::http::reports::query::store_id;
use crate::problem::{FieldError, Problem};
use crate::state::App;
use actix_web::web;
use chrono::{DateTime, NaiveDate, Utc};
use domain::customers::{Cohort, CohortMonth};
use domain::money::Currency;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

const DEFAULT_MONTHS: u32 = 12;
const MAX_MONTHS: u32 = 60;

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = CohortBy)]
pub(crate) enum By {
    /// By the month of the first order.
    #[default]
    Month,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = CohortMeasure)]
pub(crate) enum Measure {
    /// Customers with an order in the month / all of the cohort.
    #[default]
    Retention,
    /// Customers with at least two orders up to the end of the month / all of the cohort.
    RepeatRate,
    /// Net revenue of the month.
    NetRevenue,
    /// CM2 of the month, of what is covered.
    Margin,
    /// CM2 per customer from the first order to the end of the month.
    CumulativeMargin,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Query {
    #[serde(default)]
    #[param(value_type = Option<By>)]
    by: By,
    #[serde(default)]
    #[param(value_type = Option<Measure>)]
    measure: Measure,
    /// So many months of first orders, and so many months after each; 12 when left out.
    #[param(minimum = 1, maximum = 60)]
    months: Option<u32>,
    #[param(value_type = Option<String>, pattern = "^([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})?$")]
    store_id: Option<String>,
}

/// A share or an amount, by the measure; null with its reason.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CohortCell)]
pub(crate) struct Cell {
    share: Option<f64>,
    amount: Option<String>,
    reason: Option<String>,
    /// The month is not over yet.
    partial: bool,
    /// Part of the revenue behind a margin whose product cost is known.
    coverage: Option<f64>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Cohort)]
pub(crate) struct CohortBody {
    /// `2026-02`: the month of the first order.
    month: String,
    customers: u64,
    /// The month of the first order first.
    cells: Vec<Cell>,
    /// Contribution margin per customer after 30, 60, 90, 180 and 365 days.
    ltv: Vec<HorizonBody>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Cohorts)]
pub(crate) struct Body {
    store: StoreRef,
    currency: String,
    by: By,
    measure: Measure,
    /// Months since the first order: 0 is the same month.
    columns: Vec<u32>,
    /// Newest first.
    cohorts: Vec<CohortBody>,
    /// Over all cohorts whose month is over, weighted by their size; null where there is none.
    average: Vec<Cell>,
    as_of: DateTime<Utc>,
    stale: bool,
}

#[utoipa::path(
    get, path = "/v1/cohorts", operation_id = "cohorts", tag = "customers",
    summary = "Customers by the month of their first order, and what became of them",
    params(Query),
    responses((status = 200, body = Body))
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    query: web::Query<Query>,
) -> Result<web::Json<Body>, Problem> {
    let months = query.months.unwrap_or(DEFAULT_MONTHS);
    if !(1..=MAX_MONTHS).contains(&months) {
        let message = format!("must be from 1 to {MAX_MONTHS}");
        return Err(Problem::invalid(vec![FieldError::new("months", message)]));
    }
    let store = store_id(query.store_id.as_deref())?;
    let (store, analysed) = app.customers.report(who.workspace.id, store).await?;
    let cohorts = &analysed.analysis.cohorts;
    let newest = cohorts.iter().rev().take(months as usize);
    let newest: Vec<&Cohort> = newest.collect();
    let longest = newest.iter().map(|c| c.months.len()).max().unwrap_or(0);
    let width = longest.min(months as usize);
    let measure = query.measure;
    let currency = store.currency;
    Ok(web::Json(Body {
        columns: (0..width)
            .map(|n| u32::try_from(n).unwrap_or(u32::MAX))
            .collect(),
        average: (0..width)
            .map(|n| average(&newest, n, measure, currency))
            .collect(),
        cohorts: newest
            .iter()
            .map(|c| CohortBody::of(c, width, measure, currency))
            .collect(),
        store: StoreRef::of(&store),
        currency: currency.to_string(),
        by: query.by,
        measure,
        as_of: analysed.as_of,
        stale: analysed.stale,
    }))
}

impl CohortBody {
    fn of(cohort: &Cohort, width: usize, measure: Measure, currency: Currency) -> Self {
        Self {
            month: month_key(cohort.month),
            customers: cohort.customers,
            cells: (0..width)
                .map(|n| cell(cohort, n, measure, currency))
                .collect(),
            ltv: cohort
                .values
                .iter()
                .map(|v| HorizonBody::of(v, currency))
                .collect(),
        }
    }
}

pub(super) fn month_key(month: NaiveDate) -> String {
    month.format("%Y-%m").to_string()
}

fn empty(reason: &str) -> Cell {
    Cell {
        share: None,
        amount: None,
        reason: Some(reason.to_owned()),
        partial: false,
        coverage: None,
    }
}

fn cell(cohort: &Cohort, offset: usize, measure: Measure, currency: Currency) -> Cell {
    match cohort.months.get(offset) {
        None => empty("this month has not begun"),
        Some(month) => {
            let so_far = &cohort.months[..=offset];
            of_months(so_far, month, cohort.customers, measure, currency)
        }
    }
}

/// `so_far` are the months up to and with `month`.
fn of_months(
    so_far: &[CohortMonth],
    month: &CohortMonth,
    customers: u64,
    measure: Measure,
    currency: Currency,
) -> Cell {
    let mut cell = Cell {
        share: None,
        amount: None,
        reason: None,
        partial: !month.complete,
        coverage: None,
    };
    match measure {
        Measure::Retention => cell.share = ratio(month.active, customers),
        Measure::RepeatRate => cell.share = ratio(month.repeaters, customers),
        Measure::NetRevenue => cell.amount = Some(amount(month.net_revenue, currency)),
        Measure::Margin => {
            let (revenue, without) = (month.net_revenue, month.net_revenue_without_cost);
            cell.amount = optional_amount(margin(month.cm2, revenue, without), currency);
            cell.coverage = coverage(revenue, without);
        }
        Measure::CumulativeMargin => {
            let revenue = so_far.iter().map(|m| m.net_revenue).sum();
            let without = so_far.iter().map(|m| m.net_revenue_without_cost).sum();
            let cm2 = so_far.iter().map(|m| m.cm2).sum();
            let each = margin(cm2, revenue, without).map(|sum| per(sum, customers));
            cell.amount = optional_amount(each, currency);
            cell.coverage = coverage(revenue, without);
        }
    }
    if cell.share.is_none() && cell.amount.is_none() {
        cell.reason = Some("no product cost is known for what was bought".to_owned());
    }
    cell
}

/// Half away from zero.
fn per(sum: i64, customers: u64) -> i64 {
    let (sum, n) = (i128::from(sum), i128::from(customers.max(1)));
    let rounded = (sum.abs() * 2 + n) / (n * 2) * sum.signum();
    i64::try_from(rounded).unwrap_or(i64::MAX)
}

/// As if the cohorts that have come so far were one.
fn average(cohorts: &[&Cohort], offset: usize, measure: Measure, currency: Currency) -> Cell {
    let old: Vec<&&Cohort> = cohorts
        .iter()
        .filter(|c| c.months.get(offset).is_some_and(|m| m.complete))
        .collect();
    if old.is_empty() {
        return empty("this month is not over for any of them");
    }
    let customers = old.iter().map(|c| c.customers).sum();
    let mut months = vec![CohortMonth::default(); offset + 1];
    for cohort in &old {
        for (sum, month) in months.iter_mut().zip(&cohort.months) {
            sum.active += month.active;
            sum.repeaters += month.repeaters;
            sum.net_revenue += month.net_revenue;
            sum.net_revenue_without_cost += month.net_revenue_without_cost;
            sum.cm2 += month.cm2;
            sum.complete = true;
        }
    }
    let last = months[offset];
    if matches!(measure, Measure::NetRevenue | Measure::Margin) {
        // A mean over cohorts, as their rows are sums of a month.
        let count = old.len() as u64;
        let known = match measure {
            Measure::Margin => margin(last.cm2, last.net_revenue, last.net_revenue_without_cost),
            _ => Some(last.net_revenue),
        };
        let mut cell = of_months(&months, &last, customers, measure, currency);
        cell.amount = optional_amount(known.map(|sum| per(sum, count)), currency);
        return cell;
    }
    of_months(&months, &last, customers, measure, currency)
}
