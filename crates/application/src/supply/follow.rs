//! What became of orders at suppliers: looked at until they have ended, their cost booked at the sale, their parcels told to the shop.

use super::Supply;
use crate::changes::{CALLED_OFF, ChangeError, Edit, NewChangeSet};
use crate::costs::{CostError, Told};
use crate::queue::one_by_one;
use crate::suppliers::way;
use chrono::Duration;
use domain::audit::Actor;
use domain::catalog::UnitCost;
use domain::changes::{ChangeSetStatus, Shipment};
use domain::ids::ChangeSetId;
use domain::inputs::{
    Expect, Input, InputChange, InputKey, LineCost, OrderShipping, Origin, Teller,
};
use domain::money::Money;
use domain::store::Store;
use domain::supplier::{Handed, ParcelState, SupplierOrder, SupplierOrderState};
use ports::page::MAX_LIMIT;
use ports::supplier_book::SupplierOrderFilter;
use ports::supplier_platforms::{Purpose, SupplierAccess};
use ports::{Kind, PageRequest, PortError, PortResult, Retry};
use rust_decimal::Decimal;
use std::collections::BTreeMap;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// Who looks has so long; then somebody else does.
const LOOKS_WITHIN: Duration = Duration::minutes(2);
const NOT_SHOWN: &str =
    "the supplier does not show it any more, though it was paid: look at it there";
const NEVER_THERE: &str =
    "the supplier never had it, and nothing was paid; its lines are free again";

impl Supply {
    /// Until cancelled.
    pub async fn run_worker(&self, stop: CancellationToken) {
        one_by_one("orders at suppliers", &self.due, &stop, || self.work_once()).await;
    }

    /// Looks at one order that is due; answers whether there was one. What fails is looked at again when its time is over.
    pub async fn work_once(&self) -> PortResult<bool> {
        let now = self.ports.clock.now();
        let book = &self.ports.supplier_order_book;
        let claimed = book.claim_supplier_order(now, now + LOOKS_WITHIN).await?;
        let Some(order) = claimed else {
            return Ok(false);
        };
        let id = order.plan.id;
        match self.follow(order).await {
            Err(error) if error.kind != Kind::Conflict => {
                tracing::warn!(order = %id, %error, "an order at a supplier could not be looked at");
            }
            _ => {}
        }
        Ok(true)
    }

    async fn follow(&self, mut order: SupplierOrder) -> PortResult<()> {
        let (workspace, now) = (order.scope.workspace, self.ports.clock.now());
        let before = order.clone();
        let store = self.stores.find(order.scope).await?;
        let accounts = &self.ports.supplier_accounts;
        let account = accounts.supplier_account(workspace, order.plan.account);
        let (Some(store), Some(account)) = (store, account.await?) else {
            order.why = Some("the supplier is not connected any more".to_owned());
            order.looked(now);
            return self.keep(&before, order).await.map(drop);
        };
        let way = way(&self.ports, &account, Purpose::Orders).await?;
        match way.orders.look_up(&order.plan.our_ref).await? {
            Some(placed) => {
                let held = order.why.clone();
                order.see(&placed, now);
                if order.state == SupplierOrderState::Unpaid {
                    // Why it stopped is told once, by whoever placed it.
                    order.why = order.why.or(held);
                }
            }
            None if order.called_off.is_some() && !order.state.is_paid() => {
                order.lost(CALLED_OFF, now);
            }
            None if self.may_still_come(&order).await? => order.looked(now),
            // Another key may see another store's: what was paid is not given up, nor ordered anew.
            None if order.state.is_paid() => {
                order.why = Some(NOT_SHOWN.to_owned());
                order.looked(now);
            }
            None => order.lost(NEVER_THERE, now),
        }
        order = self.keep(&before, order).await?;
        if order.booked != order.state.is_paid() {
            self.book(&store, &order).await?;
            let before = order.clone();
            order.booked = order.state.is_paid();
            order = self.keep(&before, order).await?;
        }
        while order.state.is_paid()
            && let Some(next) = order.next_to_tell()
        {
            order = self.tell_shop(&store, order, next).await?;
        }
        if order.state == SupplierOrderState::Shipped {
            order = self.track(&way, order).await?;
        }
        let before = order.clone();
        order.looked(now);
        self.keep(&before, order).await.map(drop)
    }

