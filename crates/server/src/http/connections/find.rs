//! `GET /v1/connections/{id}`

use super::view::ConnectionBody;
use crate::auth::Caller;
use crate::http::ids::own_id;
use crate::problem::Problem;
use crate::state::App;
use actix_web::web;

#[utoipa::path(
    get, path = "/v1/connections/{id}", operation_id = "connection", tag = "connections",
    summary = "One connection",
    params(("id" = String, Path, format = "uuid")),
    responses((status = 200, body = ConnectionBody), (status = 404, response = crate::openapi::ProblemResponse))
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    id: web::Path<String>,
) -> Result<web::Json<ConnectionBody>, Problem> {
    let id = own_id(&id, "connection")?;
    let view = app.connections.find(who.workspace.id, id).await?;
    let view = view.ok_or_else(|| Problem::not_found("connection"))?;
    Ok(web::Json(ConnectionBody::of(&view, app.now())))
}
