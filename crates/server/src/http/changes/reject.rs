//! `POST /v1/change-sets/{id}/reject`

use super::view::{self, SetBody};
use crate::auth::Caller;
use crate::http::ids::own_id;
use crate::problem::Problem;
use crate::state::App;
use actix_web::web;
use serde::Deserialize;
use utoipa::ToSchema;

#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = ChangeRejection)]
pub(crate) struct Body {
    note: Option<String>,
}

#[utoipa::path(
    post, path = "/v1/change-sets/{id}/reject", operation_id = "reject_change_set", tag = "changes",
    summary = "Rejects the whole of it",
    params(("id" = String, Path, format = "uuid")),
    request_body = Body,
    responses(
        (status = 200, body = SetBody),
        (status = 404, response = crate::openapi::ProblemResponse),
        (status = 409, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "it waits for nobody any more"),
    )
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    id: web::Path<String>,
    body: web::Json<Body>,
) -> Result<web::Json<SetBody>, Problem> {
    let id = own_id(&id, "change-set")?;
    let (workspace, by) = (who.workspace.id, who.actor());
    let note = body.note.as_deref();
    let rejected = app.changes.reject(workspace, id, &by, note).await?;
    Ok(web::Json(view::one(&app, &rejected).await?))
}
