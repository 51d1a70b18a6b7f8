//! A connection as the API writes it.

use crate::http::reconciliation::standing::ReconciledBody;
use application::connections::ConnectionView;
use chrono::{DateTime, Duration, Utc};
use domain::connection::{Connection, ConnectionState, Scopes, WebhookState};
use ports::source::LinkState;
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ConnectionState)]
pub(crate) enum StateBody {
    NotConnected,
    Ok,
    Degraded,
    Down,
    /// Works, and is a sandbox: nothing in it is real.
    Sandbox,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ScopeSeverity)]
pub(crate) enum Severity {
    /// Without it there is no profit at all.
    Required,
    Recommended,
    /// Reading is whole without it; only changes that people approve need it.
    ForChanges,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MissingScope)]
pub(crate) struct MissingScopeBody {
    pub(super) scope: String,
    /// What cannot be shown or done without it.
    pub(super) costs: String,
    pub(super) severity: Severity,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Scopes)]
pub(crate) struct ScopesBody {
    pub(super) granted: Vec<String>,
    pub(super) missing: Vec<MissingScopeBody>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = WebhookHealth)]
pub(crate) enum WebhookHealth {
    Ok,
    Missing,
    Unsupported,
    Unknown,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Webhooks)]
pub(crate) struct WebhooksBody {
    pub(super) state: WebhookHealth,
    pub(super) detail: Option<String>,
    pub(super) last_received_at: Option<DateTime<Utc>>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Breaker)]
pub(crate) struct BreakerBody {
    /// `closed`, `open`, `half_open`, `forced_open` or `disabled`; it begins closed.
    pub(super) state: String,
    /// When an open one lets a probe through.
    pub(super) until: Option<DateTime<Utc>>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Breakers)]
pub(crate) struct BreakersBody {
    pub(super) read: BreakerBody,
    pub(super) write: BreakerBody,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FactCount)]
pub(crate) struct FactsBody {
    /// locations, products, orders, inventory, customers or payouts.
    pub(super) kind: String,
    pub(super) count: u64,
    /// The provider's newest change among them.
    pub(super) newest_at: Option<DateTime<Utc>>,
    /// When the newest successful sync ended.
    pub(super) last_success_at: Option<DateTime<Utc>>,
    pub(super) last_error: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LastError)]
pub(crate) struct LastErrorBody {
    pub(super) at: DateTime<Utc>,
    pub(super) message: String,
    pub(super) remedy: String,
}

/// Credentials are never part of it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Connection)]
pub(crate) struct ConnectionBody {
    pub(super) id: String,
    pub(super) provider: String,
    pub(super) name: String,
    pub(super) store_id: String,
    pub(super) shop_domain: String,
    pub(super) state: StateBody,
    pub(super) is_sandbox: bool,
    pub(super) state_reason: Option<String>,
    /// The version that is asked for.
    pub(super) api_version: String,
    /// The version that answered.
    pub(super) api_version_answered: Option<String>,
    pub(super) currency: Option<String>,
    pub(super) timezone: Option<String>,
    pub(super) scopes: ScopesBody,
    pub(super) webhooks: WebhooksBody,
    pub(super) breaker: BreakersBody,
    pub(super) facts: Vec<FactsBody>,
    pub(super) last_success_at: Option<DateTime<Utc>>,
    pub(super) last_error: Option<LastErrorBody>,
    /// How its last thirty days stand against the provider's own totals; null without a store.
    pub(super) reconciliation: Option<ReconciledBody>,
    pub(super) current_sync_id: Option<String>,
    pub(super) created_at: DateTime<Utc>,
}

impl ConnectionBody {
    pub(crate) fn of(view: &ConnectionView, now: DateTime<Utc>) -> Self {
        let connection = &view.connection;
        let store = view.store.as_ref();
        Self {
            id: connection.id.to_string(),
            provider: connection.provider.as_str().to_owned(),
            name: connection.name.clone(),
            store_id: connection.store.to_string(),
            shop_domain: connection.domain.clone(),
            state: state(connection),
            is_sandbox: connection.is_sandbox,
            state_reason: connection.state_reason.clone(),
            api_version: connection.api_version.clone(),
            api_version_answered: connection.api_version_answered.clone(),
            currency: store.map(|s| s.currency.to_string()),
            timezone: store.map(|s| s.timezone.clone()),
            scopes: ScopesBody::of(&connection.scopes),
            webhooks: WebhooksBody::of(view),
            breaker: BreakersBody {
                read: breaker(&view.links, "read", now),
                write: breaker(&view.links, "write", now),
            },
            facts: view
                .facts
                .iter()
                .map(|f| FactsBody {
                    kind: f.kind.as_str().to_owned(),
                    count: f.count,
                    newest_at: f.newest_at,
                    last_success_at: view.last_sync_at,
                    last_error: None,
                })
                .collect(),
            last_success_at: connection.last_success_at,
            last_error: connection.last_error.as_ref().map(|e| LastErrorBody {
                at: e.at,
                message: e.message.clone(),
                remedy: e.remedy.clone(),
            }),
            reconciliation: store
                .zip(view.reconciled.as_ref())
                .map(|(store, summary)| ReconciledBody::of(store, summary)),
            current_sync_id: view.open_sync.map(|id| id.to_string()),
            created_at: connection.created_at,
        }
    }
}

/// A sandbox that works says that it is one; its troubles outrank that.
fn state(connection: &Connection) -> StateBody {
    match connection.state {
        ConnectionState::NotConnected => StateBody::NotConnected,
        ConnectionState::Ok if connection.is_sandbox => StateBody::Sandbox,
        ConnectionState::Ok => StateBody::Ok,
        ConnectionState::Degraded => StateBody::Degraded,
        ConnectionState::Down => StateBody::Down,
    }
}

fn breaker(links: &[LinkState], effect: &str, now: DateTime<Utc>) -> BreakerBody {
    let link = links.iter().find(|l| l.effect == effect);
    let left = link
        .and_then(|l| l.open_for_ms)
        .and_then(|ms| i64::try_from(ms).ok());
    BreakerBody {
        state: link.map_or("closed", |l| l.breaker).to_owned(),
        until: left.map(|ms| now + Duration::milliseconds(ms)),
    }
}

impl ScopesBody {
    fn of(scopes: &Scopes) -> Self {
        let missing = scopes.missing.iter().map(|m| MissingScopeBody {
            scope: m.scope.clone(),
            costs: m.costs.clone(),
            severity: match (m.required, m.for_changes) {
                (true, _) => Severity::Required,
                (false, true) => Severity::ForChanges,
                (false, false) => Severity::Recommended,
            },
        });
        Self {
            granted: scopes.granted.clone(),
            missing: missing.collect(),
        }
    }
}

impl WebhooksBody {
    fn of(view: &ConnectionView) -> Self {
        let (state, detail) = match &view.connection.webhooks {
            WebhookState::Unknown => (WebhookHealth::Unknown, None),
            WebhookState::Ok => (WebhookHealth::Ok, None),
            WebhookState::Missing(why) => (WebhookHealth::Missing, Some(why.clone())),
            WebhookState::Unsupported(why) => (WebhookHealth::Unsupported, Some(why.clone())),
        };
        Self {
            state,
            detail,
            last_received_at: view.inbox.last_received,
        }
    }
}
