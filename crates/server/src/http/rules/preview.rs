//! `POST /v1/rules/preview`, `POST /v1/rules/{id}/preview`

use super::document::DocumentBody;
use super::refused;
use super::view::PreviewBody;
use crate::auth::Caller;
use crate::http::agents::store::Query;
use crate::http::ids::own_id;
use crate::problem::Problem;
use crate::state::App;
use actix_web::web;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RuleDraft)]
pub(crate) struct Body {
    rule: DocumentBody,
    /// Of the stored rule that it is to become: what that one changed rests, and what of it waits is not told again.
    #[schema(format = "uuid")]
    id: Option<Uuid>,
}

#[utoipa::path(
    post, path = "/v1/rules/preview", operation_id = "preview_rule_draft", tag = "agents",
    summary = "What a rule would propose now; nothing is written",
    params(Query),
    request_body = Body,
    responses(
        (status = 200, body = PreviewBody),
        (status = 404, response = crate::openapi::ProblemResponse),
        (status = 422, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "something in it cannot stand; `errors` names each"),
    )
)]
pub(crate) async fn draft(
    app: web::Data<App>,
    who: Caller,
    query: web::Query<Query>,
    body: web::Json<Body>,
) -> Result<web::Json<PreviewBody>, Problem> {
    let store = query.pick(&app, &who).await?;
    let body = body.into_inner();
    let rule = body.rule.into_rule()?;
    let decision = app.agents.preview_rule(&store, body.id, &rule).await;
    Ok(web::Json(PreviewBody::of(decision.map_err(refused)?)))
}

#[utoipa::path(
    post, path = "/v1/rules/{id}/preview", operation_id = "preview_rule", tag = "agents",
    summary = "What a rule, as it is kept, would propose now; nothing is written",
    params(("id" = String, Path, format = "uuid"), Query),
    responses((status = 200, body = PreviewBody), (status = 404, response = crate::openapi::ProblemResponse))
)]
pub(crate) async fn kept(
    app: web::Data<App>,
    who: Caller,
    id: web::Path<String>,
    query: web::Query<Query>,
) -> Result<web::Json<PreviewBody>, Problem> {
    let store = query.pick(&app, &who).await?;
    let id = own_id(&id, "rule")?;
    let kept = app.agents.rule(&store, id).await.map_err(refused)?;
    let decision = app.agents.preview_rule(&store, Some(id), &kept.rule).await;
    Ok(web::Json(PreviewBody::of(decision.map_err(refused)?)))
}
