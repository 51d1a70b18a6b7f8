//! The wish to cancel an order.

use super::Changes;
use super::edits::{Outcome, wrong};
use domain::changes::plan::Wanted;
use domain::changes::{Action, CancelReason, Cancellation};
use domain::ids::OrderId;
use domain::store::Store;
use ports::PortResult;

const LONGEST_NOTE: usize = 255;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CancelEdit {
    pub order: OrderId,
    pub reason: CancelReason,
    pub restock: bool,
    pub refund: bool,
    pub notify_customer: bool,
    pub note: String,
}

impl Changes {
    pub(super) async fn cancel(&self, store: &Store, edit: &CancelEdit) -> PortResult<Outcome> {
        let Some(found) = self.ports.orders.find(store.scope, edit.order).await? else {
            return Ok(wrong("order_id", "is not known in this store"));
        };
        let order = found.order;
        if edit.note.chars().count() > LONGEST_NOTE {
            let message = format!("has at most {LONGEST_NOTE} characters");
            return Ok(wrong("note", message));
        }
        if order.cancelled_at.is_some() {
            return Ok(wrong("order_id", "was cancelled already"));
        }
        if Cancellation::is_sent(&order.fulfillment_status) {
            let message = "was sent, or is on its way: what comes back is a return";
            return Ok(wrong("order_id", message));
        }
        if order.currency != store.currency {
            let message = format!("is in {}; cancel it in the shop's admin", order.currency);
            return Ok(wrong("order_id", message));
        }
        Ok(Ok(Wanted {
            action: Action::CancelOrder(Cancellation {
                order: edit.order,
                reason: edit.reason,
                restock: edit.restock,
                refund: edit.refund,
                notify_customer: edit.notify_customer,
                note: edit.note.trim().to_owned(),
                total: order.totals.current_total,
            }),
            label: order.name,
        }))
    }
}
