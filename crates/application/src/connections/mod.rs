//! Accounts at providers: connecting, probing, looking at them, taking them away.

mod bundles;
mod connect;
mod environment;
mod pool;

pub use bundles::ShopBundles;
pub use connect::{ConnectError, NewConnection};
pub use environment::EnvironmentConnection;
pub(crate) use pool::SourcePool;

use crate::Ports;
use crate::events::EventHub;
use crate::ingest::Ingest;
use crate::reconciliation::{Summary, of_late};
use chrono::{DateTime, Utc};
use domain::audit::{Actor, NewEntry};
use domain::connection::{Connection, ConnectionState, LastError, WebhookState};
use domain::ids::{ConnectionId, SyncId, WorkspaceId};
use domain::store::Store;
use ports::inbox::InboxState;
use ports::source::{LinkState, SourceIdentity};
use ports::store_facts::FactCount;
use ports::{Kind, PageRequest, PortError, PortResult};
use serde_json::json;

/// A connection with all that a person wants to see beside it.
#[derive(Debug, Clone)]
pub struct ConnectionView {
    pub connection: Connection,
    pub store: Option<Store>,
    pub facts: Vec<FactCount>,
    pub links: Vec<LinkState>,
    pub inbox: InboxState,
    pub open_sync: Option<SyncId>,
    /// When the newest successful sync ended.
    pub last_sync_at: Option<DateTime<Utc>>,
    /// How the last thirty days stand against the provider's own totals.
    pub reconciled: Option<Summary>,
}

#[derive(Clone)]
pub struct Connections {
    pub(crate) ports: Ports,
    pub(crate) hub: EventHub,
    pub(crate) pool: SourcePool,
    /// One for all, so that a cost that is recorded anywhere is known everywhere.
    pub(crate) ingest: Ingest,
    /// Under which providers reach this server, without a slash at the end; `None`: they cannot.
    public_url: Option<String>,
}

impl Connections {
    #[must_use]
    pub fn new(ports: Ports, hub: EventHub, public_url: Option<String>) -> Self {
        Self {
            pool: SourcePool::new(ports.clone()),
            ingest: Ingest::new(ports.clone(), hub.clone()),
            ports,
            hub,
            public_url,
        }
    }

    pub async fn list(&self, workspace: WorkspaceId) -> PortResult<Vec<ConnectionView>> {
        let mut views = Vec::new();
        for connection in self.ports.connections.list(Some(workspace)).await? {
            views.push(self.view(connection).await?);
        }
        Ok(views)
    }

    pub async fn find(
        &self,
        workspace: WorkspaceId,
        id: ConnectionId,
    ) -> PortResult<Option<ConnectionView>> {
        match self.ports.connections.find(workspace, id).await? {
            Some(connection) => Ok(Some(self.view(connection).await?)),
            None => Ok(None),
        }
    }

    async fn view(&self, connection: Connection) -> PortResult<ConnectionView> {
        let store = self.store_of(&connection).await?;
        let facts = match &store {
            Some(store) => self.ports.facts.counts(store.scope).await?,
            None => Vec::new(),
        };
        let account = connection.id.to_string();
        let links = self
            .ports
            .sources
            .links()
            .into_iter()
            .filter(|l| l.account == account)
            .collect();
        let inbox = self.ports.inbox.state(Some(connection.id)).await?;
        let runs = self
            .ports
            .syncs
            .list(
                connection.workspace,
                Some(connection.id),
                &PageRequest::first(20),
            )
            .await?
            .items;
        let open_sync = runs.iter().find(|r| r.status.is_open()).map(|r| r.id);
        let succeeded =
            |r: &&domain::sync::SyncRun| r.status == domain::sync::SyncStatus::Succeeded;
        let last_sync_at = runs.iter().find(succeeded).and_then(|r| r.finished_at);
        let reconciled = match &store {
            Some(store) => Some(of_late(&self.ports, store).await?),
            None => None,
        };
        Ok(ConnectionView {
            reconciled,
            connection,
            store,
            facts,
            links,
            inbox,
            open_sync,
            last_sync_at,
        })
    }

    pub(crate) async fn store_of(&self, connection: &Connection) -> PortResult<Option<Store>> {
        let stores = self.ports.connections.stores(connection.workspace).await?;
        Ok(stores
            .into_iter()
            .find(|s| s.scope.store == connection.store))
    }

    /// Asks the provider who it is and what it grants, and keeps the answer; a failure is kept too, and returned as the
    /// connection's state.
    pub async fn check(
        &self,
        workspace: WorkspaceId,
        id: ConnectionId,
    ) -> PortResult<Option<ConnectionView>> {
        let Some(connection) = self.ports.connections.find(workspace, id).await? else {
            return Ok(None);
        };
        let probed = match self.pool.source(&connection).await {
            Ok(source) => source.identify().await,
            Err(error) => Err(error),
        };
        match probed {
            Ok(identity) => self.recognised(connection, identity).await.map(drop)?,
            Err(error) => self.failed(connection, &error).await.map(drop)?,
        }
        self.find(workspace, id).await
    }

