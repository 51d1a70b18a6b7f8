//! Which user an identity elsewhere is, and sign-ins that are on their way there and back.

use crate::PortResult;
use crate::accounts::SecretHash;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::audit::NewEntry;
use domain::ids::UserId;
use domain::people::User;

/// What is remembered while a browser is at the provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Journey {
    pub nonce: String,
    pub verifier: String,
    /// Where the browser wants to be in the end: a path of ours.
    pub next: String,
    pub expires_at: DateTime<Utc>,
}

#[async_trait]
pub trait Identities: Send + Sync {
    /// Forgets those that expired, too.
    async fn put_journey(
        &self,
        journey: &Journey,
        hash: &SecretHash,
        now: DateTime<Utc>,
    ) -> PortResult<()>;
    /// Only one that has not expired at `now`, and each once: of many at once one gets it.
    async fn take_journey(
        &self,
        hash: &SecretHash,
        now: DateTime<Utc>,
    ) -> PortResult<Option<Journey>>;
    async fn identity_user(&self, issuer: &str, subject: &str) -> PortResult<Option<UserId>>;
    /// From now on the identity is this user. `Conflict` when it is somebody else already.
    async fn link_identity(
        &self,
        issuer: &str,
        subject: &str,
        user: UserId,
        entry: &NewEntry,
    ) -> PortResult<()>;
    /// A new person without a password. `Conflict` when the address is taken or the identity is somebody already; of many at once
    /// one wins.
    async fn create_identity(
        &self,
        issuer: &str,
        subject: &str,
        user: &User,
        entry: &NewEntry,
    ) -> PortResult<()>;
}
