//! Accounts at suppliers with an interface, and the runs that read what they offer.

use crate::{Page, PageRequest, PortResult};
use async_trait::async_trait;
use chrono::{DateTime, Duration, Utc};
use domain::audit::NewEntry;
use domain::ids::{SupplierAccountId, SupplierSyncId, WorkspaceId};
use domain::supplier::{SupplierAccount, SupplierSyncRun};

#[async_trait]
pub trait SupplierAccounts: Send + Sync {
    /// A second account of the same platform in a store is a `Conflict`. With the audit's entry, or neither.
    async fn create_supplier_account(
        &self,
        account: &SupplierAccount,
        entry: &NewEntry,
    ) -> PortResult<()>;

    /// Replaces it if its version is the stored one, which grows by one; else `Conflict`; `NotFound` when it is gone. With the audit's
    /// entry where there is one, or neither.
    async fn update_supplier_account(
        &self,
        account: &SupplierAccount,
        entry: Option<&NewEntry>,
    ) -> PortResult<SupplierAccount>;

    async fn supplier_account(
        &self,
        workspace: WorkspaceId,
        id: SupplierAccountId,
    ) -> PortResult<Option<SupplierAccount>>;

    /// Oldest first.
    async fn supplier_accounts(&self, workspace: WorkspaceId) -> PortResult<Vec<SupplierAccount>>;

    /// With its runs; what it told stays. With the audit's entry, or neither.
    async fn remove_supplier_account(
        &self,
        workspace: WorkspaceId,
        id: SupplierAccountId,
        entry: &NewEntry,
    ) -> PortResult<()>;
}

/// The right to work on a run until it expires; a later claim makes `fence` larger, and a smaller one writes nothing any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SupplierSyncLease {
    pub run: SupplierSyncRun,
    pub fence: i64,
}

#[async_trait]
pub trait SupplierSyncs: Send + Sync {
    /// `Conflict` while another run of the same account is open.
    async fn create_supplier_sync(&self, run: &SupplierSyncRun) -> PortResult<()>;

    async fn supplier_sync(
        &self,
        workspace: WorkspaceId,
        id: SupplierSyncId,
    ) -> PortResult<Option<SupplierSyncRun>>;

    /// Newest first; of one account when given.
    async fn supplier_syncs(
        &self,
        workspace: WorkspaceId,
        account: Option<SupplierAccountId>,
        page: &PageRequest,
    ) -> PortResult<Page<SupplierSyncRun>>;

    /// The oldest open run whose lease is free or has expired; claimed by one caller only.
    async fn claim_supplier_sync(
        &self,
        now: DateTime<Utc>,
        lease: Duration,
    ) -> PortResult<Option<SupplierSyncLease>>;

    /// Saves progress and prolongs the lease; `Conflict` when the fence is old. A wish to cancel that came meanwhile is kept and
    /// answered.
    async fn advance_supplier_sync(
        &self,
        lease: &SupplierSyncLease,
        now: DateTime<Utc>,
        prolong: Duration,
    ) -> PortResult<SupplierSyncRun>;

    /// A queued run ends at once, a running one when its worker sees it; `Conflict` when it has ended.
    async fn cancel_supplier_sync(
        &self,
        workspace: WorkspaceId,
        id: SupplierSyncId,
        now: DateTime<Utc>,
    ) -> PortResult<SupplierSyncRun>;
}
