//! `DELETE /v1/auth/sessions`

use crate::auth::Caller;
use crate::problem::Problem;
use crate::state::App;
use actix_web::web;
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = EndedSessions)]
pub(crate) struct Body {
    /// How many were ended.
    ended: u64,
}

#[utoipa::path(
    delete, path = "/v1/auth/sessions", operation_id = "revoke_other_sessions", tag = "people",
    summary = "Signs out everywhere but here",
    responses((status = 200, body = Body))
)]
pub(crate) async fn handle(app: web::Data<App>, who: Caller) -> Result<web::Json<Body>, Problem> {
    let ended = app.people.revoke_other_sessions(&who).await?;
    Ok(web::Json(Body { ended }))
}
