//! `POST /v1/anomalies/{id}/mark`

use super::view::{AnomalyBody, StatusBody};
use crate::auth::Caller;
use crate::http::ids::own_id;
use crate::problem::Problem;
use crate::state::App;
use actix_web::web;
use application::analysis::Said;
use serde::Deserialize;
use utoipa::ToSchema;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AnomalyMarking)]
pub(crate) struct Body {
    /// Of the anomaly that was looked at.
    version: i64,
    status: StatusBody,
    /// Needed to dismiss it.
    reason: Option<String>,
}

#[utoipa::path(
    post, path = "/v1/anomalies/{id}/mark", operation_id = "mark_anomaly", tag = "analysis",
    summary = "Says that it was seen, that it is nothing, and why, or that it is open again",
    params(("id" = String, Path, format = "uuid")),
    request_body = Body,
    responses(
        (status = 200, body = AnomalyBody), (status = 404, response = crate::openapi::ProblemResponse),
        (status = 409, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "somebody else said something about it meanwhile"),
        (status = 422, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "there is no reason, or too much of it"),
    )
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    id: web::Path<String>,
    body: web::Json<Body>,
) -> Result<web::Json<AnomalyBody>, Problem> {
    let id = own_id(&id, "anomaly")?;
    let body = body.into_inner();
    let said = Said {
        version: body.version,
        standing: body.status.into(),
        reason: body.reason,
    };
    let by = who.actor();
    let kept = app.analysis.mark(who.workspace.id, id, said, &by).await?;
    Ok(web::Json(AnomalyBody::of(&kept)))
}
