//! Suppliers that are worked with by their interface: accounts, and reading what they offer.
//!
//! The row of a run is the truth; a worker holds it by a lease. A product is stored whole with what changed of it, so whoever takes a run
//! over goes on behind the last one. A run that the supplier's quota stopped is gone on with by the next.

mod accounts;
mod login;
mod product;
mod read;
mod run;
mod worker;

pub(crate) use accounts::way;
pub use accounts::{NewSupplierAccount, SupplierEnvironment, WatchlistChange};
pub use login::SupplierLogin;

use crate::Ports;
use crate::events::EventHub;
use crate::opportunities::Scoring;
use crate::queue::is_due;
use crate::stores::{StoreError, Stores};
use crate::traces::asked;
use chrono::Duration;
use domain::ads::AccountState;
use domain::ids::{StoreId, SupplierAccountId, SupplierSyncId, WorkspaceId};
use domain::reconciliation::Trigger;
use domain::store::Store;
use domain::supplier::{
    CannotDo, OfferChange, RestFault, SupplierAccount, SupplierSyncRun, WatchlistFault,
};
use ports::suppliers::ChangeFilter;
use ports::{Kind, Page, PageRequest, PortError, PortResult};
use std::sync::Arc;
use tokio::sync::Notify;
use uuid::Uuid;

pub const SUPPLIERS_CHANGED: &str = "suppliers.changed";

#[derive(Debug, thiserror::Error)]
pub enum SupplierError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("there is no such supplier account")]
    UnknownAccount,
    #[error("there is no such run")]
    UnknownRun,
    #[error("the run has ended")]
    Ended,
    #[error("this supplier is being read")]
    AlreadyRunning(Option<SupplierSyncId>),
    #[error("this supplier is connected to the store already")]
    AlreadyConnected,
    /// The platform cannot do what is asked of it.
    #[error(transparent)]
    CannotDo(#[from] CannotDo),
    #[error("the watch list {0}")]
    Watchlist(#[from] WatchlistFault),
    /// Every field of it that is wrong.
    #[error("the contract cannot be used")]
    Contract(Vec<RestFault>),
    #[error("{0} has keys to enter, and no login")]
    NoLogin(&'static str),
    #[error("this login is over; begin again")]
    LoginOver,
    #[error("{0}")]
    BadLogin(String),
    #[error("{0}")]
    BadAddress(String),
    #[error("{0}")]
    BadCredentials(String),
    #[error("it was changed otherwise meanwhile; look at it again")]
    ChangedMeanwhile,
    #[error(transparent)]
    Port(#[from] PortError),
}

/// A supplier that failed is read again by itself after so long; points come back once a day, and when is not sure.
const AGAIN_AFTER: Duration = Duration::hours(1);
const DEFAULT_LEASE: Duration = Duration::seconds(15);

#[derive(Clone)]
pub struct Suppliers {
    pub(crate) ports: Ports,
    hub: EventHub,
    pub(crate) stores: Stores,
    scoring: Scoring,
    queued: Arc<Notify>,
    lease: Duration,
    /// Where suppliers reach this installation.
    public_url: Option<String>,
}

impl Suppliers {
    #[must_use]
    pub fn new(ports: Ports, hub: EventHub) -> Self {
        Self {
            stores: Stores::new(ports.clone()),
            scoring: Scoring::new(ports.clone(), hub.clone()),
            ports,
            hub,
            queued: Arc::default(),
            lease: DEFAULT_LEASE,
            public_url: None,
        }
    }

    /// Suppliers are told to send their messages there.
    #[must_use]
    pub fn reached_at(self, public_url: Option<String>) -> Self {
        Self { public_url, ..self }
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

    /// What changed at suppliers, the newest first.
    pub async fn changes(
        &self,
        store: &Store,
        filter: &ChangeFilter,
        page: &PageRequest,
    ) -> PortResult<Page<OfferChange>> {
        let suppliers = &self.ports.suppliers;
        suppliers.offer_changes(store.scope, filter, page).await
    }

    /// Queues a run because somebody wants it.
    pub async fn start(
        &self,
        workspace: WorkspaceId,
        id: SupplierAccountId,
    ) -> Result<SupplierSyncRun, SupplierError> {
        let account = self.account(workspace, id).await?;
        self.queue(&account, Trigger::Request).await
    }

    async fn queue(
        &self,
        account: &SupplierAccount,
        trigger: Trigger,
    ) -> Result<SupplierSyncRun, SupplierError> {
        let id = SupplierSyncId(Uuid::now_v7());
        let now = self.ports.clock.now();
        let name = account.platform.name().to_owned();
        let last = self.latest(account).await?;
        let run = SupplierSyncRun::queued(id, account.scope, account.id, name, trigger, now);
        let run = run.after(last.as_ref());
        asked(&self.ports, account.scope.workspace, run.id.0).await;
        let created = self.ports.supplier_syncs.create_supplier_sync(&run).await;
        match created {
            Err(error) if error.kind == Kind::Conflict => {
                let open = self.latest(account).await?.filter(|r| r.status.is_open());
                Err(SupplierError::AlreadyRunning(open.map(|r| r.id)))
            }
            Err(error) => Err(error.into()),
            Ok(()) => {
                self.announce(&run).await?;
                self.queued.notify_one();
                Ok(run)
            }
        }
    }

    /// Queues what is due: accounts that were not read for so long, and whose key still works.
    pub async fn start_due(&self, every: Duration) -> PortResult<usize> {
        let (mut started, now) = (0, self.ports.clock.now());
        for workspace in self.ports.accounts.workspaces().await? {
            let accounts = &self.ports.supplier_accounts;
            for account in accounts.supplier_accounts(workspace.id).await? {
                if account.state == AccountState::Reauthorize {
                    continue;
                }
                let latest = self.latest(&account).await?;
                let latest = latest.map(|run| (run.status, run.finished_at));
                if !is_due(latest, every, AGAIN_AFTER, now) {
                    continue;
                }
                match self.queue(&account, Trigger::Schedule).await {
                    Ok(_) => started += 1,
                    Err(SupplierError::Port(error)) => return Err(error),
                    Err(_) => {}
                }
            }
        }
        Ok(started)
    }

    /// What is read stays.
    pub async fn cancel(
        &self,
        workspace: WorkspaceId,
        id: SupplierSyncId,
    ) -> Result<SupplierSyncRun, SupplierError> {
        let now = self.ports.clock.now();
        let syncs = &self.ports.supplier_syncs;
        match syncs.cancel_supplier_sync(workspace, id, now).await {
            Ok(run) => {
                self.announce(&run).await?;
                Ok(run)
            }
            Err(error) if error.kind == Kind::NotFound => Err(SupplierError::UnknownRun),
            Err(error) if error.kind == Kind::Conflict => Err(SupplierError::Ended),
            Err(error) => Err(error.into()),
        }
    }

    pub async fn latest(&self, account: &SupplierAccount) -> PortResult<Option<SupplierSyncRun>> {
        let page = PageRequest::first(1);
        let workspace = account.scope.workspace;
        let syncs = &self.ports.supplier_syncs;
        let runs = syncs.supplier_syncs(workspace, Some(account.id), &page);
        Ok(runs.await?.items.into_iter().next())
    }

    async fn announce(&self, run: &SupplierSyncRun) -> PortResult<()> {
        let (done, total) = run.progress().unzip();
        let data = serde_json::json!({ "status": run.status.as_str(), "done": done, "total": total, "account": run.account });
        let entity = ("supplier_sync", run.id.to_string());
        self.hub
            .publish(run.scope.workspace, SUPPLIERS_CHANGED, entity, data)
            .await
    }
}
