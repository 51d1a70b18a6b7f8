//! `POST /v1/connections/{id}/check`

use super::view::ConnectionBody;
use crate::auth::Caller;
use crate::http::ids::own_id;
use crate::problem::Problem;
use crate::state::App;
use actix_web::web;

#[utoipa::path(
    post, path = "/v1/connections/{id}/check", operation_id = "check_connection", tag = "connections",
    summary = "Asks the provider now who answers and what is granted",
    params(("id" = String, Path, format = "uuid")),
    responses((status = 200, body = ConnectionBody), (status = 404, response = crate::openapi::ProblemResponse))
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    id: web::Path<String>,
) -> Result<web::Json<ConnectionBody>, Problem> {
    let id = own_id(&id, "connection")?;
    let view = app.connections.check(who.workspace.id, id).await?;
    let view = view.ok_or_else(|| Problem::not_found("connection"))?;
    Ok(web::Json(ConnectionBody::of(&view, app.now())))
}
