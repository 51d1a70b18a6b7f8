//! `POST /agents/message`: says something; a person's message is answered in the session's stream.

use super::own;
use crate::auth::{Caller, Permission};
use crate::problem::Problem;
use crate::state::App;
use actix_web::web;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What is missing is told by the texts that clients of the earlier system know, so nothing here is required.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = NewAssistantMessage)]
pub(crate) struct Body {
    #[serde(default)]
    #[schema(required = true, format = "uuid")]
    session_id: String,
    /// `user` or `assistant`.
    #[serde(default)]
    #[schema(required = true, pattern = "^(user|assistant)$")]
    role: String,
    #[serde(default)]
    #[schema(required = true, min_length = 1, max_length = 4000)]
    content: String,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReceivedAssistantMessage)]
pub(crate) struct ReceivedBody {
    /// `received`: it is kept.
    status: String,
    message_id: String,
}

#[utoipa::path(
    post, path = "/agents/message", operation_id = "say_to_assistant", tag = "assistant",
    summary = "Says something in a conversation of one's own; a person's message is answered in its stream",
    request_body = Body,
    responses(
        (status = 200, body = ReceivedBody), (status = 400, response = crate::openapi::ProblemResponse),
        (status = 404, response = crate::openapi::ProblemResponse),
    )
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    body: web::Json<Body>,
) -> Result<web::Json<ReceivedBody>, Problem> {
    if body.session_id.trim().is_empty() {
        return Err(Problem::bad_request("session_id is required"));
    }
    let session = own(&app, &who, &body.session_id).await?;
    let may_propose = who.may(Permission::AssistantPropose);
    let said = app
        .assistant
        .say_as(&session, &body.role, &body.content, may_propose);
    Ok(web::Json(ReceivedBody {
        message_id: said.await?.to_string(),
        status: "received".to_owned(),
    }))
}
