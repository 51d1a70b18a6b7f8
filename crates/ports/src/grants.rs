//! What is open in somebody's name: sessions and tokens, to be seen and taken back.

use crate::PortResult;
use crate::accounts::{SecretHash, Session};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::audit::NewEntry;
use domain::ids::{TokenId, UserId, WorkspaceId};
use domain::people::ApiToken;

/// A token as its list shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedToken {
    pub token: ApiToken,
    /// To the minute.
    pub last_used_at: Option<DateTime<Utc>>,
}

#[async_trait]
pub trait Grants: Send + Sync {
    /// Newest first, expired ones too while they are kept. Of one user, or of the whole workspace.
    async fn tokens(
        &self,
        workspace: WorkspaceId,
        user: Option<UserId>,
    ) -> PortResult<Vec<ListedToken>>;
    /// From now on the token lets nobody in. `NotFound` outside the workspace.
    async fn revoke_token(
        &self,
        workspace: WorkspaceId,
        id: TokenId,
        entry: &NewEntry,
    ) -> PortResult<()>;
    /// Those of the user that have not expired at `now`, the last used first.
    async fn sessions(&self, user: UserId, now: DateTime<Utc>) -> PortResult<Vec<Session>>;
    /// Ends one of the user's sessions; `NotFound` when it is not theirs.
    async fn revoke_session(
        &self,
        user: UserId,
        hash: &SecretHash,
        entry: &NewEntry,
    ) -> PortResult<()>;
    /// Ends all of the user's sessions but one; answers how many. The entry is stored when there was at least one.
    async fn revoke_other_sessions(
        &self,
        user: UserId,
        keep: &SecretHash,
        entry: &NewEntry,
    ) -> PortResult<u64>;
}
