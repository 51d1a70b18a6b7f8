//! Credentials: sealed on the disk, opened only for the adapter that needs them.

use crate::PortResult;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::ids::WorkspaceId;
use secrecy::SecretString;

/// Names a secret: `connection/{id}/access_token`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SecretName {
    pub workspace: WorkspaceId,
    pub name: String,
}

/// What the application sees.
#[async_trait]
pub trait SecretVault: Send + Sync {
    async fn put(
        &self,
        name: &SecretName,
        value: &SecretString,
        now: DateTime<Utc>,
    ) -> PortResult<()>;
    /// `None` when there is none; a blob that does not open is `Corrupt`, never `None`.
    async fn get(&self, name: &SecretName) -> PortResult<Option<SecretString>>;
    async fn delete(&self, name: &SecretName) -> PortResult<()>;
}

/// A sealed secret as the database keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedSecret {
    pub name: SecretName,
    /// 1 at first, one more with each new value.
    pub version: i64,
    pub blob: Vec<u8>,
    pub created_at: DateTime<Utc>,
}

/// What the vault needs from a database.
#[async_trait]
pub trait SecretBlobs: Send + Sync {
    /// Stores version `sealed.version`; `Conflict` unless it is exactly one more than the stored one (1 when there is none).
    async fn store(&self, sealed: &SealedSecret) -> PortResult<()>;
    /// The newest version.
    async fn load(&self, name: &SecretName) -> PortResult<Option<SealedSecret>>;
    async fn erase(&self, name: &SecretName) -> PortResult<()>;
    /// The canary of a key-encryption key; `put_canary` of a known key id is a `Conflict`.
    async fn put_canary(&self, key_id: &str, blob: &[u8]) -> PortResult<()>;
    /// Key id and canary, in ascending id.
    async fn canaries(&self) -> PortResult<Vec<(String, Vec<u8>)>>;
}
