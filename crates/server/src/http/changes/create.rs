//! `POST /v1/change-sets`

use super::edit::{self, EditBody};
use super::view::SetBody;
use crate::auth::Caller;
use crate::http::ids::own_id;
use crate::problem::Problem;
use crate::state::App;
use actix_web::http::header;
use actix_web::{HttpResponse, web};
use application::changes::NewChangeSet;
use serde::Deserialize;
use utoipa::ToSchema;

#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = NewChangeSet)]
pub(crate) struct Body {
    /// The first store when left out.
    #[schema(format = "uuid")]
    store_id: Option<String>,
    /// Made from the edits when left out.
    title: Option<String>,
    reason: Option<String>,
    edits: Vec<EditBody>,
}

#[utoipa::path(
    post, path = "/v1/change-sets", operation_id = "propose_changes", tag = "changes",
    summary = "Proposes changes; nothing is written before another look approves them",
    request_body = Body,
    responses(
        (status = 201, body = SetBody),
        (status = 404, response = crate::openapi::ProblemResponse),
        (status = 409, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "the store has no connection"),
        (status = 422, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "an edit changes nothing, or what it names is not known; `errors` names each"),
    )
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    body: web::Json<Body>,
) -> Result<HttpResponse, Problem> {
    let store = body.store_id.as_deref();
    let store = store.map(|id| own_id(id, "store")).transpose()?;
    let store = app.changes.store(who.workspace.id, store).await?;
    let edits = edit::read(&body.edits, store.currency).map_err(Problem::invalid)?;
    let new = NewChangeSet {
        title: body.title.clone(),
        reason: body.reason.clone().unwrap_or_default(),
        edits,
        proposed_by: who.actor(),
    };
    let set = app.changes.propose(&store, new).await?;
    Ok(created(&SetBody::of(&set, store.currency)))
}

pub(super) fn created(set: &SetBody) -> HttpResponse {
    let place = format!("/v1/change-sets/{}", set.id);
    HttpResponse::Created()
        .insert_header((header::LOCATION, place))
        .json(set)
}
