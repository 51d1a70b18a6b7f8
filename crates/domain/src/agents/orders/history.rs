//! Orders with the times at which things became known, and what was known of them at the end of a day.

use super::decide;
use super::facts::{Facts, MEDIAN_DAYS, OrderFacts, median, paid_at};
use crate::agents::rehearsal::{Rehearsal, Rehearser, Repeats, end_of};
use crate::agents::settings::Values;
use crate::calendar::Calendar;
use crate::ids::{CustomerId, OrderId};
use crate::money::Currency;
use crate::order::{Order, OrderLine};
use chrono::{DateTime, Duration, NaiveDate, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct History {
    pub currency: Currency,
    pub zone: Tz,
    /// Whether [`PastOrder::fulfilled_at`] can be relied on. Where it cannot, nobody knows which orders were still open on a day of the
    /// past: then only those placed on the day itself are looked at, and whether an order was late is not said.
    pub knows_fulfilment: bool,
    /// Without test orders, in any order.
    pub orders: Vec<PastOrder>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PastOrder {
    pub id: OrderId,
    pub name: String,
    /// As ordered, with shipping and tax, in minor units.
    pub amount: i64,
    pub currency: Currency,
    pub customer: Option<CustomerId>,
    pub country: Option<String>,
    pub ships: bool,
    pub created_at: DateTime<Utc>,
    pub paid_at: Option<DateTime<Utc>>,
    pub cancelled_at: Option<DateTime<Utc>>,
    /// When the last of it was sent; `None`: not yet.
    pub fulfilled_at: Option<DateTime<Utc>>,
}

impl PastOrder {
    /// What the order tells; when it was fulfilled is not among it.
    #[must_use]
    pub fn of(order: &Order) -> Self {
        Self {
            id: order.id,
            name: order.name.clone(),
            amount: order.totals.total,
            currency: order.currency,
            customer: order.customer,
            country: order.country.clone(),
            ships: order.lines.iter().any(OrderLine::ships),
            created_at: order.created_at,
            paid_at: paid_at(order),
            cancelled_at: order.cancelled_at,
            fulfilled_at: None,
        }
    }

    fn facts(&self, end: DateTime<Utc>) -> OrderFacts {
        let paid_at = self.paid_at.filter(|at| *at < end);
        let status = if paid_at.is_some() { "paid" } else { "pending" };
        OrderFacts {
            id: self.id,
            name: self.name.clone(),
            amount: self.amount,
            currency: self.currency,
            created_at: self.created_at,
            paid_at,
            financial_status: status.to_owned(),
            fulfillment_status: "unfulfilled".to_owned(),
            ships: self.ships,
            // Tags carry no times.
            tags: Vec::new(),
            earlier_orders: None,
            orders_in_24h: None,
            country: self.country.clone(),
            city: None,
            billing_country: None,
            billing_city: None,
            provider_risk: None,
            disposable_mail: None,
            holds: Vec::new(),
        }
    }
}

impl History {
    /// What was known at the end of a day of the store: nothing that happened later has a say.
    #[must_use]
    pub fn known_at(&self, day: NaiveDate) -> Facts {
        let calendar = Calendar::of(self.zone);
        let (start, end) = (calendar.start_of(day), end_of(calendar, day));
        let has_come = |at: Option<DateTime<Utc>>| at.is_some_and(|at| at < end);
        let known = || self.orders.iter().filter(|o| o.created_at < end);
        let mut placed: BTreeMap<CustomerId, Vec<DateTime<Utc>>> = BTreeMap::new();
        for order in known() {
            if let Some(customer) = order.customer {
                placed.entry(customer).or_default().push(order.created_at);
            }
        }
        placed.values_mut().for_each(|times| times.sort_unstable());
        let is_open = |order: &&PastOrder| {
            let sent = if self.knows_fulfilment {
                has_come(order.fulfilled_at)
            } else {
                order.created_at < start
            };
            !sent && !has_come(order.cancelled_at)
        };
        let mut orders: Vec<_> = known()
            .filter(is_open)
            .map(|order| {
                let mut facts = order.facts(end);
                if let Some(times) = order.customer.and_then(|c| placed.get(&c)) {
                    facts.count(times);
                }
                facts
            })
            .collect();
        orders.sort_by_key(|o| o.id);
        let recent = known().filter(|o| {
            o.currency == self.currency
                && !has_come(o.cancelled_at)
                && o.created_at >= end - Duration::days(MEDIAN_DAYS)
        });
        Facts {
            currency: self.currency,
            as_of: Some(end),
            orders,
            median: median(recent.map(|o| o.amount).collect()),
            told: BTreeSet::new(),
        }
    }

    /// What a rehearsal over it rests on, as a sentence.
    #[must_use]
    pub const fn rests_on(&self) -> &'static str {
        if self.knows_fulfilment {
            "Each order counts as decided on once it was proposed. Tags are not known for the past, so that no order is left alone for its tags."
        } else {
            "When orders were sent is not recorded, so that each order is judged only on the day on which it was placed and nothing is said of \
             late ones. Tags are not known for the past, so that no order is left alone for its tags."
        }
    }
}

/// The policy over the store's own past, both days included.
#[must_use]
pub fn rehearse(
    history: &History,
    values: &Values,
    (from, to): (NaiveDate, NaiveDate),
    seed: u64,
) -> Rehearsal {
    let mut rehearser = Rehearser::new(from, to, history.zone, Repeats::Never);
    while let (Some(day), Some(now)) = (rehearser.day(), rehearser.now()) {
        let mut facts = history.known_at(day);
        facts.told = rehearser.told();
        rehearser.take(decide(&facts, values, now, seed));
    }
    rehearser.finish(history.rests_on())
}
