//! All kinds of durable work in one list.

use super::database::{FakeDatabase, State};
use super::leased::WorkRow;
use super::paging;
use async_trait::async_trait;
use domain::ids::WorkspaceId;
use domain::job::Job;
use domain::work::Work;
use ports::jobs::{JobFilter, JobList};
use ports::{Page, PageRequest, PortResult};

fn of<'a, W: Work + 'a>(
    rows: impl Iterator<Item = &'a WorkRow<W>>,
    workspace: WorkspaceId,
) -> Vec<Job>
where
    Job: From<&'a W>,
{
    rows.map(|row| &row.work)
        .filter(|work| work.workspace() == workspace)
        .map(Job::from)
        .collect()
}

impl State {
    fn jobs(&self, workspace: WorkspaceId) -> Vec<Job> {
        let recosts = self.data.values().flat_map(|data| data.recosts.values());
        [
            of(self.agents.runs.values(), workspace),
            of(self.runs.values(), workspace),
            of(self.imports.rows.values(), workspace),
            of(recosts, workspace),
            of(self.reconciliations.values(), workspace),
            of(self.changes.sets.values(), workspace),
            of(self.forecasts.runs.values(), workspace),
            of(self.ads.runs.values(), workspace),
            of(self.supplier_accounts.runs.values(), workspace),
        ]
        .concat()
    }
}

#[async_trait]
impl JobList for FakeDatabase {
    async fn jobs(
        &self,
        workspace: WorkspaceId,
        filter: &JobFilter,
        page: &PageRequest,
    ) -> PortResult<Page<Job>> {
        let mut jobs = self.lock().jobs(workspace);
        jobs.retain(|job| filter.kind.is_none_or(|kind| job.kind == kind));
        jobs.retain(|job| filter.status.as_ref().is_none_or(|s| job.status == *s));
        let rows = jobs
            .into_iter()
            .map(|job| ((!job.created_at.timestamp_micros(), job.id), job))
            .collect();
        paging::page(&format!("jobs {filter:?}"), "jobs.list", rows, page)
    }
}
