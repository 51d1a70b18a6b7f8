//! Open sources, one for each connection, and the secrets that they need.

use crate::Ports;
use domain::connection::{AuthKind, Connection};
use domain::ids::ConnectionId;
use ports::secrets::SecretName;
use ports::source::{SourceAuth, SourceSettings, StoreSource};
use ports::writer::StoreWriter;
use ports::{Kind, PortError, PortResult, Retry};
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

#[derive(Clone)]
pub(crate) struct SourcePool {
    ports: Ports,
    open: Arc<Mutex<HashMap<ConnectionId, Arc<dyn StoreSource>>>>,
}

/// How credentials lie in the vault. Only ever serialised into a sealed secret.
#[derive(Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum StoredAuth {
    AccessToken {
        token: String,
    },
    ClientCredentials {
        client_id: String,
        client_secret: String,
    },
}

impl SourcePool {
    pub(super) fn new(ports: Ports) -> Self {
        Self {
            ports,
            open: Arc::default(),
        }
    }

    pub(crate) async fn source(&self, connection: &Connection) -> PortResult<Arc<dyn StoreSource>> {
        if let Some(source) = self.lock().get(&connection.id) {
            return Ok(Arc::clone(source));
        }
        let auth = self.load_auth(connection).await?;
        let source = self.ports.sources.open(settings(connection, auth))?;
        self.lock().insert(connection.id, Arc::clone(&source));
        Ok(source)
    }

    /// The way to change the shop, with the credentials as they are now.
    pub(crate) async fn writer(&self, connection: &Connection) -> PortResult<Arc<dyn StoreWriter>> {
        let auth = self.load_auth(connection).await?;
        self.ports.sources.writer(&settings(connection, auth))
    }

    pub(super) async fn keep(
        &self,
        connection: &Connection,
        auth: &SourceAuth,
        webhook_secrets: &[SecretString],
    ) -> PortResult<()> {
        let stored = match auth {
            SourceAuth::AccessToken(token) => StoredAuth::AccessToken {
                token: token.expose_secret().to_owned(),
            },
            SourceAuth::ClientCredentials {
                client_id,
                client_secret,
            } => StoredAuth::ClientCredentials {
                client_id: client_id.clone(),
                client_secret: client_secret.expose_secret().to_owned(),
            },
        };
        self.put(connection, "auth", &stored).await?;
        let secrets: Vec<&str> = webhook_secrets.iter().map(|s| s.expose_secret()).collect();
        self.put(connection, "webhook_secrets", &secrets).await?;
        self.lock().remove(&connection.id);
        Ok(())
    }

    /// All secrets with which the provider may sign: those that were given, and the client secret.
    pub(crate) async fn webhook_secrets(
        &self,
        connection: &Connection,
    ) -> PortResult<Vec<SecretString>> {
        let mut secrets = Vec::new();
        if let Some(text) = self
            .ports
            .vault
            .get(&name(connection, "webhook_secrets"))
            .await?
        {
            let given: Vec<String> =
                serde_json::from_str(text.expose_secret()).map_err(|e| unreadable(&e))?;
            secrets.extend(given.into_iter().map(SecretString::from));
        }
        if connection.auth == AuthKind::ClientCredentials
            && let SourceAuth::ClientCredentials { client_secret, .. } =
                self.load_auth(connection).await?
        {
            secrets.push(client_secret);
        }
        Ok(secrets)
    }

    pub(super) async fn forget(&self, connection: &Connection) -> PortResult<()> {
        self.lock().remove(&connection.id);
        for part in ["auth", "webhook_secrets"] {
            self.ports.vault.delete(&name(connection, part)).await?;
        }
        Ok(())
    }

    async fn load_auth(&self, connection: &Connection) -> PortResult<SourceAuth> {
        let text = self
            .ports
            .vault
            .get(&name(connection, "auth"))
            .await?
            .ok_or_else(|| {
                let detail = format!(
                    "the credentials of {} are not in the secret store; enter them again",
                    connection.domain
                );
                PortError::new(
                    Kind::Unauthorized,
                    Retry::Never,
                    "royal",
                    "connection.credentials",
                    detail,
                )
            })?;
        Ok(
            match serde_json::from_str(text.expose_secret()).map_err(|e| unreadable(&e))? {
                StoredAuth::AccessToken { token } => {
                    SourceAuth::AccessToken(SecretString::from(token))
                }
                StoredAuth::ClientCredentials {
                    client_id,
                    client_secret,
                } => SourceAuth::ClientCredentials {
                    client_id,
                    client_secret: SecretString::from(client_secret),
                },
            },
        )
    }

    async fn put(
        &self,
        connection: &Connection,
        part: &str,
        value: &impl Serialize,
    ) -> PortResult<()> {
        let text = serde_json::to_string(value).map_err(|e| unreadable(&e))?;
        self.ports
            .vault
            .put(
                &name(connection, part),
                &SecretString::from(text),
                self.ports.clock.now(),
            )
            .await
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<ConnectionId, Arc<dyn StoreSource>>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub(super) fn settings(connection: &Connection, auth: SourceAuth) -> SourceSettings {
    SourceSettings {
        provider: connection.provider,
        shop: connection.domain.clone(),
        base_url: Some(connection.base_url.clone()),
        api_version: Some(connection.api_version.clone()),
        auth,
        account: connection.id.to_string(),
    }
}

fn name(connection: &Connection, part: &str) -> SecretName {
    SecretName {
        workspace: connection.workspace,
        name: format!("connection/{}/{part}", connection.id),
    }
}

fn unreadable(error: &serde_json::Error) -> PortError {
    // The error's own text may quote the secret.
    let detail = format!(
        "the stored credentials cannot be read (column {})",
        error.column()
    );
    PortError::new(
        Kind::Corrupt,
        Retry::Never,
        "royal",
        "connection.credentials",
        detail,
    )
}
