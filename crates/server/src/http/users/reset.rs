//! `POST /v1/users/{id}/reset-link`

use super::view::LinkBody;
use crate::auth::Caller;
use crate::http::ids::own_id;
use crate::problem::Problem;
use crate::state::App;
use actix_web::{HttpResponse, web};

#[utoipa::path(
    post, path = "/v1/users/{id}/reset-link", operation_id = "reset_link", tag = "people",
    summary = "A link by which a person sets a new password: it works once, for a day",
    params(("id" = String, Path, format = "uuid")),
    responses((status = 201, body = LinkBody), (status = 404, response = crate::openapi::ProblemResponse))
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let id = own_id(&id, "user")?;
    let new = app.people.reset_link(&who, id).await?;
    let link = LinkBody::hand_over(&new, &app).await?;
    Ok(HttpResponse::Created()
        .insert_header(("cache-control", "no-store"))
        .json(link))
}
