//! Runs that read what suppliers offer, with their leases.

use crate::leased::Leased;
use crate::{Backend, Database};
use async_trait::async_trait;
use chrono::{DateTime, Duration, Utc};
use domain::ids::{SupplierAccountId, SupplierSyncId, WorkspaceId};
use domain::supplier::SupplierSyncRun;
use domain::work::Run as _;
use ports::supplier_accounts::{SupplierSyncLease, SupplierSyncs};
use ports::{Page, PageRequest, PortResult};

impl Leased for SupplierSyncRun {
    const TABLE: &'static str = "supplier_sync_runs";
    const OPEN: &'static str = "'queued', 'running', 'cancelling'";
    const NAME: &'static str = "run";
}

#[async_trait]
impl<B: Backend> SupplierSyncs for Database<B> {
    async fn create_supplier_sync(&self, run: &SupplierSyncRun) -> PortResult<()> {
        let columns = vec![
            ("store", run.scope.store.into()),
            ("account", run.account.into()),
        ];
        let taken = "this supplier is being read; wait for the end";
        self.create_work("supplier_syncs.create", run, columns, taken, None)
            .await
    }

    async fn supplier_sync(
        &self,
        workspace: WorkspaceId,
        id: SupplierSyncId,
    ) -> PortResult<Option<SupplierSyncRun>> {
        self.find_work("supplier_syncs.find", workspace, id.0).await
    }

    async fn supplier_syncs(
        &self,
        workspace: WorkspaceId,
        account: Option<SupplierAccountId>,
        page: &PageRequest,
    ) -> PortResult<Page<SupplierSyncRun>> {
        let of = account.map(|id| ("account", id.into()));
        self.list_work("supplier_syncs.list", workspace, of.as_slice(), page)
            .await
    }

    async fn claim_supplier_sync(
        &self,
        now: DateTime<Utc>,
        lease: Duration,
    ) -> PortResult<Option<SupplierSyncLease>> {
        let row = self.claim_work("supplier_syncs.claim", now, lease).await?;
        Ok(row.map(|row| SupplierSyncLease {
            run: row.work,
            fence: row.fence,
        }))
    }

    async fn advance_supplier_sync(
        &self,
        lease: &SupplierSyncLease,
        now: DateTime<Utc>,
        prolong: Duration,
    ) -> PortResult<SupplierSyncRun> {
        self.advance_work(
            "supplier_syncs.advance",
            &lease.run,
            lease.fence,
            now + prolong,
        )
        .await
    }

    async fn cancel_supplier_sync(
        &self,
        workspace: WorkspaceId,
        id: SupplierSyncId,
        now: DateTime<Utc>,
    ) -> PortResult<SupplierSyncRun> {
        self.change_work::<SupplierSyncRun>("supplier_syncs.cancel", workspace, id.0, |row| {
            row.work.cancel(now)
        })
        .await
    }
}
