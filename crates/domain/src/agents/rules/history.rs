//! A rule over the store's own past.

use super::decide::decide;
use super::document::{Condition, Rule};
use super::facts::{DayFigures, Facts, OrderThing, ProductFacts, Things, Touched, VariantThing};
use super::figure::Figure;
use super::is_settling;
use crate::agents::rehearsal::{Rehearsal, Rehearser, Repeats, end_of, rehearse};
use crate::agents::{orders, pricing};
use crate::calendar::Calendar;
use crate::catalog::CostSource;
use crate::ids::{ProductId, VariantId};
use crate::money::{Currency, round_to_minor};
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

/// What is known of the past of the things that a rule is about.
#[derive(Debug, Clone)]
pub enum History {
    Variants(Box<PastVariants>),
    Orders(orders::History),
}

#[derive(Debug, Clone)]
pub struct PastVariants {
    /// Prices and costs as they became known.
    pub prices: pricing::History,
    pub days: BTreeMap<VariantId, Vec<DayFigures>>,
    /// Title, and what the product says of itself now: nobody wrote down since when.
    pub products: BTreeMap<ProductId, (String, ProductFacts)>,
}

impl PastVariants {
    /// At the end of a day: nothing that happened later has a say, but what products say of themselves.
    fn known_at(&self, day: NaiveDate) -> Things {
        let (currency, calendar) = (self.prices.currency, Calendar::of(self.prices.zone));
        let from = self.prices.from.min(day);
        let days = (day - from).num_days() + 1;
        let known = self.prices.known_at(day, days).variants.into_iter();
        let known: BTreeMap<_, _> = known.map(|v| (v.variant, v)).collect();
        let end = end_of(calendar, day);
        let there = self.prices.variants.iter();
        let there = there.filter(|v| v.listed_at.is_none_or(|at| at < end));
        let variants = there.map(|v| {
            // Of a variant whose price nobody had seen by then, price and cost are not known.
            let priced = known.get(&v.variant);
            let product = self.products.get(&v.product);
            let past = self.days.get(&v.variant).map_or(&[][..], Vec::as_slice);
            let until = past.partition_point(|d| d.day <= day);
            VariantThing {
                product: v.product,
                variant: v.variant,
                label: v.label.clone(),
                title: product.map(|(title, _)| title.clone()).unwrap_or_default(),
                price: priced.map(|p| p.price),
                cost: minor_cost(priced.and_then(|p| p.cost), currency),
                // No past of stocks is recorded.
                stock: None,
                product_facts: product.map(|(_, facts)| facts.clone()),
                listed_on: v.listed_at.map_or(from, |at| calendar.day_of(at)),
                days: past[..until].to_vec(),
            }
        });
        Things::Variants {
            from,
            until: day,
            variants: variants.collect(),
        }
    }
}

/// In minor units of the store's currency; a share of the price is no cost here.
pub(super) fn minor_cost(fact: Option<pricing::CostFact>, currency: Currency) -> Option<i64> {
    let cost = fact.filter(|c| c.source != CostSource::Default)?.cost;
    let minor = (cost.currency == currency).then(|| round_to_minor(cost.amount, currency));
    minor?.ok().filter(|minor| *minor >= 0)
}

impl VariantThing {
    /// What is known of its cost, as rules count it.
    #[must_use]
    pub fn cost_of(fact: Option<pricing::CostFact>, currency: Currency) -> Option<i64> {
        minor_cost(fact, currency)
    }
}

impl History {
    const fn zone(&self) -> Tz {
        match self {
            Self::Variants(past) => past.prices.zone,
            Self::Orders(past) => past.zone,
        }
    }

    const fn currency(&self) -> Currency {
        match self {
            Self::Variants(past) => past.prices.currency,
            Self::Orders(past) => past.currency,
        }
    }

    fn known_at(&self, day: NaiveDate) -> Things {
        match self {
            Self::Variants(past) => past.known_at(day),
            Self::Orders(past) => {
                let orders = past.known_at(day).orders.into_iter();
                let thing = |order| OrderThing {
                    order,
                    is_present: false,
                };
                Things::Orders(orders.map(thing).collect())
            }
        }
    }
}

/// Figures that nobody knows of days of the past.
const fn is_lost(figure: Figure) -> bool {
    matches!(
        figure,
        Figure::Stock
            | Figure::StockCover
            | Figure::Risk
            | Figure::PaymentState
            | Figure::FulfillmentState
            | Figure::BilledElsewhere
            | Figure::OrderTags
    )
}

/// What a rehearsal of a rule rests on, as a sentence.
fn rests_on(rule: &Rule, history: &History) -> String {
    let conditions = || rule.given.conditions.iter().map(|c: &Condition| c.figure);
    let lost: BTreeSet<_> = conditions().filter(|f| is_lost(*f)).collect();
    let lost: Vec<_> = lost.into_iter().map(Figure::label).collect();
    let mut said = match history {
        History::Variants(_) => {
            "What products say of themselves (status, type, vendor, tags) is taken as it is now; prices are known from when they were first seen, costs together with them."
                .to_owned()
        }
        History::Orders(_) => {
            "When orders were sent is not recorded, so that each order is judged only on the day on which it was placed.".to_owned()
        }
    };
    if !lost.is_empty() {
        said.push_str(&format!(
            " Of days of the past nobody knows: {}; conditions on it neither hold nor fail, so that what hangs on them was not proposed.",
            lost.join(", ")
        ));
    }
    said
}

/// Day by day, both ends included; `next` is asked before each. What was proposed counts as done, as far as the rest after it goes.
///
/// # Errors
/// The first one of `next`.
pub fn rehearsed<E>(
    history: &History,
    rule: &Rule,
    (from, to): (NaiveDate, NaiveDate),
    mut next: impl FnMut() -> Result<(), E>,
) -> Result<Rehearsal, E> {
    // What settles is done once: the past does not show what would have come of it.
    let repeats = match is_settling(&rule.then) {
        true => Repeats::Never,
        false => Repeats::AfterEffect,
    };
    let ours: RefCell<Vec<Touched>> = RefCell::default();
    rehearse(
        Rehearser::new(from, to, history.zone(), repeats),
        &rests_on(rule, history),
        |day, told| {
            next()?;
            Ok(Facts {
                currency: history.currency(),
                as_of: None,
                things: history.known_at(day),
                ours: ours.borrow().clone(),
                declined: Vec::new(),
                told,
            })
        },
        |facts, now| {
            let decision = decide(rule, facts, now);
            let things = decision
                .proposals
                .iter()
                .filter_map(|p| touched(&p.subject, now));
            ours.borrow_mut().extend(things);
            decision
        },
    )
}

fn touched(subject: &str, at: DateTime<Utc>) -> Option<Touched> {
    let thing = subject.rsplit(':').next()?.parse().ok()?;
    Some(Touched { thing, at })
}
