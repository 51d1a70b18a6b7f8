//! `POST /v1/notification-channels/{id}/secret`

use crate::auth::Caller;
use crate::http::ids::own_id;
use crate::problem::Problem;
use crate::state::App;
use actix_web::{HttpResponse, web};
use secrecy::ExposeSecret as _;
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Serialize, ToSchema)]
#[schema(as = ChannelSecret)]
pub(crate) struct Body {
    /// Signs messages from now on. It is shown here and never again.
    secret: String,
}

#[utoipa::path(
    post, path = "/v1/notification-channels/{id}/secret", operation_id = "renew_channel_secret", tag = "notifications",
    summary = "Makes a new secret to sign with, and shows it, once",
    params(("id" = String, Path, format = "uuid")),
    responses(
        (status = 200, body = Body),
        (status = 404, response = crate::openapi::ProblemResponse),
        (status = 422, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "messages of this channel are not signed"),
    )
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let id = own_id(&id, "channel")?;
    let (workspace, by) = (who.workspace.id, who.actor());
    let secret = app.notifications.renew_secret(workspace, id, &by).await?;
    Ok(HttpResponse::Ok()
        .insert_header(("cache-control", "no-store"))
        .json(Body {
            secret: secret.expose_secret().to_owned(),
        }))
}
