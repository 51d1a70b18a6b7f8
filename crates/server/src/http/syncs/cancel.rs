//! `POST /v1/syncs/{id}/cancel`

use super::view::SyncBody;
use crate::auth::Caller;
use crate::http::ids::own_id;
use crate::problem::Problem;
use crate::state::App;
use actix_web::{HttpResponse, web};

#[utoipa::path(
    post, path = "/v1/syncs/{id}/cancel", operation_id = "cancel_sync", tag = "syncs",
    summary = "Asks a run to stop; what was read stays",
    params(("id" = String, Path, format = "uuid")),
    responses((status = 202, body = SyncBody), (status = 404, response = crate::openapi::ProblemResponse), (status = 409, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "it has ended"))
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let id = own_id(&id, "sync")?;
    let run = app.syncs.cancel(who.workspace.id, id).await?;
    Ok(HttpResponse::Accepted().json(SyncBody::of(&run, app.now())))
}
