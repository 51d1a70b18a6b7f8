//! Advertisements: accounts at platforms, reading them, and what they are judged by.
//!
//! The row of a run is the truth; a worker holds it by a lease. All that a run writes may be written again: days become what the
//! platform tells of them, so whoever takes over goes on below the last day that was stored.

mod accounts;
mod attribution;
mod campaigns;
mod halves;
mod margin;
mod of_campaign;
mod pacing;
mod profit;
mod read;
mod run;
mod spend;
mod worker;

pub(crate) use accounts::way;
pub use accounts::{AdEnvironment, ConnectAd, NewAdAccount};
pub(crate) use attribution::names;
pub use attribution::{Attributed, AttributionQuery, AttributionRow, AttributionView, Claims};
pub use campaigns::{AdDayPoint, AdMark, CampaignDetail, CampaignRow, Campaigns, CampaignsView};
pub use margin::{Margin, MarginSource};
pub(crate) use margin::{daily, margin, rates};
pub use of_campaign::{AdRow, CampaignAds};
pub use pacing::Pacing;
pub(crate) use profit::live;
pub use profit::{
    AdProfit, AdSetProfit, CampaignAdSets, CampaignProfit, CampaignRef, DayProfit, LiveAds,
    LiveCampaign, LosingCampaign, OtherChannel, OwnSales, ProductProfit, ProfitQuery, Stockless,
};

use crate::Ports;
use crate::events::EventHub;
use crate::queue::is_due;
use crate::stores::{StoreError, Stores};
use crate::traces::asked;
use chrono::Duration;
use domain::ads::{AccountState, AdAccount, AdSyncRun};
use domain::ids::{AdAccountId, AdSyncId, WorkspaceId};
use domain::reconciliation::Trigger;
use ports::{Kind, Page, PageRequest, PortError, PortResult};
use std::sync::Arc;
use tokio::sync::Notify;
use uuid::Uuid;

pub const AD_ACCOUNTS_CHANGED: &str = "ad_accounts.changed";

#[derive(Debug, thiserror::Error)]
pub enum AdError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("there is no such ad account")]
    UnknownAccount,
    #[error("there is no such campaign")]
    UnknownCampaign,
    /// Days at most.
    #[error("give a range of at most {0} days")]
    TooLong(u64),
    #[error("there is no such run")]
    UnknownRun,
    #[error("the run has ended")]
    Ended,
    #[error("this ad account is being read")]
    AlreadyRunning(Option<AdSyncId>),
    #[error("this ad account is connected already")]
    AlreadyConnected,
    /// What was entered cannot be an account, or the platform does not know it.
    #[error("{0}")]
    BadAccount(String),
    #[error("{0}")]
    BadCredentials(String),
    #[error("the token may not read the account: {0}")]
    MissingGrant(String),
    #[error(transparent)]
    Customers(#[from] crate::customers::CustomerError),
    #[error(transparent)]
    Port(#[from] PortError),
}

/// An account that failed is read again by itself after so long.
const AGAIN_AFTER: Duration = Duration::minutes(15);
const DEFAULT_LEASE: Duration = Duration::seconds(15);

#[derive(Clone)]
pub struct Ads {
    pub(crate) ports: Ports,
    hub: EventHub,
    pub(crate) stores: Stores,
    queued: Arc<Notify>,
    lease: Duration,
}

impl Ads {
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
        id: AdAccountId,
    ) -> Result<AdSyncRun, AdError> {
        let account = self.account(workspace, id).await?;
        self.queue(&account, Trigger::Request).await
    }

    async fn queue(&self, account: &AdAccount, trigger: Trigger) -> Result<AdSyncRun, AdError> {
        let id = AdSyncId(Uuid::now_v7());
        let now = self.ports.clock.now();
        let name = format!("{}: {}", account.platform.name(), account.name);
        let run = AdSyncRun::queued(id, account.scope, account.id, name, trigger, now);
        asked(&self.ports, account.scope.workspace, run.id.0).await;
        match self.ports.ad_syncs.create_ad_sync(&run).await {
            Err(error) if error.kind == Kind::Conflict => {
                let open = self.latest(account).await?.filter(|r| r.status.is_open());
                Err(AdError::AlreadyRunning(open.map(|r| r.id)))
            }
            Err(error) => Err(error.into()),
            Ok(()) => {
                self.announce(&run).await?;
                self.queued.notify_one();
                Ok(run)
            }
        }
    }

    /// Queues what is due: accounts that were not read for so long, and whose credentials still work.
    pub async fn start_due(&self, every: Duration) -> PortResult<usize> {
        let (mut started, now) = (0, self.ports.clock.now());
        for workspace in self.ports.accounts.workspaces().await? {
            for account in self.ports.ads.ad_accounts(workspace.id).await? {
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
                    Err(AdError::Port(error)) => return Err(error),
                    Err(_) => {}
                }
            }
        }
        Ok(started)
    }

    /// Days that are stored stay.
    pub async fn cancel(&self, workspace: WorkspaceId, id: AdSyncId) -> Result<AdSyncRun, AdError> {
        let now = self.ports.clock.now();
        let asked = self.ports.ad_syncs.cancel_ad_sync(workspace, id, now).await;
        match asked {
            Ok(run) => {
                self.announce(&run).await?;
                Ok(run)
            }
            Err(error) if error.kind == Kind::NotFound => Err(AdError::UnknownRun),
            Err(error) if error.kind == Kind::Conflict => Err(AdError::Ended),
            Err(error) => Err(error.into()),
        }
    }

    pub async fn latest(&self, account: &AdAccount) -> PortResult<Option<AdSyncRun>> {
        let page = PageRequest::first(1);
        let workspace = account.scope.workspace;
        let runs = self.runs(workspace, Some(account.id), &page).await?;
        Ok(runs.items.into_iter().next())
    }

    /// Newest first.
    pub async fn runs(
        &self,
        workspace: WorkspaceId,
        account: Option<AdAccountId>,
        page: &PageRequest,
    ) -> PortResult<Page<AdSyncRun>> {
        self.ports.ad_syncs.ad_syncs(workspace, account, page).await
    }

    pub async fn run(&self, workspace: WorkspaceId, id: AdSyncId) -> Result<AdSyncRun, AdError> {
        let found = self.ports.ad_syncs.ad_sync(workspace, id).await?;
        found.ok_or(AdError::UnknownRun)
    }

    async fn announce(&self, run: &AdSyncRun) -> PortResult<()> {
        let (done, total) = run.progress().unzip();
        let data = serde_json::json!({ "status": run.status.as_str(), "done": done, "total": total, "account": run.account });
        let entity = ("ad_sync", run.id.to_string());
        self.hub
            .publish(run.scope.workspace, AD_ACCOUNTS_CHANGED, entity, data)
            .await
    }
}
