//! `POST /v1/runs/{id}/replay`

use crate::auth::Caller;
use crate::http::ids::own_id;
use crate::problem::Problem;
use crate::state::App;
use actix_web::web;
use application::agents::Replay;
use serde::Serialize;
use utoipa::ToSchema;

/// What a run decided then, and what it decides now on the same facts.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Replay)]
pub(crate) struct ReplayBody {
    /// Whether facts and decision are the same to the last bit.
    same: bool,
    facts_sha256: String,
    recorded_sha256: String,
    replayed_sha256: String,
    proposals: u64,
}

impl ReplayBody {
    pub(crate) fn of(replay: Replay) -> Self {
        Self {
            same: replay.same,
            facts_sha256: replay.facts_sha256,
            recorded_sha256: replay.recorded_sha256,
            replayed_sha256: replay.replayed_sha256,
            proposals: replay.proposals,
        }
    }
}

#[utoipa::path(
    post, path = "/v1/runs/{id}/replay", operation_id = "replay_run", tag = "agents",
    summary = "Decides again on the facts that a run wrote down; changes nothing",
    params(("id" = String, Path, format = "uuid")),
    responses(
        (status = 200, body = ReplayBody),
        (status = 404, response = crate::openapi::ProblemResponse),
        (status = 410, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "its facts are not kept, or not any more"),
    )
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    id: web::Path<String>,
) -> Result<web::Json<ReplayBody>, Problem> {
    let id = own_id(&id, "run")?;
    let replay = app.agents.replay(who.workspace.id, id).await?;
    Ok(web::Json(ReplayBody::of(replay)))
}
