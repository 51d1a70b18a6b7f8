//! Where the audit's entries lie: only ever added to.

use crate::{Page, PageRequest, PortResult};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::audit::{Checkpoint, Entry, NewEntry, Outcome};
use domain::ids::WorkspaceId;

/// Which entries are asked for; what is not given does not narrow.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// Whole (`token.create`) or an area (`token`).
    pub action: Option<String>,
    /// The user's id.
    pub actor: Option<String>,
    pub outcome: Option<Outcome>,
    /// From this instant on.
    pub from: Option<DateTime<Utc>>,
    /// Before this instant.
    pub until: Option<DateTime<Utc>>,
    /// A part of the actor's or the target's name; ASCII case does not matter.
    pub search: Option<String>,
}

#[async_trait]
pub trait AuditLog: Send + Sync {
    /// Numbers the entries 1, 2, 3 … in their workspace and chains each to the one before; many at once make no fork and no gap.
    async fn record(&self, entries: &[NewEntry]) -> PortResult<()>;
    /// Newest first.
    async fn entries(
        &self,
        workspace: WorkspaceId,
        filter: &AuditFilter,
        page: &PageRequest,
    ) -> PortResult<Page<Entry>>;
    /// Those after the number, in their order.
    async fn walk(&self, workspace: WorkspaceId, after: i64, limit: u32) -> PortResult<Vec<Entry>>;
    /// The number of the last entry, as the log itself remembers it; 0 before the first one.
    async fn head(&self, workspace: WorkspaceId) -> PortResult<i64>;
    /// `Conflict` when there is one at the same entry.
    async fn put_checkpoint(
        &self,
        workspace: WorkspaceId,
        checkpoint: &Checkpoint,
    ) -> PortResult<()>;
    /// Ascending.
    async fn checkpoints(&self, workspace: WorkspaceId) -> PortResult<Vec<Checkpoint>>;
}
