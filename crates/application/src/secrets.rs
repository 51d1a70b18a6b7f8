//! Secrets as people handle them: entered and replaced, never read back; and the keys over them.

use crate::Ports;
use domain::audit::{Actor, NewEntry};
use domain::ids::WorkspaceId;
use ports::secrets::{KeyCheck, Resolution, RewrapBatch, SealedSecret, SecretEntry, SecretName};
use ports::{PortError, PortResult};
use secrecy::{ExposeSecret as _, SecretString};

/// Names that this release looks up when they are needed: in the environment, in mounted files, in the store, at a secret manager.
pub const LOOKED_UP: &[&str] = &[
    "SHOPIFY_ACCESS_TOKEN",
    "SHOPIFY_CLIENT_SECRET",
    "SHOPIFY_API_SECRET",
    "META_ACCESS_TOKEN",
    "META_APP_SECRET",
    "GOOGLE_ADS_CLIENT_SECRET",
    "GOOGLE_ADS_REFRESH_TOKEN",
    "GOOGLE_ADS_DEVELOPER_TOKEN",
    "CJ_API_KEY",
    "PRINTFUL_TOKEN",
    "AUTODS_API_KEY",
    "SPOCKET_API_KEY",
    crate::letters::PASSWORD,
    crate::tracking::TOKEN,
    crate::mirror::CREDENTIALS,
    crate::people::CLIENT_SECRET,
];

/// Secrets that are sealed again in one step.
const BATCH: u32 = 100;
const MOST_NAME: usize = 64;

#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    #[error(
        "a name has 1 to 64 of A to Z, 0 to 9 and _, and begins with a letter, e.g. META_ACCESS_TOKEN"
    )]
    BadName,
    #[error("the value is empty")]
    Empty,
    #[error("there is no secret {0}")]
    Unknown(String),
    #[error(transparent)]
    Port(#[from] PortError),
}

/// What sealing everything again came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rewrapped {
    pub seen: u64,
    pub rewrapped: u64,
    /// Secrets that do not open, and so stay as they are.
    pub damaged: Vec<SecretName>,
}

#[derive(Clone)]
pub struct Secrets {
    ports: Ports,
}

impl Secrets {
    #[must_use]
    pub fn new(ports: Ports) -> Self {
        Self { ports }
    }

    /// The vault has no transaction that an entry could be part of, so it is recorded before what it tells.
    async fn record(
        &self,
        workspace: WorkspaceId,
        actor: Actor,
        action: &str,
        name: &str,
    ) -> PortResult<()> {
        let target = if action.starts_with("key.") {
            ("key", name, name)
        } else {
            ("secret", name, name)
        };
        let now = self.ports.clock.now();
        let entry = NewEntry::done(workspace, now, actor, action, target);
        self.ports.audit.record(&[entry]).await
    }

    /// What is done to the keys of the installation is told where it was done, else in the first workspace.
    async fn record_key(
        &self,
        workspace: Option<WorkspaceId>,
        actor: Actor,
        action: &str,
        key: &str,
    ) -> PortResult<()> {
        let first = async || self.ports.accounts.workspaces().await;
        let workspace = match workspace {
            Some(workspace) => workspace,
            None => match first().await?.first() {
                Some(first) => first.id,
                // Nobody is there yet who could read it.
                None => return Ok(()),
            },
        };
        self.record(workspace, actor, action, key).await
    }

    /// Enters a secret, or a new value of it.
    pub async fn set(
        &self,
        actor: Actor,
        workspace: WorkspaceId,
        name: &str,
        value: &SecretString,
    ) -> Result<SecretEntry, SecretError> {
        let secret = named(workspace, name)?;
        if value.expose_secret().is_empty() {
            return Err(SecretError::Empty);
        }
        let now = self.ports.clock.now();
        self.record(workspace, actor, "secret.set", name).await?;
        self.ports.vault.put(&secret, value, now).await?;
        self.ports.resolver.forget(&secret);
        let listed = self.ports.vault.list(workspace).await?;
        let entry = listed.into_iter().find(|entry| entry.name == name);
        entry.ok_or_else(|| SecretError::Unknown(name.to_owned()))
    }

