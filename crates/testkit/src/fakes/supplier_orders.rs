//! A supplier that takes orders, in memory: what it has, what it was paid, and which answers are lost.

use async_trait::async_trait;
use domain::money::Money;
use domain::supplier::{OurRef, Parcel, ParcelItem, Placed, PlacedState, ToPlace};
use ports::supplier_orders::SupplierOrders;
use ports::{Kind, PortError, PortResult, Retry};
use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Where the next call that changes something is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// It has its effect, and its answer is lost.
    After,
    /// It never arrives, and nobody can tell.
    Before,
}

#[derive(Default)]
struct State {
    orders: BTreeMap<OurRef, Placed>,
    /// Every payment that was taken.
    payments: Vec<(OurRef, Money)>,
    cuts: VecDeque<Option<Cut>>,
    /// What a call takes before it has its effect, and again after.
    takes: Option<Duration>,
}

/// Each order costs the same.
pub struct FakeSupplierOrders {
    takes_orders: bool,
    /// Why it holds orders back, told at their creation and never again.
    hidden_holds: Mutex<Option<Vec<String>>>,
    total: Money,
    state: Mutex<State>,
}

impl FakeSupplierOrders {
    #[must_use]
    pub fn costing(total: Money) -> Self {
        Self {
            takes_orders: true,
            hidden_holds: Mutex::default(),
            total,
            state: Mutex::default(),
        }
    }

    /// One that takes no orders from us.
    #[must_use]
    pub fn that_takes_none(total: Money) -> Self {
        Self {
            takes_orders: false,
            ..Self::costing(total)
        }
    }

    /// From now on it tells only in the answer to a creation whether it holds the order back, and why.
    pub fn tell_holds_once(&self, held: &[&str]) {
        let held = held.iter().map(|h| (*h).to_owned()).collect();
        *self
            .hidden_holds
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = Some(held);
    }

