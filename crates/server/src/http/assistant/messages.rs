//! `GET /agents/session/{id}/messages`

use super::read;
use super::view::MessageBody;
use crate::auth::Caller;
use crate::http::paging;
use crate::problem::Problem;
use crate::state::App;
use actix_web::web;
use ports::page::MAX_LIMIT;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Query {
    cursor: Option<String>,
    /// As many as can be when left out.
    #[param(minimum = 1, maximum = 250)]
    limit: Option<u32>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AssistantMessages)]
pub(crate) struct ListBody {
    session_id: String,
    /// In the order in which they were said.
    messages: Vec<MessageBody>,
    total: u64,
    next_cursor: Option<String>,
}

#[utoipa::path(
    get, path = "/agents/session/{id}/messages", operation_id = "list_assistant_messages", tag = "assistant",
    summary = "What was said in a conversation",
    params(("id" = String, Path, format = "uuid"), Query),
    responses(
        (status = 200, body = ListBody), (status = 400, response = crate::openapi::ProblemResponse),
        (status = 404, response = crate::openapi::ProblemResponse),
    )
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    id: web::Path<String>,
    query: web::Query<Query>,
) -> Result<web::Json<ListBody>, Problem> {
    let page = paging::page(query.cursor.as_deref(), query.limit.or(Some(MAX_LIMIT)))?;
    let session = read(&app, &who, &id).await?;
    let page = app.assistant.messages(&session, &page).await?;
    Ok(web::Json(ListBody {
        session_id: session.id.to_string(),
        messages: page.items.into_iter().map(MessageBody::of).collect(),
        total: page.total.unwrap_or_default(),
        next_cursor: page.next_cursor,
    }))
}
