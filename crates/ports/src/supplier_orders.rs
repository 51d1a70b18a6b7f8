//! Placing orders at a supplier that takes them by its interface, and finding them again.
//!
//! What is done next is `domain::supplier::next_step`'s to decide: a call whose answer was lost is never repeated before a look-up.

use crate::PortResult;
use async_trait::async_trait;
use domain::money::Money;
use domain::supplier::{OurRef, Placed, ToPlace};

/// A supplier that takes no orders from us answers each of these with `Unsupported`, and nothing happens.
#[async_trait]
pub trait SupplierOrders: Send + Sync {
    /// The order under our reference as the supplier shows it now; `None` where it knows none.
    async fn look_up(&self, our_ref: &OurRef) -> PortResult<Option<Placed>>;

    /// Creates the order and pays nothing. A reference that is taken is a `Conflict` and no second order; an answer that was lost is an error
    /// whose `retry` is `Reconcile`.
    async fn create_unpaid(&self, order: &ToPlace) -> PortResult<Placed>;

    /// Pays the order, `total` being what was approved. An order that costs more by now, in another currency, or is no longer unpaid, is a
    /// `Conflict` and nothing is paid; an order that is not there is `NotFound`; an answer that was lost is an error whose `retry` is
    /// `Reconcile`.
    async fn pay(&self, our_ref: &OurRef, total: Money) -> PortResult<()>;

    /// Takes back an order that is not paid; a look-up finds none then, or one that is cancelled. One that is paid, or of which the supplier does
    /// not let go, is a `Conflict` and stays; an order that is not there is `NotFound`; an answer that was lost is an error whose `retry` is
    /// `Reconcile`.
    async fn cancel_unpaid(&self, our_ref: &OurRef) -> PortResult<()>;
}
