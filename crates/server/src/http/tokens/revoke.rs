//! `DELETE /v1/tokens/{id}`

use crate::auth::{Caller, Permission};
use crate::http::ids::own_id;
use crate::problem::Problem;
use crate::state::App;
use actix_web::{HttpResponse, web};

#[utoipa::path(
    delete, path = "/v1/tokens/{id}", operation_id = "revoke_token", tag = "people",
    summary = "Takes a token back: from now on it lets nobody in",
    description = "One's own; with `people:write` any of the workspace whose user is not above oneself.",
    params(("id" = String, Path, format = "uuid")),
    responses((status = 204, description = "revoked"), (status = 404, response = crate::openapi::ProblemResponse))
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let id = own_id(&id, "token")?;
    let all = who.may(Permission::PeopleWrite);
    app.people.revoke_token(&who, id, all).await?;
    Ok(HttpResponse::NoContent().finish())
}
