//! `POST /v1/notification-channels`

use super::view::{ChannelBody, DraftBody, KindBody};
use crate::auth::Caller;
use crate::problem::Problem;
use crate::state::App;
use actix_web::{HttpResponse, web};
use secrecy::ExposeSecret as _;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Deserialize, ToSchema)]
#[schema(as = NewChannel)]
pub(crate) struct Body {
    kind: KindBody,
    #[serde(flatten)]
    draft: DraftBody,
}

#[derive(Serialize, ToSchema)]
#[schema(as = CreatedChannel)]
pub(crate) struct Created {
    channel: ChannelBody,
    /// Signs its messages. It is shown here and never again; null where messages are not signed.
    secret: Option<String>,
}

#[utoipa::path(
    post, path = "/v1/notification-channels", operation_id = "create_channel", tag = "notifications",
    summary = "Makes a place that notices are sent to, and shows the secret that signs its messages, once",
    request_body = Body,
    responses(
        (status = 201, body = Created),
        (status = 422, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "the address may not be spoken to, or its preferences are not for machines"),
    )
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    body: web::Json<Body>,
) -> Result<HttpResponse, Problem> {
    let Body { kind, draft } = body.into_inner();
    let (workspace, by) = (who.workspace.id, who.actor());
    let notices = &app.notifications;
    let new = notices
        .create_channel(workspace, kind.into(), draft.read()?, &by)
        .await?;
    let secret = new.secret.map(|secret| secret.expose_secret().to_owned());
    Ok(HttpResponse::Created()
        .insert_header(("cache-control", "no-store"))
        .json(Created {
            channel: new.channel.into(),
            secret,
        }))
}
