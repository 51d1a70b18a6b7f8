//! `GET /v1/stream`: what changes in the workspace, as server-sent events that go on where they broke off.

use crate::auth::Caller;
use crate::problem::{FieldError, Problem};
use crate::state::App;
use crate::streams::Place;
use actix_web::http::header;
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse, web};
use application::events::EventHub;
use domain::ids::WorkspaceId;
use ports::events::Event;
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;
use std::convert::Infallible;
use std::time::Duration;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use utoipa::{IntoParams, ToSchema};

const PING_EVERY: Duration = Duration::from_secs(15);
/// Another process may have written: look from time to time even when nobody calls.
const LOOK_EVERY: Duration = Duration::from_secs(2);
const BATCH: u32 = 100;
/// A client waits this long before it comes back, unless told otherwise (milliseconds).
const RETRY: &str = "retry: 2000\n\n";

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Query {
    /// Like the header `Last-Event-ID`: everything after this is sent; without either, what happens from now on.
    #[param(pattern = "^[0-9]{0,18}$")]
    last_event_id: Option<String>,
}

/// What the description says of headers; the handler reads them itself, because an unreadable one is refused.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "only its description is used")]
struct Headers {
    /// Goes on after this event.
    #[param(rename = "Last-Event-ID", value_type = String, required = false, pattern = "^[0-9]{0,18}$")]
    last_event_id: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = StreamEntity)]
pub(crate) struct EntityBody {
    kind: String,
    id: String,
}

/// The `data` of a frame; its `event` is the type, its `id` the number to go on after.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = StreamEvent)]
pub(crate) struct EventBody {
    /// sync.progress, sync.finished, connection.changed, orders.changed, products.changed, report.changed, change_set.changed,
    /// stops.changed, runs.changed, agents.changed, guardrails.changed, notices.changed, channels.changed, forecasts.progress, forecasts.finished,
    /// inventory.settings, purchase_order.changed, ad_accounts.changed or opportunities.changed.
    #[serde(rename = "type")]
    #[schema(rename = "type")]
    kind: String,
    entity: EntityBody,
    version: Option<i64>,
    at: chrono::DateTime<chrono::Utc>,
    #[schema(value_type = Object)]
    data: serde_json::Value,
}

#[utoipa::path(
    get, path = "/v1/stream", operation_id = "stream", tag = "live",
    summary = "What changes, as it changes (server-sent events)",
    params(Query, Headers),
    responses(
        (status = 200, body = String, content_type = "text/event-stream", description = "frames with id, event and data (a StreamEvent); a comment every 15 s"),
        (status = 429, body = crate::problem::ProblemBody, content_type = "application/problem+json", description = "more than 64 streams of one user"),
    )
)]
pub(crate) async fn handle(
    app: web::Data<App>,
    who: Caller,
    request: HttpRequest,
    query: web::Query<Query>,
) -> Result<HttpResponse, Problem> {
    let place = app.streams.take(who.user.id)?;
    let wrong = || {
        Problem::invalid(vec![FieldError::new(
            "last_event_id",
            "is not the id of an event",
        )])
    };
    let header = request.headers().get("last-event-id");
    let header = header
        .map(|v| v.to_str().map_err(|_| wrong()))
        .transpose()?;
    let given = |text: &&str| !text.is_empty();
    let asked = header.filter(given);
    let asked = asked.or(query.last_event_id.as_deref().filter(given));
    let seen = match asked {
        Some(text) => text.parse().map_err(|_| wrong())?,
        None => app.events.latest().await?,
    };
    let reader = Reader {
        wake: app.events.subscribe(),
        hub: app.events.clone(),
        workspace: who.workspace.id,
        seen,
        frames: VecDeque::from([RETRY.to_owned()]),
        stop: app.streams.ended(),
        _place: place,
    };
    Ok(HttpResponse::Ok()
        .content_type("text/event-stream")
        .insert_header((header::CACHE_CONTROL, "no-store"))
        // Each frame leaves at once: nothing on the way may gather or pack them.
        .insert_header((header::CONTENT_ENCODING, "identity"))
        .insert_header(("x-accel-buffering", "no"))
        .streaming(futures::stream::unfold(reader, Reader::next)))
}

struct Reader {
    hub: EventHub,
    wake: watch::Receiver<u64>,
    workspace: WorkspaceId,
    seen: i64,
    frames: VecDeque<String>,
    stop: CancellationToken,
    /// Given back when the stream ends.
    _place: Place,
}

impl Reader {
    async fn next(mut self) -> Option<(Result<Bytes, Infallible>, Self)> {
        let mut quiet_until = tokio::time::Instant::now() + PING_EVERY;
        loop {
            if let Some(frame) = self.frames.pop_front() {
                return Some((Ok(Bytes::from(frame)), self));
            }
            if self.stop.is_cancelled() {
                return None;
            }
            match self.hub.since(self.workspace, self.seen, BATCH).await {
                Ok(events) => {
                    if let Some(last) = events.last() {
                        self.seen = last.seq;
                    }
                    self.frames.extend(events.into_iter().map(frame));
                }
                Err(error) => {
                    tracing::warn!(%error, "a stream could not read the events and is ended");
                    return None;
                }
            }
            if !self.frames.is_empty() {
                continue;
            }
            tokio::select! {
                () = self.stop.cancelled() => return None,
                changed = self.wake.changed() => changed.ok()?,
                () = tokio::time::sleep_until(quiet_until) => {
                    self.frames.push_back(": ping\n\n".to_owned());
                    quiet_until += PING_EVERY;
                }
                () = tokio::time::sleep(LOOK_EVERY) => {}
            }
        }
    }
}

fn frame(event: Event) -> String {
    let Event { seq, event } = event;
    let body = EventBody {
        entity: EntityBody {
            kind: event.entity_kind,
            id: event.entity_id,
        },
        version: event.version,
        at: event.at,
        data: event.data,
        kind: event.kind,
    };
    let data = serde_json::to_string(&body).unwrap_or_default();
    format!("id: {seq}\nevent: {}\ndata: {data}\n\n", body.kind)
}
