//! `GET /v1/syncs/{id}`

use super::view::SyncBody;
use crate::auth::Caller;
use crate::http::ids::own_id;
use crate::problem::Problem;
use crate::state::App;
use actix_web::web;

#[utoipa::path(
    get, path = "/v1/syncs/{id}", operation_id = "sync", tag = "syncs",
    summary = "One run with its steps and progress",
    params(("id" = String, Path, format = "uuid")),
    responses((status = 200, body = SyncBody), (status = 404, response = crate::openapi::ProblemResponse))
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    id: web::Path<String>,
) -> Result<web::Json<SyncBody>, Problem> {
    let id = own_id(&id, "sync")?;
    let run = app.syncs.find(who.workspace.id, id).await?;
    let run = run.ok_or_else(|| Problem::not_found("sync"))?;
    Ok(web::Json(SyncBody::of(&run, app.now())))
}
