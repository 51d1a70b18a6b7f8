//! `POST /v1/auth/passkeys/challenge`

use super::view::ChallengeBody;
use crate::auth::{Caller, ClientAddress};
use crate::http::second_factor::limited;
use crate::problem::Problem;
use crate::state::App;
use actix_web::{HttpResponse, web};
use secrecy::SecretString;
use serde::Deserialize;
use utoipa::ToSchema;

/// What proves that it is the person, and not a browser that was left open.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewPasskey)]
pub(crate) struct Body {
    /// The password.
    #[schema(value_type = String, format = "password", max_length = 128)]
    current: SecretString,
    /// Of the authenticator, or a recovery code, where sign-in asks for one.
    #[schema(max_length = 40)]
    code: Option<String>,
}

#[utoipa::path(
    post, path = "/v1/auth/passkeys/challenge", operation_id = "begin_passkey", tag = "people",
    summary = "Begins a new passkey: what the browser hands to the authenticator",
    request_body = Body,
    responses(
        (status = 200, body = ChallengeBody),
        (status = 409, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "this installation takes no passkeys, or there are too many"),
        (status = 422, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "password or code is wrong"),
    )
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    address: ClientAddress,
    body: web::Json<Body>,
) -> Result<HttpResponse, Problem> {
    let Body { current, code } = body.into_inner();
    let begun = app.passkeys.begin(&who, current, code.as_deref());
    let options = limited(&app, &who, address, begun).await?;
    Ok(HttpResponse::Ok()
        .insert_header(("cache-control", "no-store"))
        .json(ChallengeBody { options }))
}
