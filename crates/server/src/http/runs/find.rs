//! `GET /v1/runs/{id}`

use super::view::{self, RunBody};
use crate::auth::Caller;
use crate::http::ids::own_id;
use crate::problem::Problem;
use crate::state::App;
use actix_web::web;

#[utoipa::path(
    get, path = "/v1/runs/{id}", operation_id = "find_run", tag = "agents",
    summary = "One run, with its steps and what came of it",
    params(("id" = String, Path, format = "uuid")),
    responses((status = 200, body = RunBody), (status = 404, response = crate::openapi::ProblemResponse))
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    id: web::Path<String>,
) -> Result<web::Json<RunBody>, Problem> {
    let id = own_id(&id, "run")?;
    let run = app.agents.find(who.workspace.id, id).await?;
    let run = run.ok_or_else(|| Problem::not_found("run"))?;
    Ok(web::Json(view::one(&app, &run).await?))
}
