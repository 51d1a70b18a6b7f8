//! `POST /v1/change-sets/{id}/undo`

use super::create::created;
use super::view::{self, SetBody};
use crate::auth::Caller;
use crate::http::ids::own_id;
use crate::problem::Problem;
use crate::state::App;
use actix_web::{HttpResponse, web};
use serde::Deserialize;
use utoipa::ToSchema;

#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = ChangeUndo)]
pub(crate) struct Body {
    reason: Option<String>,
}

#[utoipa::path(
    post, path = "/v1/change-sets/{id}/undo", operation_id = "undo_change_set", tag = "changes",
    summary = "Proposes what puts everything back as it was",
    params(("id" = String, Path, format = "uuid")),
    request_body = Body,
    responses(
        (status = 201, body = SetBody),
        (status = 404, response = crate::openapi::ProblemResponse),
        (status = 409, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "nothing of it can be put back, or that is proposed already"),
    )
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    id: web::Path<String>,
    body: web::Json<Body>,
) -> Result<HttpResponse, Problem> {
    let id = own_id(&id, "change-set")?;
    let (workspace, by) = (who.workspace.id, who.actor());
    let reason = body.reason.as_deref();
    let undo = app.changes.undo(workspace, id, &by, reason).await?;
    Ok(created(&view::one(&app, &undo).await?))
}
