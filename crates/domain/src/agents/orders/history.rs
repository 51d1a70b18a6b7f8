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
            late_waits: false,
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

#[cfg(test)]
mod tests {
    use super::super::tests::at;
    use super::*;
    use proptest::prelude::*;

    fn order(id: i64, created: &str) -> PastOrder {
        PastOrder {
            id: OrderId(id),
            name: format!("#{id}"),
            amount: 60_000,
            currency: "EUR".parse().unwrap(),
            customer: Some(CustomerId(1)),
            country: None,
            ships: true,
            created_at: at(created),
            paid_at: Some(at(created)),
            cancelled_at: None,
            fulfilled_at: None,
        }
    }

    fn history(knows_fulfilment: bool, orders: Vec<PastOrder>) -> History {
        History {
            currency: "EUR".parse().unwrap(),
            zone: "Europe/Berlin".parse().unwrap(),
            knows_fulfilment,
            orders,
        }
    }

    fn day(d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 5, d).unwrap()
    }

    #[test]
    fn a_day_ends_at_the_store_s_midnight() {
        let past = history(
            true,
            vec![
                order(1, "2026-05-01T21:59:59Z"),
                order(2, "2026-05-01T22:00:00Z"),
            ],
        );
        let ids = |d| {
            let orders = past.known_at(day(d)).orders;
            orders.iter().map(|o| o.id.0).collect::<Vec<_>>()
        };
        assert_eq!((ids(1), ids(2)), (vec![1], vec![1, 2]));
    }

    #[test]
    fn earlier_orders_are_those_before_and_bursts_those_of_a_day() {
        let past = history(
            true,
            vec![
                order(1, "2026-05-01T10:00:00Z"),
                order(3, "2026-05-02T10:00:00Z"),
                order(2, "2026-05-02T09:00:00Z"),
            ],
        );
        let seen = past.known_at(day(2)).orders;
        let counts: Vec<_> = seen
            .iter()
            .map(|o| (o.earlier_orders, o.orders_in_24h))
            .collect();
        assert_eq!(
            counts,
            [
                (Some(0), Some(1)),
                (Some(1), Some(2)),
                (Some(2), Some(2)) // the first one is exactly a day ago
            ]
        );
    }

    #[test]
    fn without_times_of_fulfilment_each_order_is_judged_on_its_own_day() {
        let orders = vec![order(1, "2026-05-01T10:00:00Z")];
        let values = Values::new();
        let of = |knows| {
            rehearse(
                &history(knows, orders.clone()),
                &values,
                (day(1), day(9)),
                1,
            )
        };
        let subjects = |rehearsal: &Rehearsal| -> Vec<String> {
            let days = rehearsal.days.iter();
            days.flat_map(|d| d.proposals.iter().map(|p| p.subject.clone()))
                .collect()
        };
        assert_eq!(subjects(&of(false)), ["watch:1"]);
        assert!(of(false).explanation.contains("is not recorded"));
        assert_eq!(subjects(&of(true)), ["watch:1", "late:1"]);
    }

    /// Instants around the days that are looked at.
    fn instant() -> impl Strategy<Value = DateTime<Utc>> {
        (0..20 * 24 * 4_i64).prop_map(|q| at("2026-04-25T00:00:00Z") + Duration::minutes(15 * q))
    }

    fn past_order() -> impl Strategy<Value = PastOrder> {
        let later = || prop::option::of(instant());
        (
            instant(),
            later(),
            later(),
            later(),
            0..3_i64,
            0..90_000_i64,
        )
            .prop_map(
                |(created_at, paid_at, cancelled_at, fulfilled_at, customer, amount)| PastOrder {
                    amount,
                    customer: (customer > 0).then_some(CustomerId(customer)),
                    created_at,
                    paid_at,
                    cancelled_at,
                    fulfilled_at,
                    ..order(0, "2026-05-01T00:00:00Z")
                },
            )
    }

    fn numbered(mut orders: Vec<PastOrder>) -> Vec<PastOrder> {
        for (order, id) in orders.iter_mut().zip(1..) {
            order.id = OrderId(id);
        }
        orders
    }

    proptest! {
        #[test]
        fn what_happens_after_a_day_changes_nothing_of_it(
            orders in prop::collection::vec(past_order(), 0..30),
            others in prop::collection::vec(past_order(), 30),
            knows in any::<bool>(),
        ) {
            let last = day(4);
            let end = end_of(Calendar::of("Europe/Berlin".parse().unwrap()), last);
            let orders = numbered(orders);
            // All that is not yet known becomes something else, in another order.
            let mut altered: Vec<_> = orders.iter().zip(&others).map(|(order, other)| {
                let mut order = order.clone();
                let replace = |at: &mut Option<DateTime<Utc>>, with: Option<DateTime<Utc>>| {
                    if at.is_none_or(|at| at >= end) {
                        *at = with.filter(|at| *at >= end);
                    }
                };
                replace(&mut order.paid_at, other.paid_at);
                replace(&mut order.cancelled_at, other.cancelled_at);
                replace(&mut order.fulfilled_at, other.fulfilled_at);
                if order.created_at >= end {
                    order = PastOrder { created_at: other.created_at.max(end), id: order.id, ..other.clone() };
                }
                order
            }).collect();
            altered.reverse();
            let (one, two) = (history(knows, orders), history(knows, altered));
            prop_assert_eq!(one.known_at(last), two.known_at(last));
            let values = Values::new();
            let range = (day(1), last);
            prop_assert_eq!(rehearse(&one, &values, range, 1), rehearse(&two, &values, range, 1));
        }
    }
}
