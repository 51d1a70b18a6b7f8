//! `GET /v1/notifications`

use super::view::{NoticeBody, SeverityBody, UnreadBody};
use crate::auth::Caller;
use crate::http::paging;
use crate::problem::Problem;
use crate::state::App;
use actix_web::web;
use ports::notices::NoticeFilter;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Query {
    /// Only what one has not read.
    #[serde(default)]
    unread: bool,
    severity: Option<SeverityBody>,
    cursor: Option<String>,
    #[param(minimum = 1, maximum = 250)]
    limit: Option<u32>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = NoticeList)]
pub(crate) struct Body {
    /// Newest first, by when they began.
    notifications: Vec<NoticeBody>,
    /// Of all, whatever is asked for here.
    unread: UnreadBody,
    total: u64,
    next_cursor: Option<String>,
}

#[utoipa::path(
    get, path = "/v1/notifications", operation_id = "list_notifications", tag = "notifications",
    summary = "What happened that people should know, with what one has read of it",
    params(Query),
    responses((status = 200, body = Body))
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    query: web::Query<Query>,
) -> Result<web::Json<Body>, Problem> {
    let (workspace, user) = (who.workspace.id, who.user.id);
    let filter = NoticeFilter {
        unread: query.unread,
        severity: query.severity.map(Into::into),
    };
    let page = paging::page(query.cursor.as_deref(), query.limit)?;
    let notices = &app.notifications;
    let page = notices.list(workspace, user, &filter, &page).await?;
    let unread = notices.unread(workspace, user).await?;
    Ok(web::Json(Body {
        notifications: page.items.into_iter().map(Into::into).collect(),
        unread: unread.into(),
        total: page.total.unwrap_or_default(),
        next_cursor: page.next_cursor,
    }))
}
