//! `GET /v1/forecasts/runs/{id}`

use super::view::RunBody;
use crate::auth::Caller;
use crate::http::ids::own_id;
use crate::problem::Problem;
use crate::state::App;
use actix_web::web;

#[utoipa::path(
    get, path = "/v1/forecasts/runs/{id}", operation_id = "forecast_run", tag = "inventory",
    summary = "One night's work, and how far it is",
    params(("id" = String, Path, format = "uuid")),
    responses((status = 200, body = RunBody), (status = 404, response = crate::openapi::ProblemResponse))
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    id: web::Path<String>,
) -> Result<web::Json<RunBody>, Problem> {
    let id = own_id(&id, "run")?;
    let run = app.forecasts.find(who.workspace.id, id).await?;
    Ok(web::Json(RunBody::of(&run)))
}
