//! Facts and figures of each store, written day by day into a warehouse outside, once a day.
//!
//! A run reads everything that is stored, and loads the days whose rows are not those that were loaded before: new ones, and old ones that a
//! late refund changed. What is outside is kept day by day ([`domain::warehouse::MirroredDay`]); a job has its name written down before it is
//! sent, so that whoever takes over asks what became of it. The warehouse belongs to the installation, and so to its first workspace.

mod days;
mod load;
mod read;

use crate::Ports;
use crate::people::People;
use chrono::Duration;
use domain::audit::{Actor, NewEntry};
use domain::ids::{StoreId, WorkspaceId};
use domain::store::Store;
use domain::warehouse::{MirrorRun, MirrorState, MirrorTable};
use ports::dockets::Docket;
use ports::source::LinkState;
use ports::warehouse::{Warehouse, WarehouseCheck};
use ports::{Kind, PortError, PortResult, Retry};
use secrecy::SecretString;
use serde_json::json;
use std::sync::Arc;
use tokio::sync::Notify;

/// The JSON of a service account; looked up like every secret of the installation.
pub const CREDENTIALS: &str = "BIGQUERY_CREDENTIALS";
/// The desk of runs; that of days follows from the store.
const RUNS: &str = "warehouse";
/// A run whose worker died is taken up again after so long.
const LEASE: Duration = Duration::minutes(5);
/// Between two runs of a store.
const EVERY: Duration = Duration::hours(24);
#[derive(Debug, thiserror::Error)]
pub enum MirrorError {
    /// No dataset is set, or the workspace is not the one that it belongs to.
    #[error("no warehouse is connected here: set BIGQUERY_PROJECT_ID and BIGQUERY_DATASET")]
    Unset,
    #[error("BIGQUERY_CREDENTIALS is not there: enter it among the secrets, or set it")]
    NoCredentials,
    #[error("there is no such store")]
    UnknownStore,
    #[error(transparent)]
    Port(#[from] PortError),
}

/// A store and its run.
#[derive(Debug, Clone)]
pub struct MirroredStore {
    pub store: StoreId,
    pub name: String,
    /// As its tables are called outside.
    pub tables: Vec<String>,
    pub run: MirrorRun,
    pub next_at: Option<chrono::DateTime<chrono::Utc>>,
}

/// How it stands, for people.
#[derive(Debug, Clone)]
pub struct Mirrored {
    pub place: String,
    pub has_credentials: bool,
    pub links: Vec<LinkState>,
    pub stores: Vec<MirroredStore>,
}

#[derive(Clone)]
pub struct Mirror {
    ports: Ports,
    people: People,
    warehouse: Option<Arc<dyn Warehouse>>,
    /// A person wants a run.
    wanted: Arc<Notify>,
}

fn run_of(docket: &Docket) -> PortResult<MirrorRun> {
    serde_json::from_value(docket.document.clone()).map_err(|error| {
        let detail = format!("the run {} cannot be read: {error}", docket.name);
        PortError::new(Kind::Corrupt, Retry::Never, "royal", "mirror.read", detail)
    })
}

impl Mirror {
    #[must_use]
    pub fn new(ports: Ports, people: People, warehouse: Option<Arc<dyn Warehouse>>) -> Self {
        Self {
            ports,
            people,
            warehouse,
            wanted: Arc::default(),
        }
    }

    /// How calls to it fare; nothing where none is set.
    #[must_use]
    pub fn links(&self) -> Vec<LinkState> {
        let warehouse = self.warehouse.as_ref();
        warehouse.map(|w| w.links()).unwrap_or_default()
    }

    async fn first(&self) -> PortResult<Option<WorkspaceId>> {
        let all = self.ports.accounts.workspaces().await?;
        Ok(all.first().map(|first| first.id))
    }

