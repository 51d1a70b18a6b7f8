//! `DELETE /v1/invitations/{id}`

use crate::auth::Caller;
use crate::http::ids::own_id;
use crate::problem::Problem;
use crate::state::App;
use actix_web::{HttpResponse, web};

#[utoipa::path(
    delete, path = "/v1/invitations/{id}", operation_id = "revoke_invitation", tag = "people",
    summary = "Takes an invitation back",
    params(("id" = String, Path, format = "uuid")),
    responses((status = 204, description = "taken back"), (status = 404, response = crate::openapi::ProblemResponse))
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let id = own_id(&id, "invitation")?;
    app.people.revoke_invitation(&who, id).await?;
    Ok(HttpResponse::NoContent().finish())
}
