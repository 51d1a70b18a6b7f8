//! Having a supplier send a buyer's lines: looked up by our number, created unpaid, compared with what was approved, paid.
//!
//! What is done next is `domain::supplier::next_step`'s to decide, by what the supplier shows. The row of the order is opened before the
//! supplier hears of it, and holds its lines. The buyer's address is read from the shop when it is needed, and kept nowhere.

use super::Changes;
use crate::Ports;
use crate::suppliers::way;
use domain::audit::{Actor, NewEntry};
use domain::changes::{
    Approval, ChangeSet, ChangeSetStatus, OperationState, Seen, SeenSupply, SupplyAgainst,
    SupplyTarget, Target,
};
use domain::ids::{ChangeSetId, SupplierAccountId};
use domain::store::Store;
use domain::supplier::{
    CallOff, Looked, NotPayable, PlaceLine, Placed, PlacedState, Step, SupplierOrder, SupplyPlan,
    ToPlace, next_call_off, next_step,
};
use ports::supplier_book::SupplierOrderFilter;
use ports::supplier_orders::SupplierOrders;
use ports::supplier_platforms::Purpose;
use ports::writer::StoreWriter;
use ports::{Kind, PageRequest, PortError, PortResult, Retry};
use serde_json::json;
use std::sync::Arc;

/// Looks at an order while it is placed: before it is created, before and after it is paid, and as often again.
const MOST_STEPS: u32 = 8;
/// Why its lines are free again.
pub(crate) const CALLED_OFF: &str =
    "it was called off before anything was paid; its lines are free again";
/// More orders of one buyer's order are not looked through.
const MOST_OF_AN_ORDER: u32 = 200;

pub(super) struct SupplyHands {
    ports: Ports,
    store: Store,
    set: ChangeSetId,
    title: String,
    by: Actor,
}

fn refuse(kind: Kind, detail: impl Into<String>) -> PortError {
    PortError::new(kind, Retry::Never, "royal", "changes.supply", detail.into())
}

/// As a sentence, for whoever has to look.
pub(crate) fn not_payable(why: NotPayable) -> &'static str {
    match why {
        NotPayable::HeldBySupplier => "the supplier holds it back; nothing was paid",
        NotPayable::HoldsUnknown => {
            "the supplier's answer to its creation was lost, and with it whether it holds the order back; nothing was paid. Look at it there: what is paid there is followed from here"
        }
        NotPayable::NoTotal => "the supplier does not tell what it costs; nothing was paid",
        NotPayable::OtherCurrency => "it is in another currency than was quoted; nothing was paid",
        NotPayable::Negative => "it costs less than nothing; nothing was paid",
        NotPayable::DearerThanQuoted | NotPayable::DearerThanApproved => {
            "it costs more than was approved; nothing was paid"
        }
        NotPayable::Cancelled => "the supplier called it off",
        NotPayable::Unclear => "the supplier shows a state that is not known here",
    }
}

pub(crate) const fn not_called_off(state: PlacedState) -> &'static str {
    match state {
        PlacedState::Paid | PlacedState::Shipped => {
            "it is paid by now: what is paid is called off at the supplier, if at all"
        }
        _ => "the supplier shows a state that is not known here, so it stays",
    }
}

impl SupplyHands {
    pub(super) fn new(ports: Ports, store: Store, set: &ChangeSet) -> Self {
        let by = set.approval.as_ref().map(|a| a.by.clone());
        Self {
            ports,
            store,
            set: set.id,
            title: set.title.clone(),
            by: by.unwrap_or_else(|| set.proposed_by.clone()),
        }
    }

    /// `None`: the supplier is not connected any more.
    async fn orders(
        &self,
        account: SupplierAccountId,
    ) -> PortResult<Option<Arc<dyn SupplierOrders>>> {
        let scope = self.store.scope;
        let accounts = &self.ports.supplier_accounts;
        let account = accounts.supplier_account(scope.workspace, account).await?;
        let Some(account) = account.filter(|a| a.scope == scope) else {
            return Ok(None);
        };
        let way = way(&self.ports, &account, Purpose::Orders).await?;
        Ok(Some(way.orders))
    }

