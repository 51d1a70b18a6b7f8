//! `GET /v1/audit/check`

use crate::auth::Caller;
use crate::problem::Problem;
use crate::state::App;
use actix_web::web;
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AuditCheck)]
pub(crate) struct Body {
    holds: bool,
    /// Sound entries, from the first on.
    entries: i64,
    checkpoints: usize,
    /// When the end of the chain was last signed.
    signed_at: Option<DateTime<Utc>>,
    /// Entries after that.
    unsigned: i64,
    /// The first entry that does not hold.
    broken_at: Option<i64>,
    /// What is wrong with it.
    fault: Option<String>,
}

#[utoipa::path(
    get, path = "/v1/audit/check", operation_id = "check_audit", tag = "people",
    summary = "Walks the whole chain: whether anything in it was changed by hand",
    responses((status = 200, body = Body))
)]
pub(crate) async fn handle(app: web::Data<App>, who: Caller) -> Result<web::Json<Body>, Problem> {
    let verdict = app.audit.verify(who.workspace.id).await?;
    Ok(web::Json(Body {
        holds: verdict.broken.is_none(),
        entries: verdict.entries,
        checkpoints: verdict.checkpoints,
        signed_at: verdict.signed_at,
        unsigned: verdict.unsigned,
        broken_at: verdict.broken.as_ref().map(|b| b.seq),
        fault: verdict.broken.map(|b| b.to_string()),
    }))
}
