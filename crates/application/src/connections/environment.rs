//! The connection whose settings stand in the environment: there from the first start on, and kept equal to them.

use super::{ConnectError, Connections, NewConnection};
use domain::audit::Actor;
use domain::connection::{Connection, Provider};
use domain::ids::{ConnectionId, StoreId, WorkspaceId};
use ports::source::SourceAuth;
use secrecy::SecretString;
use uuid::Uuid;

#[derive(Debug, Clone)]
pub struct EnvironmentConnection {
    pub shop: String,
    pub base_url: Option<String>,
    pub api_version: Option<String>,
    pub auth: SourceAuth,
    pub webhook_secrets: Vec<SecretString>,
}

impl Connections {
    /// Creates or renews the connection in the first workspace; `None` while there is no workspace. The provider is asked, so that a wrong
    /// token shows at once.
    pub async fn ensure_from_environment(
        &self,
        wanted: &EnvironmentConnection,
    ) -> Result<Option<Connection>, ConnectError> {
        let Some(workspace) = self.ports.accounts.workspaces().await?.into_iter().next() else {
            return Ok(None);
        };
        let (domain, base_url) = self
            .ports
            .sources
            .resolve(&wanted.shop, wanted.base_url.as_deref())?;
        let existing = self.ports.connections.list(Some(workspace.id)).await?;
        let same = existing
            .into_iter()
            .find(|c| c.base_url == base_url && (c.domain == domain || c.from_environment));
        let (id, store) = match &same {
            Some(connection) => (connection.id, connection.store),
            None => ids(workspace.id, &base_url, &domain),
        };
        let new = NewConnection {
            workspace: workspace.id,
            provider: Provider::Shopify,
            shop: wanted.shop.clone(),
            base_url: wanted.base_url.clone(),
            api_version: wanted.api_version.clone(),
            auth: wanted.auth.clone(),
            webhook_secrets: wanted.webhook_secrets.clone(),
            backfill_from: same.as_ref().and_then(|c| c.backfill_from),
            from_environment: true,
            actor: Actor::system(),
        };
        let (connection, _) = self.connect_as(id, store, new).await?;
        Ok(Some(connection))
    }
}

/// The same settings give the same ids on every replica.
fn ids(workspace: WorkspaceId, base_url: &str, domain: &str) -> (ConnectionId, StoreId) {
    let name = |what: &str| {
        Uuid::new_v5(
            &workspace.0,
            format!("{what}\n{base_url}\n{domain}").as_bytes(),
        )
    };
    (ConnectionId(name("connection")), StoreId(name("store")))
}
