//! `GET /v1/stream`: what changes in the workspace, as server-sent events that go on where they broke off.

use crate::auth::Caller;
use crate::follow::{BATCH, Call, Source};
use crate::problem::Problem;
use crate::relays::Relays;
use crate::sse;
use crate::state::App;
use actix_web::{HttpRequest, HttpResponse, web};
use application::events::EventHub;
use bytestring::ByteString;
use domain::ids::WorkspaceId;
use ports::PortResult;
use ports::events::{Event, NewEvent};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use utoipa::{IntoParams, ToSchema};

/// So many texts are kept of each form.
const TEXTS: usize = 256;

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
pub(crate) struct EntityBody<'a> {
    kind: &'a str,
    id: &'a str,
}

/// The `data` of a frame; its `event` is the type, its `id` the number to go on after.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = StreamEvent)]
pub(crate) struct EventBody<'a> {
    /// sync.progress, sync.finished, connection.changed, orders.changed, products.changed, report.changed, change_set.changed,
    /// stops.changed, runs.changed, agents.changed, guardrails.changed, notices.changed, channels.changed, forecasts.progress, forecasts.finished,
    /// inventory.settings, purchase_order.changed, ad_accounts.changed, suppliers.changed, supplier_orders.changed,
    /// opportunities.changed or analysis.changed.
    #[serde(rename = "type")]
    #[schema(rename = "type")]
    kind: &'a str,
    entity: EntityBody<'a>,
    version: Option<i64>,
    at: chrono::DateTime<chrono::Utc>,
    #[schema(value_type = Object)]
    data: &'a serde_json::Value,
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
    let seen = match sse::last_seen(&request, query.last_event_id.as_deref())? {
        Some(seen) => seen,
        None => app.events.latest().await?,
    };
    let changes = Changes {
        hub: app.events.clone(),
        workspace: who.workspace.id,
        seen,
        texts: Arc::clone(&app.texts.frames),
    };
    let call = call(&request, &who)?;
    sse::answer(&app, who.user.id, changes, call)
}

/// What tells a stream of this thread that there is something new.
pub(super) fn call(request: &HttpRequest, who: &Caller) -> Result<Call, Problem> {
    let relays = request.app_data::<Relays>();
    let relays = relays.ok_or_else(|| Problem::unavailable("the server is not composed"))?;
    Ok(Call::OfWorkspace(relays.watch(who.workspace.id)))
}

/// What changes in a workspace, after what was seen.
pub(super) struct Changes {
    pub(super) hub: EventHub,
    pub(super) workspace: WorkspaceId,
    pub(super) seen: i64,
    pub(super) texts: Arc<Texts>,
}

impl Source for Changes {
    async fn frames(&mut self) -> PortResult<Vec<ByteString>> {
        let events = self.hub.watched(self.workspace, self.seen, BATCH).await?;
        if let Some(last) = events.last() {
            self.seen = last.seq;
        }
        Ok(events.iter().map(|event| self.texts.of(event)).collect())
    }
}

/// Events as they leave, each written once for all who watch.
pub(crate) struct Texts {
    /// As which text an event leaves, by its number.
    write: fn(i64, &EventBody<'_>) -> String,
    /// The newest, by their numbers, which no two workspaces share.
    written: Mutex<BTreeMap<i64, ByteString>>,
}

impl Texts {
    fn new(write: fn(i64, &EventBody<'_>) -> String) -> Arc<Self> {
        let written = Mutex::default();
        Arc::new(Self { write, written })
    }

    fn of(&self, event: &Event) -> ByteString {
        let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(text) = written.get(&event.seq) {
            return text.clone();
        }
        let text = ByteString::from((self.write)(event.seq, &EventBody::of(&event.event)));
        written.insert(event.seq, text.clone());
        if written.len() > TEXTS {
            written.pop_first();
        }
        text
    }
}

impl<'a> EventBody<'a> {
    fn of(event: &'a NewEvent) -> Self {
        Self {
            entity: EntityBody {
                kind: &event.entity_kind,
                id: &event.entity_id,
            },
            version: event.version,
            at: event.at,
            data: &event.data,
            kind: &event.kind,
        }
    }
}

/// The texts of both kinds of streams.
pub(crate) struct Forms {
    /// As server-sent events.
    frames: Arc<Texts>,
    /// Over WebSockets.
    pub(super) messages: Arc<Texts>,
}

impl Forms {
    pub(crate) fn new() -> Self {
        Self {
            frames: Texts::new(frame),
            messages: Texts::new(super::ws::message),
        }
    }
}

fn frame(seq: i64, body: &EventBody<'_>) -> String {
    let data = serde_json::to_string(body).unwrap_or_default();
    format!("id: {seq}\nevent: {}\ndata: {data}\n\n", body.kind)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[test]
    fn an_event_is_written_once_for_all_and_old_ones_are_let_go() {
        static WRITTEN: AtomicUsize = AtomicUsize::new(0);
        let texts = Texts::new(|seq, body| {
            WRITTEN.fetch_add(1, Ordering::SeqCst);
            format!("{seq} {}", body.entity.id)
        });
        let event = |seq: i64| Event {
            seq,
            event: NewEvent {
                workspace: WorkspaceId(uuid::Uuid::from_u128(1)),
                kind: "sync.progress".to_owned(),
                entity_kind: "sync".to_owned(),
                entity_id: format!("s{seq}"),
                version: None,
                at: chrono::DateTime::UNIX_EPOCH,
                data: serde_json::json!({}),
            },
        };
        let many = i64::try_from(TEXTS).unwrap();
        for _ in 0..3 {
            for seq in 1..=many {
                assert_eq!(texts.of(&event(seq)), format!("{seq} s{seq}"));
            }
        }
        assert_eq!(WRITTEN.load(Ordering::SeqCst), TEXTS);
        texts.of(&event(many + 1));
        assert_eq!(texts.written.lock().unwrap().len(), TEXTS);
        // The oldest one is written again for who is far behind.
        assert_eq!(texts.of(&event(1)), "1 s1");
        assert_eq!(WRITTEN.load(Ordering::SeqCst), TEXTS + 2);
    }
}
