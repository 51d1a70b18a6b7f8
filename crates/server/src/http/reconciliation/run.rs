//! `GET /v1/reconciliation/runs/{id}`

use super::view::RunBody;
use crate::auth::Caller;
use crate::http::ids::own_id;
use crate::problem::Problem;
use crate::state::App;
use actix_web::web;

#[utoipa::path(
    get, path = "/v1/reconciliation/runs/{id}", operation_id = "reconciliation_run", tag = "reconciliation",
    summary = "One run with its progress",
    params(("id" = String, Path, format = "uuid")),
    responses((status = 200, body = RunBody), (status = 404, response = crate::openapi::ProblemResponse))
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    id: web::Path<String>,
) -> Result<web::Json<RunBody>, Problem> {
    let id = own_id(&id, "reconciliation")?;
    let run = app.reconciliations.find(who.workspace.id, id).await?;
    let run = run.ok_or_else(|| Problem::not_found("reconciliation"))?;
    Ok(web::Json(RunBody::of(&run)))
}
