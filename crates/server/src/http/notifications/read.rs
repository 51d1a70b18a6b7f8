//! `POST /v1/notifications/read`

use super::view::UnreadBody;
use crate::auth::Caller;
use crate::http::ids::own_id;
use crate::problem::Problem;
use crate::state::App;
use actix_web::web;
use serde::Deserialize;
use utoipa::ToSchema;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ReadNotices)]
pub(crate) struct Body {
    /// Null: all that there are.
    #[serde(default)]
    #[schema(format = "uuid")]
    id: Option<String>,
}

#[utoipa::path(
    post, path = "/v1/notifications/read", operation_id = "read_notifications", tag = "notifications",
    summary = "Marks a notice, or all, as read by oneself; others have not read it",
    request_body = Body,
    responses((status = 200, body = UnreadBody), (status = 404, response = crate::openapi::ProblemResponse))
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    body: web::Json<Body>,
) -> Result<web::Json<UnreadBody>, Problem> {
    let which = match &body.id {
        None => None,
        Some(id) => Some(own_id(id, "notice")?),
    };
    let (workspace, user) = (who.workspace.id, who.user.id);
    let unread = app.notifications.mark_read(workspace, user, which).await?;
    Ok(web::Json(unread.into()))
}
