//! What is kept of working with suppliers: which of their variants are the store's, and what buyers' lines were ordered of them.

use crate::{Page, PageRequest, PortResult};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::audit::NewEntry;
use domain::ids::{
    OrderId, StoreScope, SupplierMappingId, SupplierOrderId, SupplierProductId, VariantId,
    WorkspaceId,
};
use domain::supplier::{SupplierMapping, SupplierOrder, SupplierOrderState};

/// Filters are joined by *and*.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MappingFilter {
    /// The store's.
    pub variant: Option<VariantId>,
    pub product: Option<SupplierProductId>,
    /// Also those that were taken away.
    pub off_too: bool,
}

/// Filters are joined by *and*.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SupplierOrderFilter {
    pub order: Option<OrderId>,
    pub state: Option<SupplierOrderState>,
}

#[async_trait]
pub trait SupplierMappings: Send + Sync {
    /// Version 1 is new, any other replaces the one before it; where one does not, it is a `Conflict` and none is written. With the audit's
    /// entry, or neither.
    async fn save_mappings(
        &self,
        scope: StoreScope,
        mappings: &[SupplierMapping],
        entry: &NewEntry,
    ) -> PortResult<()>;

    /// Of these variants, those taken away among them; by variant and id.
    async fn mappings_of(
        &self,
        scope: StoreScope,
        variants: &[VariantId],
    ) -> PortResult<Vec<SupplierMapping>>;

    async fn mapping(
        &self,
        workspace: WorkspaceId,
        id: SupplierMappingId,
    ) -> PortResult<Option<SupplierMapping>>;

    /// By variant and id; every one is on exactly one page.
    async fn list_mappings(
        &self,
        scope: StoreScope,
        filter: &MappingFilter,
        page: &PageRequest,
    ) -> PortResult<Page<SupplierMapping>>;
}

#[async_trait]
pub trait SupplierOrderBook: Send + Sync {
    /// Opens the order and takes its lines; a number that is there, or a line that another order of the store has, is a `Conflict` and
    /// nothing is written. With the audit's entry, or neither.
    async fn open_supplier_order(&self, order: &SupplierOrder, entry: &NewEntry) -> PortResult<()>;

    /// Replaces it if its version is the stored one, which grows by one; else `Conflict`. One that does not hold its lines any more lets
    /// them go; one that holds them keeps what it has. With the audit's entry where there is one, or neither.
    async fn save_supplier_order(
        &self,
        order: &SupplierOrder,
        entry: Option<&NewEntry>,
    ) -> PortResult<SupplierOrder>;

    async fn supplier_order(
        &self,
        workspace: WorkspaceId,
        id: SupplierOrderId,
    ) -> PortResult<Option<SupplierOrder>>;

    /// Newest first; every one is on exactly one page.
    async fn supplier_orders(
        &self,
        scope: StoreScope,
        filter: &SupplierOrderFilter,
        page: &PageRequest,
    ) -> PortResult<Page<SupplierOrder>>;

    /// One that is to be looked at by now, the longest waiting first; nobody else gets it before `until`.
    async fn claim_supplier_order(
        &self,
        now: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> PortResult<Option<SupplierOrder>>;

    /// Has it looked at at once.
    async fn hurry_supplier_order(
        &self,
        workspace: WorkspaceId,
        id: SupplierOrderId,
        now: DateTime<Utc>,
    ) -> PortResult<()>;
}
