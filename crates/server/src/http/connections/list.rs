//! `GET /v1/connections`

use super::view::ConnectionBody;
use crate::auth::Caller;
use crate::problem::Problem;
use crate::state::App;
use actix_web::web;
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ConnectionList)]
pub(crate) struct Body {
    /// Oldest first.
    connections: Vec<ConnectionBody>,
}

#[utoipa::path(
    get, path = "/v1/connections", operation_id = "connections", tag = "connections",
    summary = "All connections of the workspace with their state",
    responses((status = 200, body = Body))
)]
pub(crate) async fn handle(app: web::Data<App>, who: Caller) -> Result<web::Json<Body>, Problem> {
    let views = app.connections.list(who.workspace.id).await?;
    let now = app.now();
    Ok(web::Json(Body {
        connections: views.iter().map(|v| ConnectionBody::of(v, now)).collect(),
    }))
}
