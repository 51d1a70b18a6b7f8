//! Inputs of profit: what people and files tell of costs, looked at before it counts, applied at once, and booked by a run.
//!
//! An application writes the inputs and opens the run in one transaction. From then on every order that is saved is booked with
//! the new inputs; the run books the older ones again, so that nothing is half old when it has ended.

mod coverage;
mod days;
mod preview;
mod rates;
mod run;
mod variants;
mod why;

pub use coverage::{Gap, GapKind, Gaps};
pub use days::DayCosts;
pub(crate) use days::{DaySum, rates as rates_of_days};
pub use preview::{MonthChange, Preview, ProductChange};
pub(crate) use rates::rates_for;
pub use variants::{CostFilter, CostQuery, VariantView};

use crate::Ports;
use crate::events::EventHub;
use crate::ingest::Ingest;
use crate::stores::{StoreError, Stores};
use crate::traces::asked;
use chrono::Duration;
use domain::audit::{Actor, NewEntry};
use domain::ids::{RecostId, StoreId, UserId, WorkspaceId};
use domain::inputs::{Input, InputChange, InputKey, InputKind, InputRecord};
use domain::recost::{RecostExtent, RecostRun};
use domain::store::Store;
use ports::inputs::{Applied, InputQuery, OnMismatch};
use ports::{Kind, Page, PageRequest, PortError, PortResult};
use std::sync::Arc;
use tokio::sync::Notify;
use uuid::Uuid;

const DEFAULT_LEASE: Duration = Duration::seconds(15);

#[derive(Debug, thiserror::Error)]
pub enum CostError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("somebody else changed it first; look at it again")]
    ChangedMeanwhile,
    #[error("there is no such run")]
    UnknownRun,
    #[error("{0}")]
    NotNow(String),
    #[error(transparent)]
    Port(#[from] PortError),
}

/// What became of a list of changes.
#[derive(Debug, Clone)]
pub struct Change {
    pub applied: Applied,
    /// Books the orders again; `None` when no order hangs on it.
    pub run: Option<RecostRun>,
}

/// Of one list, the audit tells so many changes one by one.
const MOST_TOLD: usize = 50;

/// Who changes inputs, and under which word the audit tells it.
#[derive(Debug, Clone)]
pub struct Told {
    pub actor: Actor,
    pub action: &'static str,
}

#[derive(Clone)]
pub struct Costs {
    pub(crate) ports: Ports,
    hub: EventHub,
    ingest: Ingest,
    pub(crate) stores: Stores,
    queued: Arc<Notify>,
    lease: Duration,
}

