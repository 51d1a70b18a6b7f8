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

/// What may be known of a secret without its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretEntry {
    pub name: String,
    /// 1 at first, one more with each new value.
    pub version: i64,
    pub created_at: DateTime<Utc>,
    /// To the hour; `None` when it was never used.
    pub last_used_at: Option<DateTime<Utc>>,
    /// Id of the key-encryption key that sealed it.
    pub key_id: String,
    /// Equal for equal values of one installation, and says nothing else of them; `None` when it does not open.
    pub fingerprint: Option<String>,
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
    /// All of a workspace, in ascending name, without their values.
    async fn list(&self, workspace: WorkspaceId) -> PortResult<Vec<SecretEntry>>;
}

/// A key-encryption key of the installation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyState {
    pub id: String,
    /// Whether it seals; the others only open.
    pub primary: bool,
    /// How often it sealed.
    pub uses: i64,
    /// Secrets that it sealed and that are still there.
    pub secrets: u64,
}

/// What a look at everything that is sealed found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KeyCheck {
    pub keys: Vec<KeyState>,
    /// Secrets that do not open, with the reason.
    pub damaged: Vec<(SecretName, String)>,
}

/// One batch of sealing again with the primary key.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RewrapBatch {
    pub seen: u64,
    pub rewrapped: u64,
    /// Secrets that do not open, and so stay as they are.
    pub damaged: Vec<SecretName>,
    /// Where the next batch begins; `None` after the last one.
    pub next: Option<SecretName>,
}

/// What the operator does with the keys over all secrets.
#[async_trait]
pub trait SecretKeys: Send + Sync {
    /// Makes a new key that seals from now on, and answers its id; the old ones go on opening. `Configuration` when the key is not
    /// this program's to make.
    async fn rotate(&self) -> PortResult<String>;
    /// Seals again, with the primary key, what another one sealed: at most `limit` secrets after `after`. A value that is written
    /// meanwhile is not lost. May be stopped at any place and begun again.
    async fn rewrap(&self, after: Option<&SecretName>, limit: u32) -> PortResult<RewrapBatch>;
    /// Removes a key for good. `Conflict` while it seals, or while a secret is sealed with it; `NotFound` when it is unknown.
    async fn destroy(&self, key_id: &str) -> PortResult<()>;
    /// Opens everything.
    async fn check(&self) -> PortResult<KeyCheck>;
    /// All sealed secrets of a workspace as they lie in the database: whoever has the keyring opens them.
    async fn export(&self, workspace: WorkspaceId) -> PortResult<Vec<SealedSecret>>;
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

/// A sealed secret in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedSecret {
    pub sealed: SealedSecret,
    pub last_used_at: Option<DateTime<Utc>>,
}

/// What the vault needs from a database.
#[async_trait]
pub trait SecretBlobs: Send + Sync {
    /// Stores version `sealed.version`; `Conflict` unless it is exactly one more than the stored one (1 when there is none).
    async fn store(&self, sealed: &SealedSecret) -> PortResult<()>;
    /// The newest version.
    async fn load(&self, name: &SecretName) -> PortResult<Option<SealedSecret>>;
    async fn erase(&self, name: &SecretName) -> PortResult<()>;
    /// Puts the blob in the place of `old`, version and time as they are; answers whether it did. It does not when the stored
    /// blob or version is another one meanwhile.
    async fn replace(&self, sealed: &SealedSecret, old: &[u8]) -> PortResult<bool>;
    /// At most `limit` secrets of all workspaces after `after`, in ascending workspace and name.
    async fn walk(&self, after: Option<&SecretName>, limit: u32) -> PortResult<Vec<ListedSecret>>;
    /// Notes when a secret was used; an earlier time than the noted one, or an unknown secret, changes nothing.
    async fn used(&self, name: &SecretName, at: DateTime<Utc>) -> PortResult<()>;
}

/// What the vault keeps in a database about its keys; none of it is secret.
#[async_trait]
pub trait KeyRecords: Send + Sync {
    /// The canary of a key-encryption key; `put_canary` of a known key id is a `Conflict`.
    async fn put_canary(&self, key_id: &str, blob: &[u8]) -> PortResult<()>;
    /// Key id and canary, in ascending id.
    async fn canaries(&self) -> PortResult<Vec<(String, Vec<u8>)>>;
    /// Forgets the canary of a key that was destroyed.
    async fn erase_canary(&self, key_id: &str) -> PortResult<()>;
    /// Adds to how often a key sealed, and answers the sum; 0 asks.
    async fn count_uses(&self, key_id: &str, more: i64) -> PortResult<i64>;
    /// The installation's salt: the stored one, which becomes `fresh` when there is none. The same for all that ask at once.
    async fn salt(&self, fresh: &[u8]) -> PortResult<Vec<u8>>;
}

/// Where a value came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SecretSource {
    Environment,
    /// A file that the container platform mounts.
    File,
    /// Our own sealed store.
    Store,
    Vault,
    AwsSecretsManager,
}

impl SecretSource {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Environment => "environment",
            Self::File => "file",
            Self::Store => "store",
            Self::Vault => "vault",
            Self::AwsSecretsManager => "aws_secrets_manager",
        }
    }
}

/// One place where secrets are looked up by name.
#[async_trait]
pub trait SecretPlace: Send + Sync {
    fn source(&self) -> SecretSource;
    /// Where that is, for a person: an address, a folder. No secret.
    fn whereabouts(&self) -> String;
    /// `None` when the place answers and has none; an unreachable or forbidden place is an error, never `None`.
    async fn look_up(&self, name: &SecretName) -> PortResult<Option<SecretString>>;
}

/// A value with where and when it was got.
#[derive(Debug, Clone)]
pub struct ResolvedSecret {
    pub value: SecretString,
    pub source: SecretSource,
    pub whereabouts: String,
    pub obtained_at: DateTime<Utc>,
    /// The places before it could not be asked again, so this is the last known value.
    pub stale: bool,
}

/// A place that was asked and did not give the value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TriedPlace {
    pub source: SecretSource,
    pub whereabouts: String,
    /// `None`: it answers, and has no such secret.
    pub failure: Option<String>,
}

/// What a look-up found, and what was tried before.
#[derive(Debug, Clone)]
pub struct Resolution {
    pub found: Option<ResolvedSecret>,
    pub tried: Vec<TriedPlace>,
}

/// The places in their order.
#[async_trait]
pub trait SecretResolver: Send + Sync {
    /// The first place that has it wins; a value that was found within the last minutes is not asked for again. A place that
    /// fails is passed over with a warning and named in `tried`; when none of the others has it, the last known value is `stale`.
    async fn resolve(&self, name: &SecretName, now: DateTime<Utc>) -> Resolution;
    /// Asks anew the next time.
    fn forget(&self, name: &SecretName);
}
