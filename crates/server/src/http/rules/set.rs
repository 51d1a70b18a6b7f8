//! `PUT /v1/rules/{id}`

use super::document::DocumentBody;
use super::refused;
use super::view::RuleBody;
use crate::auth::Caller;
use crate::http::agents::store::Query;
use crate::http::agents::view::AutonomyBody;
use crate::http::ids::own_id;
use crate::problem::Problem;
use crate::state::App;
use actix_web::web;
use application::agents::RuleChange;
use serde::Deserialize;
use utoipa::ToSchema;

/// What is left out stays as it is.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RuleChange)]
pub(crate) struct Body {
    /// Of the rule that was looked at; anything else is refused.
    version: i64,
    /// The whole of it. One that acts by itself proposes again when it says something else.
    rule: Option<DocumentBody>,
    enabled: Option<bool>,
    autonomy: Option<AutonomyBody>,
    /// Kept in the audit.
    reason: Option<String>,
}

#[utoipa::path(
    put, path = "/v1/rules/{id}", operation_id = "change_rule", tag = "agents",
    summary = "Changes a rule, or switches it on and off",
    params(("id" = String, Path, format = "uuid"), Query),
    request_body = Body,
    responses(
        (status = 200, body = RuleBody),
        (status = 404, response = crate::openapi::ProblemResponse),
        (status = 409, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "somebody else changed it first"),
        (status = 422, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "something in it cannot stand, or it would go round and round; `errors` names each"),
    )
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    id: web::Path<String>,
    query: web::Query<Query>,
    body: web::Json<Body>,
) -> Result<web::Json<RuleBody>, Problem> {
    let store = query.pick(&app, &who).await?;
    let id = own_id(&id, "rule")?;
    let body = body.into_inner();
    let change = RuleChange {
        version: body.version,
        rule: body.rule.map(DocumentBody::into_rule).transpose()?,
        enabled: body.enabled,
        autonomy: body.autonomy.map(Into::into),
        reason: body.reason,
    };
    let kept = app
        .agents
        .change_rule(&store, id, change, who.actor())
        .await
        .map_err(refused)?;
    Ok(web::Json(RuleBody::of(&kept)))
}
