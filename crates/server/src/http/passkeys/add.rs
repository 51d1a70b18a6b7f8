//! `POST /v1/auth/passkeys`

use super::view::{PasskeyBody, bytes};
use crate::auth::Caller;
use crate::problem::Problem;
use crate::state::App;
use actix_web::{HttpResponse, web};
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = MadePasskey)]
pub(crate) struct Body {
    #[schema(min_length = 1, max_length = 100)]
    name: String,
    /// `RegistrationResponseJSON` of WebAuthn level 3.
    #[schema(value_type = Object)]
    credential: Value,
}

#[utoipa::path(
    post, path = "/v1/auth/passkeys", operation_id = "add_passkey", tag = "people",
    summary = "Keeps the passkey that the authenticator made",
    request_body = Body,
    responses(
        (status = 201, body = PasskeyBody),
        (status = 409, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "it took too long, was answered already, or the passkey is known"),
        (status = 422, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "what the authenticator said does not hold"),
    )
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    body: web::Json<Body>,
) -> Result<HttpResponse, Problem> {
    let added = app
        .passkeys
        .finish(&who, &body.name, &bytes(&body.credential))
        .await?;
    Ok(HttpResponse::Created().json(PasskeyBody::of(&added)))
}
