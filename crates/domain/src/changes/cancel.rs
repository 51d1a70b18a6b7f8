//! Cancelling an order: what nobody can take back.

use super::action::{Seen, Verdict};
use crate::ids::OrderId;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cancellation {
    pub order: OrderId,
    pub reason: CancelReason,
    /// Whether what was set aside for it can be sold again.
    pub restock: bool,
    /// Whether what was paid is given back the way it came.
    pub refund: bool,
    pub notify_customer: bool,
    /// For the shop's staff. At most 255 characters.
    pub note: String,
    /// What the order comes to, in minor units of the store's currency: with another total it is not what was looked at.
    pub total: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CancelReason {
    Customer,
    /// The payment was declined.
    Declined,
    Fraud,
    Inventory,
    /// The shop's staff made a mistake.
    Staff,
    Other,
}

/// The provider's words, in lower case, for orders of which nothing is sent or on its way.
const NOT_SENT: [&str; 7] = [
    "unfulfilled",
    "on_hold",
    "open",
    "pending_fulfillment",
    "request_declined",
    "restocked",
    "scheduled",
];

impl Cancellation {
    /// By the provider's word for how far the order is. A word that nobody knows is no leave to cancel.
    #[must_use]
    pub fn is_sent(fulfillment_status: &str) -> bool {
        !NOT_SENT.contains(&fulfillment_status.to_lowercase().as_str())
    }

    pub(super) const fn verdict(&self, seen: &Seen) -> Verdict {
        match seen {
            Seen::Order {
                is_cancelled: true, ..
            } => Verdict::Done,
            Seen::Order { is_sent, total, .. } if !*is_sent && *total == self.total => {
                Verdict::Ready
            }
            _ => Verdict::Drifted,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_order_that_was_looked_at_is_cancelled() {
        let cancellation = Cancellation {
            order: OrderId(1),
            reason: CancelReason::Customer,
            restock: true,
            refund: true,
            notify_customer: false,
            note: String::new(),
            total: 4200,
        };
        let verdict = |is_cancelled, is_sent, total| {
            cancellation.verdict(&Seen::Order {
                is_cancelled,
                is_sent,
                total,
            })
        };
        assert_eq!(verdict(false, false, 4200), Verdict::Ready);
        assert_eq!(verdict(false, true, 4200), Verdict::Drifted);
        assert_eq!(verdict(false, false, 4300), Verdict::Drifted, "edited");
        assert_eq!(verdict(true, false, 0), Verdict::Done);
        assert_eq!(cancellation.verdict(&Seen::Gone), Verdict::Drifted);
        assert!(!Cancellation::is_sent("UNFULFILLED"));
        assert!(Cancellation::is_sent("partially_fulfilled"));
        assert!(Cancellation::is_sent("beamed"));
    }
}