    async fn keep(
        &self,
        before: &SupplierOrder,
        order: SupplierOrder,
    ) -> PortResult<SupplierOrder> {
        let book = &self.ports.supplier_order_book;
        let kept = book.save_supplier_order(&order, None).await?;
        let news = |o: &SupplierOrder| (o.state, o.parcels.len(), o.booked, o.told.len());
        if news(before) != news(&kept) {
            self.announce(&kept).await?;
        }
        Ok(kept)
    }

    /// Whether the set that places it is still at it, or nobody knows what became of it.
    async fn may_still_come(&self, order: &SupplierOrder) -> PortResult<bool> {
        let changes = &self.ports.changes;
        let set = changes
            .find(order.scope.workspace, order.change_set)
            .await?;
        Ok(set.is_some_and(|set| {
            use ChangeSetStatus as S;
            matches!(
                set.status,
                S::Proposed | S::Approved | S::Applying | S::Unknown
            )
        }))
    }

    /// What all orders at suppliers for one order cost, at its lines and as its shipping. What people and files told of the same stays.
    async fn book(&self, store: &Store, order: &SupplierOrder) -> PortResult<()> {
        let filter = SupplierOrderFilter {
            order: Some(order.plan.order),
            state: None,
        };
        let page = PageRequest::first(MAX_LIMIT);
        let book = &self.ports.supplier_order_book;
        let all = book.supplier_orders(order.scope, &filter, &page).await?;
        let mut all = all.items;
        all.retain(|o| o.plan.id != order.plan.id);
        all.push(order.clone());
        let mut wanted: BTreeMap<InputKey, Option<Input>> = BTreeMap::new();
        let mut shipping: Option<Money> = None;
        let mut is_mixed = false;
        for one in &all {
            let paid = one.state.is_paid().then(|| one.cost()).flatten();
            for (line, cost) in lines(one, paid) {
                let input = Input::LineCost(LineCost {
                    order: one.plan.order,
                    line,
                    cost: UnitCost {
                        amount: cost.unwrap_or_default(),
                        currency: one.plan.currency,
                    },
                });
                let place = wanted.entry(input.key()).or_default();
                if cost.is_some() {
                    *place = Some(input);
                }
            }
            if let Some((_, sent)) = paid {
                let sum = shipping.get_or_insert(Money::new(0, one.plan.currency));
                is_mixed |= sum.currency != one.plan.currency;
                sum.minor = sum.minor.saturating_add(sent);
            }
        }
        let of_order = |amount: i64, currency| {
            Input::OrderShipping(OrderShipping {
                order: order.plan.order,
                amount,
                currency,
            })
        };
        let key = of_order(0, order.plan.currency).key();
        // Sums in two currencies are no sum.
        let sum = shipping.filter(|_| !is_mixed);
        wanted.insert(key, sum.map(|sum| of_order(sum.minor, sum.currency)));
        let mut changes = Vec::new();
        let origin = Origin::supplier(self.ports.clock.now());
        for (key, input) in wanted {
            let known = self.ports.inputs.find(order.scope, &key).await?;
            let expect = match &known {
                None => Expect::Nothing,
                Some(known) if known.origin.told_by == Teller::Supplier => {
                    Expect::Revision(known.revision)
                }
                Some(_) => continue,
            };
            let change = match (input, known) {
                (Some(input), Some(known)) if known.input == input => continue,
                (Some(input), _) => InputChange::put(input, origin),
                (None, Some(_)) => InputChange::remove(key),
                (None, None) => continue,
            };
            changes.push(change.expecting(expect));
        }
        if changes.is_empty() {
            return Ok(());
        }
        let summary = format!(
            "Cost of {} at {}",
            order.plan.order_name, order.plan.supplier
        );
        let told = Told {
            actor: Actor::system(),
            action: "supplier_order.cost",
        };
        let told = self
            .costs
            .apply(store, &changes, &summary, None, Some(told));
        match told.await {
            Ok(_) => Ok(()),
            Err(CostError::Port(error)) => Err(error),
            Err(error) => {
                let detail = error.to_string();
                let (kind, retry) = (Kind::Conflict, Retry::Never);
                Err(PortError::new(kind, retry, "royal", "supply.book", detail))
            }
        }
    }

