//! `PUT /v1/secrets/{name}`

use super::view::SecretBody;
use crate::auth::Caller;
use crate::problem::Problem;
use crate::state::App;
use actix_web::web;
use secrecy::SecretString;
use serde::Deserialize;
use utoipa::ToSchema;

#[derive(Deserialize, ToSchema)]
#[schema(as = SecretValue)]
#[serde(deny_unknown_fields)]
pub(crate) struct Body {
    /// Never read back.
    #[schema(value_type = String, write_only, min_length = 1, max_length = 65_536)]
    value: SecretString,
}

#[utoipa::path(
    put, path = "/v1/secrets/{name}", operation_id = "setSecret", tag = "secrets",
    summary = "Enters a secret, or a new value of it",
    params(("name" = String, Path, pattern = "^[A-Z][A-Z0-9_]{0,63}$")),
    request_body = Body,
    responses(
        (status = 200, body = SecretBody),
        (status = 400, response = crate::openapi::ProblemResponse),
    )
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    name: web::Path<String>,
    body: web::Json<Body>,
) -> Result<web::Json<SecretBody>, Problem> {
    let entry = app
        .secrets
        .set(who.actor(), who.workspace.id, &name, &body.value)
        .await?;
    Ok(web::Json(entry.into()))
}
