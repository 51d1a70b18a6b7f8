//! `POST /v1/auth/login/passkey/challenge` and `POST /v1/auth/login/passkey`

use super::view::{ChallengeBody, bytes};
use crate::auth::{CallerOrigin, ClientAddress};
use crate::http::auth::code::answer;
use crate::http::auth::session::SessionBody;
use crate::problem::Problem;
use crate::state::App;
use actix_web::{HttpResponse, web};
use application::people::{Entered, PasskeyError};
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

const ACCOUNT: &str = "a passkey";

#[utoipa::path(
    post, path = "/v1/auth/login/passkey/challenge", operation_id = "begin_passkey_login", tag = "people",
    summary = "Begins signing in with a passkey: what the browser hands to the authenticator",
    responses(
        (status = 200, body = ChallengeBody),
        (status = 409, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "this installation takes no passkeys"),
    )
)]
pub(crate) async fn begin(
    app: web::Data<App>,
    address: ClientAddress,
) -> Result<HttpResponse, Problem> {
    app.login_limits.check_address(address)?;
    let options = app.passkeys.ask().await?;
    Ok(HttpResponse::Ok()
        .insert_header(("cache-control", "no-store"))
        .json(ChallengeBody { options }))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PasskeyLogin)]
pub(crate) struct Body {
    /// `AuthenticationResponseJSON` of WebAuthn level 3.
    #[schema(value_type = Object)]
    credential: Value,
}

#[utoipa::path(
    post, path = "/v1/auth/login/passkey", operation_id = "passkey_login", tag = "people",
    summary = "Signs in with a passkey and sets the session's cookie",
    description = "No code is asked for: the authenticator has made sure who holds it.",
    request_body = Body,
    responses(
        (status = 200, body = SessionBody),
        (status = 401, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "not a passkey of anybody here, not signed for this, too late, or answered already"),
        (status = 409, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "this installation takes no passkeys"),
        (status = 429, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "too many tries; Retry-After says when to go on"),
    )
)]
pub(crate) async fn finish(
    app: web::Data<App>,
    address: ClientAddress,
    from: CallerOrigin,
    body: web::Json<Body>,
) -> Result<HttpResponse, Problem> {
    app.login_limits.check_address(address)?;
    let credential = bytes(&body.credential);
    let signed_in = app.passkeys.sign_in(&credential, &from.0).await;
    let signed_in = signed_in.map_err(|error| match error {
        PasskeyError::Unproved(_) | PasskeyError::Spent => {
            app.login_limits.failed(address, ACCOUNT);
            // Why stands in the audit; whoever tries learns nothing from it.
            Problem::passkey_refused()
        }
        other => other.into(),
    })?;
    Ok(answer(&app, Entered::SignedIn(signed_in), false))
}
