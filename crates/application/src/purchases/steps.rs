//! What is done with an order, one step after the other.

use super::{PurchaseError, Purchases};
use crate::changes::Fault;
use crate::forecasts::{offers, sold_in};
use crate::ingest::calendar;
use crate::inventory::{counted, settings};
use chrono::NaiveDate;
use domain::audit::Actor;
use domain::calendar::DayRange;
use domain::ids::{LetterId, PurchaseOrderId, WorkspaceId};
use domain::letter::{Errand, OwedLetter};
use domain::people::Role;
use domain::purchase::{KEPT_DAYS, PurchaseOrder, Receipt, ReceivedLine, SentHow, Signed};
use domain::store::Store;

const LONGEST_NOTE: usize = 1_000;

/// Goods that came.
#[derive(Debug, Clone)]
pub struct Came {
    /// Today when nobody says.
    pub received_on: Option<NaiveDate>,
    pub lines: Vec<ReceivedLine>,
    pub note: Option<String>,
}

/// How an order ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Closing {
    /// Nothing more comes.
    Close,
    Cancel,
}

impl Purchases {
    /// The order as it was looked at.
    pub(super) async fn of_version(
        &self,
        workspace: WorkspaceId,
        id: PurchaseOrderId,
        version: i64,
    ) -> Result<PurchaseOrder, PurchaseError> {
        let order = self.find(workspace, id).await?;
        if order.version == version {
            Ok(order)
        } else {
            Err(PurchaseError::ChangedMeanwhile)
        }
    }

    fn signed(&self, by: &Actor) -> Signed {
        Signed {
            at: self.ports.clock.now(),
            by: by.clone(),
        }
    }

    /// Goods count as coming from then on, and their cost as going.
    pub async fn approve(
        &self,
        workspace: WorkspaceId,
        id: PurchaseOrderId,
        version: i64,
        (by, role): (&Actor, Role),
    ) -> Result<PurchaseOrder, PurchaseError> {
        let mut order = self.of_version(workspace, id, version).await?;
        let limits = self.limits(workspace, order.scope.store).await?;
        order.approve(self.signed(by), role, &limits)?;
        self.save(order, "purchase_order.approve", (by, None)).await
    }

    /// By mail the letter is owed first: it waits for the order to be stored as sent, and is dropped where that does not come.
    pub async fn send(
        &self,
        workspace: WorkspaceId,
        id: PurchaseOrderId,
        version: i64,
        how: SentHow,
        by: &Actor,
    ) -> Result<PurchaseOrder, PurchaseError> {
        let mut order = self.of_version(workspace, id, version).await?;
        order.send(how, self.signed(by))?;
        if how == SentHow::Mail {
            self.owe(&order).await?;
        }
        self.save(order, "purchase_order.send", (by, None)).await
    }

    async fn owe(&self, order: &PurchaseOrder) -> Result<(), PurchaseError> {
        if self.ports.mail.is_none() {
            return Err(PurchaseError::NoMail("no relay is set up (SMTP_HOST)"));
        }
        let Some(email) = order.supplier_email.clone() else {
            return Err(PurchaseError::NoMail("the supplier has no mail address"));
        };
        let now = self.ports.clock.now();
        let letter = OwedLetter {
            id: LetterId(order.id.0),
            errand: Errand::Purchase {
                workspace: order.scope.workspace,
                order: order.id,
                email,
            },
            created_at: now,
            attempts: 0,
        };
        let due = now;
        Ok(self.ports.letters.owe_letter(&letter, due).await?)
    }

    /// Adds what came, and what the shop had of it then: what came is kept as coming until its count has grown by it.
    pub async fn receive(
        &self,
        workspace: WorkspaceId,
        id: PurchaseOrderId,
        version: i64,
        came: Came,
        by: &Actor,
    ) -> Result<PurchaseOrder, PurchaseError> {
        let mut order = self.of_version(workspace, id, version).await?;
        let store = self.stores.pick(workspace, Some(order.scope.store)).await?;
        let Signed { at, by: who } = self.signed(by);
        let today = calendar(&store)?.day_of(at);
        let received_on = came.received_on.unwrap_or(today);
        let notes = came.lines.iter().filter_map(|l| l.note.as_ref());
        let mut notes = notes.chain(&came.note);
        let mut faults = Vec::new();
        if received_on > today {
            faults.push(Fault::new("received_on", "is not a day to come"));
        }
        if notes.any(|n| n.chars().count() > LONGEST_NOTE) {
            let message = format!("a note has at most {LONGEST_NOTE} characters");
            faults.push(Fault::new("note", message));
        }
        if !faults.is_empty() {
            return Err(PurchaseError::Invalid(faults));
        }
        let days = DayRange {
            from: received_on,
            to: today,
        };
        let lines = self
            .with_shelves(&store, &order, (came.lines, days))
            .await?;
        order.receive(Receipt {
            at,
            by: who,
            received_on,
            lines,
            note: came.note,
        })?;
        self.save(order, "purchase_order.receive", (by, None)).await
    }

    async fn with_shelves(
        &self,
        store: &Store,
        order: &PurchaseOrder,
        (mut lines, days): (Vec<ReceivedLine>, DayRange),
    ) -> Result<Vec<ReceivedLine>, PurchaseError> {
        if days.len_days() > KEPT_DAYS.unsigned_abs() {
            return Ok(lines);
        }
        let set = settings(&self.ports, store).await?.settings;
        let sold = sold_in(&self.ports, store, days, &set.bundles).await?;
        let offers = offers(&self.ports, store).await?;
        let levels = self.ports.stock.all_levels(store.scope).await?;
        for got in &mut lines {
            let line = order.lines.get(got.line);
            let Some(offer) = line.and_then(|l| offers.get(&l.variant)) else {
                continue;
            };
            let own = levels
                .iter()
                .filter(|l| Some(l.item) == offer.variant.inventory_item);
            let there = counted(offer, &own.collect::<Vec<_>>()).there();
            let sold = sold.get(&offer.variant.id).copied().unwrap_or(0);
            got.shelf = there.map(|there| there.saturating_add(sold));
        }
        Ok(lines)
    }

    pub async fn end(
        &self,
        workspace: WorkspaceId,
        id: PurchaseOrderId,
        version: i64,
        (how, reason): (Closing, Option<String>),
        by: &Actor,
    ) -> Result<PurchaseOrder, PurchaseError> {
        let mut order = self.of_version(workspace, id, version).await?;
        let reason = reason.filter(|r| !r.trim().is_empty());
        let action = match how {
            Closing::Close => {
                order.close(self.signed(by), reason.clone())?;
                "purchase_order.close"
            }
            Closing::Cancel => {
                order.cancel(self.signed(by), reason.clone())?;
                "purchase_order.cancel"
            }
        };
        self.save(order, action, (by, reason.as_deref())).await
    }
}