    /// By a change-set of its own that follows from the approval of the order: under an id that follows from its parcels, so that it is told
    /// once. Held by stops like any other; then it waits for a person.
    async fn tell_shop(
        &self,
        store: &Store,
        mut order: SupplierOrder,
        next: Handed,
    ) -> PortResult<SupplierOrder> {
        let numbers = &next.numbers;
        let parcels = order.parcels.iter();
        let parcels = parcels.filter(|p| numbers.contains(&p.number));
        let name = format!("shipment\n{}", numbers.join("\n"));
        let id = ChangeSetId(Uuid::new_v5(&order.plan.id.0, name.as_bytes()));
        let shipment = Shipment {
            supplier_order: order.plan.id,
            order: order.plan.order,
            units: next.units.clone(),
            parcels: parcels.cloned().collect(),
            known: order.known_of(&next),
            notify_customer: true,
        };
        let new = NewChangeSet {
            title: Some(format!("Parcels of {}", order.plan.order_name)),
            reason: format!("{} sent it: {}", order.plan.supplier, numbers.join(", ")),
            edits: vec![Edit::Ship(shipment, order.plan.order_name.clone())],
            proposed_by: Actor::system(),
        };
        let set = self.changes.propose_as(id, store, new).await;
        let set = set.map_err(|error| not_told(&error))?;
        if set.status == ChangeSetStatus::Proposed {
            let why =
                "whoever approved the order to the supplier approved that its parcels are told";
            match self.changes.approve_as_followed(&set, why).await {
                Ok(_) | Err(ChangeError::Stopped(_) | ChangeError::NotWaiting(_)) => {}
                Err(error) => return Err(not_told(&error)),
            }
        }
        let before = order.clone();
        order.hand_on(&next);
        order.shipments.push(set.id);
        self.keep(&before, order).await
    }

    /// Once every parcel is there.
    async fn track(
        &self,
        way: &SupplierAccess,
        mut order: SupplierOrder,
    ) -> PortResult<SupplierOrder> {
        let now = self.ports.clock.now();
        for parcel in &order.parcels {
            let tracked = way.source.track(&parcel.number).await?;
            if tracked.is_none_or(|t| t.state != ParcelState::Delivered) {
                return Ok(order);
            }
        }
        if order.parcels.is_empty() {
            return Ok(order);
        }
        let before = order.clone();
        order.arrived(now);
        self.keep(&before, order).await
    }
}

fn not_told(error: &ChangeError) -> PortError {
    let (kind, retry) = match error {
        ChangeError::Port(error) => (error.kind, error.retry),
        _ => (Kind::Rejected, Retry::Never),
    };
    PortError::new(kind, retry, "royal", "supply.tell_shop", error.to_string())
}

/// What a unit of each line cost: pieces at their quoted price, all of them in the share that the supplier charged of it. `None` where
/// nothing of it counts.
fn lines(
    order: &SupplierOrder,
    paid: Option<(i64, i64)>,
) -> Vec<(domain::ids::LineId, Option<Decimal>)> {
    let share = paid.map(|(goods, _)| {
        if order.plan.goods == 0 {
            Decimal::ONE
        } else {
            Decimal::from(goods) / Decimal::from(order.plan.goods)
        }
    });
    let cost = |line: &domain::supplier::SupplyLine| {
        let pieces = Decimal::from(line.pieces) * line.piece_cost;
        let unit = pieces / Decimal::from(line.units.max(1));
        share.map(|share| (unit * share).round_dp(6).normalize())
    };
    let lines = order.plan.lines.iter();
    lines.map(|line| (line.line, cost(line))).collect()
}
