//! `DELETE /v1/auth/sessions/{id}`

use crate::auth::Caller;
use crate::problem::Problem;
use crate::state::App;
use actix_web::{HttpResponse, web};

#[utoipa::path(
    delete, path = "/v1/auth/sessions/{id}", operation_id = "revoke_session", tag = "people",
    summary = "Signs out one of one's own browsers",
    params(("id" = String, Path)),
    responses((status = 204, description = "ended"), (status = 404, response = crate::openapi::ProblemResponse))
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    app.people.revoke_session(&who, &id).await?;
    Ok(HttpResponse::NoContent().finish())
}
