//! `POST /v1/auth/second-factor/remove`

use super::{Proof, limited};
use crate::auth::{Caller, ClientAddress};
use crate::problem::Problem;
use crate::state::App;
use actix_web::{HttpResponse, web};

#[utoipa::path(
    post, path = "/v1/auth/second-factor/remove", operation_id = "remove_second_factor", tag = "people",
    summary = "Sign-in asks for the password alone again",
    request_body = Proof,
    responses(
        (status = 204, description = "removed"),
        (status = 404, response = crate::openapi::ProblemResponse),
        (status = 422, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "password or code is wrong"),
    )
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    address: ClientAddress,
    body: web::Json<Proof>,
) -> Result<HttpResponse, Problem> {
    let Proof { current, code } = body.into_inner();
    let removed = app.people.remove_factor(&who, current, &code);
    limited(&app, &who, address, removed).await?;
    Ok(HttpResponse::NoContent().finish())
}
