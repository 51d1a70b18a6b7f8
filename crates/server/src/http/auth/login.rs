//! `POST /v1/auth/login`

use super::session::SessionBody;
use crate::auth::{CallerOrigin, ClientAddress, cookie};
use crate::problem::Problem;
use crate::state::App;
use actix_web::{HttpResponse, web};
use secrecy::SecretString;
use serde::Deserialize;
use utoipa::ToSchema;

#[derive(Deserialize, ToSchema)]
#[schema(as = LoginRequest)]
pub(crate) struct Body {
    #[schema(max_length = 254)]
    email: String,
    #[schema(value_type = String, format = "password", max_length = 128)]
    password: SecretString,
}

#[utoipa::path(
    post, path = "/v1/auth/login", operation_id = "login", tag = "people",
    summary = "Signs in and sets the session's cookie",
    request_body = Body,
    responses(
        (status = 200, body = SessionBody),
        (status = 401, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "unknown address or wrong password: the same answer for both"),
        (status = 429, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "too many tries; Retry-After says when to go on"),
    )
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    address: ClientAddress,
    from: CallerOrigin,
    body: web::Json<Body>,
) -> Result<HttpResponse, Problem> {
    let body = body.into_inner();
    let account = body.email.trim().to_lowercase();
    app.login_limits.check(address, &account)?;
    let signed_in = app
        .people
        .sign_in(&body.email, body.password, &from.0)
        .await
        .inspect_err(|_| app.login_limits.failed(address, &account))?;
    app.login_limits.succeeded(address, &account);
    Ok(HttpResponse::Ok()
        .cookie(cookie::session(&app.public, &signed_in))
        .json(SessionBody::new(&signed_in)))
}
