//! Where the changes of a set are made: in the shop, at a platform that sells advertisements, and in our own books. All take the same way,
//! from intent to reading back.

use super::Changes;
use super::ads::AdHands;
use super::signals::SignalHands;
use super::supply::SupplyHands;
use crate::Ports;
use crate::events::EventHub;
use crate::inventory::settings;
use crate::purchases::{entry_of, limits_of};
use domain::audit::Actor;
use domain::changes::{
    Action, Against, Approval, ChangeSet, Purchase, PurchaseTarget, Seen, SeenCost, SeenPurchase,
    Target,
};
use domain::connection::Connection;
use domain::ids::PurchaseOrderId;
use domain::purchase::{Limits, Needs, PurchaseOrder, PurchaseStatus, Refusal, Signed};
use domain::store::Store;
use ports::writer::StoreWriter;
use ports::{Kind, PortError, PortResult, Retry};
use std::sync::Arc;
use uuid::Uuid;

pub(super) struct Hands {
    /// `None`: nothing of the set is the shop's.
    shop: Option<Arc<dyn StoreWriter>>,
    ads: AdHands,
    supply: SupplyHands,
    signals: SignalHands,
    books: Books,
}

/// Orders of goods, in the names of who proposed the set and who approved it.
struct Books {
    ports: Ports,
    hub: EventHub,
    store: Store,
    title: String,
    author: Actor,
    approval: Option<Approval>,
}

impl Changes {
    /// A set with nothing of the shop needs no shop that can be reached.
    pub(super) async fn hands(
        &self,
        set: &ChangeSet,
        store: &Store,
        connection: &Connection,
    ) -> PortResult<Hands> {
        let is_of_shop = set.operations.iter().any(|o| o.action.is_of_the_shop());
        let shop = if is_of_shop {
            Some(self.connections.pool.writer(connection).await?)
        } else {
            None
        };
        Ok(Hands {
            shop,
            ads: AdHands::new(self.ports.clone(), store.scope),
            supply: SupplyHands::new(self.ports.clone(), store.clone(), set),
            signals: SignalHands::new(self.ports.clone(), self.tracking.clone(), set),
            books: Books {
                ports: self.ports.clone(),
                hub: self.hub.clone(),
                store: store.clone(),
                title: set.title.clone(),
                author: set.proposed_by.clone(),
                approval: set.approval.clone(),
            },
        })
    }

    /// Whether everything that a set orders may be approved by this person; with none, by nobody in particular.
    pub(super) async fn may_order(
        &self,
        set: &ChangeSet,
        left_out: &[u32],
        by: Option<&super::Approver>,
    ) -> PortResult<Result<(), Refusal>> {
        let ordered = set.operations.iter().filter(|o| !left_out.contains(&o.no));
        let ordered = ordered.filter_map(|o| match &o.action {
            Action::PurchaseOrder(purchase) => Some(purchase),
            _ => None,
        });
        let ordered: Vec<&Purchase> = ordered.collect();
        if ordered.is_empty() {
            return Ok(Ok(()));
        }
        let Some(store) = self.stores.find(set.scope).await? else {
            return Ok(Err(Refusal::WrongStatus));
        };
        let limits = limits_of(&settings(&self.ports, &store).await?.settings, &store);
        let now = self.ports.clock.now();
        for purchase in ordered {
            let id = PurchaseOrderId(Uuid::nil());
            let order = purchase.draft(id, set.scope, None, (&set.proposed_by, now));
            let judged = order.and_then(|order| judge(&order, by, &limits));
            if judged.is_err() {
                return Ok(judged);
            }
        }
        Ok(Ok(()))
    }
}

/// A policy is nobody else: what needs a second person is none of its.
fn judge(
    order: &PurchaseOrder,
    by: Option<&super::Approver>,
    limits: &Limits,
) -> Result<(), Refusal> {
    match (by, order.needs(limits)) {
        (Some(by), _) => order.may_approve(&by.actor, by.role, limits),
        (None, Needs::Nothing) => Ok(()),
        (None, Needs::SomebodyElse) => Err(Refusal::NeedsSomebodyElse),
        (None, Needs::Admin) => Err(Refusal::NeedsAdmin),
    }
}

