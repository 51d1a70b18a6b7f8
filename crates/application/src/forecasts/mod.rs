//! Forecasts of what will be sold: made each night, kept, held against what followed.
//!
//! The run row is the truth; a worker holds it by a lease. All that a run writes may be written again, so whoever takes over begins it anew.

mod history;
mod levels;
mod night;
mod prices;
mod read;
mod run;
mod scoring;
mod worker;

pub use read::{Accuracy, Bucketed, Told};

pub use history::Offer;
pub(crate) use history::{History, offers, sold_in};
pub(crate) use read::title;

use crate::Ports;
use crate::events::EventHub;
use crate::ingest::calendar;
use crate::stores::{StoreError, Stores};
use crate::traces::asked;
use chrono::{DateTime, Duration, NaiveDate, Utc};
use domain::forecast::ForecastRun;
use domain::ids::{ForecastRunId, StoreId, WorkspaceId};
use domain::reconciliation::Trigger;
use domain::store::Store;
use domain::sync::SyncStatus;
use ports::events::FORECASTS_FINISHED;
use ports::{Kind, Page, PageRequest, PortError, PortResult};
use std::sync::Arc;
use tokio::sync::Notify;
use uuid::Uuid;

#[derive(Debug, thiserror::Error)]
pub enum ForecastError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("there is no such run")]
    UnknownRun,
    #[error("the run has ended")]
    Ended,
    #[error("the forecasts of this store are being made")]
    AlreadyRunning(Option<ForecastRunId>),
    #[error("this store has no orders to learn from")]
    NothingSold,
    #[error(transparent)]
    Port(#[from] PortError),
}

/// A night that failed is tried again after so long.
const AGAIN_AFTER: Duration = Duration::hours(1);
/// A store whose sync does not come is forecast without it so long after midnight.
const PATIENCE: Duration = Duration::hours(3);
const DEFAULT_LEASE: Duration = Duration::seconds(15);

#[derive(Clone)]
pub struct Forecasts {
    ports: Ports,
    hub: EventHub,
    stores: Stores,
    queued: Arc<Notify>,
    lease: Duration,
}

impl Forecasts {
    #[must_use]
    pub fn new(ports: Ports, hub: EventHub) -> Self {
        Self {
            stores: Stores::new(ports.clone()),
            ports,
            hub,
            queued: Arc::default(),
            lease: DEFAULT_LEASE,
        }
    }

    /// How long a run whose worker died waits for another one.
    #[must_use]
    pub fn with_lease(self, lease: Duration) -> Self {
        Self { lease, ..self }
    }

    /// Queues a run because somebody wants it.
    pub async fn start(
        &self,
        workspace: WorkspaceId,
        store: Option<StoreId>,
    ) -> Result<ForecastRun, ForecastError> {
        let store = self.stores.pick(workspace, store).await?;
        let today = self.today(&store)?;
        self.queue(&store, today, Trigger::Request).await
    }

    /// What is kept of it already stays. No other one begins by itself on that day.
    pub async fn cancel(
        &self,
        workspace: WorkspaceId,
        id: ForecastRunId,
    ) -> Result<ForecastRun, ForecastError> {
        let now = self.ports.clock.now();
        let runs = &self.ports.forecast_runs;
        match runs.request_cancel(workspace, id, now).await {
            Ok(run) => {
                self.announce(&run).await?;
                Ok(run)
            }
            Err(error) if error.kind == Kind::NotFound => Err(ForecastError::UnknownRun),
            Err(error) if error.kind == Kind::Conflict => Err(ForecastError::Ended),
            Err(error) => Err(error.into()),
        }
    }

    /// The store's day now.
    pub(crate) fn today(&self, store: &Store) -> PortResult<NaiveDate> {
        Ok(calendar(store)?.day_of(self.ports.clock.now()))
    }

