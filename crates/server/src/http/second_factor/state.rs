//! `GET /v1/auth/second-factor`

use crate::auth::Caller;
use crate::problem::Problem;
use crate::state::App;
use actix_web::web;
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SecondFactor)]
pub(crate) struct Body {
    /// Whether sign-in asks for a code.
    enabled: bool,
    since: Option<DateTime<Utc>>,
    recovery_codes_left: u32,
}

#[utoipa::path(
    get, path = "/v1/auth/second-factor", operation_id = "second_factor", tag = "people",
    summary = "Whether one's sign-in asks for a code",
    responses((status = 200, body = Body))
)]
pub(crate) async fn handle(app: web::Data<App>, who: Caller) -> Result<web::Json<Body>, Problem> {
    let state = app.people.second_factor(&who).await?;
    Ok(web::Json(Body {
        enabled: state.since.is_some(),
        since: state.since,
        recovery_codes_left: state.recovery_codes_left,
    }))
}
