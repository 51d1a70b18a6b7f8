//! `POST /v1/auth/forgot`

use crate::auth::ClientAddress;
use crate::problem::Problem;
use crate::state::App;
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde::Deserialize;
use utoipa::ToSchema;

#[derive(Deserialize, ToSchema)]
#[schema(as = ForgottenPassword)]
pub(crate) struct Body {
    #[schema(max_length = 254)]
    email: String,
}

#[utoipa::path(
    post, path = "/v1/auth/forgot", operation_id = "forgot_password", tag = "people",
    summary = "Asks for a letter with a link by which a new password is set",
    description = "Answers the same, in the same time, for an address that nobody has: what is sent is decided afterwards.",
    request_body = Body,
    responses(
        (status = 202, description = "if somebody has this address, a letter is on its way"),
        (status = 409, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "this installation sends no mail"),
        (status = 429, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "too many tries"),
    )
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    address: ClientAddress,
    body: web::Json<Body>,
) -> Result<HttpResponse, Problem> {
    if app.letters.sender().is_none() {
        return Err(Problem::new(
            StatusCode::CONFLICT,
            "mail-not-set-up",
            "No mail here",
            "this installation sends no mail: ask an admin for a link",
        ));
    }
    let email = body.into_inner().email;
    // Each letter counts: nobody fills somebody else's box, and nobody tries addresses by the thousand.
    let account = format!("letter to {}", email.trim().to_lowercase());
    app.login_limits.check(address, &account)?;
    app.login_limits.failed(address, &account);
    app.letters.forgot(&email).await?;
    Ok(HttpResponse::Accepted().finish())
}
