//! `DELETE /v1/auth/passkeys/{id}`

use crate::auth::Caller;
use crate::http::ids::own_id;
use crate::problem::Problem;
use crate::state::App;
use actix_web::{HttpResponse, web};

#[utoipa::path(
    delete, path = "/v1/auth/passkeys/{id}", operation_id = "remove_passkey", tag = "people",
    summary = "One of one's passkeys lets nobody in any more",
    params(("id" = String, Path, format = "uuid")),
    responses((status = 204, description = "removed"), (status = 404, response = crate::openapi::ProblemResponse))
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let id = own_id(&id, "passkey")?;
    app.passkeys.remove(&who, id).await?;
    Ok(HttpResponse::NoContent().finish())
}
