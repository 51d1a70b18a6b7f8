//! `GET /v1/ws`: the stream of `/v1/stream` over a WebSocket, for whoever is behind something that holds event streams back.

use super::stream::{self, Changes, EventBody};
use crate::auth::{Caller, is_elsewhere};
use crate::follow::{Follower, Next};
use crate::problem::Problem;
use crate::sse;
use crate::state::App;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use actix_ws::{CloseCode, CloseReason, Closed, Message, MessageStream, Session};
use bytestring::ByteString;
use futures::StreamExt as _;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{Instant, timeout};
use utoipa::{IntoParams, ToSchema};

/// Clients say nothing but pings, pongs and that they go.
const MOST_HEARD: usize = 4096;
/// A client that takes no message for so long is given up.
const PATIENCE: Duration = Duration::from_secs(10);
/// A client that answers no ping for so long is gone.
const SILENCE: Duration = Duration::from_secs(45);

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Query {
    /// Everything after this is sent; without it, what happens from now on.
    #[param(pattern = "^[0-9]{0,18}$")]
    last_event_id: Option<String>,
}

/// One text message: a `StreamEvent` with the number to go on after.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = StreamMessage)]
pub(crate) struct MessageBody<'a> {
    /// For `last_event_id`.
    id: i64,
    #[serde(flatten)]
    event: &'a EventBody<'a>,
}

#[utoipa::path(
    get, path = "/v1/ws", operation_id = "stream_socket", tag = "live",
    summary = "What changes, as it changes (WebSocket)",
    params(Query),
    responses(
        (status = 101, description = "text messages, each a StreamMessage; a ping every 15 s; closed with 1012 when the server stops"),
        (status = 426, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "not asked for as a WebSocket"),
        (status = 429, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "more than 64 streams of one user"),
    )
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    request: HttpRequest,
    query: web::Query<Query>,
    body: web::Payload,
) -> Result<HttpResponse, Problem> {
    // Pages of other sites may open sockets with our cookie; what they may not do is read an answer of any other kind.
    if who.is_session() && is_elsewhere(&request) {
        return Err(Problem::csrf("the request comes from another site's page"));
    }
    let seen = match sse::last_seen(&request, query.last_event_id.as_deref())? {
        Some(seen) => seen,
        None => app.events.latest().await?,
    };
    let changes = Changes {
        hub: app.events.clone(),
        workspace: who.workspace.id,
        seen,
        texts: Arc::clone(&app.texts.messages),
    };
    let call = stream::call(&request, &who)?;
    let (answer, session, messages) = actix_ws::handle(&request, body).map_err(|_| no_socket())?;
    let follower = Follower::new(&app, who.user.id, changes, call)?;
    let messages = messages.max_frame_size(MOST_HEARD);
    actix_web::rt::spawn(serve(follower, session, messages));
    Ok(answer)
}

fn no_socket() -> Problem {
    Problem::new(
        StatusCode::UPGRADE_REQUIRED,
        "no-web-socket",
        "Not a WebSocket",
        "ask with Upgrade: websocket, or read /v1/stream",
    )
}

pub(super) fn message(id: i64, event: &EventBody<'_>) -> String {
    serde_json::to_string(&MessageBody { id, event }).unwrap_or_default()
}

/// Counted while it is open.
struct Open;

impl Open {
    fn new() -> Self {
        metrics::gauge!("ws_streams").increment(1.0);
        Self
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        metrics::gauge!("ws_streams").decrement(1.0);
    }
}

async fn serve(mut follower: Follower<Changes>, mut session: Session, mut heard: MessageStream) {
    let _open = Open::new();
    let mut last_sign = Instant::now();
    let code = loop {
        // What the client says is looked at first: one that goes is not sent to.
        let sent = tokio::select! {
            biased;
            message = heard.next() => match message {
                Some(Ok(Message::Ping(bytes))) => {
                    last_sign = Instant::now();
                    timeout(PATIENCE, session.pong(&bytes)).await
                }
                Some(Ok(Message::Pong(_) | Message::Nop)) => {
                    last_sign = Instant::now();
                    continue;
                }
                Some(Ok(Message::Close(_))) => break CloseCode::Normal,
                Some(Ok(_)) => break CloseCode::Unsupported,
                Some(Err(_)) => break CloseCode::Protocol,
                None => return,
            },
            next = follower.next() => match next {
                Next::Frames(texts) => timeout(PATIENCE, send(&mut session, texts)).await,
                Next::Quiet if last_sign.elapsed() > SILENCE => break CloseCode::Away,
                Next::Quiet => timeout(PATIENCE, session.ping(b"")).await,
                Next::Stopped => break CloseCode::Restart,
                Next::Broken => break CloseCode::Again,
            },
        };
        match sent {
            Ok(Ok(())) => {}
            Ok(Err(Closed)) => return,
            Err(_) => {
                tracing::info!("a client takes no messages and is given up");
                return;
            }
        }
    };
    let reason = CloseReason {
        code,
        description: None,
    };
    let _ = timeout(PATIENCE, session.close(Some(reason))).await;
}

async fn send(session: &mut Session, texts: Vec<ByteString>) -> Result<(), Closed> {
    for text in texts {
        session.text(text).await?;
    }
    Ok(())
}
