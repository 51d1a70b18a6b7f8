//! `GET /v1/notification-channels`

use super::view::ChannelBody;
use crate::auth::Caller;
use crate::problem::Problem;
use crate::state::App;
use actix_web::web;
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ChannelList)]
pub(crate) struct Body {
    /// Oldest first.
    channels: Vec<ChannelBody>,
}

#[utoipa::path(
    get, path = "/v1/notification-channels", operation_id = "list_channels", tag = "notifications",
    summary = "Places outside that notices are sent to, with how they fare",
    responses((status = 200, body = Body))
)]
pub(crate) async fn handle(app: web::Data<App>, who: Caller) -> Result<web::Json<Body>, Problem> {
    let channels = app.notifications.channels(who.workspace.id).await?;
    Ok(web::Json(Body {
        channels: channels.into_iter().map(Into::into).collect(),
    }))
}
