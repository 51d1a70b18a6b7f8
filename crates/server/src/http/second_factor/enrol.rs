//! `POST /v1/auth/second-factor`

use super::limited;
use super::qr::QrBody;
use crate::auth::{Caller, ClientAddress};
use crate::problem::Problem;
use crate::state::App;
use actix_web::{HttpResponse, web};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewSecondFactor)]
pub(crate) struct Body {
    /// The password.
    #[schema(value_type = String, format = "password", max_length = 128)]
    current: SecretString,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SecondFactorKey)]
pub(crate) struct Key {
    /// `otpauth://totp/…`, for an authenticator on this device.
    uri: String,
    /// The key in base 32, to be typed. It is shown here and never again.
    key: String,
    /// The address to be scanned.
    qr: Option<QrBody>,
}

#[utoipa::path(
    post, path = "/v1/auth/second-factor", operation_id = "enrol_second_factor", tag = "people",
    summary = "A new key for an authenticator; it counts when a code of it was confirmed",
    request_body = Body,
    responses(
        (status = 201, body = Key),
        (status = 409, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "there is one already"),
    )
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    address: ClientAddress,
    body: web::Json<Body>,
) -> Result<HttpResponse, Problem> {
    let made = app.people.enrol_factor(&who, body.into_inner().current);
    let new = limited(&app, &who, address, made).await?;
    Ok(HttpResponse::Created()
        .insert_header(("cache-control", "no-store"))
        .json(Key {
            qr: QrBody::of(&new.uri),
            uri: new.uri,
            key: new.key,
        }))
}
