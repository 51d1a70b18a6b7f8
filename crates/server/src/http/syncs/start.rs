//! `POST /v1/syncs`

use super::view::SyncBody;
use crate::auth::Caller;
use crate::http::ids::own_id;
use crate::problem::Problem;
use crate::state::App;
use actix_web::http::header;
use actix_web::{HttpResponse, web};
use domain::sync::SyncKind;
use serde::Deserialize;
use utoipa::ToSchema;

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = NewSyncKind)]
pub(crate) enum Kind {
    /// What changed, once everything was read; until then everything, from where it stopped.
    #[default]
    Auto,
    /// Everything, from the beginning.
    Backfill,
    Incremental,
}

#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = NewSync)]
pub(crate) struct Body {
    #[schema(format = "uuid")]
    connection_id: String,
    kind: Option<Kind>,
}

#[utoipa::path(
    post, path = "/v1/syncs", operation_id = "start_sync", tag = "syncs",
    summary = "Queues a run",
    request_body = Body,
    responses(
        (status = 202, body = SyncBody),
        (status = 404, response = crate::openapi::ProblemResponse),
        (status = 409, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "one is under way: `sync_id` names it"),
    )
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    body: web::Json<Body>,
) -> Result<HttpResponse, Problem> {
    let connection = own_id(&body.connection_id, "connection")?;
    let kind = match body.kind.unwrap_or_default() {
        Kind::Auto => None,
        Kind::Backfill => Some(SyncKind::Backfill),
        Kind::Incremental => Some(SyncKind::Incremental),
    };
    let by = Some(who.actor());
    let started = app.syncs.start(who.workspace.id, connection, kind, by);
    let run = started.await?;
    Ok(HttpResponse::Accepted()
        .insert_header((header::LOCATION, format!("/v1/syncs/{}", run.id)))
        .json(SyncBody::of(&run, app.now())))
}
