//! `GET /v1/agents/{id}`

use super::detail::DetailBody;
use super::store::Query;
use crate::auth::Caller;
use crate::problem::Problem;
use crate::state::App;
use actix_web::web;

#[utoipa::path(
    get, path = "/v1/agents/{id}", operation_id = "find_agent", tag = "agents",
    summary = "One agent with its settings",
    params(("id" = String, Path), Query),
    responses((status = 200, body = DetailBody), (status = 404, response = crate::openapi::ProblemResponse))
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    id: web::Path<String>,
    query: web::Query<Query>,
) -> Result<web::Json<DetailBody>, Problem> {
    let store = query.pick(&app, &who).await?;
    let standing = app.agents.standing(&store, &id).await?;
    let calibration = app.agents.calibration(&store, &id).await?;
    Ok(web::Json(DetailBody::of(&standing, calibration, &store)))
}
