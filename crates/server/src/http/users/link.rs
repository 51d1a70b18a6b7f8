//! `POST /v1/auth/link`

use super::view::kind;
use crate::auth::ClientAddress;
use crate::problem::Problem;
use crate::state::App;
use actix_web::web;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A link is one secret, whoever guesses at it.
pub(super) const ACCOUNT: &str = "one-time link";

#[derive(Deserialize, ToSchema)]
#[schema(as = LinkQuestion)]
pub(crate) struct Question {
    /// What stands behind `#` in the link.
    #[schema(max_length = 200)]
    link: String,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LinkMeaning)]
pub(crate) struct Body {
    /// invitation or password_reset.
    kind: String,
    email: String,
    workspace: String,
    role: String,
    expires_at: DateTime<Utc>,
}

#[utoipa::path(
    post, path = "/v1/auth/link", operation_id = "look_at_link", tag = "people",
    summary = "What a one-time link is for; does not use it up",
    request_body = Question,
    responses(
        (status = 200, body = Body),
        (status = 404, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "used, taken back, or expired"),
        (status = 429, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "too many tries"),
    )
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    address: ClientAddress,
    body: web::Json<Question>,
) -> Result<web::Json<Body>, Problem> {
    app.login_limits.check_address(address)?;
    let found = app.people.link(&body.link).await;
    let joined = found.inspect_err(|_| app.login_limits.failed(address, ACCOUNT))?;
    Ok(web::Json(Body {
        kind: kind(joined.link.kind).to_owned(),
        email: joined.link.email.as_str().to_owned(),
        workspace: joined.workspace.name,
        role: joined.link.role.as_str().to_owned(),
        expires_at: joined.link.expires_at,
    }))
}
