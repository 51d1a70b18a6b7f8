//! `POST /v1/auth/accept`

use super::link::ACCOUNT;
use crate::auth::{CallerOrigin, ClientAddress};
use crate::http::auth::code::{StepBody, answer};
use crate::http::auth::session::SessionBody;
use crate::problem::Problem;
use crate::state::App;
use actix_web::{HttpResponse, web};
use secrecy::SecretString;
use serde::Deserialize;
use utoipa::ToSchema;

#[derive(Deserialize, ToSchema)]
#[schema(as = LinkAcceptance)]
pub(crate) struct Body {
    /// What stands behind `#` in the link.
    #[schema(max_length = 200)]
    link: String,
    /// 8 to 128 characters, not a common one.
    #[schema(value_type = String, format = "password", min_length = 8, max_length = 128)]
    password: SecretString,
}

#[utoipa::path(
    post, path = "/v1/auth/accept", operation_id = "accept_link", tag = "people",
    summary = "Uses a one-time link up: joins the workspace or sets a new password, and signs in",
    request_body = Body,
    responses(
        (status = 201, body = SessionBody),
        (status = 202, body = StepBody, description = "done; send the code of the second factor to /v1/auth/login/code"),
        (status = 404, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "used, taken back, or expired"),
        (status = 409, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "the address belongs to a user already"),
        (status = 429, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "too many tries"),
    )
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    address: ClientAddress,
    from: CallerOrigin,
    body: web::Json<Body>,
) -> Result<HttpResponse, Problem> {
    let body = body.into_inner();
    app.login_limits.check_address(address)?;
    let accepted = app.people.accept(&body.link, body.password, &from.0).await;
    let entered = accepted.inspect_err(|_| app.login_limits.failed(address, ACCOUNT))?;
    Ok(answer(&app, entered, true))
}
