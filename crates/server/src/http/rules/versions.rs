//! `GET /v1/rules/{id}/versions`

use super::refused;
use super::view::VersionBody;
use crate::auth::Caller;
use crate::http::agents::store::Query;
use crate::http::ids::own_id;
use crate::problem::Problem;
use crate::state::App;
use actix_web::web;
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RuleVersionList)]
pub(crate) struct Body {
    /// The newest fifty.
    versions: Vec<VersionBody>,
}

#[utoipa::path(
    get, path = "/v1/rules/{id}/versions", operation_id = "list_rule_versions", tag = "agents",
    summary = "What a rule said before, the newest first; a run names the version that it used",
    params(("id" = String, Path, format = "uuid"), Query),
    responses((status = 200, body = Body), (status = 404, response = crate::openapi::ProblemResponse))
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    id: web::Path<String>,
    query: web::Query<Query>,
) -> Result<web::Json<Body>, Problem> {
    let store = query.pick(&app, &who).await?;
    let id = own_id(&id, "rule")?;
    let versions = app.agents.rule_versions(&store, id).await;
    let versions = versions.map_err(refused)?;
    Ok(web::Json(Body {
        versions: versions.iter().map(VersionBody::of).collect(),
    }))
}
