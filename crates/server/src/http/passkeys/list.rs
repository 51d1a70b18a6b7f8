//! `GET /v1/auth/passkeys`

use super::view::PasskeyBody;
use crate::auth::Caller;
use crate::problem::Problem;
use crate::state::App;
use actix_web::web;
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PasskeyList)]
pub(crate) struct Body {
    /// Whether this installation takes passkeys: browsers reach it by a name, over TLS or on this machine.
    possible: bool,
    /// Oldest first.
    passkeys: Vec<PasskeyBody>,
}

#[utoipa::path(
    get, path = "/v1/auth/passkeys", operation_id = "passkeys", tag = "people",
    summary = "One's own passkeys",
    responses((status = 200, body = Body))
)]
pub(crate) async fn handle(app: web::Data<App>, who: Caller) -> Result<web::Json<Body>, Problem> {
    let own = app.passkeys.list(&who).await?;
    Ok(web::Json(Body {
        possible: app.passkeys.are_possible(),
        passkeys: own.iter().map(PasskeyBody::of).collect(),
    }))
}
