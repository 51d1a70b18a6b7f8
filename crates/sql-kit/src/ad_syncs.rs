//! Runs that read ad accounts, with their leases.

use crate::leased::Leased;
use crate::{Backend, Database};
use async_trait::async_trait;
use chrono::{DateTime, Duration, Utc};
use domain::ads::AdSyncRun;
use domain::ids::{AdAccountId, AdSyncId, WorkspaceId};
use domain::work::Run as _;
use ports::ads::{AdSyncLease, AdSyncs};
use ports::{Page, PageRequest, PortResult};

impl Leased for AdSyncRun {
    const TABLE: &'static str = "ad_sync_runs";
    const OPEN: &'static str = "'queued', 'running', 'cancelling'";
    const NAME: &'static str = "run";
}

#[async_trait]
impl<B: Backend> AdSyncs for Database<B> {
    async fn create_ad_sync(&self, run: &AdSyncRun) -> PortResult<()> {
        let columns = vec![
            ("store", run.scope.store.into()),
            ("account", run.account.into()),
        ];
        let taken = "this ad account is being read; wait for the end";
        self.create_work("ad_syncs.create", run, columns, taken, None)
            .await
    }

    async fn ad_sync(&self, workspace: WorkspaceId, id: AdSyncId) -> PortResult<Option<AdSyncRun>> {
        self.find_work("ad_syncs.find", workspace, id.0).await
    }

    async fn ad_syncs(
        &self,
        workspace: WorkspaceId,
        account: Option<AdAccountId>,
        page: &PageRequest,
    ) -> PortResult<Page<AdSyncRun>> {
        let of = account.map(|id| ("account", id.into()));
        self.list_work("ad_syncs.list", workspace, of.as_slice(), page)
            .await
    }

    async fn claim_ad_sync(
        &self,
        now: DateTime<Utc>,
        lease: Duration,
    ) -> PortResult<Option<AdSyncLease>> {
        let row = self.claim_work("ad_syncs.claim", now, lease).await?;
        Ok(row.map(|row| AdSyncLease {
            run: row.work,
            fence: row.fence,
        }))
    }

    async fn advance_ad_sync(
        &self,
        lease: &AdSyncLease,
        now: DateTime<Utc>,
        prolong: Duration,
    ) -> PortResult<AdSyncRun> {
        self.advance_work("ad_syncs.advance", &lease.run, lease.fence, now + prolong)
            .await
    }

    async fn cancel_ad_sync(
        &self,
        workspace: WorkspaceId,
        id: AdSyncId,
        now: DateTime<Utc>,
    ) -> PortResult<AdSyncRun> {
        self.change_work::<AdSyncRun>("ad_syncs.cancel", workspace, id.0, |row| {
            row.work.cancel(now)
        })
        .await
    }
}
