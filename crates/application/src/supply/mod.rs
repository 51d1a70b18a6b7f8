//! Having suppliers send what buyers bought: which of their variants are the store's, from whom an order's lines are best had, what became
//! of what was ordered, and that the shop, the ledger and the buyer are told.
//!
//! Nothing is asked of a supplier but by an approved change-set (`crate::changes`); what follows from it is followed here, by looking.

mod call_off;
mod choose;
mod follow;
mod mapping_file;
mod mappings;
mod messages;
mod plan;
mod suggestions;
mod watch;

pub use mapping_file::{
    COLUMNS as MAPPING_COLUMNS, FileRow, FileTold, MOST_BYTES as MOST_MAPPING_BYTES, RowOutcome,
    TextRow,
};
pub use mappings::{MappingChange, NewMapping};
pub(crate) use plan::Planner;
pub use plan::{LineRoutes, SupplyOffer, SupplyWish};
pub use suggestions::{Accepted, MOST_ACCEPTED, SeenSuggestion, SuggestedMapping};
pub use watch::{Instead, Touched, WatchTold};

use crate::Ports;
use crate::changes::{ChangeError, Changes, Fault};
use crate::costs::Costs;
use crate::events::EventHub;
use crate::stores::{StoreError, Stores};
use crate::suppliers::Suppliers;
use domain::ids::{StoreId, SupplierOrderId, WorkspaceId};
use domain::store::Store;
use domain::supplier::SupplierOrder;
use ports::supplier_book::SupplierOrderFilter;
use ports::{Page, PageRequest, PortError, PortResult};
use std::sync::Arc;
use tokio::sync::Notify;

#[derive(Debug, thiserror::Error)]
pub enum SupplyError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("this cannot be done")]
    Invalid(Vec<Fault>),
    #[error("there is no such mapping")]
    UnknownMapping,
    #[error("there is no such order")]
    UnknownOrder,
    #[error("there is no such order at a supplier")]
    UnknownSupplierOrder,
    #[error("there is no such supplier account")]
    UnknownAccount,
    #[error("it was changed otherwise meanwhile; look at it again")]
    ChangedMeanwhile,
    #[error("the message is not signed by the supplier")]
    NotSigned,
    #[error(transparent)]
    Change(#[from] ChangeError),
    #[error(transparent)]
    Port(#[from] PortError),
}

fn fault<T>(field: &str, message: impl Into<String>) -> Result<T, SupplyError> {
    Err(SupplyError::Invalid(vec![Fault::new(field, message)]))
}

#[derive(Clone)]
pub struct Supply {
    ports: Ports,
    hub: EventHub,
    stores: Stores,
    changes: Changes,
    costs: Costs,
    suppliers: Suppliers,
    due: Arc<Notify>,
}

impl Supply {
    #[must_use]
    pub fn new(
        ports: Ports,
        hub: EventHub,
        changes: Changes,
        costs: Costs,
        suppliers: Suppliers,
    ) -> Self {
        Self {
            stores: Stores::new(ports.clone()),
            ports,
            hub,
            changes,
            costs,
            suppliers,
            due: Arc::default(),
        }
    }

    pub async fn store(
        &self,
        workspace: WorkspaceId,
        store: Option<StoreId>,
    ) -> Result<Store, StoreError> {
        self.stores.pick(workspace, store).await
    }

    /// Newest first.
    pub async fn orders(
        &self,
        store: &Store,
        filter: &SupplierOrderFilter,
        page: &PageRequest,
    ) -> PortResult<Page<SupplierOrder>> {
        let book = &self.ports.supplier_order_book;
        book.supplier_orders(store.scope, filter, page).await
    }

    pub async fn order(
        &self,
        workspace: WorkspaceId,
        id: SupplierOrderId,
    ) -> Result<SupplierOrder, SupplyError> {
        let book = &self.ports.supplier_order_book;
        let found = book.supplier_order(workspace, id).await?;
        found.ok_or(SupplyError::UnknownSupplierOrder)
    }

    /// Has it looked at at once, because somebody wants to know.
    pub async fn look_again(
        &self,
        workspace: WorkspaceId,
        id: SupplierOrderId,
    ) -> Result<SupplierOrder, SupplyError> {
        let found = self.order(workspace, id).await?;
        self.hurry(workspace, id).await?;
        Ok(found)
    }

    async fn hurry(&self, workspace: WorkspaceId, id: SupplierOrderId) -> PortResult<()> {
        let now = self.ports.clock.now();
        let book = &self.ports.supplier_order_book;
        book.hurry_supplier_order(workspace, id, now).await?;
        self.due.notify_one();
        Ok(())
    }

    async fn announce(&self, order: &SupplierOrder) -> PortResult<()> {
        let entity = ("supplier_order", order.plan.id.to_string());
        let data = serde_json::json!({
            "state": order.state.as_str(), "order": order.plan.order, "parcels": order.parcels.len(),
        });
        self.hub
            .publish(
                order.scope.workspace,
                "supplier_orders.changed",
                entity,
                data,
            )
            .await
    }
}
