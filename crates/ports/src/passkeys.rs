//! Passkeys of people, and what was asked of an authenticator and not answered yet.

use crate::PortResult;
use crate::accounts::SecretHash;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::audit::NewEntry;
use domain::ids::{PasskeyId, UserId};
use domain::passkey::Passkey;

/// A challenge that an authenticator has to answer, with what the answer is held against.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ceremony {
    /// Who makes a passkey; `None`: somebody signs in.
    pub user: Option<UserId>,
    pub state: Vec<u8>,
    pub expires_at: DateTime<Utc>,
}

#[async_trait]
pub trait Passkeys: Send + Sync {
    /// Oldest first.
    async fn passkeys(&self, user: UserId) -> PortResult<Vec<Passkey>>;
    /// By the authenticator's name for it.
    async fn passkey(&self, credential: &[u8]) -> PortResult<Option<Passkey>>;
    /// `Conflict` when the credential is known already, whosever it is. Of many at once one wins.
    async fn add_passkey(&self, passkey: &Passkey, entry: &NewEntry) -> PortResult<()>;
    /// `NotFound` when the user has no such passkey.
    async fn rename_passkey(
        &self,
        user: UserId,
        id: PasskeyId,
        name: &str,
        entry: &NewEntry,
    ) -> PortResult<()>;
    /// `NotFound` when the user has no such passkey.
    async fn remove_passkey(&self, user: UserId, id: PasskeyId, entry: &NewEntry)
    -> PortResult<()>;
    /// Writes down a use. `false` when the passkey is gone or its state is not `before` any more: a count never goes back.
    async fn use_passkey(
        &self,
        id: PasskeyId,
        before: &[u8],
        after: &[u8],
        now: DateTime<Utc>,
    ) -> PortResult<bool>;
    /// Under the hash of its challenge. Forgets those that expired, too.
    async fn put_ceremony(
        &self,
        ceremony: &Ceremony,
        hash: &SecretHash,
        now: DateTime<Utc>,
    ) -> PortResult<()>;
    /// Only one that has not expired at `now`, and each once: of many at once one gets it.
    async fn take_ceremony(
        &self,
        hash: &SecretHash,
        now: DateTime<Utc>,
    ) -> PortResult<Option<Ceremony>>;
}
