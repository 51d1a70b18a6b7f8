//! `GET /v1/rules/{id}`

use super::refused;
use super::view::RuleBody;
use crate::auth::Caller;
use crate::http::agents::store::Query;
use crate::http::ids::own_id;
use crate::problem::Problem;
use crate::state::App;
use actix_web::web;

#[utoipa::path(
    get, path = "/v1/rules/{id}", operation_id = "find_rule", tag = "agents",
    summary = "One rule, and how it fares",
    params(("id" = String, Path, format = "uuid"), Query),
    responses((status = 200, body = RuleBody), (status = 404, response = crate::openapi::ProblemResponse))
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    id: web::Path<String>,
    query: web::Query<Query>,
) -> Result<web::Json<RuleBody>, Problem> {
    let store = query.pick(&app, &who).await?;
    let id = own_id(&id, "rule")?;
    let kept = app.agents.rule(&store, id).await.map_err(refused)?;
    Ok(web::Json(RuleBody::of(&kept)))
}
