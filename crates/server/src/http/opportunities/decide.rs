//! `POST /v1/opportunities/{id}/approve`, `/reject` and `/snooze`

use super::view::OpportunityBody;
use crate::auth::Caller;
use crate::http::ids::own_id;
use crate::problem::{FieldError, Problem};
use crate::state::App;
use actix_web::web;
use application::opportunities::Approval;
use chrono::{DateTime, Utc};
use domain::money::Money;
use serde::Deserialize;
use utoipa::ToSchema;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = OpportunityApproval)]
pub(crate) struct ApproveBody {
    /// Of the opportunity that was looked at.
    version: i64,
    /// In the store's currency; the suggested one when left out.
    price: Option<String>,
    /// The supplier's when left out.
    title: Option<String>,
    reason: Option<String>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = OpportunityRejection)]
pub(crate) struct RejectBody {
    /// Of the opportunity that was looked at.
    version: i64,
    reason: String,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = OpportunitySnooze)]
pub(crate) struct SnoozeBody {
    /// Of the opportunity that was looked at.
    version: i64,
    /// When it waits again: ahead, and within a year.
    until: DateTime<Utc>,
    reason: Option<String>,
}

#[utoipa::path(
    post, path = "/v1/opportunities/{id}/approve", operation_id = "approve_opportunity", tag = "opportunities",
    summary = "Proposes a draft of it to the shop; `decision.change_set_id` is what has to be approved then",
    params(("id" = String, Path, format = "uuid")),
    request_body = ApproveBody,
    responses(
        (status = 200, body = OpportunityBody), (status = 404, response = crate::openapi::ProblemResponse),
        (status = 409, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "it was decided on, changed meanwhile, is offered by nobody any more, or the store has no connection"),
        (status = 422, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "no draft can be made of it: a price is missing, a variant has only a range of prices; `errors` names each"),
    )
)]
pub(crate) async fn approve(
    app: web::Data<App>,
    who: Caller,
    id: web::Path<String>,
    body: web::Json<ApproveBody>,
) -> Result<web::Json<OpportunityBody>, Problem> {
    let id = own_id(&id, "opportunity")?;
    let workspace = who.workspace.id;
    let body = body.into_inner();
    let price = match body.price.as_deref() {
        None => None,
        Some(text) => {
            let currency = app
                .opportunities
                .find(workspace, id)
                .await?
                .opportunity
                .currency;
            let parsed = Money::parse(text, currency).map_err(|error| {
                let errors = vec![FieldError::new("price", error.to_string())];
                Problem::unprocessable("opportunity-refused", errors)
            })?;
            Some(parsed.minor)
        }
    };
    let approval = Approval {
        version: body.version,
        price,
        title: body.title,
        reason: body.reason,
    };
    let by = who.actor();
    let done = app
        .opportunities
        .approve(workspace, id, approval, &by)
        .await?;
    Ok(web::Json(OpportunityBody::of(&done, app.now())))
}

#[utoipa::path(
    post, path = "/v1/opportunities/{id}/reject", operation_id = "reject_opportunity", tag = "opportunities",
    summary = "Says no to it, and why",
    params(("id" = String, Path, format = "uuid")),
    request_body = RejectBody,
    responses(
        (status = 200, body = OpportunityBody), (status = 404, response = crate::openapi::ProblemResponse),
        (status = 409, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "it was decided on, or changed meanwhile"),
        (status = 422, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "there is no reason, or too much of it"),
    )
)]
pub(crate) async fn reject(
    app: web::Data<App>,
    who: Caller,
    id: web::Path<String>,
    body: web::Json<RejectBody>,
) -> Result<web::Json<OpportunityBody>, Problem> {
    let id = own_id(&id, "opportunity")?;
    let (by, said) = (who.actor(), (body.version, body.reason.as_str()));
    let workspace = who.workspace.id;
    let done = app.opportunities.reject(workspace, id, said, &by).await?;
    Ok(web::Json(OpportunityBody::of(&done, app.now())))
}

#[utoipa::path(
    post, path = "/v1/opportunities/{id}/snooze", operation_id = "snooze_opportunity", tag = "opportunities",
    summary = "Has it wait until later",
    params(("id" = String, Path, format = "uuid")),
    request_body = SnoozeBody,
    responses(
        (status = 200, body = OpportunityBody), (status = 404, response = crate::openapi::ProblemResponse),
        (status = 409, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "it was decided on, or changed meanwhile"),
        (status = 422, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "the time is not ahead, or too far"),
    )
)]
pub(crate) async fn snooze(
    app: web::Data<App>,
    who: Caller,
    id: web::Path<String>,
    body: web::Json<SnoozeBody>,
) -> Result<web::Json<OpportunityBody>, Problem> {
    let id = own_id(&id, "opportunity")?;
    let (by, when) = (who.actor(), (body.version, body.until));
    let workspace = who.workspace.id;
    let done = app
        .opportunities
        .snooze(workspace, id, when, body.reason.as_deref(), &by)
        .await?;
    Ok(web::Json(OpportunityBody::of(&done, app.now())))
}