    async fn own(&self, workspace: WorkspaceId) -> Result<&Arc<dyn Warehouse>, MirrorError> {
        let warehouse = self.warehouse.as_ref().ok_or(MirrorError::Unset)?;
        match self.first().await? {
            Some(first) if first == workspace => Ok(warehouse),
            _ => Err(MirrorError::Unset),
        }
    }

    async fn credentials(&self) -> Result<SecretString, MirrorError> {
        let found = self.people.installation_secret(CREDENTIALS).await?;
        found.ok_or(MirrorError::NoCredentials)
    }

    async fn stores(&self, workspace: WorkspaceId) -> PortResult<Vec<Store>> {
        self.ports.connections.stores(workspace).await
    }

    /// # Errors
    /// [`MirrorError::Unset`].
    pub async fn standing(&self, workspace: WorkspaceId) -> Result<Mirrored, MirrorError> {
        let warehouse = self.own(workspace).await?;
        let dockets = self.ports.dockets.dockets(workspace, RUNS).await?;
        let mut stores = Vec::new();
        for store in self.stores(workspace).await? {
            let id = store.scope.store;
            let docket = dockets.iter().find(|d| d.name == id.to_string());
            let run = docket.map(run_of).transpose()?;
            stores.push(MirroredStore {
                store: id,
                name: store.name,
                tables: MirrorTable::ALL
                    .into_iter()
                    .map(|table| warehouse.table_name(table, id))
                    .collect(),
                next_at: docket.and_then(|d| d.due_at),
                run: run.unwrap_or_else(|| MirrorRun::new(id)),
            });
        }
        Ok(Mirrored {
            place: warehouse.place(),
            has_credentials: self.credentials().await.is_ok(),
            links: warehouse.links(),
            stores,
        })
    }

    /// Asks the warehouse whether it is there and takes jobs; changes nothing.
    ///
    /// # Errors
    /// What it answers, told to a person.
    pub async fn check(&self, workspace: WorkspaceId) -> Result<WarehouseCheck, MirrorError> {
        let warehouse = self.own(workspace).await?;
        let credentials = self.credentials().await?;
        Ok(warehouse.check(&credentials).await?)
    }

    /// Has a store's run begin now; one that a worker has goes on. Recorded in the audit.
    ///
    /// # Errors
    /// [`MirrorError::UnknownStore`].
    pub async fn run_now(
        &self,
        workspace: WorkspaceId,
        actor: Actor,
        store: StoreId,
    ) -> Result<MirrorRun, MirrorError> {
        self.own(workspace).await?;
        let all = self.stores(workspace).await?;
        let found = all.into_iter().find(|s| s.scope.store == store);
        let found = found.ok_or(MirrorError::UnknownStore)?;
        let (now, id) = (self.ports.clock.now(), store.to_string());
        let target = ("warehouse", id.as_str(), found.name.as_str());
        let entry = NewEntry::done(workspace, now, actor, "warehouse.run", target);
        self.ports.audit.record(&[entry]).await?;
        // Whoever changes it meanwhile is a worker, or another person who wants the same.
        for _ in 0..3 {
            let docket = self.ports.dockets.docket(workspace, RUNS, &id).await?;
            let mut run = docket.as_ref().map(run_of).transpose()?;
            if let Some(run) = run.take_if(|run| run.is_held(now)) {
                return Ok(run);
            }
            let mut run = run.unwrap_or_else(|| MirrorRun::new(store));
            run.state = MirrorState::Waiting;
            let next = Docket {
                workspace,
                desk: RUNS.to_owned(),
                name: id.clone(),
                version: docket.map_or(0, |d| d.version) + 1,
                due_at: Some(now),
                document: json!(run),
            };
            if self.ports.dockets.put_docket(&next).await? {
                self.wanted.notify_one();
                return Ok(run);
            }
        }
        let detail = "it is being changed by somebody else: try again";
        let retry = Retry::After(std::time::Duration::ZERO);
        Err(PortError::new(Kind::Conflict, retry, "royal", "mirror.run", detail).into())
    }
}
