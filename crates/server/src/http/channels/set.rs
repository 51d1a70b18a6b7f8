//! `PUT /v1/notification-channels/{id}`

use super::view::{ChannelBody, DraftBody};
use crate::auth::Caller;
use crate::http::ids::own_id;
use crate::problem::Problem;
use crate::state::App;
use actix_web::web;

#[utoipa::path(
    put, path = "/v1/notification-channels/{id}", operation_id = "set_channel", tag = "notifications",
    summary = "Sets a place that notices are sent to; one that was switched off by itself begins anew",
    params(("id" = String, Path, format = "uuid")),
    request_body = DraftBody,
    responses(
        (status = 200, body = ChannelBody),
        (status = 404, response = crate::openapi::ProblemResponse),
        (status = 422, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "the address may not be spoken to, or its preferences are not for machines"),
    )
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    id: web::Path<String>,
    body: web::Json<DraftBody>,
) -> Result<web::Json<ChannelBody>, Problem> {
    let id = own_id(&id, "channel")?;
    let draft = body.into_inner().read()?;
    let (workspace, by) = (who.workspace.id, who.actor());
    let notices = &app.notifications;
    let channel = notices.set_channel(workspace, id, &draft, &by).await?;
    Ok(web::Json(channel.into()))
}
