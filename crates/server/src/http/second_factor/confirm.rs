//! `POST /v1/auth/second-factor/confirm`

use super::{RecoveryCodes, limited};
use crate::auth::{Caller, ClientAddress};
use crate::problem::Problem;
use crate::state::App;
use actix_web::{HttpResponse, web};
use serde::Deserialize;
use utoipa::ToSchema;

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SecondFactorCode)]
pub(crate) struct Body {
    /// Six digits of the authenticator.
    #[schema(max_length = 40)]
    code: String,
}

#[utoipa::path(
    post, path = "/v1/auth/second-factor/confirm", operation_id = "confirm_second_factor", tag = "people",
    summary = "Proves that the authenticator works: from now on sign-in asks for its code",
    request_body = Body,
    responses(
        (status = 200, body = RecoveryCodes),
        (status = 404, response = crate::openapi::ProblemResponse),
        (status = 409, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "it is confirmed already"),
        (status = 422, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "the code is wrong"),
    )
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    address: ClientAddress,
    body: web::Json<Body>,
) -> Result<HttpResponse, Problem> {
    let confirmed = app.people.confirm_factor(&who, &body.code);
    let recovery_codes = limited(&app, &who, address, confirmed).await?;
    Ok(HttpResponse::Ok()
        .insert_header(("cache-control", "no-store"))
        .json(RecoveryCodes { recovery_codes }))
}
