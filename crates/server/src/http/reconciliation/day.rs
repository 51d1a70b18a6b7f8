//! `GET /v1/reconciliation/{day}`

use super::days::store;
use super::view::{DayBody, FindingBody};
use crate::auth::Caller;
use crate::problem::Problem;
use crate::state::App;
use actix_web::web;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Query {
    #[param(value_type = Option<String>, format = "uuid")]
    store: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReconciledDayDetail)]
pub(crate) struct Body {
    currency: String,
    #[serde(flatten)]
    day: DayBody,
    /// Orders that differ, by cause. Their differences and what is unexplained add up to the day's.
    findings: Vec<FindingBody>,
}

#[utoipa::path(
    get, path = "/v1/reconciliation/{day}", operation_id = "reconciled_day", tag = "reconciliation",
    summary = "One day: causes and orders",
    params(("day" = String, Path, format = "date"), Query),
    responses((status = 200, body = Body), (status = 404, response = crate::openapi::ProblemResponse))
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    day: web::Path<String>,
    query: web::Query<Query>,
) -> Result<web::Json<Body>, Problem> {
    let day: NaiveDate = day.parse().map_err(|_| Problem::not_found("day"))?;
    let wanted = store(query.store.as_deref())?;
    let (_, checked) = app
        .reconciliations
        .day(who.workspace.id, wanted, day)
        .await?;
    let currency = checked.result.currency;
    let findings = &checked.result.findings;
    Ok(web::Json(Body {
        currency: currency.to_string(),
        findings: findings
            .iter()
            .map(|f| FindingBody::of(f, currency))
            .collect(),
        day: DayBody::of(&checked),
    }))
}
