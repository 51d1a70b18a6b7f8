//! Holding our days against the provider's own: daily, on demand, and what is done about a difference.
//!
//! The run row is the truth; a worker holds it by a lease and goes on from the last saved day.

mod evidence;
mod mend;
mod run;
mod worker;

pub use mend::{Mended, Outcome};

use crate::Ports;
use crate::connections::Connections;
use crate::events::EventHub;
use crate::ingest::calendar;
use crate::stores::{StoreError, Stores};
use crate::traces::asked;
use chrono::{DateTime, Days, Duration, NaiveDate, Utc};
use domain::calendar::DayRange;
use domain::ids::{ReconciliationId, StoreId, WorkspaceId};
use domain::reconciliation::{ReconciliationRun, Source, Tally, Trigger};
use domain::store::Store;
use domain::sync::SyncStatus;
use ports::reconciliations::CheckedDay;
use ports::{Kind, Page, PageRequest, PortError, PortResult};
use std::sync::{Arc, Mutex};
use tokio::sync::Notify;
use uuid::Uuid;

#[derive(Debug, thiserror::Error)]
pub enum ReconciliationError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("there is no such reconciliation")]
    UnknownRun,
    #[error("a reconciliation of this store is under way")]
    AlreadyRunning(Option<ReconciliationId>),
    #[error("this reconciliation has ended")]
    Ended,
    #[error("this store has no orders on these days")]
    NothingToCheck,
    #[error("this day was never checked")]
    NeverChecked,
    #[error("the connection of this store was removed")]
    NoConnection,
    #[error(transparent)]
    Port(#[from] PortError),
}

/// How often a store is compared by itself, and how many days back.
const DUE_EVERY: Duration = Duration::hours(24);
const DAYS_BACK: u64 = 30;
const DEFAULT_LEASE: Duration = Duration::seconds(15);
/// Health is asked every second; what it rests on changes once a day.
const STANDING_FOR: Duration = Duration::seconds(60);

/// What is known of a range in a few words: for health and for a figure's passport.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    pub tally: Tally,
    /// Days of the range that were never checked.
    pub unchecked: u64,
    pub source: Option<Source>,
    pub source_reason: Option<String>,
    /// When the day that was checked longest ago was checked.
    pub as_of: Option<DateTime<Utc>>,
    /// theirs − ours, in minor units of the store's currency.
    pub difference: i64,
    pub unexplained: i64,
}

#[derive(Clone)]
pub struct Reconciliations {
    ports: Ports,
    hub: EventHub,
    connections: Connections,
    stores: Stores,
    queued: Arc<Notify>,
    lease: Duration,
    standing: Arc<Mutex<Option<Standing>>>,
}

/// When it was looked at, and how the stores stood then.
type Standing = (DateTime<Utc>, Vec<Summary>);

impl Reconciliations {
    #[must_use]
    pub fn new(ports: Ports, hub: EventHub, connections: Connections) -> Self {
        Self {
            stores: Stores::new(ports.clone()),
            ports,
            hub,
            connections,
            queued: Arc::default(),
            lease: DEFAULT_LEASE,
            standing: Arc::default(),
        }
    }

    /// How long a run whose worker died waits for another one.
    #[must_use]
    pub fn with_lease(self, lease: Duration) -> Self {
        Self { lease, ..self }
    }

    /// Queues a run. Without days: the last thirty. Days before the first order and after today are left out.
    pub async fn start(
        &self,
        workspace: WorkspaceId,
        store: Option<StoreId>,
        from: Option<NaiveDate>,
        to: Option<NaiveDate>,
    ) -> Result<ReconciliationRun, ReconciliationError> {
        let store = self.stores.pick(workspace, store).await?;
        let today = calendar(&store)?.day_of(self.ports.clock.now());
        let to = to.unwrap_or(today).min(today);
        let from = from.unwrap_or_else(|| to - Days::new(DAYS_BACK - 1));
        self.queue(&store, (from, to), Trigger::Request).await
    }