    /// Keeps what the provider said of itself.
    pub(crate) async fn recognised(
        &self,
        mut connection: Connection,
        identity: SourceIdentity,
    ) -> PortResult<(Connection, Store)> {
        connection.webhooks = self.subscribe(&connection).await;
        absorb(&mut connection, &identity);
        connection.last_success_at = Some(self.ports.clock.now());
        let mut store = self
            .store_of(&connection)
            .await?
            .unwrap_or_else(|| new_store(&connection, &identity, self.ports.clock.now()));
        store.name.clone_from(&identity.name);
        store.currency = identity.currency;
        store.timezone.clone_from(&identity.timezone);
        self.ports.connections.save(&connection, &store).await?;
        self.changed(&connection).await?;
        Ok((connection, store))
    }

    /// Keeps what went wrong; the facts stay as they are.
    pub(crate) async fn failed(
        &self,
        mut connection: Connection,
        error: &PortError,
    ) -> PortResult<Connection> {
        connection.state = ConnectionState::Down;
        connection.state_reason = Some(error.detail.clone());
        connection.last_error = Some(LastError {
            at: self.ports.clock.now(),
            message: error.detail.clone(),
            remedy: remedy(error.kind).to_owned(),
        });
        self.ports.connections.update(&connection).await?;
        self.changed(&connection).await?;
        Ok(connection)
    }

    async fn changed(&self, connection: &Connection) -> PortResult<()> {
        let data = json!({ "state": connection.state });
        self.hub
            .publish(
                connection.workspace,
                "connection.changed",
                ("connection", connection.id.to_string()),
                data,
            )
            .await
    }

    /// A provider that cannot send webhooks is no failure: changes are read on a timer.
    async fn subscribe(&self, connection: &Connection) -> WebhookState {
        let Some(public) = &self.public_url else {
            return WebhookState::Unsupported("this server has no public address (PUBLIC_URL); changes are read every few minutes".to_owned());
        };
        let callback = format!(
            "{public}/v1/webhooks/{}/{}",
            connection.provider.as_str(),
            connection.id
        );
        let answer = match self.pool.source(connection).await {
            Ok(source) => source.subscribe(&callback).await,
            Err(error) => Err(error),
        };
        answer.unwrap_or_else(|error| WebhookState::Missing(error.detail))
    }

    pub async fn remove(
        &self,
        workspace: WorkspaceId,
        id: ConnectionId,
        purge: bool,
        actor: Actor,
    ) -> PortResult<bool> {
        let Some(connection) = self.ports.connections.find(workspace, id).await? else {
            return Ok(false);
        };
        let target = id.to_string();
        let target = ("connection", target.as_str(), connection.name.as_str());
        let at = self.ports.clock.now();
        let entry = NewEntry::done(workspace, at, actor, "connection.delete", target)
            .after(&serde_json::json!({ "facts": if purge { "purged" } else { "kept" } }));
        self.ports.audit.record(&[entry]).await?;
        self.ports
            .connections
            .remove(workspace, id, purge.then_some(connection.store))
            .await?;
        self.pool.forget(&connection).await?;
        self.changed(&connection).await?;
        Ok(true)
    }
}

fn absorb(connection: &mut Connection, identity: &SourceIdentity) {
    connection.name.clone_from(&identity.name);
    connection.domain.clone_from(&identity.domain);
    connection.is_sandbox = identity.is_sandbox;
    connection.api_version_answered =
        (identity.api_version != connection.api_version).then(|| identity.api_version.clone());
    connection.scopes = identity.scopes.clone();
    let mut reasons: Vec<String> = identity
        .warnings
        .iter()
        .map(|w| w.message.clone())
        .collect();
    reasons.extend(
        connection
            .scopes
            .missing
            .iter()
            // Whoever only reads is not worse off for what only changes need.
            .filter(|m| !m.for_changes)
            .map(|m| format!("{} is not granted: {}", m.scope, m.costs)),
    );
    if let WebhookState::Missing(why) = &connection.webhooks {
        reasons.push(format!("webhooks: {why}"));
    }
    connection.state = if reasons.is_empty() {
        ConnectionState::Ok
    } else {
        ConnectionState::Degraded
    };
    connection.state_reason = (!reasons.is_empty()).then(|| reasons.join(" "));
    connection.last_error = None;
}

fn new_store(connection: &Connection, identity: &SourceIdentity, now: DateTime<Utc>) -> Store {
    Store {
        scope: domain::ids::StoreScope {
            workspace: connection.workspace,
            store: connection.store,
        },
        connection: connection.id,
        name: identity.name.clone(),
        domain: identity.domain.clone(),
        currency: identity.currency,
        timezone: identity.timezone.clone(),
        is_sandbox: identity.is_sandbox,
        created_at: now,
    }
}

/// What a person can do about a failure of this kind.
#[must_use]
pub fn remedy(kind: Kind) -> &'static str {
    match kind {
        Kind::Unauthorized => "Renew the access token and enter it under Connections.",
        Kind::Forbidden => "Grant the missing scope to the app, then check the connection again.",
        Kind::Configuration | Kind::NotFound => {
            "Check the shop's name and address under Connections."
        }
        Kind::RateLimited => "Nothing to do: it goes on by itself when the provider allows it.",
        Kind::Unavailable | Kind::CircuitOpen => {
            "Usually nothing to do: it is tried again. If it stays, look at the provider's status page."
        }
        Kind::StorageFull => "Make room on the disk of DATA_DIR, then resume.",
        Kind::Corrupt => {
            "It is tried again. If it stays, the provider answers something that this version cannot read: report it with the log."
        }
        Kind::Conflict => "Wait for the other run to end, then try again.",
        _ => "Look at the log for the cause.",
    }
}
