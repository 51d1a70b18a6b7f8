//! `POST /v1/auth/password`

use crate::auth::{Caller, ClientAddress};
use crate::problem::Problem;
use crate::state::App;
use actix_web::{HttpResponse, web};
use application::people::PeopleError;
use secrecy::SecretString;
use serde::Deserialize;
use utoipa::ToSchema;

#[derive(Deserialize, ToSchema)]
#[schema(as = PasswordChange)]
pub(crate) struct Body {
    #[schema(value_type = String, format = "password", max_length = 128)]
    current: SecretString,
    /// 8 to 128 characters, not a common one.
    #[schema(value_type = String, format = "password", min_length = 8, max_length = 128)]
    new: SecretString,
}

#[utoipa::path(
    post, path = "/v1/auth/password", operation_id = "change_password", tag = "people",
    summary = "Changes one's password and signs out everywhere else",
    request_body = Body,
    responses((status = 204, description = "changed"))
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    address: ClientAddress,
    body: web::Json<Body>,
) -> Result<HttpResponse, Problem> {
    let body = body.into_inner();
    // Somebody at a browser that was left open guesses no faster than at the sign-in.
    let account = who.user.email.as_str();
    app.login_limits.check(address, account)?;
    let changed = app.people.change_password(&who, body.current, body.new);
    changed.await.inspect_err(|error| {
        if matches!(error, PeopleError::WrongPassword) {
            app.login_limits.failed(address, account);
        }
    })?;
    Ok(HttpResponse::NoContent().finish())
}
