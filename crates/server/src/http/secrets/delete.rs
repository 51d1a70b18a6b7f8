//! `DELETE /v1/secrets/{name}`

use crate::auth::Caller;
use crate::problem::Problem;
use crate::state::App;
use actix_web::{HttpResponse, web};

#[utoipa::path(
    delete, path = "/v1/secrets/{name}", operation_id = "deleteSecret", tag = "secrets",
    summary = "Removes a secret that a person entered",
    params(("name" = String, Path, pattern = "^[A-Z][A-Z0-9_]{0,63}$")),
    responses((status = 204, description = "removed"), (status = 404, response = crate::openapi::ProblemResponse))
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    name: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    app.secrets
        .delete(who.actor(), who.workspace.id, &name)
        .await?;
    Ok(HttpResponse::NoContent().finish())
}
