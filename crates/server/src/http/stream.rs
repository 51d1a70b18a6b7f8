//! `GET /v1/stream`: what changes in the workspace, as server-sent events that go on where they broke off.

use crate::auth::Caller;
use crate::follow::Source;
use crate::problem::Problem;
use crate::sse;
use crate::state::App;
use actix_web::{HttpRequest, HttpResponse, web};
use application::events::EventHub;
use domain::ids::WorkspaceId;
use ports::PortResult;
use ports::events::{Event, NewEvent};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

const BATCH: u32 = 100;

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
    /// inventory.settings, purchase_order.changed, ad_accounts.changed, suppliers.changed, supplier_orders.changed,
    /// opportunities.changed or analysis.changed.
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
    let seen = match sse::last_seen(&request, query.last_event_id.as_deref())? {
        Some(seen) => seen,
        None => app.events.latest().await?,
    };
    let changes = Changes {
        hub: app.events.clone(),
        workspace: who.workspace.id,
        seen,
        write: frame,
    };
    sse::answer(&app, who.user.id, changes)
}

/// What changes in a workspace, after what was seen.
pub(super) struct Changes {
    pub(super) hub: EventHub,
    pub(super) workspace: WorkspaceId,
    pub(super) seen: i64,
    /// As which text an event leaves, by its number.
    pub(super) write: fn(i64, &EventBody) -> String,
}

impl Source for Changes {
    async fn frames(&mut self) -> PortResult<Vec<String>> {
        let events = self.hub.watched(self.workspace, self.seen, BATCH).await?;
        if let Some(last) = events.last() {
            self.seen = last.seq;
        }
        let text = |Event { seq, event }| (self.write)(seq, &EventBody::of(event));
        Ok(events.into_iter().map(text).collect())
    }
}

impl EventBody {
    fn of(event: NewEvent) -> Self {
        Self {
            entity: EntityBody {
                kind: event.entity_kind,
                id: event.entity_id,
            },
            version: event.version,
            at: event.at,
            data: event.data,
            kind: event.kind,
        }
    }
}

fn frame(seq: i64, body: &EventBody) -> String {
    let data = serde_json::to_string(body).unwrap_or_default();
    format!("id: {seq}\nevent: {}\ndata: {data}\n\n", body.kind)
}