impl Hands {
    /// As [`StoreWriter::look`].
    pub(super) async fn look(&self, targets: &[Target]) -> PortResult<Vec<Seen>> {
        let is_elsewhere = |target: &Target| {
            matches!(
                target,
                Target::Purchase(_)
                    | Target::Ad(_)
                    | Target::NewAd(_)
                    | Target::Supply(_)
                    | Target::Signal(_)
            )
        };
        let of_shop = targets.iter().filter(|t| !is_elsewhere(t));
        let theirs: Vec<Target> = of_shop.cloned().collect();
        let mut shown = match &self.shop {
            Some(writer) if !theirs.is_empty() => writer.look(&theirs).await?,
            _ => Vec::new(),
        }
        .into_iter();
        let mut seen = Vec::with_capacity(targets.len());
        for target in targets {
            seen.push(match target {
                Target::Purchase(target) => Seen::Purchase(self.books.look(target).await?),
                Target::Ad(key) => self.ads.look(key).await?,
                Target::NewAd(name) => self.ads.named(name).await?,
                Target::Signal(target) => self.signals.look(target).await?,
                Target::Supply(target) => self.supply.look(target, self.shop.as_ref()).await?,
                _ => shown.next().unwrap_or(Seen::Gone),
            });
        }
        Ok(seen)
    }

    /// As [`StoreWriter::apply`].
    pub(super) async fn apply(&self, action: &Action, key: Uuid) -> PortResult<()> {
        match (action, &self.shop) {
            (Action::PurchaseOrder(purchase), _) => self.books.order(purchase).await,
            (Action::CancelPurchase(purchase), _) => self.books.cancel(purchase).await,
            (Action::AdStatus(_) | Action::AdBudget(_), _) => self.ads.apply(action).await,
            (Action::NewCampaign(campaign), _) => self.ads.create(campaign).await,
            (Action::RetireCampaign(campaign), _) => self.ads.retire(campaign).await,
            (Action::SupplierOrder(plan), shop) => self.supply.place(plan, shop.as_ref()).await,
            (Action::CallOffSupply(plan), _) => self.supply.call_off(plan).await,
            (Action::Signal(signal), _) => self.signals.send(signal).await,
            (action, Some(writer)) => writer.apply(action, key).await,
            (_, None) => Err(refuse(Kind::Configuration, "there is no way to the shop")),
        }
    }
}

impl Books {
    async fn found(&self, id: Option<PurchaseOrderId>) -> PortResult<Option<PurchaseOrder>> {
        let workspace = self.store.scope.workspace;
        match id {
            Some(id) => self.ports.purchases.purchase(workspace, id).await,
            None => Ok(None),
        }
    }

    async fn look(&self, target: &PurchaseTarget) -> PortResult<SeenPurchase> {
        let (ports, scope) = (&self.ports, self.store.scope);
        let order = self.found(target.order).await?;
        let supplier = ports.purchases.supplier(scope.workspace, target.supplier);
        let supplier = supplier.await?;
        let under_way = ports
            .purchases
            .purchases_in(scope, &PurchaseStatus::UNDER_WAY);
        let holds = |order: &PurchaseOrder| {
            let mut lines = order.lines.iter();
            Some(order.id) != target.order && lines.any(|l| target.variants.contains(&l.variant))
        };
        let under_way = under_way.await?.into_iter();
        let book = ports.catalog.cost_book(scope).await?;
        let now = ports.clock.now();
        let costs = target.variants.iter().map(|variant| {
            let cost = book.cost_at(*variant, now).map(|(cost, _)| cost);
            SeenCost {
                variant: *variant,
                cost: cost
                    .filter(|c| c.currency == target.currency)
                    .map(|c| c.amount),
            }
        });
        Ok(SeenPurchase {
            status: order.map(|order| order.status),
            takes_orders: supplier.is_some_and(|s| !s.archived && s.currency == target.currency),
            under_way: under_way.filter(holds).map(|order| order.id).collect(),
            costs: costs.collect(),
        })
    }