    async fn queue(
        &self,
        store: &Store,
        (from, to): (NaiveDate, NaiveDate),
        trigger: Trigger,
    ) -> Result<ReconciliationRun, ReconciliationError> {
        let span = self.ports.orders.span(store.scope).await?;
        let first = span.first_day.ok_or(ReconciliationError::NothingToCheck)?;
        let range =
            DayRange::new(from.max(first), to).map_err(|_| ReconciliationError::NothingToCheck)?;
        let run = ReconciliationRun::queued(
            ReconciliationId(Uuid::now_v7()),
            store.scope,
            store.connection,
            range,
            trigger,
            self.ports.clock.now(),
        );
        asked(&self.ports, store.scope.workspace, run.id.0).await;
        match self.ports.reconciliations.create(&run).await {
            Err(error) if error.kind == Kind::Conflict => {
                let open = self.latest(store).await?.filter(|r| r.status.is_open());
                Err(ReconciliationError::AlreadyRunning(open.map(|r| r.id)))
            }
            Err(error) => Err(error.into()),
            Ok(()) => {
                self.announce(&run).await?;
                self.queued.notify_one();
                Ok(run)
            }
        }
    }

    /// Queues what is due: each store whose last run is older than a day. A store without orders has nothing to compare.
    pub async fn start_due(&self) -> PortResult<usize> {
        let mut started = 0;
        for connection in self.ports.connections.list(None).await? {
            let stores = self.ports.connections.stores(connection.workspace).await?;
            let mine = stores.iter().find(|s| s.connection == connection.id);
            let Some(store) = mine else { continue };
            let now = self.ports.clock.now();
            let last = self.latest(store).await?;
            if last.is_some_and(|last| now - last.created_at < DUE_EVERY)
                || self.is_syncing(store).await?
            {
                continue;
            }
            let today = calendar(store)?.day_of(now);
            let from = today - Days::new(DAYS_BACK - 1);
            match self.queue(store, (from, today), Trigger::Schedule).await {
                Ok(_) => started += 1,
                Err(ReconciliationError::Port(error)) => return Err(error),
                Err(_) => {}
            }
        }
        Ok(started)
    }

    /// While a store is read, everything differs.
    async fn is_syncing(&self, store: &Store) -> PortResult<bool> {
        let page = PageRequest::first(1);
        let workspace = store.scope.workspace;
        let runs = self
            .ports
            .syncs
            .list(workspace, Some(store.connection), &page)
            .await?;
        Ok(runs.items.iter().any(|run| run.status.is_open()))
    }

    pub async fn latest(&self, store: &Store) -> PortResult<Option<ReconciliationRun>> {
        let (workspace, id) = (store.scope.workspace, store.scope.store);
        let page = PageRequest::first(1);
        let runs = self
            .ports
            .reconciliations
            .list(workspace, Some(id), &page)
            .await?;
        Ok(runs.items.into_iter().next())
    }

    pub async fn find(
        &self,
        workspace: WorkspaceId,
        id: ReconciliationId,
    ) -> PortResult<Option<ReconciliationRun>> {
        self.ports.reconciliations.find(workspace, id).await
    }

    pub async fn list(
        &self,
        workspace: WorkspaceId,
        store: Option<StoreId>,
        page: &PageRequest,
    ) -> PortResult<Page<ReconciliationRun>> {
        self.ports
            .reconciliations
            .list(workspace, store, page)
            .await
    }

    pub async fn cancel(
        &self,
        workspace: WorkspaceId,
        id: ReconciliationId,
    ) -> Result<ReconciliationRun, ReconciliationError> {
        let now = self.ports.clock.now();
        match self
            .ports
            .reconciliations
            .request_cancel(workspace, id, now)
            .await
        {
            Ok(run) => {
                self.announce(&run).await?;
                Ok(run)
            }
            Err(error) if error.kind == Kind::NotFound => Err(ReconciliationError::UnknownRun),
            Err(error) if error.kind == Kind::Conflict => Err(ReconciliationError::Ended),
            Err(error) => Err(error.into()),
        }
    }

