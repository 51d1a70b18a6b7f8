//! Durable work of every kind, in one list.

use crate::Ports;
use domain::ids::WorkspaceId;
use domain::job::Job;
use ports::jobs::JobFilter;
use ports::{Page, PageRequest, PortResult};

#[derive(Clone)]
pub struct Jobs {
    ports: Ports,
}

impl Jobs {
    #[must_use]
    pub fn new(ports: Ports) -> Self {
        Self { ports }
    }

    /// Newest first.
    pub async fn list(
        &self,
        workspace: WorkspaceId,
        filter: &JobFilter,
        page: &PageRequest,
    ) -> PortResult<Page<Job>> {
        self.ports.jobs.jobs(workspace, filter, page).await
    }
}
