//! `POST /v1/forecasts/runs/{id}/cancel`

use super::view::RunBody;
use crate::auth::Caller;
use crate::http::ids::own_id;
use crate::problem::Problem;
use crate::state::App;
use actix_web::{HttpResponse, web};

#[utoipa::path(
    post, path = "/v1/forecasts/runs/{id}/cancel", operation_id = "cancel_forecasts", tag = "inventory",
    summary = "Asks a night's work to stop; forecasts that are kept already stay",
    params(("id" = String, Path, format = "uuid")),
    responses((status = 202, body = RunBody), (status = 404, response = crate::openapi::ProblemResponse), (status = 409, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "it has ended"))
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let id = own_id(&id, "run")?;
    let run = app.forecasts.cancel(who.workspace.id, id).await?;
    Ok(HttpResponse::Accepted().json(RunBody::of(&run)))
}