impl Costs {
    #[must_use]
    pub fn new(ports: Ports, hub: EventHub, connections: &crate::connections::Connections) -> Self {
        Self {
            stores: Stores::new(ports.clone()),
            ingest: connections.ingest.clone(),
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

    pub async fn store(
        &self,
        workspace: WorkspaceId,
        store: Option<StoreId>,
    ) -> Result<Store, StoreError> {
        self.stores.pick(workspace, store).await
    }

    /// Makes all changes or none, and opens the run that books the affected orders again.
    pub async fn apply(
        &self,
        store: &Store,
        changes: &[InputChange],
        summary: &str,
        user: Option<UserId>,
        told: Option<Told>,
    ) -> Result<Change, CostError> {
        let told = told.map(|told| self.entry(store, changes, summary, told));
        let told = told.as_ref();
        self.change(store, changes, OnMismatch::Refuse, summary, (user, told))
            .await
    }

    fn entry(&self, store: &Store, changes: &[InputChange], what: &str, told: Told) -> NewEntry {
        let one = |change: &InputChange| {
            let to = change.to.as_ref().map(|(input, _)| input);
            serde_json::json!({ "key": change.key, "to": to })
        };
        let first: Vec<_> = changes.iter().take(MOST_TOLD).map(one).collect();
        let id = store.scope.store.to_string();
        let area = told.action.split('.').next().unwrap_or_default();
        let (workspace, now) = (store.scope.workspace, self.ports.clock.now());
        NewEntry::done(workspace, now, told.actor, told.action, (area, &id, what))
            .after(&serde_json::json!({ "changes": first, "count": changes.len() }))
    }

    /// Takes changes back by their inverse; what was changed since is left as it is, and named.
    pub async fn take_back(
        &self,
        store: &Store,
        inverse: &[InputChange],
        summary: &str,
        user: Option<UserId>,
    ) -> Result<Change, CostError> {
        self.change(store, inverse, OnMismatch::Skip, summary, (user, None))
            .await
    }

    async fn change(
        &self,
        store: &Store,
        changes: &[InputChange],
        on_mismatch: OnMismatch,
        summary: &str,
        (user, told): (Option<UserId>, Option<&NewEntry>),
    ) -> Result<Change, CostError> {
        let before = self.standing(store, changes).await?;
        let extent = extent_of(changes, &before);
        let run = extent.map(|extent| {
            let now = self.ports.clock.now();
            let id = RecostId(Uuid::now_v7());
            let mut run = RecostRun::new(id, store.scope, extent, summary, now);
            run.created_by = user;
            run
        });
        if let Some(run) = &run {
            asked(&self.ports, store.scope.workspace, run.id.0).await;
        }
        let applied = self
            .ports
            .inputs
            .apply(store.scope, changes, on_mismatch, run.as_ref(), told)
            .await;
        let applied = applied.map_err(|error| match error.kind {
            Kind::Conflict => CostError::ChangedMeanwhile,
            _ => CostError::Port(error),
        })?;
        self.ingest.forget_book(store.scope);
        if let Some(run) = &run {
            self.announce(run, "recost.progress").await?;
            self.queued.notify_one();
        }
        self.hub
            .publish(
                store.scope.workspace,
                "costs.changed",
                ("store", store.scope.store.to_string()),
                serde_json::json!({ "changes": changes.len() - applied.skipped.len() }),
            )
            .await?;
        Ok(Change { applied, run })
    }

    /// What stands now in the places that the changes are about.
    pub(crate) async fn standing(
        &self,
        store: &Store,
        changes: &[InputChange],
    ) -> PortResult<Vec<InputRecord>> {
        let mut standing = Vec::new();
        for change in changes {
            let found = self.ports.inputs.find(store.scope, &change.key).await?;
            standing.extend(found);
        }
        Ok(standing)
    }

    pub async fn all(&self, store: &Store, kind: InputKind) -> PortResult<Vec<InputRecord>> {
        self.ports.inputs.all(store.scope, kind).await
    }

    pub async fn standing_one(
        &self,
        store: &Store,
        key: &InputKey,
    ) -> PortResult<Option<InputRecord>> {
        self.ports.inputs.find(store.scope, key).await
    }

    /// Ten-thousandths of the price that stand in for unknown costs.
    pub async fn default_points(&self, store: &Store) -> PortResult<Option<i64>> {
        let book = self.ingest.cost_book(store.scope).await?;
        Ok(book.default.map(|d| d.basis_points))
    }

    pub async fn list(
        &self,
        store: &Store,
        query: &InputQuery,
        page: &PageRequest,
    ) -> PortResult<Page<InputRecord>> {
        self.ports.inputs.list(store.scope, query, page).await
    }

    pub async fn runs(&self, store: &Store, page: &PageRequest) -> PortResult<Page<RecostRun>> {
        self.ports.recosts.list(store.scope, page).await
    }

    pub async fn run_of(
        &self,
        workspace: WorkspaceId,
        id: RecostId,
    ) -> PortResult<Option<RecostRun>> {
        self.ports.recosts.find(workspace, id).await
    }

    /// The change is taken back, and the orders follow.
    pub async fn cancel(
        &self,
        workspace: WorkspaceId,
        id: RecostId,
    ) -> Result<RecostRun, CostError> {
        let run = self.ports.recosts.request_cancel(workspace, id).await;
        let run = run.map_err(refusal)?;
        self.announce(&run, "recost.progress").await?;
        self.queued.notify_one();
        Ok(run)
    }

    /// A failed run goes on where it stopped.
    pub async fn resume(
        &self,
        workspace: WorkspaceId,
        id: RecostId,
    ) -> Result<RecostRun, CostError> {
        asked(&self.ports, workspace, id.0).await;
        let run = self.ports.recosts.requeue(workspace, id).await;
        let run = run.map_err(refusal)?;
        self.announce(&run, "recost.progress").await?;
        self.queued.notify_one();
        Ok(run)
    }

    pub(crate) async fn announce(&self, run: &RecostRun, kind: &str) -> PortResult<()> {
        let data = serde_json::json!({
            "status": run.status.as_str(), "looked_at": run.looked_at, "changed": run.changed, "total": run.total,
        });
        let entity = ("recost", run.id.to_string());
        self.hub
            .publish(run.scope.workspace, kind, entity, data)
            .await
    }
}

fn refusal(error: PortError) -> CostError {
    match error.kind {
        Kind::NotFound => CostError::UnknownRun,
        Kind::Conflict => CostError::NotNow(error.detail),
        _ => CostError::Port(error),
    }
}

/// Orders that hang on what stood there or on what will stand there.
pub(crate) fn extent_of(changes: &[InputChange], before: &[InputRecord]) -> Option<RecostExtent> {
    let after = changes.iter().filter_map(|c| c.to.as_ref().map(|(i, _)| i));
    let inputs: Vec<&Input> = before.iter().map(|r| &r.input).chain(after).collect();
    RecostExtent::of_all(inputs.into_iter().filter_map(Input::extent))
}
