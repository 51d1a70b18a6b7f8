//! `GET /v1/auth/me`

use super::session::SessionBody;
use crate::auth::Caller;
use actix_web::web;

#[utoipa::path(
    get, path = "/v1/auth/me", operation_id = "me", tag = "people",
    summary = "Who is calling, and what they may do",
    responses((status = 200, body = SessionBody))
)]
pub(crate) async fn handle(who: Caller) -> web::Json<SessionBody> {
    web::Json(SessionBody::of(&who))
}
