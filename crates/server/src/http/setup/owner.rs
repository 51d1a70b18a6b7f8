//! `POST /v1/auth/setup`

use crate::auth::{CallerOrigin, ClientAddress, cookie};
use crate::http::auth::session::SessionBody;
use crate::problem::Problem;
use crate::state::App;
use actix_web::{HttpResponse, web};
use secrecy::SecretString;
use serde::Deserialize;
use utoipa::ToSchema;

/// The code is one secret, whoever guesses at it.
const ACCOUNT: &str = "set-up code";

#[derive(Deserialize, ToSchema)]
#[schema(as = SetupRequest)]
pub(crate) struct Body {
    /// As the server printed it at its start; case and dashes do not matter.
    setup_code: String,
    #[schema(format = "email", max_length = 254)]
    email: String,
    /// 8 to 128 characters, not a common one.
    #[schema(value_type = String, format = "password", min_length = 8, max_length = 128)]
    password: SecretString,
    /// What the business is called.
    #[schema(max_length = 100)]
    workspace_name: Option<String>,
}

#[utoipa::path(
    post, path = "/v1/auth/setup", operation_id = "setup_owner", tag = "people",
    summary = "Creates the first workspace and its owner, once, and signs in",
    request_body = Body,
    responses(
        (status = 201, body = SessionBody),
        (status = 403, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "the set-up code is wrong"),
        (status = 409, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "there is an owner already"),
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
    app.login_limits.check(address, ACCOUNT)?;
    let signed_in = app
        .people
        .set_up(
            &body.setup_code,
            &body.email,
            body.password,
            body.workspace_name.as_deref(),
            &from.0,
        )
        .await
        .inspect_err(|_| app.login_limits.failed(address, ACCOUNT))?;
    app.hooks.owner_created();
    Ok(HttpResponse::Created()
        .cookie(cookie::session(&app.public, &signed_in))
        .json(SessionBody::new(&signed_in)))
}
