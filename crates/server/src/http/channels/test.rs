//! `POST /v1/notification-channels/{id}/test`

use crate::auth::Caller;
use crate::http::ids::own_id;
use crate::http::notifications::deliveries::DeliveryBody;
use crate::problem::Problem;
use crate::state::App;
use actix_web::web;

#[utoipa::path(
    post, path = "/v1/notification-channels/{id}/test", operation_id = "test_channel", tag = "notifications",
    summary = "Sends a test at once, and tells what became of it",
    description = "Also to one that is switched off. It is tried once.",
    params(("id" = String, Path, format = "uuid")),
    responses((status = 200, body = DeliveryBody), (status = 404, response = crate::openapi::ProblemResponse))
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    id: web::Path<String>,
) -> Result<web::Json<DeliveryBody>, Problem> {
    let id = own_id(&id, "channel")?;
    let sent = app.notifications.test_channel(who.workspace.id, id).await?;
    Ok(web::Json(sent.into()))
}
