//! What somebody wants to order.

use super::{PurchaseError, Purchases};
use crate::changes::Fault;
use crate::forecasts::{offers, title};
use chrono::NaiveDate;
use domain::audit::Actor;
use domain::ids::{PurchaseOrderId, StoreId, SupplierId, VariantId, WorkspaceId};
use domain::purchase::{LineDraft, PurchaseOrder, PurchaseStatus, Signed, Supplier};
use domain::store::Store;
use rust_decimal::Decimal;
use uuid::Uuid;

const MOST_LINES: usize = 500;
const LONGEST_NOTE: usize = 1_000;
const MOST_UNITS: i64 = 1_000_000_000;

#[derive(Debug, Clone)]
pub struct LineWanted {
    pub variant: VariantId,
    pub quantity: i64,
    pub unit_cost: Decimal,
}

#[derive(Debug, Clone)]
pub struct OrderDraft {
    pub supplier: SupplierId,
    pub expected_on: Option<NaiveDate>,
    pub pay_on: Option<NaiveDate>,
    pub note: Option<String>,
    pub lines: Vec<LineWanted>,
}

impl Purchases {
    /// A draft: nothing comes of it before it is approved.
    pub async fn create(
        &self,
        workspace: WorkspaceId,
        store: Option<StoreId>,
        draft: OrderDraft,
        by: &Actor,
    ) -> Result<PurchaseOrder, PurchaseError> {
        let store = self.stores.pick(workspace, store).await?;
        let supplier = self.supplier(workspace, draft.supplier).await?;
        let now = self.ports.clock.now();
        let order = PurchaseOrder {
            id: PurchaseOrderId(Uuid::now_v7()),
            scope: store.scope,
            number: 0,
            version: 1,
            supplier: supplier.id,
            supplier_name: String::new(),
            supplier_email: None,
            currency: supplier.currency,
            status: PurchaseStatus::Draft,
            lines: Vec::new(),
            receipts: Vec::new(),
            expected_on: None,
            pay_on: None,
            note: None,
            created: Signed {
                at: now,
                by: by.clone(),
            },
            rewritten: Vec::new(),
            approved: None,
            sent: None,
            closed: None,
            close_reason: None,
        };
        let order = self.written(order, &store, &supplier, (draft, by)).await?;
        let entry = self.entry(&order, "purchase_order.create", by);
        let created = self.ports.purchases.create_purchase(&order, &entry).await?;
        self.hub.wake();
        Ok(created)
    }

    /// Replaces what a draft says.
    pub async fn write(
        &self,
        workspace: WorkspaceId,
        id: PurchaseOrderId,
        version: i64,
        draft: OrderDraft,
        by: &Actor,
    ) -> Result<PurchaseOrder, PurchaseError> {
        let order = self.of_version(workspace, id, version).await?;
        let store = self.stores.pick(workspace, Some(order.scope.store)).await?;
        let supplier = self.supplier(workspace, draft.supplier).await?;
        let order = self.written(order, &store, &supplier, (draft, by)).await?;
        self.save(order, "purchase_order.write", (by, None)).await
    }

    async fn written(
        &self,
        mut order: PurchaseOrder,
        store: &Store,
        supplier: &Supplier,
        (draft, by): (OrderDraft, &Actor),
    ) -> Result<PurchaseOrder, PurchaseError> {
        let mut faults = Vec::new();
        if supplier.archived {
            faults.push(Fault::new(
                "supplier_id",
                "is archived: nothing is ordered there",
            ));
        }
        if draft.lines.is_empty() || draft.lines.len() > MOST_LINES {
            let message = format!("has from 1 to {MOST_LINES} lines");
            faults.push(Fault::new("lines", message));
        }
        let too_long = |note: &String| note.chars().count() > LONGEST_NOTE;
        if draft.note.as_ref().is_some_and(too_long) {
            let message = format!("has at most {LONGEST_NOTE} characters");
            faults.push(Fault::new("note", message));
        }
        let offers = offers(&self.ports, store).await?;
        let mut lines = Vec::with_capacity(draft.lines.len());
        for (at, wanted) in draft.lines.into_iter().enumerate() {
            let mut fault = |field: &str, message: &str| {
                faults.push(Fault::new(format!("lines[{at}].{field}"), message));
            };
            if !(1..=MOST_UNITS).contains(&wanted.quantity) {
                fault("quantity", "is at least 1");
            }
            if wanted.unit_cost.is_sign_negative() && !wanted.unit_cost.is_zero() {
                fault("unit_cost", "is not negative");
            }
            let Some(offer) = offers.get(&wanted.variant) else {
                fault("variant_id", "there is no such variant in this store");
                continue;
            };
            lines.push(LineDraft {
                variant: wanted.variant,
                title: title(offer),
                sku: offer.variant.sku.clone(),
                quantity: wanted.quantity,
                unit_cost: wanted.unit_cost.abs(),
            });
        }
        if !faults.is_empty() {
            return Err(PurchaseError::Invalid(faults));
        }
        order.supplier = supplier.id;
        order.supplier_name.clone_from(&supplier.name);
        order.supplier_email.clone_from(&supplier.email);
        order.currency = supplier.currency;
        order.expected_on = draft.expected_on;
        order.pay_on = draft.pay_on;
        order.note = draft.note.filter(|note| !note.trim().is_empty());
        order.write(lines, by)?;
        Ok(order)
    }
}
