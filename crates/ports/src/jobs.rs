//! All kinds of durable work in one list.

use crate::{Page, PageRequest, PortResult};
use async_trait::async_trait;
use domain::ids::WorkspaceId;
use domain::job::{Job, JobKind};

/// Filters are joined by *and*.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct JobFilter {
    pub kind: Option<JobKind>,
    /// A word of whichever kinds know it.
    pub status: Option<String>,
}

#[async_trait]
pub trait JobList: Send + Sync {
    /// The newest first over all kinds; equal times are told apart by id. Pages that follow one another show each job once, whatever is added
    /// meanwhile.
    async fn jobs(
        &self,
        workspace: WorkspaceId,
        filter: &JobFilter,
        page: &PageRequest,
    ) -> PortResult<Page<Job>>;
}
