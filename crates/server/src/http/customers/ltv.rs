//! `GET /v1/customers/ltv`

use super::cohorts::month_key;
use super::figures::{HorizonBody, interval_note};
use crate::auth::Caller;
use crate::http::amounts::{amount, optional_amount};
use crate::http::reports::figures::StoreRef;
use crate::http::reports::query::store_id;
use crate::problem::Problem;
use crate::state::App;
use actix_web::web;
use application::customers::{Acquisition, LtvReport};
use chrono::{DateTime, NaiveDate, Utc};
use domain::customers::Payback;
use domain::money::Currency;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Cohorts that are shown beside the curve.
const COHORTS: usize = 12;

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Query {
    /// First day of the spend and of the new customers that make up what one costs; the last 365 days when both are left out.
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
    #[param(value_type = Option<String>, pattern = "^([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})?$")]
    store_id: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LtvPoint)]
pub(crate) struct PointBody {
    /// Since the first order.
    day: u32,
    value: String,
    low: Option<String>,
    high: Option<String>,
    customers: u64,
}

/// nCAC: ad spend / new customers of the same days.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AcquisitionCost)]
pub(crate) struct AcquisitionBody {
    cost: Option<String>,
    spend: Option<String>,
    new_customers: Option<u64>,
    from: NaiveDate,
    to: NaiveDate,
    /// Why there is no cost.
    reason: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Payback)]
pub(crate) struct PaybackBody {
    /// The first day on which LTV is at least nCAC.
    day: Option<u32>,
    reason: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CohortLtv)]
pub(crate) struct CohortBody {
    month: String,
    customers: u64,
    values: Vec<HorizonBody>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Ltv)]
pub(crate) struct Body {
    store: StoreRef,
    currency: String,
    /// After 30, 60, 90, 180 and 365 days, over all who have been there that long.
    values: Vec<HorizonBody>,
    /// From day 0 to the last day that anybody has been observed for.
    points: Vec<PointBody>,
    acquisition: AcquisitionBody,
    payback: PaybackBody,
    /// The newest twelve, newest first.
    cohorts: Vec<CohortBody>,
    /// Why there are no intervals.
    interval_note: Option<String>,
    as_of: DateTime<Utc>,
    stale: bool,
}

#[utoipa::path(
    get, path = "/v1/customers/ltv", operation_id = "customer_ltv", tag = "customers",
    summary = "Lifetime value in contribution margin day by day, and the day on which it pays for acquisition",
    params(Query),
    responses((status = 200, body = Body))
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    query: web::Query<Query>,
) -> Result<web::Json<Body>, Problem> {
    let store = store_id(query.store_id.as_deref())?;
    let report = app
        .customers
        .ltv(who.workspace.id, store, query.from, query.to)
        .await?;
    Ok(web::Json(Body::of(&report)))
}

impl Body {
    fn of(report: &LtvReport) -> Self {
        let (analysis, currency) = (&report.analysed.analysis, report.store.currency);
        let horizons = |values: &[domain::customers::HorizonValue]| -> Vec<HorizonBody> {
            values
                .iter()
                .map(|v| HorizonBody::of(v, currency))
                .collect()
        };
        let newest = analysis.cohorts.iter().rev().take(COHORTS);
        Self {
            store: StoreRef::of(&report.store),
            currency: currency.to_string(),
            values: horizons(&analysis.ltv.values),
            points: analysis
                .ltv
                .points
                .iter()
                .map(|p| PointBody {
                    day: p.day,
                    value: amount(p.value.mean, currency),
                    low: optional_amount(p.value.low, currency),
                    high: optional_amount(p.value.high, currency),
                    customers: p.value.customers,
                })
                .collect(),
            acquisition: AcquisitionBody::of(&report.acquisition, currency),
            payback: PaybackBody::of(report),
            cohorts: newest
                .map(|c| CohortBody {
                    month: month_key(c.month),
                    customers: c.customers,
                    values: horizons(&c.values),
                })
                .collect(),
            interval_note: interval_note(analysis.ltv.points.first().map(|p| &p.value)),
            as_of: report.analysed.as_of,
            stale: report.analysed.stale,
        }
    }
}

impl AcquisitionBody {
    fn of(acquisition: &Acquisition, currency: Currency) -> Self {
        let without = |range: &domain::calendar::DayRange, reason: &str| Self {
            cost: None,
            spend: None,
            new_customers: None,
            from: range.from,
            to: range.to,
            reason: Some(reason.to_owned()),
        };
        match acquisition {
            Acquisition::Known {
                cost,
                spend,
                new_customers,
                range,
                ..
            } => Self {
                cost: Some(amount(*cost, currency)),
                spend: Some(amount(*spend, currency)),
                new_customers: Some(*new_customers),
                from: range.from,
                to: range.to,
                reason: None,
            },
            Acquisition::NoSpend { range } => without(
                range,
                "no ad spend that can be told in the store's currency is recorded for these days",
            ),
            Acquisition::NobodyNew { range } => without(range, "nobody new ordered in these days"),
        }
    }
}

impl PaybackBody {
    fn of(report: &LtvReport) -> Self {
        let without = |reason: String| Self {
            day: None,
            reason: Some(reason),
        };
        if !matches!(report.acquisition, Acquisition::Known { .. }) {
            return without("what a new customer costs is not known".to_owned());
        }
        match report.payback {
            Payback::Day(day) => Self {
                day: Some(day),
                reason: None,
            },
            Payback::NotWithin { days } => without(format!("not within the {days} days observed")),
            Payback::Unknown => without("no lifetime value is observed yet".to_owned()),
        }
    }
}
