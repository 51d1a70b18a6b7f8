//! `POST /v1/auth/login`

use super::code::{StepBody, answer};
use super::session::SessionBody;
use crate::auth::{CallerOrigin, ClientAddress};
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
    /// The code of the second factor, where there is one; without it a second step asks for it.
    #[schema(max_length = 40)]
    totp: Option<String>,
}

#[utoipa::path(
    post, path = "/v1/auth/login", operation_id = "login", tag = "people",
    summary = "Signs in and sets the session's cookie",
    request_body = Body,
    responses(
        (status = 200, body = SessionBody),
        (status = 202, body = StepBody, description = "the password is right; send the code of the second factor to /v1/auth/login/code"),
        (status = 401, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "unknown address or wrong password: the same answer for both; or a wrong code"),
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
    let entered = app
        .people
        .sign_in(&body.email, body.password, body.totp.as_deref(), &from.0)
        .await
        .inspect_err(|_| app.login_limits.failed(address, &account))?;
    app.login_limits.succeeded(address, &account);
    Ok(answer(&app, entered, false))
}
