//! `GET /v1/refund-allowance`

use crate::auth::{Caller, Permission};
use crate::http::agents::store::Query;
use crate::http::amounts::{amount, optional_amount};
use crate::problem::Problem;
use crate::state::App;
use actix_web::web;
use domain::people::Role;
use serde::Serialize;
use utoipa::ToSchema;

/// What the caller may give back without a second person. Amounts are decimal strings in the store's currency.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RefundAllowance)]
pub(crate) struct Body {
    currency: String,
    /// Of all refunds of one change-set; null: as much as anybody likes.
    alone: Option<String>,
    /// Of all refunds of one person within 24 hours; null: as much as anybody likes.
    day: Option<String>,
    /// Given back by the caller alone within 24 hours, what is approved and not made yet among it.
    used: String,
    /// The largest refund that needs nobody else now; null: any.
    left: Option<String>,
    /// Other people who might approve what is more.
    others: u64,
}

#[utoipa::path(
    get, path = "/v1/refund-allowance", operation_id = "refund_allowance", tag = "changes",
    summary = "What you may give back without a second person",
    description = "Above it whoever proposed a refund cannot approve it: another person does.",
    params(Query),
    responses((status = 200, body = Body), (status = 404, response = crate::openapi::ProblemResponse))
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    query: web::Query<Query>,
) -> Result<web::Json<Body>, Problem> {
    let store = query.pick(&app, &who).await?;
    let may = |role: Role| role >= Permission::ChangesWrite.role();
    let found = app
        .changes
        .refund_allowance(&store, &who.actor(), may)
        .await?;
    let currency = store.currency;
    Ok(web::Json(Body {
        currency: currency.to_string(),
        alone: optional_amount(found.limits.alone, currency),
        day: optional_amount(found.limits.day, currency),
        used: amount(found.used, currency),
        left: optional_amount(found.left(), currency),
        others: found.others,
    }))
}
