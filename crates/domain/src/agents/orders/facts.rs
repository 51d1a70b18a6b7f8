//! What the policy of orders looks at.

use crate::ids::OrderId;
use crate::money::Currency;
pub use crate::order::ProviderRisk;
use crate::order::{Order, OrderLine, Transaction, TransactionKind};
use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Of one store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// The store's; amounts in another one are not weighed.
    pub currency: Currency,
    /// The latest `observed_at` of what was read.
    pub as_of: Option<DateTime<Utc>>,
    /// The open orders ([`OrderFacts::is_open`]).
    pub orders: Vec<OrderFacts>,
    /// The store's own middle order ([`median`]); `None`: too few orders to speak of one.
    pub median: Option<Median>,
    /// Subjects of proposals that wait or that people decided on, and of findings that were told: none of them is brought up again.
    pub told: BTreeSet<String>,
    /// Whether a proposal about late orders is open: others join when it is decided on, so that there is one to look at.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub late_waits: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderFacts {
    pub id: OrderId,
    pub name: String,
    /// As ordered, with shipping and tax, in minor units.
    pub amount: i64,
    pub currency: Currency,
    pub created_at: DateTime<Utc>,
    /// When it was paid in full; `None`: it is not, or nobody says.
    pub paid_at: Option<DateTime<Utc>>,
    /// The provider's own words in lower case.
    pub financial_status: String,
    pub fulfillment_status: String,
    /// Whether anything of it has to be sent.
    pub ships: bool,
    pub tags: Vec<String>,
    /// Orders of the same customer before this one; `None` where no customer is known.
    pub earlier_orders: Option<u64>,
    /// Orders of the same customer in the 24 hours up to this one, this one included; `None` where no customer is known.
    pub orders_in_24h: Option<u64>,
    /// Of the shipping address.
    pub country: Option<String>,
    pub city: Option<String>,
    pub billing_country: Option<String>,
    pub billing_city: Option<String>,
    /// The provider's own assessment.
    pub provider_risk: Option<ProviderRisk>,
    /// Whether the mail address is of a domain for throw-away addresses.
    pub disposable_mail: Option<bool>,
    /// Handles of our holds that are there.
    pub holds: Vec<String>,
}

/// The middle of what orders came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Median {
    pub amount: i64,
    /// Of how many orders.
    pub orders: u64,
}

/// Orders of so many days back are what a median is taken of.
pub const MEDIAN_DAYS: i64 = 90;

/// Below this many orders a median says little about what is usual.
pub const MIN_FOR_MEDIAN: usize = 10;

/// The middle amount (of two the smaller one); `None` of fewer than [`MIN_FOR_MEDIAN`].
#[must_use]
pub fn median(mut amounts: Vec<i64>) -> Option<Median> {
    if amounts.len() < MIN_FOR_MEDIAN {
        return None;
    }
    amounts.sort_unstable();
    Some(Median {
        amount: *amounts.get((amounts.len() - 1) / 2)?,
        orders: amounts.len() as u64,
    })
}

impl OrderFacts {
    /// Whether an order is one that the policy looks at: real, not cancelled, and with something left to send.
    #[must_use]
    pub fn is_open(order: &Order) -> bool {
        !order.test
            && order.cancelled_at.is_none()
            && !matches!(order.financial_status.as_str(), "voided" | "refunded")
            && matches!(
                order.fulfillment_status.as_str(),
                "unfulfilled"
                    | "partially_fulfilled"
                    | "partial"
                    | "scheduled"
                    | "on_hold"
                    | "open"
                    | "in_progress"
                    | "pending_fulfillment"
                    | "request_declined"
            )
    }

    /// What the order itself tells. The rest — its customer's other orders, addresses, risk and holds — is left unknown.
    #[must_use]
    pub fn of(order: &Order) -> Self {
        Self {
            id: order.id,
            name: order.name.clone(),
            amount: order.totals.total,
            currency: order.currency,
            created_at: order.created_at,
            paid_at: paid_at(order),
            financial_status: order.financial_status.clone(),
            fulfillment_status: order.fulfillment_status.clone(),
            ships: order.lines.iter().any(OrderLine::ships),
            tags: order.tags.clone(),
            earlier_orders: None,
            orders_in_24h: None,
            country: order.country.clone(),
            city: None,
            billing_country: order.billing_country.clone(),
            billing_city: None,
            provider_risk: order.provider_risk,
            disposable_mail: None,
            holds: Vec::new(),
        }
    }

    /// Fills in what the instants tell at which orders of the same customer were placed, this one's included, in ascending order.
    pub fn count(&mut self, placed: &[DateTime<Utc>]) {
        let before = placed.partition_point(|at| *at < self.created_at);
        let until = placed.partition_point(|at| *at <= self.created_at);
        let day_before = self.created_at - Duration::hours(24);
        let since = placed.partition_point(|at| *at <= day_before);
        self.earlier_orders = Some(before as u64);
        self.orders_in_24h = Some((until - since) as u64);
    }

    pub(super) fn is_paid(&self) -> bool {
        matches!(
            self.financial_status.as_str(),
            "paid" | "partially_refunded"
        )
    }

    pub(super) fn has_tag(&self, tag: &str) -> bool {
        self.tags.iter().any(|t| t.trim().eq_ignore_ascii_case(tag))
    }
}

/// The instant from which on as much was paid as was ordered for, whatever was given back later.
#[must_use]
pub fn paid_at(order: &Order) -> Option<DateTime<Utc>> {
    let is_payment = |t: &&Transaction| {
        t.moved_money() && matches!(t.kind, TransactionKind::Sale | TransactionKind::Capture)
    };
    let mut payments: Vec<_> = order.transactions.iter().filter(is_payment).collect();
    payments.sort_by_key(|t| (t.processed_at, t.id));
    let mut paid = 0_i64;
    if order.totals.total == 0 {
        return Some(order.created_at);
    }
    payments.into_iter().find_map(|t| {
        paid = paid.saturating_add(t.amount);
        (paid >= order.totals.total).then_some(t.processed_at)
    })
}
