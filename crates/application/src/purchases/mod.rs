//! Suppliers and orders of goods, from draft to receipt.

mod draft;
mod outlook;
mod steps;
mod suppliers;

pub use draft::{LineWanted, OrderDraft};
pub use outlook::{Outlook, OutlookDay};
pub use steps::{Came, Closing};
pub use suppliers::{SupplierDraft, SupplierView};

use crate::Ports;
use crate::changes::Fault;
use crate::events::EventHub;
use crate::inventory::settings;
use crate::stores::{StoreError, Stores};
use chrono::{DateTime, Utc};
use domain::audit::{Actor, NewEntry};
use domain::ids::{PurchaseOrderId, StoreId, WorkspaceId};
use domain::inventory_plan::PlanSettings;
use domain::purchase::{Limits, PurchaseOrder, Refusal};
use domain::store::Store;
use ports::purchases::PurchaseFilter;
use ports::{Kind, Page, PageRequest, PortError, PortResult};
use serde_json::json;

#[derive(Debug, thiserror::Error)]
pub enum PurchaseError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("there is no such purchase order")]
    UnknownOrder,
    #[error("there is no such supplier")]
    UnknownSupplier,
    #[error("this cannot be written")]
    Invalid(Vec<Fault>),
    #[error("somebody else changed it meanwhile; look at it again")]
    ChangedMeanwhile,
    #[error(transparent)]
    Refused(#[from] Refusal),
    #[error("no mail can be sent: {0}")]
    NoMail(&'static str),
    #[error(transparent)]
    Port(#[from] PortError),
}

#[derive(Clone)]
pub struct Purchases {
    ports: Ports,
    hub: EventHub,
    stores: Stores,
}

impl Purchases {
    #[must_use]
    pub fn new(ports: Ports, hub: EventHub) -> Self {
        Self {
            stores: Stores::new(ports.clone()),
            ports,
            hub,
        }
    }

    pub async fn find(
        &self,
        workspace: WorkspaceId,
        id: PurchaseOrderId,
    ) -> Result<PurchaseOrder, PurchaseError> {
        let found = self.ports.purchases.purchase(workspace, id).await?;
        found.ok_or(PurchaseError::UnknownOrder)
    }

    /// Newest first.
    pub async fn list(
        &self,
        workspace: WorkspaceId,
        filter: &PurchaseFilter,
        page: &PageRequest,
    ) -> PortResult<Page<PurchaseOrder>> {
        self.ports
            .purchases
            .purchases(workspace, filter, page)
            .await
    }

    /// Above what an order needs whose yes.
    pub async fn limits(
        &self,
        workspace: WorkspaceId,
        store: StoreId,
    ) -> Result<Limits, PurchaseError> {
        let store = self.stores.pick(workspace, Some(store)).await?;
        let set = settings(&self.ports, &store).await?.settings;
        Ok(limits_of(&set, &store))
    }

    /// Stores the next version with what the audit tells of it.
    async fn save(
        &self,
        mut order: PurchaseOrder,
        action: &str,
        (by, reason): (&Actor, Option<&str>),
    ) -> Result<PurchaseOrder, PurchaseError> {
        order.version += 1;
        let entry = self.entry(&order, action, by);
        let entry = match reason {
            Some(reason) => entry.because(reason),
            None => entry,
        };
        let saved = self.ports.purchases.save_purchase(&order, &entry).await;
        saved.map_err(|error| match error.kind {
            Kind::Conflict => PurchaseError::ChangedMeanwhile,
            _ => PurchaseError::Port(error),
        })?;
        self.hub.wake();
        Ok(order)
    }

    fn entry(&self, order: &PurchaseOrder, action: &str, by: &Actor) -> NewEntry {
        entry_of(order, action, by, self.ports.clock.now())
    }
}

pub(crate) fn limits_of(set: &PlanSettings, store: &Store) -> Limits {
    Limits {
        approval: set.approval_limit,
        admin: set.admin_limit,
        currency: store.currency,
    }
}

/// What the audit tells of an order.
pub(crate) fn entry_of(
    order: &PurchaseOrder,
    action: &str,
    by: &Actor,
    now: DateTime<Utc>,
) -> NewEntry {
    let (id, name) = (order.id.to_string(), order.name());
    let target = ("purchase_order", id.as_str(), name.as_str());
    let told = json!({
        "status": order.status.as_str(), "supplier": order.supplier_name, "lines": order.lines.len(),
        "total": order.total(), "currency": order.currency, "version": order.version,
    });
    NewEntry::done(order.scope.workspace, now, by.clone(), action, target).after(&told)
}