    pub(super) async fn look(
        &self,
        target: &SupplyTarget,
        shop: Option<&Arc<dyn StoreWriter>>,
    ) -> PortResult<Seen> {
        let mut seen = SeenSupply {
            placed: None,
            total: None,
            against: None,
        };
        let Some(orders) = self.orders(target.account).await? else {
            seen.against = Some(SupplyAgainst::NotConnected);
            return Ok(Seen::Supply(seen));
        };
        if let Some(placed) = orders.look_up(&target.our_ref).await? {
            seen.placed = Some(placed.state);
            seen.total = placed.total;
        }
        seen.against = self.against(target, shop).await?;
        Ok(Seen::Supply(seen))
    }

    async fn against(
        &self,
        target: &SupplyTarget,
        shop: Option<&Arc<dyn StoreWriter>>,
    ) -> PortResult<Option<SupplyAgainst>> {
        let Some(shop) = shop else {
            return Ok(Some(SupplyAgainst::Gone));
        };
        let shown = shop.look(&[Target::Shipping(target.order)]).await?;
        let Some(Seen::Shipping(shown)) = shown.into_iter().next() else {
            return Ok(Some(SupplyAgainst::Gone));
        };
        if let Some(against) = shown.against(&target.units) {
            return Ok(Some(against));
        }
        let filter = SupplierOrderFilter {
            order: Some(target.order),
            state: None,
        };
        let page = PageRequest::first(MOST_OF_AN_ORDER);
        let book = &self.ports.supplier_order_book;
        let known = book.supplier_orders(self.store.scope, &filter, &page);
        let others = known.await?.items.into_iter();
        let mut others = others.filter(|o| o.plan.id != target.id && o.state.holds_lines());
        let taken = others.find_map(|other| {
            let theirs = other.plan.lines.iter().map(|l| l.line);
            let mut theirs = theirs.filter(|l| target.units.iter().any(|(own, _)| own == l));
            theirs.next()
        });
        Ok(taken.map(|line| SupplyAgainst::Taken { line }))
    }

    /// One order and one payment, whoever asks and however often.
    pub(super) async fn place(
        &self,
        plan: &SupplyPlan,
        shop: Option<&Arc<dyn StoreWriter>>,
    ) -> PortResult<()> {
        let Some(orders) = self.orders(plan.account).await? else {
            let detail = "the supplier is not connected any more";
            return Err(refuse(Kind::Conflict, detail));
        };
        // Right before anything leaves: what was fit when it was looked at may not be any more.
        if let Some(against) = self.against(&plan.target(), shop).await? {
            let placed = orders.look_up(&plan.our_ref).await?;
            let is_paid = |p: &Placed| matches!(p.state, PlacedState::Paid | PlacedState::Shipped);
            if !placed.as_ref().is_some_and(is_paid) {
                return Err(refuse(Kind::Conflict, against.told(plan)));
            }
        }
        self.open(plan).await?;
        let mut looked: Option<Option<Placed>> = None;
        for _ in 0..MOST_STEPS {
            let shown = match &looked {
                None => Looked::NotYet,
                Some(None) => Looked::Missing,
                Some(Some(placed)) => Looked::There(placed),
            };
            match next_step(shown, plan.quoted(), plan.tolerance(), Some(plan.most())) {
                Step::LookUp => {
                    let found = orders.look_up(&plan.our_ref).await?;
                    looked = Some(self.known(plan, found).await?);
                }
                Step::CreateUnpaid => {
                    let order = self.to_place(plan, shop).await?;
                    match orders.create_unpaid(&order).await {
                        // A supplier may say only at its creation why it holds an order back.
                        Ok(placed) => {
                            self.keep_holds(plan, &placed).await?;
                            looked = Some(Some(placed));
                        }
                        Err(error) if error.kind == Kind::Conflict => looked = None,
                        Err(error) => return Err(error),
                    }
                }
                Step::Pay => {
                    match orders.pay(&plan.our_ref, plan.most()).await {
                        Err(error) if error.kind != Kind::Conflict => return Err(error),
                        _ => {}
                    }
                    looked = None;
                }
                Step::Follow => {
                    self.note(plan, looked.flatten().as_ref(), None).await?;
                    return Ok(());
                }
                Step::Stop(why) => {
                    let told = not_payable(why);
                    self.note(plan, looked.flatten().as_ref(), Some(told))
                        .await?;
                    return Err(refuse(Kind::Rejected, told));
                }
                Step::AskApproval => {
                    return Err(refuse(Kind::Rejected, "nobody approved it"));
                }
            }
        }
        let detail = "the supplier does not come to an end with it";
        let retry = Retry::Reconcile;
        Err(PortError {
            retry,
            ..refuse(Kind::Unavailable, detail)
        })
    }