    /// The latest results of the days, and the store that they are of.
    pub async fn days(
        &self,
        workspace: WorkspaceId,
        store: Option<StoreId>,
        from: Option<NaiveDate>,
        to: Option<NaiveDate>,
    ) -> Result<(Store, DayRange, Vec<CheckedDay>), ReconciliationError> {
        let store = self.stores.pick(workspace, store).await?;
        let today = calendar(&store)?.day_of(self.ports.clock.now());
        let to = to.unwrap_or(today);
        let from = from.unwrap_or_else(|| to - Days::new(DAYS_BACK - 1));
        let range = DayRange::new(from, to).map_err(|_| ReconciliationError::NothingToCheck)?;
        let days = self.ports.reconciliations.days(store.scope, range).await?;
        Ok((store, range, days))
    }

    /// What is known of a range.
    pub async fn summary(&self, store: &Store, range: DayRange) -> PortResult<Summary> {
        let days = self.ports.reconciliations.days(store.scope, range).await?;
        let last = self.latest(store).await?;
        Ok(Summary {
            source_reason: last.and_then(|run| run.source_reason),
            ..summarise(range, &days)
        })
    }

    /// Stores of all workspaces whose last thirty days were compared, each as it stands; at most a minute old.
    pub async fn standing(&self) -> PortResult<Vec<Summary>> {
        let now = self.ports.clock.now();
        let kept = self.kept().clone();
        if let Some((_, kept)) = kept.filter(|(at, _)| now - *at < STANDING_FOR) {
            return Ok(kept);
        }
        let mut all = Vec::new();
        for workspace in self.ports.accounts.workspaces().await? {
            for store in self.ports.connections.stores(workspace.id).await? {
                let summary = of_late(&self.ports, &store).await?;
                all.extend((summary.tally.days() > 0).then_some(summary));
            }
        }
        *self.kept() = Some((now, all.clone()));
        Ok(all)
    }

    fn kept(&self) -> std::sync::MutexGuard<'_, Option<Standing>> {
        // It holds no half-made state.
        self.standing
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    async fn announce(&self, run: &ReconciliationRun) -> PortResult<()> {
        let kind = if run.status.is_open() {
            "reconciliation.progress"
        } else {
            *self.kept() = None;
            "reconciliation.finished"
        };
        let data = serde_json::json!({ "status": run.status.as_str(), "done_days": run.done_days(), "total_days": run.range.len_days() });
        let entity = ("reconciliation", run.id.to_string());
        self.hub
            .publish(run.scope.workspace, kind, entity, data)
            .await
    }
}

/// How the last thirty days of a store stand.
pub(crate) async fn of_late(ports: &Ports, store: &Store) -> PortResult<Summary> {
    let today = calendar(store)?.day_of(ports.clock.now());
    let range = DayRange {
        from: today - Days::new(DAYS_BACK - 1),
        to: today,
    };
    let days = ports.reconciliations.days(store.scope, range).await?;
    Ok(summarise(range, &days))
}

/// Without the reason, which the run knows.
#[must_use]
pub fn summarise(range: DayRange, days: &[CheckedDay]) -> Summary {
    let tally = Tally::of(days.iter().map(|d| &d.result));
    Summary {
        tally,
        unchecked: range.len_days().saturating_sub(tally.days()),
        source: days.last().map(|d| d.result.source),
        source_reason: None,
        as_of: days.iter().map(|d| d.checked_at).min(),
        difference: days.iter().map(|d| d.result.difference.total_sales).sum(),
        unexplained: days.iter().map(|d| d.result.unexplained.total_sales).sum(),
    }
}

/// Whether a run ended with something that nobody can explain.
#[must_use]
pub fn has_unexplained(run: &ReconciliationRun) -> bool {
    run.status == SyncStatus::Succeeded && run.tally.unexplained > 0
}
