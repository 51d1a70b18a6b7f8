//! The end of a set: what it came to, what it took back, and our own copy of what it changed.

use super::run::{PutDown, Runner, Session};
use super::words;
use chrono::Duration;
use domain::audit::{Actor, NewEntry, Outcome};
use domain::changes::{
    Action, ChangeSet, ChangeSetStatus, Operation, OperationState, Origin, Seen, Tagged, plan,
};
use ports::source::{FactRef, Fetched};
use ports::{Kind, PortResult};
use serde_json::json;
use std::collections::BTreeSet;

/// How often an original is marked as undone when others change it at the same time.
const MARK_TRIES: usize = 5;

impl Runner {
    /// What was written, as the audit tells it.
    pub(super) fn told(&self, no: u32, word: &str) -> NewEntry {
        let set = &self.lease.set;
        let entry = self.changes.entry(set, &Actor::system(), word);
        let Some(operation) = set.operation(no) else {
            return entry;
        };
        let outcome = match operation.state {
            OperationState::Applied | OperationState::Compensated => Outcome::Done,
            _ => Outcome::Failed,
        };
        let entry = entry.outcome(outcome).after(&json!({
            "no": no, "label": operation.label, "action": operation.action, "state": operation.state,
            "key": operation.key,
        }));
        match &operation.error {
            Some(error) => entry.because(error),
            None => entry,
        }
    }

    pub(super) async fn finish(&mut self, session: Option<&Session>) -> Result<(), PutDown> {
        let now = self.now();
        self.lease.set.status = plan::status(&self.lease.set.operations);
        self.lease.set.finished_at = Some(now);
        self.lease.set.error = words::outcome(&self.lease.set);
        self.mark_undone().await?;
        if let Some(session) = session {
            self.read_again(session).await;
        }
        let set = &self.lease.set;
        let outcome = match set.status {
            ChangeSetStatus::Applied => Outcome::Done,
            _ => Outcome::Failed,
        };
        let entry = self.changes.entry(set, &Actor::system(), "change_set.end");
        let entry = entry
            .outcome(outcome)
            .after(&json!({ "status": set.status }));
        let entry = match &set.error {
            Some(error) => entry.because(error),
            None => entry,
        };
        self.save(&[entry], Duration::zero()).await?;
        self.changes.wake_run(&self.lease.set).await;
        Ok(())
    }

    /// What was wholly taken back is undone; before the end of the undo is stored, so that a crash in between repeats it.
    async fn mark_undone(&self) -> Result<(), PutDown> {
        let set = &self.lease.set;
        let Origin::Undo { of } = set.origin else {
            return Ok(());
        };
        if set.status != ChangeSetStatus::Applied || has_left_out(set) {
            return Ok(());
        }
        let changes = &self.changes.ports.changes;
        for _ in 0..MARK_TRIES {
            let original = changes.find(set.scope.workspace, of).await?;
            let Some(mut original) = original.filter(|o| o.undone_by.is_none()) else {
                return Ok(());
            };
            let stays =
                |o: &Operation| o.state == OperationState::Applied && o.action.inverse().is_none();
            original.status = if original.operations.iter().any(stays) {
                ChangeSetStatus::PartlyApplied
            } else {
                ChangeSetStatus::Undone
            };
            original.undone_by = Some(set.id);
            let entry = self
                .changes
                .entry(&original, &Actor::system(), "change_set.undone");
            match changes.decide(&original, &entry).await {
                Ok(_) => return Ok(()),
                Err(error) if error.kind == Kind::Conflict => {}
                Err(error) => return Err(error.into()),
            }
        }
        tracing::warn!(set = %of, "a change-set that was taken back could not be marked");
        Ok(())
    }

    /// Our own copy of what was changed, so that the next plan rests on it. The next sync would do it too.
    async fn read_again(&mut self, session: &Session) {
        let set = &self.lease.set;
        if let Err(error) = self.changes.remember_ads(set).await {
            tracing::warn!(set = %set.id, %error, "what was changed of advertisements is shown once the account is read again");
        }
        if let Err(error) = self.changes.remember_campaigns(set).await {
            tracing::warn!(set = %set.id, %error, "a campaign that was made or removed is shown so once the account is read again");
        }
        let written = set.operations.iter().filter(|o| o.intended_at.is_some());
        let changed: BTreeSet<FactRef> = written.filter_map(fact_of).collect();
        let changed: Vec<FactRef> = changed.into_iter().collect();
        if changed.is_empty() {
            return;
        }
        let (changes, id) = (self.changes.clone(), set.id);
        let (workspace, connection) = (set.scope.workspace, set.connection);
        let work = async move {
            let found = changes
                .ports
                .connections
                .find(workspace, connection)
                .await?;
            let Some(connection) = found else {
                return Ok(());
            };
            let source = changes.connections.pool.source(&connection).await?;
            let fetched = source.fetch(&changed).await?.into_iter();
            let facts = fetched.filter_map(|f| match f {
                Fetched::Found(fact) => Some(fact),
                Fetched::Gone(_) => None,
            });
            let ingest = &changes.connections.ingest;
            ingest.store(&session.store, facts.collect()).await
        };
        let outcome: Result<PortResult<()>, PutDown> = self.kept(work).await;
        if let Ok(Err(error)) = outcome {
            tracing::warn!(set = %id, %error, "what was changed could not be read again; the next sync does it");
        }
    }
}

/// Whether somebody left a part of it out.
fn has_left_out(set: &ChangeSet) -> bool {
    let mut operations = set.operations.iter();
    operations.any(|o| o.state == OperationState::Rejected)
}

fn fact_of(operation: &Operation) -> Option<FactRef> {
    match &operation.action {
        Action::Price { product, .. } | Action::CompareAtPrice { product, .. } => {
            Some(FactRef::Product(*product))
        }
        Action::AddTags { target, .. } | Action::RemoveTags { target, .. } => Some(match target {
            Tagged::Order(order) => FactRef::Order(*order),
            Tagged::Product(product) => FactRef::Product(*product),
        }),
        Action::HoldOrder { order, .. } | Action::ReleaseOrder { order, .. } => {
            Some(FactRef::Order(*order))
        }
        Action::CancelOrder(cancellation) => Some(FactRef::Order(cancellation.order)),
        Action::RefundOrder(refund) => Some(FactRef::Order(refund.what.order)),
        // Only the shop knows the number of what it made.
        Action::ProductDraft(_) => match operation.seen {
            Some(Seen::Product { product, .. }) => Some(FactRef::Product(product)),
            _ => None,
        },
        // Stock and what was removed come with the next sync; discounts are not kept; orders of goods are our own, and
        // advertisements are remembered as they were seen.
        Action::Inventory { .. }
        | Action::DeleteDraft(_)
        | Action::Discount(_)
        | Action::EndDiscount(_)
        | Action::PurchaseOrder(_)
        | Action::CancelPurchase(_)
        | Action::AdStatus(_)
        | Action::AdBudget(_)
        | Action::NewCampaign(_)
        | Action::RetireCampaign(_)
        | Action::SupplierOrder(_)
        | Action::CallOffSupply(_)
        | Action::Signal(_) => None,
        Action::Ship(shipment) => Some(FactRef::Order(shipment.order)),
    }
}
