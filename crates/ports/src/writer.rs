//! Changing a store at its provider, one thing at a time, and looking at what is there.

use crate::PortResult;
use async_trait::async_trait;
use domain::changes::{Action, Seen, Target};
use domain::ids::OrderId;
use domain::supplier::Recipient;
use uuid::Uuid;

#[async_trait]
pub trait StoreWriter: Send + Sync {
    /// What the provider shows of each target now, in the order of the targets; [`Seen::Gone`] for what it does not know. Reads by id: a
    /// write that was answered is seen.
    async fn look(&self, targets: &[Target]) -> PortResult<Vec<Seen>>;

    /// Makes the change. The same key with the same action has its effect once. What the provider refused by its own rules is `Rejected` with
    /// its words; a state that is not the one planned on is `Conflict`; an answer that was lost is an error whose `retry` is `Reconcile`; a
    /// scope that is not granted is `Forbidden`.
    async fn apply(&self, action: &Action, key: Uuid) -> PortResult<()>;

    /// To whom an order is sent. Nothing of it is kept: it is asked for when a supplier needs it. `None`: the provider does not know the
    /// order, or names nobody; an address that it does not let be read is `Forbidden`.
    async fn recipient(&self, order: OrderId) -> PortResult<Option<Recipient>>;
}
