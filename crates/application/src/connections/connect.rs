//! A new connection: probed before anything is kept.

use super::{ConnectionView, Connections, new_store};
use chrono::NaiveDate;
use domain::audit::{Actor, NewEntry};
use domain::connection::{
    Connection, ConnectionState, MissingScope, Provider, Scopes, WebhookState,
};
use domain::ids::{ConnectionId, StoreId, WorkspaceId};
use ports::source::{SourceAuth, SourceSettings};
use ports::{Kind, PortError};
use secrecy::SecretString;
use serde_json::json;
use uuid::Uuid;

#[derive(Debug, Clone)]
pub struct NewConnection {
    pub workspace: WorkspaceId,
    pub provider: Provider,
    /// As a person wrote it: a name, a domain, a URL.
    pub shop: String,
    /// `None`: the provider's own host.
    pub base_url: Option<String>,
    /// `None`: the version that this release was made for.
    pub api_version: Option<String>,
    pub auth: SourceAuth,
    /// With which the provider signs webhooks, besides the client secret.
    pub webhook_secrets: Vec<SecretString>,
    /// First day to read orders from; `None`: all there are.
    pub backfill_from: Option<NaiveDate>,
    pub from_environment: bool,
    /// Who connects it, for the audit.
    pub actor: Actor,
}

#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// What was entered cannot be a shop.
    #[error("{0}")]
    BadShop(String),
    #[error("{0}")]
    BadCredentials(String),
    #[error("the app is not allowed to read what profit needs: {}", .0.iter().map(|m| m.scope.as_str()).collect::<Vec<_>>().join(", "))]
    MissingScopes(Vec<MissingScope>),
    #[error("this shop is connected already")]
    AlreadyConnected,
    #[error(transparent)]
    Port(PortError),
}

impl From<PortError> for ConnectError {
    fn from(error: PortError) -> Self {
        match error.kind {
            Kind::Configuration | Kind::NotFound => Self::BadShop(error.detail),
            Kind::Unauthorized => Self::BadCredentials(error.detail),
            Kind::Conflict => Self::AlreadyConnected,
            _ => Self::Port(error),
        }
    }
}

impl Connections {
    pub async fn connect(&self, new: NewConnection) -> Result<ConnectionView, ConnectError> {
        let workspace = new.workspace;
        let id = ConnectionId(Uuid::now_v7());
        let (connection, _) = self.connect_as(id, StoreId(Uuid::now_v7()), new).await?;
        let view = self.find(workspace, connection.id).await?;
        view.ok_or(ConnectError::AlreadyConnected)
    }

    /// Orders of a new store will be booked by this version: nothing is to be booked again.
    async fn booked_by_this_version(&self, connection: &Connection) -> ports::PortResult<()> {
        let scope = domain::ids::StoreScope {
            workspace: connection.workspace,
            store: connection.store,
        };
        let version = domain::ledger::DERIVATION;
        self.ports.recosts.set_derivation(scope, version).await
    }

    pub(super) async fn connect_as(
        &self,
        id: ConnectionId,
        store: StoreId,
        new: NewConnection,
    ) -> Result<(Connection, domain::store::Store), ConnectError> {
        let (domain, base_url) = self
            .ports
            .sources
            .resolve(&new.shop, new.base_url.as_deref())?;
        let api_version = new
            .api_version
            .unwrap_or_else(|| self.ports.sources.default_api_version().to_owned());
        let source = self.ports.sources.open(SourceSettings {
            provider: new.provider,
            shop: domain.clone(),
            base_url: Some(base_url.clone()),
            api_version: Some(api_version.clone()),
            auth: new.auth.clone(),
            account: id.to_string(),
        })?;
        let identity = source.identify().await?;
        let required: Vec<_> = identity
            .scopes
            .missing
            .iter()
            .filter(|m| m.required)
            .cloned()
            .collect();
        if !required.is_empty() {
            return Err(ConnectError::MissingScopes(required));
        }
        let before = self.ports.connections.find(new.workspace, id).await?;
        let is_new = before.is_none();
        let now = before.map_or_else(|| self.ports.clock.now(), |c| c.created_at);
        let connection = Connection {
            id,
            workspace: new.workspace,
            store,
            provider: new.provider,
            name: identity.name.clone(),
            domain: identity.domain.clone(),
            base_url,
            api_version,
            api_version_answered: None,
            is_sandbox: identity.is_sandbox,
            auth: new.auth.kind(),
            state: ConnectionState::NotConnected,
            state_reason: None,
            scopes: Scopes::default(),
            webhooks: WebhookState::Unknown,
            backfill_from: new.backfill_from,
            created_at: now,
            last_success_at: None,
            last_error: None,
            from_environment: new.from_environment,
        };
        if is_new {
            let target = id.to_string();
            let target = ("connection", target.as_str(), connection.name.as_str());
            let at = self.ports.clock.now();
            let entry = NewEntry::done(new.workspace, at, new.actor, "connection.create", target)
                .after(&json!({ "domain": connection.domain, "auth": connection.auth }));
            self.ports.audit.record(&[entry]).await?;
        }
        // The row first: it is what makes a second connection to the same shop fail.
        self.ports
            .connections
            .save(&connection, &new_store(&connection, &identity, now))
            .await?;
        if is_new {
            self.booked_by_this_version(&connection).await?;
        }
        self.pool
            .keep(&connection, &new.auth, &new.webhook_secrets)
            .await?;
        Ok(self.recognised(connection, identity).await?)
    }
}
