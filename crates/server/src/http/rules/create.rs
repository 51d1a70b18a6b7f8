//! `POST /v1/rules`

use super::document::DocumentBody;
use super::refused;
use super::view::RuleBody;
use crate::auth::Caller;
use crate::http::agents::store::Query;
use crate::http::agents::view::AutonomyBody;
use crate::problem::Problem;
use crate::state::App;
use actix_web::http::header;
use actix_web::{HttpResponse, web};
use application::agents::RuleChange;
use serde::Deserialize;
use utoipa::ToSchema;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewRule)]
pub(crate) struct Body {
    rule: DocumentBody,
    /// Observe when left out. To act it has to be rehearsed first, as any agent.
    autonomy: Option<AutonomyBody>,
    /// On when left out.
    enabled: Option<bool>,
    /// Kept in the audit.
    reason: Option<String>,
}

#[utoipa::path(
    post, path = "/v1/rules", operation_id = "create_rule", tag = "agents",
    summary = "Writes a rule",
    params(Query),
    request_body = Body,
    responses(
        (status = 201, body = RuleBody),
        (status = 404, response = crate::openapi::ProblemResponse),
        (status = 422, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "something in it cannot stand, or it would go round and round; `errors` names each"),
    )
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    query: web::Query<Query>,
    body: web::Json<Body>,
) -> Result<HttpResponse, Problem> {
    let store = query.pick(&app, &who).await?;
    let body = body.into_inner();
    let change = RuleChange {
        version: 0,
        rule: Some(body.rule.into_rule()?),
        enabled: body.enabled,
        autonomy: body.autonomy.map(Into::into),
        reason: body.reason,
    };
    let kept = app.agents.create_rule(&store, change, who.actor()).await;
    let kept = kept.map_err(refused)?;
    Ok(HttpResponse::Created()
        .insert_header((header::LOCATION, format!("/v1/rules/{}", kept.id)))
        .json(RuleBody::of(&kept)))
}