    fn hidden(&self) -> Option<Vec<String>> {
        let held = self.hidden_holds.lock();
        held.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What happens to the next calls that change something, one each; `None` lets one through.
    pub fn cut(&self, cuts: impl IntoIterator<Item = Option<Cut>>) {
        self.state().cuts.extend(cuts);
    }

    /// The supplier sent it in one more parcel.
    pub fn send(&self, our_ref: &OurRef, number: &str) {
        self.send_of(our_ref, number, None, PlacedState::Shipped);
    }

    /// As [`Self::send`], with what the parcel holds, and how the order stands then.
    pub fn send_of(
        &self,
        our_ref: &OurRef,
        number: &str,
        items: Option<Vec<ParcelItem>>,
        state: PlacedState,
    ) {
        if let Some(order) = self.state().orders.get_mut(our_ref) {
            order.state = state;
            order.parcels.push(Parcel {
                number: number.to_owned(),
                carrier: Some("Post".to_owned()),
                url: None,
                items,
            });
        }
    }

    /// Somebody paid it at the supplier itself.
    pub fn paid_there(&self, our_ref: &OurRef) {
        if let Some(order) = self.state().orders.get_mut(our_ref) {
            order.state = PlacedState::Paid;
        }
    }

    /// Every call takes so long before its effect and after it from now on: whoever asks may be gone by then.
    pub fn take(&self, each: Duration) {
        self.state().takes = Some(each);
    }

    async fn wait(&self) {
        let takes = self.state().takes;
        if let Some(takes) = takes {
            tokio::time::sleep(takes).await;
        }
    }

    #[must_use]
    pub fn orders(&self) -> Vec<Placed> {
        self.state().orders.values().cloned().collect()
    }

    #[must_use]
    pub fn payments(&self) -> Vec<(OurRef, Money)> {
        self.state().payments.clone()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn open(&self, operation: &'static str) -> PortResult<MutexGuard<'_, State>> {
        if self.takes_orders {
            return Ok(self.state());
        }
        let detail = "not supported by this supplier";
        Err(refused(Kind::Unsupported, operation, detail))
    }
}

fn refused(kind: Kind, operation: &'static str, detail: &str) -> PortError {
    PortError::new(kind, Retry::Never, "fake", operation, detail)
}

fn lost(operation: &'static str) -> PortError {
    let detail = "the answer was lost";
    PortError::new(
        Kind::Unavailable,
        Retry::Reconcile,
        "fake",
        operation,
        detail,
    )
}

impl FakeSupplierOrders {
    fn shown(&self, our_ref: &OurRef) -> PortResult<Option<Placed>> {
        let state = self.open("supplier_orders.look_up")?;
        let hides = self.hidden().is_some();
        let shown = state.orders.get(our_ref).cloned();
        Ok(shown.map(|placed| Placed {
            holds_told: !hides,
            ..placed
        }))
    }

    fn create(&self, order: &ToPlace) -> PortResult<Placed> {
        const OPERATION: &str = "supplier_orders.create_unpaid";
        let mut state = self.open(OPERATION)?;
        let cut = state.cuts.pop_front().flatten();
        if cut == Some(Cut::Before) {
            return Err(lost(OPERATION));
        }
        if state.orders.contains_key(&order.our_ref) {
            let detail = "an order of this number exists";
            return Err(refused(Kind::Conflict, OPERATION, detail));
        }
        let placed = Placed {
            our_ref: order.our_ref.clone(),
            supplier_ref: format!("S{}", state.orders.len() + 1),
            state: PlacedState::Unpaid,
            total: Some(self.total),
            held: Vec::new(),
            holds_told: true,
            parcels: Vec::new(),
        };
        state.orders.insert(order.our_ref.clone(), placed.clone());
        match cut {
            Some(_) => Err(lost(OPERATION)),
            None => Ok(Placed {
                held: self.hidden().unwrap_or_default(),
                ..placed
            }),
        }
    }

    fn take_payment(&self, our_ref: &OurRef, total: Money) -> PortResult<()> {
        const OPERATION: &str = "supplier_orders.pay";
        let mut state = self.open(OPERATION)?;
        let cut = state.cuts.pop_front().flatten();
        if cut == Some(Cut::Before) {
            return Err(lost(OPERATION));
        }
        let Some(order) = state.orders.get_mut(our_ref) else {
            let detail = "there is no order of this number";
            return Err(refused(Kind::NotFound, OPERATION, detail));
        };
        if order.state != PlacedState::Unpaid {
            return Err(refused(Kind::Conflict, OPERATION, "it is not unpaid"));
        }
        if total.currency != self.total.currency || total.minor < self.total.minor {
            let detail = "it costs more than was approved";
            return Err(refused(Kind::Conflict, OPERATION, detail));
        }
        order.state = PlacedState::Paid;
        state.payments.push((our_ref.clone(), self.total));
        match cut {
            Some(_) => Err(lost(OPERATION)),
            None => Ok(()),
        }
    }
}

impl FakeSupplierOrders {
    fn call_off(&self, our_ref: &OurRef) -> PortResult<()> {
        const OPERATION: &str = "supplier_orders.cancel_unpaid";
        let mut state = self.open(OPERATION)?;
        let cut = state.cuts.pop_front().flatten();
        if cut == Some(Cut::Before) {
            return Err(lost(OPERATION));
        }
        match state.orders.get(our_ref).map(|o| o.state) {
            None => {
                let detail = "there is no order of this number";
                return Err(refused(Kind::NotFound, OPERATION, detail));
            }
            Some(PlacedState::Unpaid) => {}
            Some(_) => return Err(refused(Kind::Conflict, OPERATION, "it is not unpaid")),
        }
        state.orders.remove(our_ref);
        match cut {
            Some(_) => Err(lost(OPERATION)),
            None => Ok(()),
        }
    }
}

#[async_trait]
impl SupplierOrders for FakeSupplierOrders {
    async fn look_up(&self, our_ref: &OurRef) -> PortResult<Option<Placed>> {
        self.wait().await;
        let shown = self.shown(our_ref);
        self.wait().await;
        shown
    }

    async fn create_unpaid(&self, order: &ToPlace) -> PortResult<Placed> {
        self.wait().await;
        let created = self.create(order);
        self.wait().await;
        created
    }

    async fn pay(&self, our_ref: &OurRef, total: Money) -> PortResult<()> {
        self.wait().await;
        let paid = self.take_payment(our_ref, total);
        self.wait().await;
        paid
    }

    async fn cancel_unpaid(&self, our_ref: &OurRef) -> PortResult<()> {
        self.wait().await;
        let gone = self.call_off(our_ref);
        self.wait().await;
        gone
    }
}
