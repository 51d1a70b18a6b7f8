//! The audit: reading it, proving that nothing in it was changed by hand, and signing its end once a day.
//!
//! Use cases record what they do themselves, with the change where the store allows it, else before it.

mod checkpoint;
mod verify;

pub use verify::Verdict;

use crate::Ports;
use domain::audit::{Entry, NewEntry};
use domain::ids::WorkspaceId;
use domain::people::Workspace;
use ports::audit::AuditFilter;
use ports::{Page, PageRequest, PortError, PortResult};

#[derive(Debug, thiserror::Error)]
pub enum AuditError {
    /// Without it nobody can tell whether the checkpoints are genuine.
    #[error("the key that signed the audit's checkpoints is not among the secrets any more")]
    KeyGone,
    #[error(transparent)]
    Port(#[from] PortError),
}

#[derive(Clone)]
pub struct Audit {
    ports: Ports,
}

impl Audit {
    #[must_use]
    pub fn new(ports: Ports) -> Self {
        Self { ports }
    }

    /// For what has no transaction of its own to be recorded in: before it is done.
    pub async fn record(&self, entry: &NewEntry) -> PortResult<()> {
        self.ports.audit.record(std::slice::from_ref(entry)).await
    }

    /// Newest first.
    pub async fn entries(
        &self,
        workspace: WorkspaceId,
        filter: &AuditFilter,
        page: &PageRequest,
    ) -> PortResult<Page<Entry>> {
        self.ports.audit.entries(workspace, filter, page).await
    }

    /// At most 500 entries after the number, in their order.
    pub async fn after(&self, workspace: WorkspaceId, seq: i64) -> PortResult<Vec<Entry>> {
        self.ports.audit.walk(workspace, seq, verify::BATCH).await
    }

    pub async fn workspaces(&self) -> PortResult<Vec<Workspace>> {
        self.ports.accounts.workspaces().await
    }
}
