//! `POST /v1/change-sets/{id}/approve`

use super::view::{self, SetBody};
use crate::auth::Caller;
use crate::http::ids::own_id;
use crate::problem::Problem;
use crate::state::App;
use actix_web::web;
use application::changes::Approver;
use domain::changes::Digest;
use serde::Deserialize;
use utoipa::ToSchema;

#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = ChangeApproval)]
pub(crate) struct Body {
    /// Of what was looked at; anything else is refused.
    digest: String,
    /// Numbers of operations that are left out.
    #[serde(default)]
    reject: Vec<u32>,
    note: Option<String>,
}

#[utoipa::path(
    post, path = "/v1/change-sets/{id}/approve", operation_id = "approve_change_set", tag = "changes",
    summary = "Approves what was looked at; the worker applies it",
    params(("id" = String, Path, format = "uuid")),
    request_body = Body,
    responses(
        (status = 200, body = SetBody),
        (status = 404, response = crate::openapi::ProblemResponse),
        (status = 409, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "it is not what was looked at any more, or waits for nobody"),
        (status = 423, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "a stop is on"),
    )
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    id: web::Path<String>,
    body: web::Json<Body>,
) -> Result<web::Json<SetBody>, Problem> {
    let id = own_id(&id, "change-set")?;
    let by = Approver {
        actor: who.actor(),
        role: who.user.role,
    };
    let digest = Digest(body.digest.trim().to_lowercase());
    let workspace = who.workspace.id;
    let note = body.note.as_deref();
    let approved = app
        .changes
        .approve(workspace, id, &by, &digest, &body.reject, note)
        .await?;
    Ok(web::Json(view::one(&app, &approved).await?))
}
