//! `DELETE /v1/notification-channels/{id}`

use crate::auth::Caller;
use crate::http::ids::own_id;
use crate::problem::Problem;
use crate::state::App;
use actix_web::{HttpResponse, web};

#[utoipa::path(
    delete, path = "/v1/notification-channels/{id}", operation_id = "remove_channel", tag = "notifications",
    summary = "Removes a place that notices are sent to, with its secrets",
    params(("id" = String, Path, format = "uuid")),
    responses((status = 204, description = "removed"), (status = 404, response = crate::openapi::ProblemResponse))
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let id = own_id(&id, "channel")?;
    let (workspace, by) = (who.workspace.id, who.actor());
    app.notifications.remove_channel(workspace, id, &by).await?;
    Ok(HttpResponse::NoContent().finish())
}
