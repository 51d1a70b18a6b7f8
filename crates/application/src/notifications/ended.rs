//! What ended badly: jobs that failed or died, whatever their kind.

use super::Notifications;
use super::gather::{NEWEST, NEWS};
use super::words::{self, fact};
use chrono::{DateTime, Duration, Utc};
use domain::agents::{AgentRun, RunStatus};
use domain::ids::{
    AdSyncId, ForecastRunId, ImportId, ReconciliationId, RecostId, RunId, StoreId, SupplierSyncId,
    SyncId, WorkspaceId,
};
use domain::job::{Job, JobKind};
use domain::notifications::{News, NoticeKind};
use ports::jobs::JobFilter;
use ports::page::MAX_LIMIT;
use ports::{PageRequest, PortResult};
use std::collections::BTreeMap;
use std::sync::{MutexGuard, PoisonError};

/// Between two looks at all of it; between them the newest are enough.
const WHOLE_EVERY: Duration = Duration::hours(1);

struct About {
    kind: NoticeKind,
    store: StoreId,
    cause: String,
    title: String,
    link: String,
}

fn of_run(run: &AgentRun) -> About {
    let (name, store) = (words::agent(&run.agent), run.scope.store);
    let (kind, title) = match run.status {
        RunStatus::Dead => (NoticeKind::RunDead, format!("{name}: a run was given up")),
        _ => (NoticeKind::RunFailed, format!("{name}: a run failed")),
    };
    About {
        kind,
        store,
        cause: format!("run/{}/{store}/{}", run.agent, run.status.as_str()),
        title,
        link: format!("/runs/{}", run.id),
    }
}

impl Notifications {
    /// When all pages were last looked at. It holds no half-made state.
    fn looked_at_all(&self) -> MutexGuard<'_, BTreeMap<WorkspaceId, DateTime<Utc>>> {
        self.whole.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) async fn ended_badly(
        &self,
        workspace: WorkspaceId,
        since: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> PortResult<Vec<News>> {
        let last = self.looked_at_all().get(&workspace).copied();
        let whole = last.is_none_or(|at| now - at >= WHOLE_EVERY);
        let mut news = Vec::new();
        for status in ["failed", "dead"] {
            let filter = JobFilter {
                kind: None,
                status: Some(status.to_owned()),
            };
            let mut page = PageRequest::first(if whole { MAX_LIMIT } else { NEWEST });
            loop {
                let found = self.ports.jobs.jobs(workspace, &filter, &page).await?;
                for job in &found.items {
                    if job.finished_at.is_some_and(|at| at >= since) {
                        news.extend(self.ended(workspace, job).await?);
                    }
                }
                page.cursor = found.next_cursor;
                // Nothing is worked on for longer than news is news.
                let last = found.items.last();
                let is_end = last.is_none_or(|job| job.created_at < since - NEWS);
                if !whole || is_end || page.cursor.is_none() {
                    break;
                }
            }
        }
        if whole {
            self.looked_at_all().insert(workspace, now);
        }
        Ok(news)
    }

    async fn ended(&self, workspace: WorkspaceId, job: &Job) -> PortResult<Option<News>> {
        let Some(at) = job.finished_at else {
            return Ok(None);
        };
        let id = job.id;
        // One that goes on and fails again is news again.
        let key = format!("job/{id}/{}", at.timestamp_micros());
        if self.is_known(workspace, &key) {
            return Ok(None);
        }
        let Some(what) = self.about(workspace, job).await? else {
            return Ok(None);
        };
        Ok(Some(News {
            key,
            cause: what.cause,
            kind: what.kind,
            store: Some(what.store),
            title: what.title,
            facts: job.last_error.iter().map(|e| fact("Why", e)).collect(),
            link: what.link,
            at,
        }))
    }

    /// What a failed job was about; `None` when nobody has to be told.
    async fn about(&self, workspace: WorkspaceId, job: &Job) -> PortResult<Option<About>> {
        let (id, ports) = (job.id, &self.ports);
        Ok(match job.kind {
            // The audit tells of change-sets; whoever rehearses looks on.
            JobKind::ChangeSet | JobKind::Rehearsal => None,
            JobKind::AgentRun => {
                let run = ports.runs.find(workspace, RunId(id)).await?;
                run.map(|run| of_run(&run))
            }
            JobKind::Sync => {
                let run = ports.syncs.find(workspace, SyncId(id)).await?;
                run.map(|run| About {
                    kind: NoticeKind::SyncFailed,
                    store: run.scope.store,
                    cause: format!("sync/{}", run.connection),
                    title: "A sync failed".to_owned(),
                    link: format!("/syncs/{id}"),
                })
            }
            JobKind::AdSync => {
                let run = ports.ad_syncs.ad_sync(workspace, AdSyncId(id)).await?;
                run.map(|run| About {
                    kind: NoticeKind::SyncFailed,
                    store: run.scope.store,
                    cause: format!("ads/{}", run.account),
                    title: format!("{} could not be read", run.account_name),
                    link: "/campaigns".to_owned(),
                })
            }
            JobKind::SupplierSync => {
                let run = SupplierSyncId(id);
                let run = ports.supplier_syncs.supplier_sync(workspace, run).await?;
                run.map(|run| About {
                    kind: NoticeKind::SyncFailed,
                    store: run.scope.store,
                    cause: format!("supplier/{}", run.account),
                    title: format!("{} could not be read", run.account_name),
                    link: "/catalogues".to_owned(),
                })
            }
            JobKind::Import => {
                let import = ports.imports.find(workspace, ImportId(id)).await?;
                import.map(|import| About {
                    kind: NoticeKind::ImportFailed,
                    store: import.scope.store,
                    cause: format!("import/{id}"),
                    title: format!("The import of {} failed", job.name),
                    link: format!("/imports/{id}"),
                })
            }
            JobKind::Recost => {
                let run = ports.recosts.find(workspace, RecostId(id)).await?;
                run.map(|run| About {
                    kind: NoticeKind::RecostFailed,
                    store: run.scope.store,
                    cause: format!("recost/{}", run.scope.store),
                    title: "Orders could not be booked again with changed costs".to_owned(),
                    link: "/costs".to_owned(),
                })
            }
            JobKind::Forecast => {
                let run = ports
                    .forecast_runs
                    .find(workspace, ForecastRunId(id))
                    .await?;
                run.map(|run| About {
                    kind: NoticeKind::ForecastFailed,
                    store: run.scope.store,
                    cause: format!("forecast/{}", run.scope.store),
                    title: "Forecasts could not be made".to_owned(),
                    link: "/inventory".to_owned(),
                })
            }
            JobKind::Reconciliation => {
                let runs = &ports.reconciliations;
                let run = runs.find(workspace, ReconciliationId(id)).await?;
                run.map(|run| About {
                    kind: NoticeKind::ReconciliationFailed,
                    store: run.scope.store,
                    cause: format!("reconciliation/{}", run.scope.store),
                    title: "Days could not be compared with the provider's totals".to_owned(),
                    link: "/reconciliation".to_owned(),
                })
            }
        })
    }
}
