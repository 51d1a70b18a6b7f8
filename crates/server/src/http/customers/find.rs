//! `GET /v1/customers/{id}`

use super::figures::{PersonalData, coverage, margin};
use super::list::SummaryBody;
use crate::auth::Caller;
use crate::http::amounts::{amount, optional_amount};
use crate::http::ids::own_id;
use crate::http::orders::summary::SummaryBody as OrderBody;
use crate::http::reports::query::store_id;
use crate::problem::Problem;
use crate::state::App;
use actix_web::web;
use application::customers::CustomerDetail;
use chrono::NaiveDate;
use domain::customers::CustomerDay;
use domain::money::Currency;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Query {
    /// Only in this store; in all stores of the workspace when left out.
    #[param(value_type = Option<String>, pattern = "^([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})?$")]
    store_id: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CustomerDay)]
pub(crate) struct DayBody {
    day: NaiveDate,
    orders: i64,
    net_revenue: String,
    margin: Option<String>,
    coverage: Option<f64>,
}

impl DayBody {
    fn of(day: NaiveDate, sums: &CustomerDay, currency: Currency) -> Self {
        let (revenue, without) = (sums.net_revenue, sums.net_revenue_without_cost);
        Self {
            day,
            orders: sums.orders,
            net_revenue: amount(revenue, currency),
            margin: optional_amount(margin(sums.cm2, revenue, without), currency),
            coverage: coverage(revenue, without),
        }
    }
}

/// Scores from 1 (worst) to 5 (best).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CustomerScores)]
pub(crate) struct ScoresBody {
    recency: u8,
    /// The rounded mean of the scores of frequency and money.
    worth: u8,
    segment: String,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CustomerAnswer)]
pub(crate) struct Body {
    customer: SummaryBody,
    currency: String,
    /// Null with too few customers to compare with.
    scores: Option<ScoresBody>,
    /// Of the fixed segments.
    segments: Vec<String>,
    days_since_first_order: i64,
    days_since_last_order: i64,
    /// Days on which something was bought or given back, oldest first.
    days: Vec<DayBody>,
    /// Newest first, at most fifty.
    orders: Vec<OrderBody>,
    orders_total: Option<u64>,
    personal_data: PersonalData,
}

#[utoipa::path(
    get, path = "/v1/customers/{id}", operation_id = "customer", tag = "customers",
    summary = "A customer with orders, margin by day and segment",
    description = "One who was merged into another is answered by the one who is left.",
    params(("id" = String, Path, description = "the provider's number, or its global id as one percent-encoded segment"), Query),
    responses((status = 200, body = Body), (status = 404, response = crate::openapi::ProblemResponse))
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    id: web::Path<String>,
    query: web::Query<Query>,
) -> Result<web::Json<Body>, Problem> {
    let id = own_id(&id, "customer")?;
    let store = store_id(query.store_id.as_deref())?;
    let found = app.customers.find(who.workspace.id, store, id).await?;
    let (store, detail, visibility) = found.ok_or_else(|| Problem::not_found("customer"))?;
    Ok(web::Json(Body::of(
        &detail,
        store.currency,
        visibility.into(),
    )))
}

impl Body {
    fn of(detail: &CustomerDetail, currency: Currency, personal_data: PersonalData) -> Self {
        let standing = &detail.row.standing;
        let ago = |day: NaiveDate| (detail.today - day).num_days();
        Self {
            customer: SummaryBody::of(&detail.row, currency),
            currency: currency.to_string(),
            scores: detail.scores.map(|(recency, worth, segment)| ScoresBody {
                recency,
                worth,
                segment: segment.as_str().to_owned(),
            }),
            segments: detail.fixed.iter().map(|s| s.as_str().to_owned()).collect(),
            days_since_first_order: ago(standing.first_day),
            days_since_last_order: ago(standing.last_day),
            days: detail
                .days
                .iter()
                .map(|(day, sums)| DayBody::of(*day, sums, currency))
                .collect(),
            orders: detail.orders.items.iter().map(OrderBody::of).collect(),
            orders_total: detail.orders.total,
            personal_data,
        }
    }
}