    /// Looked up, taken back, looked up again: whoever asks and however often. What is paid by then stays.
    pub(super) async fn call_off(&self, plan: &SupplyPlan) -> PortResult<()> {
        let Some(orders) = self.orders(plan.account).await? else {
            let detail = "the supplier is not connected any more";
            return Err(refuse(Kind::Conflict, detail));
        };
        let (mut looked, mut stays) = (None::<Option<Placed>>, None::<PortError>);
        for _ in 0..MOST_STEPS {
            let shown = match &looked {
                None => Looked::NotYet,
                Some(None) => Looked::Missing,
                Some(Some(placed)) => Looked::There(placed),
            };
            match next_call_off(shown) {
                CallOff::LookUp => looked = Some(orders.look_up(&plan.our_ref).await?),
                CallOff::Cancel => {
                    if let Some(error) = stays {
                        return Err(refuse(Kind::Rejected, error.detail));
                    }
                    self.mark_called_off(plan).await?;
                    match orders.cancel_unpaid(&plan.our_ref).await {
                        Ok(()) => {}
                        // Somebody was faster, or it is not let go: the next look tells.
                        Err(e) if matches!(e.kind, Kind::Conflict | Kind::NotFound) => {
                            stays = Some(e);
                        }
                        Err(error) => return Err(error),
                    }
                    looked = None;
                }
                CallOff::Done => return self.is_called_off(plan).await,
                CallOff::Stop(state) => {
                    return Err(refuse(Kind::Conflict, not_called_off(state)));
                }
            }
        }
        let detail = "the supplier answered that it was called off, and still shows it unpaid";
        let retry = Retry::Reconcile;
        Err(PortError {
            retry,
            ..refuse(Kind::Unavailable, detail)
        })
    }

    /// Before the supplier hears of it: whoever finds it gone after a lost answer knows why.
    async fn mark_called_off(&self, plan: &SupplyPlan) -> PortResult<()> {
        self.keep(plan, |order| order.called_off = Some(self.set))
            .await
    }

    async fn is_called_off(&self, plan: &SupplyPlan) -> PortResult<()> {
        let now = self.ports.clock.now();
        self.keep(plan, |order| {
            if !order.state.is_paid() && order.state.holds_lines() {
                order.called_off = Some(self.set);
                order.lost(CALLED_OFF, now);
            }
        })
        .await
    }

    /// A change by somebody else in between is made anew on theirs.
    async fn keep(&self, plan: &SupplyPlan, change: impl Fn(&mut SupplierOrder)) -> PortResult<()> {
        const TRIES: u32 = 5;
        let workspace = self.store.scope.workspace;
        let book = &self.ports.supplier_order_book;
        let mut tries = 0;
        loop {
            let Some(mut order) = book.supplier_order(workspace, plan.id).await? else {
                return Ok(());
            };
            let before = order.clone();
            change(&mut order);
            if order == before {
                return Ok(());
            }
            match book.save_supplier_order(&order, None).await {
                Err(error) if error.kind == Kind::Conflict && tries < TRIES => tries += 1,
                saved => return saved.map(drop),
            }
        }
    }

    /// With what was told when it was created.
    async fn known(&self, plan: &SupplyPlan, found: Option<Placed>) -> PortResult<Option<Placed>> {
        let Some(placed) = found.as_ref().filter(|p| !p.holds_told) else {
            return Ok(found);
        };
        let book = &self.ports.supplier_order_book;
        let workspace = self.store.scope.workspace;
        let order = book.supplier_order(workspace, plan.id).await?;
        Ok(order.map_or(found.clone(), |order| Some(order.known(placed))))
    }

    /// Before anything is paid: whoever goes on after a dead worker knows it from there.
    async fn keep_holds(&self, plan: &SupplyPlan, placed: &Placed) -> PortResult<()> {
        self.keep(plan, |order| order.held = Some(placed.held.clone()))
            .await
    }

