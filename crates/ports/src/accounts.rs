//! People, their sessions and tokens. Secrets come in as hashes only.

use crate::PortResult;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::audit::NewEntry;
use domain::ids::{UserId, WorkspaceId};
use domain::people::{ApiToken, Email, User, Workspace};

/// SHA-256 of a session id or token.
pub type SecretHash = [u8; 32];

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    pub hash: SecretHash,
    pub user: UserId,
    pub csrf_token: String,
    pub created_at: DateTime<Utc>,
    pub last_seen_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    /// Where it was begun from.
    pub address: Option<String>,
    /// What the browser said that it is.
    pub agent: Option<String>,
}

#[async_trait]
pub trait Accounts: Send + Sync {
    /// The first workspace with its owner; `Conflict` when any user exists. Of many at once one wins. With the audit's entries about
    /// it: all are stored, or nothing is.
    async fn create_first(
        &self,
        workspace: &Workspace,
        owner: &User,
        password_hash: &str,
        entries: &[NewEntry],
    ) -> PortResult<()>;
    /// `Conflict` when the address is taken (addresses are unique over all workspaces), `NotFound` without the workspace. With the
    /// audit's entries about it: all are stored, or nothing is.
    async fn create_user(
        &self,
        user: &User,
        password_hash: &str,
        entries: &[NewEntry],
    ) -> PortResult<()>;
    async fn has_users(&self) -> PortResult<bool>;
    /// With the password hash (PHC string).
    async fn user_by_email(&self, email: &Email) -> PortResult<Option<(User, String)>>;
    async fn user(&self, id: UserId) -> PortResult<Option<(User, Workspace)>>;
    /// Oldest first.
    async fn workspaces(&self) -> PortResult<Vec<Workspace>>;
    /// Small values of the installation that must survive a restart, e.g. the hash of the set-up code; `None` as value forgets.
    async fn set_setting(&self, name: &str, value: Option<&str>) -> PortResult<()>;
    async fn setting(&self, name: &str) -> PortResult<Option<String>>;
    async fn workspace(&self, id: WorkspaceId) -> PortResult<Option<Workspace>>;
}

#[async_trait]
pub trait Credentials: Send + Sync {
    /// With the audit's entries about it: all are stored, or nothing is.
    async fn create_session(&self, session: &Session, entries: &[NewEntry]) -> PortResult<()>;
    /// Only one that has not expired at `now`.
    async fn session(&self, hash: &SecretHash, now: DateTime<Utc>) -> PortResult<Option<Session>>;
    async fn touch_session(&self, hash: &SecretHash, seen_at: DateTime<Utc>) -> PortResult<()>;
    async fn end_session(&self, hash: &SecretHash) -> PortResult<()>;
    /// With the audit's entries about it: all are stored, or nothing is.
    async fn create_token(
        &self,
        token: &ApiToken,
        hash: &SecretHash,
        entries: &[NewEntry],
    ) -> PortResult<()>;
    /// Only one that has not expired at `now`; records the use.
    async fn token(&self, hash: &SecretHash, now: DateTime<Utc>) -> PortResult<Option<ApiToken>>;
    /// Deletes sessions and tokens that expired before; answers how many.
    async fn prune(&self, before: DateTime<Utc>) -> PortResult<u64>;
}
