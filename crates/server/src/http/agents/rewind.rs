//! `POST /v1/agents/{id}/rewind`

use super::store::Query;
use crate::auth::Caller;
use crate::http::changes::view::{self, SetBody};
use crate::problem::Problem;
use crate::state::App;
use actix_web::{HttpResponse, web};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewRewind)]
pub(crate) struct Body {
    /// What it proposed before stays.
    since: DateTime<Utc>,
    reason: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Rewind)]
pub(crate) struct RewindBody {
    /// The newest change first; empty when nothing of it is in effect any more.
    change_sets: Vec<SetBody>,
}

#[utoipa::path(
    post, path = "/v1/agents/{id}/rewind", operation_id = "rewind_agent", tag = "agents",
    summary = "Proposes the undoing of all that an agent changed since an instant and that can still be taken back",
    description = "Each change-set is taken back by one of its own, which waits for approval as any other.",
    params(("id" = String, Path), Query),
    request_body = Body,
    responses(
        (status = 201, body = RewindBody),
        (status = 404, response = crate::openapi::ProblemResponse),
    )
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    id: web::Path<String>,
    query: web::Query<Query>,
    body: web::Json<Body>,
) -> Result<HttpResponse, Problem> {
    let store = query.pick(&app, &who).await?;
    let reason = body.reason.as_deref();
    let by = who.actor();
    let sets = app
        .agents
        .rewind(&store, &id, body.since, reason, &by)
        .await?;
    let change_sets = view::all(&app, &sets).await?;
    Ok(HttpResponse::Created().json(RewindBody { change_sets }))
}