    /// One order, whoever writes it and however often: its id follows from the operation.
    async fn order(&self, purchase: &Purchase) -> PortResult<()> {
        let Some(id) = purchase.order else {
            return Err(refuse(Kind::Rejected, "the order has no name"));
        };
        if self.found(Some(id)).await?.is_some() {
            return Ok(());
        }
        let seen = self.look(&purchase.target()).await?;
        if let Some(against) = purchase.against(&seen) {
            return Err(refuse(Kind::Conflict, &against_words(purchase, against)));
        }
        let (ports, scope) = (&self.ports, self.store.scope);
        let supplier = ports.purchases.supplier(scope.workspace, purchase.supplier);
        let email = supplier.await?.and_then(|supplier| supplier.email);
        let limits = limits_of(&settings(ports, &self.store).await?.settings, &self.store);
        let now = ports.clock.now();
        let order = purchase.draft(id, scope, email, (&self.author, now));
        let order = order.and_then(|order| self.approved(order, &limits));
        let order = order.map_err(|refusal| refuse(Kind::Rejected, &refusal.to_string()))?;
        let approver = self.approver();
        let entry = entry_of(&order, "purchase_order.create", approver, now);
        let entry = entry.because(&self.title);
        match ports.purchases.create_purchase_alone(&order, &entry).await {
            Ok(_) => {
                self.hub.wake();
                Ok(())
            }
            // Somebody who took this set for dead was faster.
            Err(error) if error.kind == Kind::Conflict && self.found(Some(id)).await?.is_some() => {
                Ok(())
            }
            Err(error) => Err(error),
        }
    }

    fn approver(&self) -> &Actor {
        self.approval.as_ref().map_or(&self.author, |a| &a.by)
    }

    /// By whoever approved the change, under the limits as they are now.
    fn approved(
        &self,
        mut order: PurchaseOrder,
        limits: &Limits,
    ) -> Result<PurchaseOrder, Refusal> {
        let Some(approval) = &self.approval else {
            return Err(Refusal::WrongStatus);
        };
        let by = Signed {
            at: approval.at,
            by: approval.by.clone(),
        };
        match approval.role {
            Some(role) => order.approve(by, role, limits)?,
            None => {
                judge(&order, None, limits)?;
                order.approve(by, domain::people::Role::Viewer, limits)?;
            }
        }
        Ok(order)
    }

    /// Only while the supplier does not know of it; whoever sends it at the same time is first or finds it cancelled.
    async fn cancel(&self, purchase: &Purchase) -> PortResult<()> {
        let Some(mut order) = self.found(purchase.order).await? else {
            return Err(refuse(Kind::Conflict, "there is no such order"));
        };
        match order.status {
            PurchaseStatus::Cancelled => return Ok(()),
            PurchaseStatus::Draft | PurchaseStatus::Approved => {}
            _ => return Err(refuse(Kind::Conflict, SENT)),
        }
        let now = self.ports.clock.now();
        let by = self.approver();
        let signed = Signed {
            at: now,
            by: by.clone(),
        };
        let cancelled = order.cancel(signed, Some(self.title.clone()));
        cancelled.map_err(|refusal| refuse(Kind::Conflict, &refusal.to_string()))?;
        order.version += 1;
        let entry = entry_of(&order, "purchase_order.cancel", by, now).because(&self.title);
        match self.ports.purchases.save_purchase(&order, &entry).await {
            Ok(()) => {
                self.hub.wake();
                Ok(())
            }
            Err(error) if error.kind == Kind::Conflict => {
                let detail = "somebody changed the order at the same time";
                Err(refuse(Kind::Conflict, detail))
            }
            Err(error) => Err(error),
        }
    }
}

/// Why an order is not taken back.
pub(super) const SENT: &str =
    "the order was sent to the supplier, so that nothing here takes it back";

/// Why an order is not written as it was planned.
pub(super) fn against_words(purchase: &Purchase, against: Against) -> String {
    let (supplier, currency) = (&purchase.supplier_name, purchase.currency);
    match against {
        Against::Supplier => format!("nothing is ordered of {supplier} in {currency} any more"),
        Against::OtherOrder(_) => "another order of these goods is under way by now".to_owned(),
        Against::Cost(variant) => {
            let line = purchase.lines.iter().find(|l| l.variant == variant);
            let title = line.map_or_else(|| variant.to_string(), |l| l.title.clone());
            format!("the cost of {title} is not what this was planned on any more")
        }
    }
}

fn refuse(kind: Kind, detail: &str) -> PortError {
    PortError::new(kind, Retry::Never, "royal", "changes.purchase", detail)
}
