//! `GET /agents/stream`: answers as they are made, as server-sent events that go on where they broke off.

use super::read;
use super::view::AnswerBody;
use crate::auth::Caller;
use crate::follow::{BATCH, Call, Source};
use crate::problem::Problem;
use crate::sse;
use crate::state::App;
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use application::assistant::Assistant;
use bytestring::ByteString;
use domain::assistant::session::{Frame, Piece};
use domain::ids::{AssistantSessionId, WorkspaceId};
use ports::PortResult;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Query {
    /// Without it: 400.
    #[param(required = true, format = "uuid")]
    session_id: Option<String>,
    /// Like the header `Last-Event-ID`: everything after this is sent; without either, what answers the newest question.
    #[param(pattern = "^[0-9]{0,18}$")]
    last_event_id: Option<String>,
}

/// What the description says of headers; the handler reads them itself, because an unreadable one is refused.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "only its description is used")]
struct Headers {
    /// Goes on after this frame.
    #[param(rename = "Last-Event-ID", value_type = String, required = false, pattern = "^[0-9]{0,18}$")]
    last_event_id: Option<String>,
}

/// The `data` of a frame. Its `event` is `error` for an error and `message` for all others, its `id` the number to go on after.
#[derive(Debug, Serialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
#[schema(as = AssistantFrame)]
pub(crate) enum FrameBody {
    /// Text that follows the text before.
    Delta {
        content: String,
        session_id: String,
    },
    /// The whole answer with its sources.
    Answer {
        answer: AnswerBody,
        session_id: String,
    },
    /// The answer is complete.
    Done {
        message_id: Option<String>,
        session_id: String,
    },
    Error {
        error: String,
        session_id: String,
    },
}

#[utoipa::path(
    get, path = "/agents/stream", operation_id = "assistant_stream", tag = "assistant",
    summary = "Answers, as they are made (server-sent events)",
    params(Query, Headers),
    responses(
        (status = 200, body = String, content_type = "text/event-stream", description = "frames with id, event and data (an AssistantFrame); a comment every 15 s"),
        (status = 400, response = crate::openapi::ProblemResponse), (status = 404, response = crate::openapi::ProblemResponse),
        (status = 429, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "more than 64 streams of one user"),
    )
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    request: HttpRequest,
    query: web::Query<Query>,
) -> Result<HttpResponse, Problem> {
    let id = query.session_id.as_deref().map(str::trim);
    let Some(id) = id.filter(|id| !id.is_empty()) else {
        return Err(Problem::bad_request("session_id is required"));
    };
    let session = read(&app, &who, id).await?;
    let seen = sse::last_seen(&request, query.last_event_id.as_deref())?;
    if !app.streaming_enabled {
        let off = FrameBody::Error {
            error: "streaming is switched off (ENABLE_STREAMING=false); read the messages of the session instead".to_owned(),
            session_id: session.id.to_string(),
        };
        return Ok(HttpResponse::Ok()
            .content_type("text/event-stream")
            .insert_header((header::CACHE_CONTROL, "no-store"))
            .body(text(None, &off)));
    }
    let seen = match seen {
        Some(seen) => seen,
        None => app.assistant.listen_from(&session).await?,
    };
    let answers = Answers {
        assistant: app.assistant.clone(),
        workspace: session.workspace,
        session: session.id,
        seen,
    };
    let call = Call::Any(app.events.subscribe());
    sse::answer(&app, who.user.id, answers, call)
}

/// The frames of a session, after what was seen.
struct Answers {
    assistant: Assistant,
    workspace: WorkspaceId,
    session: AssistantSessionId,
    seen: i64,
}

impl Source for Answers {
    async fn frames(&mut self) -> PortResult<Vec<ByteString>> {
        let (workspace, session) = (self.workspace, self.session);
        let frames = self.assistant.frames(workspace, session, self.seen, BATCH);
        let frames = frames.await?;
        if let Some(last) = frames.last() {
            self.seen = last.no;
        }
        let told = frames.into_iter();
        Ok(told.map(|frame| self.text(frame).into()).collect())
    }
}

impl Answers {
    fn text(&self, frame: Frame) -> String {
        let session_id = self.session.to_string();
        let body = match frame.piece {
            Piece::Delta { content } => FrameBody::Delta {
                content,
                session_id,
            },
            Piece::Answer { answer } => FrameBody::Answer {
                answer: AnswerBody::of(answer),
                session_id,
            },
            Piece::Done { message } => FrameBody::Done {
                message_id: Some(message.to_string()),
                session_id,
            },
            Piece::Error { error } => FrameBody::Error { error, session_id },
        };
        text(Some(frame.no), &body)
    }
}

fn text(no: Option<i64>, body: &FrameBody) -> String {
    let event = match body {
        FrameBody::Error { .. } => "error",
        _ => "message",
    };
    let data = serde_json::to_string(body).unwrap_or_default();
    let id = no.map_or_else(String::new, |no| format!("id: {no}\n"));
    format!("{id}event: {event}\ndata: {data}\n\n")
}
