//! Lists of jobs that forget one kind, or that count pages from the newest.

use super::{caught, saboteur, sound};
use domain::ids::WorkspaceId;
use domain::job::{Job, JobKind};
use ports::jobs::{JobFilter, JobList};
use ports::{Page, PageRequest, PortResult};
use std::sync::Arc;
use testkit::Stores;
use testkit::fakes::FakeDatabase;
use testkit::laws::jobs;

#[derive(Clone, Copy, PartialEq)]
enum Flaw {
    /// One kind is not there.
    Forgets,
    /// Statuses are not looked at.
    AllStatuses,
    /// A cursor says how many were seen.
    Counts,
}

struct Jobs {
    db: Arc<FakeDatabase>,
    flaw: Flaw,
}

fn with(flaw: Flaw) -> Stores {
    let (db, stores) = sound();
    Stores {
        jobs: Arc::new(Jobs { db, flaw }),
        ..stores
    }
}

saboteur! {
    JobList for Jobs {
        async fn jobs(
            &self,
            workspace: WorkspaceId,
            filter: &JobFilter,
            page: &PageRequest,
        ) -> PortResult<Page<Job>> {
            let mut filter = filter.clone();
            if self.flaw == Flaw::AllStatuses {
                filter.status = None;
            }
            if self.flaw == Flaw::Counts {
                let whole = PageRequest::first(ports::page::MAX_LIMIT);
                let mut all = self.db.jobs(workspace, &filter, &whole).await?;
                let seen = page.cursor.as_ref().and_then(|c| c.parse().ok()).unwrap_or(0);
                let end = all.items.len().min(seen + page.limit as usize);
                all.next_cursor = (end < all.items.len()).then(|| end.to_string());
                all.items = all.items[seen..end].to_vec();
                return Ok(all);
            }
            let mut found = self.db.jobs(workspace, &filter, page).await?;
            if self.flaw == Flaw::Forgets {
                found.items.retain(|job| job.kind != JobKind::Recost);
            }
            Ok(found)
        }
    } else self {}
}

#[tokio::test]
async fn lists_of_jobs_that_are_not_whole_are_caught() {
    let forgets = || with(Flaw::Forgets);
    caught(jobs::jobs_of_all_kinds_are_listed_newest_first(forgets())).await;
    let all = with(Flaw::AllStatuses);
    caught(jobs::jobs_are_listed_by_kind_and_status(all)).await;
    let counts = with(Flaw::Counts);
    caught(jobs::a_job_that_comes_between_two_pages_neither_repeats_nor_hides_another(counts))
        .await;
}
