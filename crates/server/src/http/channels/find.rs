//! `GET /v1/notification-channels/{id}`

use super::view::ChannelBody;
use crate::auth::Caller;
use crate::http::ids::own_id;
use crate::problem::Problem;
use crate::state::App;
use actix_web::web;

#[utoipa::path(
    get, path = "/v1/notification-channels/{id}", operation_id = "find_channel", tag = "notifications",
    summary = "One place that notices are sent to",
    params(("id" = String, Path, format = "uuid")),
    responses((status = 200, body = ChannelBody), (status = 404, response = crate::openapi::ProblemResponse))
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    id: web::Path<String>,
) -> Result<web::Json<ChannelBody>, Problem> {
    let id = own_id(&id, "channel")?;
    let channel = app.notifications.channel(who.workspace.id, id).await?;
    Ok(web::Json(channel.into()))
}
