//! `POST /agents/session`, `GET /agents/sessions`, `PUT` and `DELETE /agents/session/{id}`

use super::view::SessionBody;
use super::{own, readable};
use crate::auth::Caller;
use crate::http::paging;
use crate::problem::Problem;
use crate::state::App;
use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Of what is looked for, in characters.
const LONGEST_SEARCH: usize = 200;

#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(as = NewAssistantSession)]
pub(crate) struct NewBody {
    /// `general` when left out.
    #[schema(min_length = 1, max_length = 40)]
    agent_type: Option<String>,
    /// Clients of the earlier system send it; a session is always its caller's.
    #[expect(dead_code, reason = "accepted, and of no consequence")]
    user_id: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OpenedAssistantSession)]
pub(crate) struct OpenedBody {
    session_id: String,
    session: SessionBody,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Query {
    /// Only those in whose title or messages it stands.
    #[param(max_length = 200)]
    search: Option<String>,
    cursor: Option<String>,
    #[param(minimum = 1, maximum = 250)]
    limit: Option<u32>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AssistantSessions)]
pub(crate) struct ListBody {
    sessions: Vec<SessionBody>,
    total: Option<u64>,
    next_cursor: Option<String>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AssistantSessionName)]
pub(crate) struct NameBody {
    #[schema(min_length = 1, max_length = 120)]
    title: String,
}

#[utoipa::path(
    post, path = "/agents/session", operation_id = "open_assistant_session", tag = "assistant",
    summary = "Opens a conversation",
    request_body = NewBody,
    responses((status = 201, body = OpenedBody), (status = 400, response = crate::openapi::ProblemResponse))
)]
pub(crate) async fn open(
    app: web::Data<App>,
    who: Caller,
    body: web::Json<NewBody>,
) -> Result<HttpResponse, Problem> {
    let kind = body.into_inner().agent_type;
    let kind = kind.as_deref().unwrap_or("general");
    let (workspace, user) = (who.workspace.id, who.user.id);
    let session = app.assistant.open(workspace, user, kind).await?;
    Ok(HttpResponse::Created().json(OpenedBody {
        session_id: session.id.to_string(),
        session: SessionBody::of(&session),
    }))
}

#[utoipa::path(
    get, path = "/agents/sessions", operation_id = "list_assistant_sessions", tag = "assistant",
    summary = "One's own conversations, the newest first; those of all people for admins",
    params(Query),
    responses((status = 200, body = ListBody), (status = 400, response = crate::openapi::ProblemResponse))
)]
pub(crate) async fn list(
    app: web::Data<App>,
    who: Caller,
    query: web::Query<Query>,
) -> Result<web::Json<ListBody>, Problem> {
    let page = paging::page(query.cursor.as_deref(), query.limit)?;
    let workspace = who.workspace.id;
    let text = query.search.as_deref();
    if text.is_some_and(|text| text.chars().count() > LONGEST_SEARCH) {
        return Err(Problem::bad_request("`search` has at most 200 characters"));
    }
    let page = app
        .assistant
        .sessions(workspace, readable(&who), text, &page)
        .await?;
    Ok(web::Json(ListBody {
        sessions: page.items.iter().map(SessionBody::of).collect(),
        total: page.total,
        next_cursor: page.next_cursor,
    }))
}

#[utoipa::path(
    put, path = "/agents/session/{id}", operation_id = "name_assistant_session", tag = "assistant",
    summary = "Names a conversation of one's own",
    params(("id" = String, Path, format = "uuid")),
    request_body = NameBody,
    responses(
        (status = 200, body = SessionBody), (status = 400, response = crate::openapi::ProblemResponse),
        (status = 404, response = crate::openapi::ProblemResponse),
    )
)]
pub(crate) async fn name(
    app: web::Data<App>,
    who: Caller,
    id: web::Path<String>,
    body: web::Json<NameBody>,
) -> Result<web::Json<SessionBody>, Problem> {
    let session = own(&app, &who, &id).await?;
    app.assistant.rename(&session, &body.title).await?;
    Ok(web::Json(SessionBody::of(&own(&app, &who, &id).await?)))
}

#[utoipa::path(
    delete, path = "/agents/session/{id}", operation_id = "forget_assistant_session", tag = "assistant",
    summary = "Forgets a conversation of one's own, with all that was said in it",
    params(("id" = String, Path, format = "uuid")),
    responses((status = 204), (status = 404, response = crate::openapi::ProblemResponse))
)]
pub(crate) async fn forget(
    app: web::Data<App>,
    who: Caller,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let session = own(&app, &who, &id).await?;
    app.assistant.forget(&session).await?;
    Ok(HttpResponse::NoContent().finish())
}
