//! What people may ask about their own data, and how an order looks after its buyer is forgotten.

use crate::ids::{ConnectionId, CustomerId, OrderId, PrivacyRequestId, StoreScope};
use crate::order::Order;
use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Within these days a request has to be answered (GDPR article 12; Shopify asks the same of apps).
pub const ANSWER_WITHIN: Duration = Duration::days(30);

/// What stands where a buyer wrote something.
pub const REDACTED_TITLE: &str = "Custom item";

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PrivacyKind {
    /// Tell a customer all that is held about them.
    DataRequest,
    /// Forget a customer.
    CustomerRedact,
    /// Forget a whole shop that removed the app.
    ShopRedact,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PrivacyState {
    /// Received, to be worked off.
    Pending,
    /// A data request whose answer can be downloaded.
    Ready,
    Done,
}

/// Never holds a name, an address or a mail address: whom it is about is a number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrivacyRequest {
    pub id: PrivacyRequestId,
    pub scope: StoreScope,
    pub connection: ConnectionId,
    pub kind: PrivacyKind,
    pub state: PrivacyState,
    /// Tells two requests of a kind apart: the provider's number, else the numbers that it names.
    pub key: String,
    pub customer: Option<CustomerId>,
    /// Orders that the request names, beside those of the customer.
    pub orders: Vec<OrderId>,
    pub received_at: DateTime<Utc>,
    pub due_at: DateTime<Utc>,
    pub settled_at: Option<DateTime<Utc>>,
    pub note: Option<String>,
}

/// What is remembered of some customers and orders.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Identities {
    pub forgotten: BTreeSet<CustomerId>,
    pub forgotten_orders: BTreeSet<OrderId>,
    /// From a customer who is gone to the one that is left.
    pub became: BTreeMap<CustomerId, CustomerId>,
}

impl Identities {
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.forgotten.is_empty() && self.forgotten_orders.is_empty() && self.became.is_empty()
    }

    #[must_use]
    pub fn now(&self, customer: CustomerId) -> CustomerId {
        self.became.get(&customer).copied().unwrap_or(customer)
    }

    /// The order as it may be kept: of the customer who is left, and without words when its buyer is forgotten.
    #[must_use]
    pub fn applied(&self, mut order: Order) -> Order {
        let before = order.customer;
        order.customer = before.map(|c| self.now(c));
        let forgotten = before.is_some_and(|c| self.forgotten.contains(&c))
            || order.customer.is_some_and(|c| self.forgotten.contains(&c))
            || self.forgotten_orders.contains(&order.id);
        if forgotten {
            order.redact();
        }
        order
    }
}

impl Order {
    /// Takes out what a person may have written: tags, and the words of lines that are no product. Amounts, dates and numbers stay.
    pub fn redact(&mut self) {
        self.tags.clear();
        for line in self.lines.iter_mut().filter(|l| l.product.is_none()) {
            REDACTED_TITLE.clone_into(&mut line.title);
            line.variant_title = None;
            line.sku = None;
        }
    }
}