    /// Opened once; whoever comes after a dead worker finds it.
    async fn open(&self, plan: &SupplyPlan) -> PortResult<()> {
        let (scope, now) = (self.store.scope, self.ports.clock.now());
        let book = &self.ports.supplier_order_book;
        let known = book.supplier_order(scope.workspace, plan.id).await?;
        if let Some(known) = known {
            if known.state.holds_lines() && known.plan == *plan {
                return Ok(());
            }
            let detail = "an order of this number was placed before, and is another one";
            return Err(refuse(Kind::Conflict, detail));
        }
        let order = SupplierOrder::open(scope, self.set, plan.clone(), now);
        let id = plan.id.to_string();
        let target = ("supplier_order", id.as_str(), plan.order_name.as_str());
        let (workspace, by) = (scope.workspace, self.by.clone());
        let entry = NewEntry::done(workspace, now, by, "supplier_order.open", target)
            .because(&self.title)
            .after(&json!({
                "our_ref": plan.our_ref, "supplier": plan.supplier, "quoted": plan.quoted(), "change_set": self.set,
            }));
        match book.open_supplier_order(&order, &entry).await {
            Err(error) if error.kind == Kind::Conflict => {
                let known = book.supplier_order(scope.workspace, plan.id).await?;
                match known {
                    Some(known) if known.plan == *plan => Ok(()),
                    _ => Err(error),
                }
            }
            opened => opened,
        }
    }

    async fn to_place(
        &self,
        plan: &SupplyPlan,
        shop: Option<&Arc<dyn StoreWriter>>,
    ) -> PortResult<ToPlace> {
        let unreachable = || refuse(Kind::Configuration, "there is no way to the shop");
        let shop = shop.ok_or_else(unreachable)?;
        let recipient = shop.recipient(plan.order).await?;
        let recipient = recipient.ok_or_else(|| {
            let detail = "the shop names no address to which it could be sent";
            refuse(Kind::Rejected, detail)
        })?;
        if recipient.country != plan.country {
            let detail = format!(
                "it goes to {} by now, and was quoted for {}",
                recipient.country, plan.country
            );
            return Err(refuse(Kind::Conflict, detail));
        }
        let lines = plan.lines.iter().map(|line| PlaceLine {
            variant: line.external_id.clone(),
            quantity: line.pieces,
        });
        Ok(ToPlace {
            our_ref: plan.our_ref.clone(),
            lines: lines.collect(),
            ships_from: plan.ships_from.clone(),
            service: plan.service.clone(),
            recipient,
        })
    }

    /// What was seen stands at the order, and it is looked at again at once. A change by somebody else in between is looked at by them.
    async fn note(
        &self,
        plan: &SupplyPlan,
        placed: Option<&Placed>,
        why: Option<&str>,
    ) -> PortResult<()> {
        let (workspace, now) = (self.store.scope.workspace, self.ports.clock.now());
        let book = &self.ports.supplier_order_book;
        let Some(mut order) = book.supplier_order(workspace, plan.id).await? else {
            return Ok(());
        };
        if let Some(placed) = placed {
            order.see(placed, now);
        }
        if let Some(why) = why {
            order.why = Some(why.to_owned());
        }
        order.next_look_at = order.next_look_at.map(|_| now);
        match book.save_supplier_order(&order, None).await {
            Err(error) if error.kind == Kind::Conflict => Ok(()),
            saved => saved.map(drop),
        }
    }
}

impl Changes {
    /// The way to the store's shop; `None`: it has no connection.
    pub(crate) async fn shop(&self, store: &Store) -> PortResult<Option<Arc<dyn StoreWriter>>> {
        let workspace = store.scope.workspace;
        let connection = self.ports.connections.find(workspace, store.connection);
        match connection.await? {
            Some(connection) => Ok(Some(self.connections.pool.writer(&connection).await?)),
            None => Ok(None),
        }
    }

    /// Lets through what follows from an approved set: what its approver let happen includes it. Stops and guardrails hold as for any other.
    pub(crate) async fn approve_as_followed(
        &self,
        set: &ChangeSet,
        why: &str,
    ) -> Result<ChangeSet, super::ChangeError> {
        let mut set = self.waiting_set(set.scope.workspace, set.id).await?;
        self.not_stopped(&set).await?;
        for operation in &mut set.operations {
            operation.state = OperationState::Approved;
        }
        set.status = ChangeSetStatus::Approved;
        let (digest, system) = (set.digest(), Actor::system());
        set.approval = Some(Approval {
            by: system.clone(),
            at: self.ports.clock.now(),
            digest: digest.clone(),
            note: Some(why.to_owned()),
            role: None,
        });
        let entry = self.entry(&set, &system, "change_set.approve").because(why);
        let entry = entry.after(&json!({ "digest": digest, "follows": true }));
        let set = self.decide(&set, entry).await?;
        self.queued.notify_one();
        Ok(set)
    }
}
