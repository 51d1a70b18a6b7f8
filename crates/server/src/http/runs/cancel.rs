//! `POST /v1/runs/{id}/cancel`

use super::view::{self, RunBody};
use crate::auth::Caller;
use crate::http::ids::own_id;
use crate::problem::Problem;
use crate::state::App;
use actix_web::web;

#[utoipa::path(
    post, path = "/v1/runs/{id}/cancel", operation_id = "cancel_run", tag = "agents",
    summary = "Ends a run; what it proposed stays",
    params(("id" = String, Path, format = "uuid")),
    responses(
        (status = 200, body = RunBody),
        (status = 404, response = crate::openapi::ProblemResponse),
        (status = 409, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "it has ended"),
    )
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    id: web::Path<String>,
) -> Result<web::Json<RunBody>, Problem> {
    let id = own_id(&id, "run")?;
    let run = app.agents.cancel(who.workspace.id, id).await?;
    Ok(web::Json(view::one(&app, &run).await?))
}
