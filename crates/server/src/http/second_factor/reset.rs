//! `DELETE /v1/users/{id}/second-factor`

use crate::auth::Caller;
use crate::http::ids::own_id;
use crate::problem::Problem;
use crate::state::App;
use actix_web::{HttpResponse, web};

#[utoipa::path(
    delete, path = "/v1/users/{id}/second-factor", operation_id = "reset_second_factor", tag = "people",
    summary = "Takes a second factor away from somebody who lost it",
    params(("id" = String, Path, format = "uuid")),
    responses((status = 204, description = "taken away"), (status = 404, response = crate::openapi::ProblemResponse))
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let id = own_id(&id, "user")?;
    app.people.reset_factor(&who, id).await?;
    Ok(HttpResponse::NoContent().finish())
}