    async fn queue(
        &self,
        store: &Store,
        day: NaiveDate,
        trigger: Trigger,
    ) -> Result<ForecastRun, ForecastError> {
        let span = self.ports.orders.span(store.scope).await?;
        if span.first_day.is_none_or(|first| first >= day) {
            return Err(ForecastError::NothingSold);
        }
        let id = ForecastRunId(Uuid::now_v7());
        let now = self.ports.clock.now();
        let run = ForecastRun::queued(id, store.scope, day, trigger, now);
        asked(&self.ports, store.scope.workspace, run.id.0).await;
        match self.ports.forecast_runs.create(&run).await {
            Err(error) if error.kind == Kind::Conflict => {
                let open = self.latest(store).await?.filter(|r| r.status.is_open());
                Err(ForecastError::AlreadyRunning(open.map(|r| r.id)))
            }
            Err(error) => Err(error.into()),
            Ok(()) => {
                self.announce(&run).await?;
                self.queued.notify_one();
                Ok(run)
            }
        }
    }

    /// Queues what is due: each store whose day has begun, once its orders are read, once.
    pub async fn start_due(&self) -> PortResult<usize> {
        let mut started = 0;
        for workspace in self.ports.accounts.workspaces().await? {
            for store in self.stores.list(workspace.id).await? {
                let today = self.today(&store)?;
                if !self.is_due(&store, today).await? {
                    continue;
                }
                match self.queue(&store, today, Trigger::Schedule).await {
                    Ok(_) => started += 1,
                    Err(ForecastError::Port(error)) => return Err(error),
                    Err(_) => {}
                }
            }
        }
        Ok(started)
    }

    async fn is_due(&self, store: &Store, today: NaiveDate) -> PortResult<bool> {
        let now = self.ports.clock.now();
        let latest = self.latest(store).await?;
        let is_first = latest.is_none();
        if let Some(last) = latest {
            let again = last.finished_at.is_some_and(|at| now - at >= AGAIN_AFTER);
            let failed = last.status == SyncStatus::Failed && again;
            if last.status.is_open() || last.day >= today && !failed {
                return Ok(false);
            }
        }
        self.is_read(store, today, now, is_first).await
    }

    /// Whether what was sold yesterday is here: a sync began and succeeded since midnight. Where none comes, waiting ends.
    async fn is_read(
        &self,
        store: &Store,
        today: NaiveDate,
        now: DateTime<Utc>,
        is_first: bool,
    ) -> PortResult<bool> {
        let midnight = calendar(store)?.start_of(today);
        let page = PageRequest::first(5);
        let (workspace, of) = (store.scope.workspace, Some(store.connection));
        let runs = self.ports.syncs.list(workspace, of, &page).await?.items;
        let whole = |status| status == SyncStatus::Succeeded;
        let read = runs
            .iter()
            .any(|run| whole(run.status) && run.created_at >= midnight);
        // The first sync may take hours; nothing is told before it has ended.
        let begins = is_first && !runs.is_empty() && !runs.iter().any(|run| whole(run.status));
        Ok(read || now - midnight >= PATIENCE && !begins)
    }

    pub async fn latest(&self, store: &Store) -> PortResult<Option<ForecastRun>> {
        let (workspace, id) = (store.scope.workspace, store.scope.store);
        let page = PageRequest::first(1);
        let runs = self.ports.forecast_runs.list(workspace, Some(id), &page);
        Ok(runs.await?.items.into_iter().next())
    }

    pub async fn find(
        &self,
        workspace: WorkspaceId,
        id: ForecastRunId,
    ) -> Result<ForecastRun, ForecastError> {
        let found = self.ports.forecast_runs.find(workspace, id).await?;
        found.ok_or(ForecastError::UnknownRun)
    }

    pub async fn list(
        &self,
        workspace: WorkspaceId,
        store: Option<StoreId>,
        page: &PageRequest,
    ) -> PortResult<Page<ForecastRun>> {
        self.ports.forecast_runs.list(workspace, store, page).await
    }

    async fn announce(&self, run: &ForecastRun) -> PortResult<()> {
        let kind = if run.status.is_open() {
            "forecasts.progress"
        } else {
            FORECASTS_FINISHED
        };
        let data = serde_json::json!({ "status": run.status.as_str(), "done": run.done, "total": run.total, "store": run.scope.store });
        let entity = ("forecast_run", run.id.to_string());
        self.hub
            .publish(run.scope.workspace, kind, entity, data)
            .await
    }
}
