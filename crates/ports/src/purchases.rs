//! Suppliers and orders of goods.

use crate::{Page, PageRequest, PortResult};
use async_trait::async_trait;
use domain::audit::NewEntry;
use domain::ids::{PurchaseOrderId, StoreId, StoreScope, SupplierId, WorkspaceId};
use domain::purchase::{PurchaseOrder, PurchaseStatus, Supplier};

/// Filters are joined by *and*.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PurchaseFilter {
    pub store: Option<StoreId>,
    pub status: Option<PurchaseStatus>,
    pub supplier: Option<SupplierId>,
}

#[async_trait]
pub trait PurchaseStore: Send + Sync {
    /// Makes it, or sets it, with the audit's entry or not at all. `Conflict` when its id is another workspace's.
    async fn save_supplier(&self, supplier: &Supplier, entry: &NewEntry) -> PortResult<()>;
    async fn supplier(
        &self,
        workspace: WorkspaceId,
        id: SupplierId,
    ) -> PortResult<Option<Supplier>>;
    /// By name, without regard to case (ASCII).
    async fn suppliers(&self, workspace: WorkspaceId) -> PortResult<Vec<Supplier>>;
    /// Stores a new one with the audit's entry or not at all, under the number that follows the workspace's last; answers it so. `Conflict` when the id is taken.
    async fn create_purchase(
        &self,
        order: &PurchaseOrder,
        entry: &NewEntry,
    ) -> PortResult<PurchaseOrder>;
    /// As [`Self::create_purchase`], and `Conflict` as well when another order that is under way ([`PurchaseStatus::UNDER_WAY`]) in the same store has one of
    /// its variants. It is looked for in the transaction that writes: of two at the same time one is refused.
    async fn create_purchase_alone(
        &self,
        order: &PurchaseOrder,
        entry: &NewEntry,
    ) -> PortResult<PurchaseOrder>;
    /// Stores `order.version`, which follows the stored one, with the audit's entry, or not at all; `Conflict` when it does not. Its number stays.
    async fn save_purchase(&self, order: &PurchaseOrder, entry: &NewEntry) -> PortResult<()>;
    async fn purchase(
        &self,
        workspace: WorkspaceId,
        id: PurchaseOrderId,
    ) -> PortResult<Option<PurchaseOrder>>;
    /// Newest first.
    async fn purchases(
        &self,
        workspace: WorkspaceId,
        filter: &PurchaseFilter,
        page: &PageRequest,
    ) -> PortResult<Page<PurchaseOrder>>;
    /// All of a store in one of these states, by number.
    async fn purchases_in(
        &self,
        scope: StoreScope,
        states: &[PurchaseStatus],
    ) -> PortResult<Vec<PurchaseOrder>>;
}
