//! `GET /v1/setup`

use crate::problem::Problem;
use crate::state::App;
use actix_web::web;
use serde::Serialize;
use utoipa::ToSchema;

/// What a browser needs to know before anybody is signed in.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Setup)]
pub(crate) struct Setup {
    /// Nobody can sign in yet: the first owner is created with the set-up code.
    needs_owner: bool,
    /// A sandbox store can be connected with one click.
    sandbox_available: bool,
    /// How many sandbox stores run beside this server.
    sandboxes: usize,
    version: String,
    /// Where the interactive API reference is.
    api_docs: String,
}

#[utoipa::path(
    get, path = "/v1/setup", operation_id = "setup_state", tag = "people",
    summary = "Whether an owner must be created first",
    responses((status = 200, body = Setup))
)]
pub(crate) async fn handle(app: web::Data<App>) -> Result<web::Json<Setup>, Problem> {
    Ok(web::Json(Setup {
        needs_owner: app.people.needs_owner().await?,
        sandbox_available: !app.sandboxes.is_empty(),
        sandboxes: app.sandboxes.len(),
        version: crate::VERSION.to_owned(),
        api_docs: "/docs".to_owned(),
    }))
}
