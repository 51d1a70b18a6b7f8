//! The people and service accounts of a workspace, and the one-time links by which people join or come back.
//!
//! Each change takes the audit's entry about it: both are stored, or neither.

use crate::PortResult;
use crate::accounts::SecretHash;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::audit::NewEntry;
use domain::ids::{LinkId, UserId, WorkspaceId};
use domain::people::{Link, Member, Role, User, Workspace};

#[async_trait]
pub trait Members: Send + Sync {
    /// Oldest first, with those that were deactivated.
    async fn members(&self, workspace: WorkspaceId) -> PortResult<Vec<Member>>;
    /// `Conflict` when the address or the workspace is there already.
    async fn found(
        &self,
        workspace: &Workspace,
        owner: &User,
        password_hash: &str,
        entry: &NewEntry,
    ) -> PortResult<()>;
    /// A service account, which has no password; `NotFound` without the workspace.
    async fn add_service(&self, user: &User, name: &str, entry: &NewEntry) -> PortResult<()>;
    /// `NotFound` outside the workspace; `Conflict` when no active owner would be left.
    async fn set_role(
        &self,
        workspace: WorkspaceId,
        user: UserId,
        role: Role,
        entry: &NewEntry,
    ) -> PortResult<()>;
    /// With an instant deactivates and ends the user's sessions, without one activates again. `NotFound` outside the workspace;
    /// `Conflict` when no active owner would be left. A deactivated user is found neither by id nor by address.
    async fn set_disabled(
        &self,
        workspace: WorkspaceId,
        user: UserId,
        since: Option<DateTime<Utc>>,
        entry: &NewEntry,
    ) -> PortResult<()>;
    /// Ends all of the user's sessions but `keep`. `NotFound` without the user.
    async fn set_password(
        &self,
        user: UserId,
        password_hash: &str,
        keep: Option<&SecretHash>,
        entry: &NewEntry,
    ) -> PortResult<()>;
}

#[async_trait]
pub trait Links: Send + Sync {
    /// Replaces an open link of the same kind and address in the workspace.
    async fn create_link(&self, link: &Link, hash: &SecretHash, entry: &NewEntry)
    -> PortResult<()>;
    /// Only one that has not expired at `now`.
    async fn link(&self, hash: &SecretHash, now: DateTime<Utc>) -> PortResult<Option<Link>>;
    /// Open ones, oldest first.
    async fn links(&self, workspace: WorkspaceId, now: DateTime<Utc>) -> PortResult<Vec<Link>>;
    /// `NotFound` outside the workspace.
    async fn revoke_link(
        &self,
        workspace: WorkspaceId,
        id: LinkId,
        entry: &NewEntry,
    ) -> PortResult<()>;
    /// Uses up an invitation and creates its user; `NotFound` for a link that is used, revoked or expired, `Conflict` when
    /// the address is taken. Of many at once one wins.
    async fn accept_invitation(
        &self,
        hash: &SecretHash,
        now: DateTime<Utc>,
        user: &User,
        password_hash: &str,
        entry: &NewEntry,
    ) -> PortResult<()>;
    /// Uses up a reset, sets the password and ends all sessions of its user. Letters of a forgotten password that this address is
    /// owed since before are owed no more. `NotFound` for a link that is used, revoked or expired. Of many at once one wins.
    async fn accept_reset(
        &self,
        hash: &SecretHash,
        now: DateTime<Utc>,
        password_hash: &str,
        entry: &NewEntry,
    ) -> PortResult<()>;
}
