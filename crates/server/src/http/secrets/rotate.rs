//! `POST /v1/secret-keys/rotate`

use crate::auth::Caller;
use crate::problem::Problem;
use crate::state::App;
use actix_web::web;
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = KeyRotated)]
pub(crate) struct Body {
    /// The key that seals from now on.
    key_id: String,
    /// Secrets that were sealed again with it.
    rewrapped: u64,
    /// Secrets that do not open, and so stay as they are.
    damaged: usize,
}

#[utoipa::path(
    post, path = "/v1/secret-keys/rotate", operation_id = "rotateSecretKey", tag = "secrets",
    summary = "Makes a new key, and seals every secret again with it; the old key goes on opening",
    responses((status = 200, body = Body), (status = 422, response = crate::openapi::ProblemResponse))
)]
pub(crate) async fn handle(app: web::Data<App>, who: Caller) -> Result<web::Json<Body>, Problem> {
    let workspace = Some(who.workspace.id);
    let (key_id, done) = app.secrets.rotate(who.actor(), workspace).await?;
    Ok(web::Json(Body {
        key_id,
        rewrapped: done.rewrapped,
        damaged: done.damaged.len(),
    }))
}
