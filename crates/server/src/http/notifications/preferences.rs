//! `GET`, `PUT /v1/notifications/preferences`

use super::view::PreferencesBody;
use crate::auth::Caller;
use crate::problem::Problem;
use crate::state::App;
use actix_web::web;
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OwnNotificationPreferences)]
pub(crate) struct Body {
    preferences: PreferencesBody,
    /// The clock that is meant where none is named: the first store's.
    default_zone: String,
    /// Whether letters can be sent at all.
    has_mail: bool,
    /// Where they go.
    address: String,
}

async fn body(app: &App, who: &Caller) -> Result<web::Json<Body>, Problem> {
    let notices = &app.notifications;
    let wanted = notices.preferences(who.workspace.id, who.user.id).await?;
    Ok(web::Json(Body {
        preferences: (&wanted).into(),
        default_zone: notices.zone(who.workspace.id).await?,
        has_mail: notices.has_mail(),
        address: who.user.email.as_str().to_owned(),
    }))
}

#[utoipa::path(
    get, path = "/v1/notifications/preferences", operation_id = "notification_preferences", tag = "notifications",
    summary = "What one wants to be told by mail, and when",
    responses((status = 200, body = Body))
)]
pub(crate) async fn find(app: web::Data<App>, who: Caller) -> Result<web::Json<Body>, Problem> {
    body(&app, &who).await
}

#[utoipa::path(
    put, path = "/v1/notifications/preferences", operation_id = "set_notification_preferences", tag = "notifications",
    summary = "Says what one wants to be told by mail, and when",
    description = "Holds for what happens from now on: messages that are owed already stay as they are.",
    request_body = PreferencesBody,
    responses(
        (status = 200, body = Body),
        (status = 422, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "quiet hours without a length, or no time zone of that name"),
    )
)]
pub(crate) async fn set(
    app: web::Data<App>,
    who: Caller,
    wanted: web::Json<PreferencesBody>,
) -> Result<web::Json<Body>, Problem> {
    let wanted = wanted.read()?;
    let (workspace, user, by) = (who.workspace.id, who.user.id, who.actor());
    let notices = &app.notifications;
    notices
        .set_preferences(workspace, user, &wanted, &by)
        .await?;
    body(&app, &who).await
}
