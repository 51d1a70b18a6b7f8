//! Whom goods are ordered from, and how long they take.

use super::{PurchaseError, Purchases};
use crate::changes::Fault;
use crate::ingest::calendar;
use crate::inventory::{CAME, lead_times};
use chrono::NaiveDate;
use domain::audit::{Actor, NewEntry};
use domain::ids::{SupplierId, WorkspaceId};
use domain::inventory_plan::LeadTime;
use domain::money::Currency;
use domain::people::Email;
use domain::purchase::{PurchaseOrder, PurchaseStatus, Supplier, SupplierRating, rate};
use serde_json::json;
use std::collections::BTreeMap;
use uuid::Uuid;

const LONGEST_NAME: usize = 200;
const LONGEST_NOTE: usize = 1_000;
/// Orders that tell something of a supplier.
const SENT: [PurchaseStatus; 4] = [
    PurchaseStatus::Sent,
    PurchaseStatus::ReceivedPartly,
    PurchaseStatus::Received,
    PurchaseStatus::Closed,
];
const MOST_DAYS: u32 = 365;

#[derive(Debug, Clone)]
pub struct SupplierDraft {
    pub name: String,
    pub email: Option<Email>,
    pub currency: Currency,
    pub lead_days: Option<u32>,
    pub note: Option<String>,
    pub archived: bool,
}

#[derive(Debug, Clone)]
pub struct SupplierView {
    pub supplier: Supplier,
    /// From how many own orders.
    pub learned: Option<(LeadTime, usize)>,
    /// From own orders of all stores.
    pub rating: SupplierRating,
}

impl Purchases {
    pub(super) async fn supplier(
        &self,
        workspace: WorkspaceId,
        id: SupplierId,
    ) -> Result<Supplier, PurchaseError> {
        let found = self.ports.purchases.supplier(workspace, id).await?;
        found.ok_or_else(|| {
            let fault = Fault::new("supplier_id", "there is no such supplier");
            PurchaseError::Invalid(vec![fault])
        })
    }

    /// By name. What one store learned of a supplier counts; of several stores the one with the most orders.
    pub async fn suppliers(
        &self,
        workspace: WorkspaceId,
    ) -> Result<Vec<SupplierView>, PurchaseError> {
        let mut learned: BTreeMap<SupplierId, (LeadTime, usize)> = BTreeMap::new();
        let mut sent: BTreeMap<SupplierId, Vec<(PurchaseOrder, NaiveDate)>> = BTreeMap::new();
        for store in self.stores.list(workspace).await? {
            let today = calendar(&store)?.day_of(self.ports.clock.now());
            let orders = self.ports.purchases.purchases_in(store.scope, &SENT);
            let orders = orders.await?;
            let came = orders.iter().filter(|o| CAME.contains(&o.status));
            let told = lead_times(&store, came)?;
            for order in orders {
                sent.entry(order.supplier).or_default().push((order, today));
            }
            for (id, told) in told {
                let known = learned.get(&id).map_or(0, |(_, orders)| *orders);
                if told.1 > known {
                    learned.insert(id, told);
                }
            }
        }
        let all = self.ports.purchases.suppliers(workspace).await?;
        Ok(all
            .into_iter()
            .map(|supplier| SupplierView {
                learned: learned.get(&supplier.id).copied(),
                rating: rate(
                    sent.get(&supplier.id)
                        .into_iter()
                        .flatten()
                        .map(|(order, today)| (order, *today)),
                ),
                supplier,
            })
            .collect())
    }

    /// Makes one, or sets it.
    pub async fn save_supplier(
        &self,
        workspace: WorkspaceId,
        id: Option<SupplierId>,
        draft: SupplierDraft,
        by: &Actor,
    ) -> Result<Supplier, PurchaseError> {
        let faults = faults(&draft);
        if !faults.is_empty() {
            return Err(PurchaseError::Invalid(faults));
        }
        let now = self.ports.clock.now();
        let before = match id {
            Some(id) => {
                let found = self.ports.purchases.supplier(workspace, id).await?;
                Some(found.ok_or(PurchaseError::UnknownSupplier)?)
            }
            None => None,
        };
        let supplier = Supplier {
            id: id.unwrap_or_else(|| SupplierId(Uuid::now_v7())),
            workspace,
            name: draft.name.trim().to_owned(),
            email: draft.email,
            currency: draft.currency,
            lead_days: draft.lead_days,
            note: draft.note.filter(|note| !note.trim().is_empty()),
            archived: draft.archived,
            created_at: before.as_ref().map_or(now, |b| b.created_at),
            updated_at: now,
        };
        let (id, name) = (supplier.id.to_string(), supplier.name.as_str());
        let target = ("supplier", id.as_str(), name);
        let action = match before {
            Some(_) => "supplier.set",
            None => "supplier.create",
        };
        let entry = NewEntry::done(workspace, now, by.clone(), action, target);
        let entry = match &before {
            Some(before) => entry.before(&json!(before)),
            None => entry,
        };
        let entry = entry.after(&json!(supplier));
        self.ports
            .purchases
            .save_supplier(&supplier, &entry)
            .await?;
        Ok(supplier)
    }
}

fn faults(draft: &SupplierDraft) -> Vec<Fault> {
    let mut faults = Vec::new();
    if !(1..=LONGEST_NAME).contains(&draft.name.trim().chars().count()) {
        let message = format!("has from 1 to {LONGEST_NAME} characters");
        faults.push(Fault::new("name", message));
    }
    if draft.lead_days.is_some_and(|days| days > MOST_DAYS) {
        faults.push(Fault::new("lead_days", format!("is at most {MOST_DAYS}")));
    }
    let note = draft.note.as_ref();
    if note.is_some_and(|n| n.chars().count() > LONGEST_NOTE) {
        let message = format!("has at most {LONGEST_NOTE} characters");
        faults.push(Fault::new("note", message));
    }
    faults
}