    /// Those of connections are in the list, too; they go with their connection.
    pub async fn delete(
        &self,
        actor: Actor,
        workspace: WorkspaceId,
        name: &str,
    ) -> Result<(), SecretError> {
        let secret = named(workspace, name)?;
        let listed = self.ports.vault.list(workspace).await?;
        if !listed.iter().any(|entry| entry.name == name) {
            return Err(SecretError::Unknown(name.to_owned()));
        }
        self.record(workspace, actor, "secret.delete", name).await?;
        self.ports.vault.delete(&secret).await?;
        self.ports.resolver.forget(&secret);
        Ok(())
    }

    /// In ascending name, without values.
    pub async fn list(&self, workspace: WorkspaceId) -> PortResult<Vec<SecretEntry>> {
        self.ports.vault.list(workspace).await
    }

    /// Where a value would come from now. The environment, files and secret managers belong to the installation, and so to its
    /// first workspace; for others the store alone is asked.
    pub async fn resolve(
        &self,
        workspace: WorkspaceId,
        name: &str,
    ) -> Result<Resolution, SecretError> {
        let secret = named(workspace, name)?;
        let now = self.ports.clock.now();
        let all = self.ports.accounts.workspaces().await?;
        if all.first().is_some_and(|first| first.id == workspace) {
            return Ok(self.ports.resolver.resolve(&secret, now).await);
        }
        let value = self.ports.vault.get(&secret).await?;
        Ok(Resolution {
            found: value.map(|value| ports::secrets::ResolvedSecret {
                value,
                source: ports::secrets::SecretSource::Store,
                whereabouts: "the database, sealed".to_owned(),
                obtained_at: now,
                stale: false,
            }),
            tried: Vec::new(),
        })
    }

    /// Makes a new key that seals, and seals everything again with it. Answers the key's id.
    pub async fn rotate(
        &self,
        actor: Actor,
        workspace: Option<WorkspaceId>,
    ) -> PortResult<(String, Rewrapped)> {
        self.record_key(workspace, actor, "key.rotate", "a new key")
            .await?;
        let key = self.ports.keys.rotate().await?;
        let done = self.seal_again(|_| ()).await?;
        Ok((key, done))
    }

    /// Seals everything again that another key sealed. What was done when it is stopped stays done.
    pub async fn rewrap(
        &self,
        actor: Actor,
        progress: impl FnMut(&Rewrapped),
    ) -> PortResult<Rewrapped> {
        self.record_key(None, actor, "key.rewrap", "the present key")
            .await?;
        self.seal_again(progress).await
    }

    async fn seal_again(&self, mut progress: impl FnMut(&Rewrapped)) -> PortResult<Rewrapped> {
        let mut sum = Rewrapped::default();
        let mut after: Option<SecretName> = None;
        loop {
            let batch = self.ports.keys.rewrap(after.as_ref(), BATCH).await?;
            let RewrapBatch {
                seen,
                rewrapped,
                damaged,
                next,
            } = batch;
            sum.seen += seen;
            sum.rewrapped += rewrapped;
            sum.damaged.extend(damaged);
            progress(&sum);
            match next {
                Some(next) => after = Some(next),
                None => return Ok(sum),
            }
        }
    }

    /// Removes a key for good; what backups hold under it is lost with it.
    pub async fn destroy_key(&self, actor: Actor, key_id: &str) -> PortResult<()> {
        self.record_key(None, actor, "key.destroy", key_id).await?;
        self.ports.keys.destroy(key_id).await
    }

    pub async fn check(&self) -> PortResult<KeyCheck> {
        self.ports.keys.check().await
    }

    /// Sealed, as the database has them.
    pub async fn export(
        &self,
        actor: Actor,
        workspace: WorkspaceId,
    ) -> PortResult<Vec<SealedSecret>> {
        self.record(workspace, actor, "secret.export", "all")
            .await?;
        self.ports.keys.export(workspace).await
    }
}

/// Whether a person may give a secret this name: an environment variable's, so that no connection's own secret can be meant.
fn named(workspace: WorkspaceId, name: &str) -> Result<SecretName, SecretError> {
    let letters = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_';
    let fits = (1..=MOST_NAME).contains(&name.len())
        && name.bytes().all(letters)
        && name.as_bytes()[0].is_ascii_uppercase();
    if !fits {
        return Err(SecretError::BadName);
    }
    Ok(SecretName {
        workspace,
        name: name.to_owned(),
    })
}
