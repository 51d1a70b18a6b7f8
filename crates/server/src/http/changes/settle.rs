//! `POST /v1/change-sets/{id}/settle`

use super::view::{self, SetBody};
use crate::auth::Caller;
use crate::http::ids::own_id;
use crate::problem::Problem;
use crate::state::App;
use actix_web::web;
use application::changes::Told;
use serde::Deserialize;
use utoipa::ToSchema;

/// What a person saw of one operation in the shop.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ChangeOutcome)]
pub(crate) struct OutcomeBody {
    no: u32,
    in_effect: bool,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ChangeSettlement)]
pub(crate) struct Body {
    /// Only counts where the shop shows neither the state before nor the one after.
    #[serde(default)]
    outcomes: Vec<OutcomeBody>,
    /// Needed with outcomes.
    note: Option<String>,
}

#[utoipa::path(
    post, path = "/v1/change-sets/{id}/settle", operation_id = "settle_change_set", tag = "changes",
    summary = "Looks again at what is unknown, and takes a person's word for what looking does not tell",
    params(("id" = String, Path, format = "uuid")),
    request_body = Body,
    responses(
        (status = 200, body = SetBody),
        (status = 404, response = crate::openapi::ProblemResponse),
        (status = 409, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "nothing of it is unknown"),
        (status = 422, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "an outcome names no unknown operation, or the note is missing"),
    )
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    id: web::Path<String>,
    body: web::Json<Body>,
) -> Result<web::Json<SetBody>, Problem> {
    let id = own_id(&id, "change-set")?;
    let (workspace, by) = (who.workspace.id, who.actor());
    let told: Vec<Told> = body
        .outcomes
        .iter()
        .map(|o| Told {
            no: o.no,
            in_effect: o.in_effect,
        })
        .collect();
    let note = body.note.as_deref();
    let set = app.changes.settle(workspace, id, &by, &told, note).await?;
    Ok(web::Json(view::one(&app, &set).await?))
}
