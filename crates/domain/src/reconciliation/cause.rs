//! What is known of one order on both sides, and what follows from it.

use super::{Cause, Finding, Grounds, Sales, Source};
use crate::ids::OrderId;
use crate::ledger::{EntryKind, EntryReason, Ledger};
use crate::money::Currency;
use crate::order::Order;
use crate::rollup::{self, Dimension, Placement};
use chrono::{DateTime, NaiveDate, Utc};
use std::collections::BTreeMap;

/// An order as the provider tells it now, without its lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    pub id: OrderId,
    pub name: String,
    pub processed_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub cancelled_at: Option<DateTime<Utc>>,
    pub test: bool,
    pub currency: Currency,
    /// After edits, refunds and cancellations, in minor units of `currency`.
    pub current_total: i64,
}

/// Whether the provider still has it, by its id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Presence {
    Found(Head),
    Gone,
    /// It could not be looked up.
    Unknown,
}

/// Our copy of an order, as far as it is compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    pub name: String,
    pub updated_at: DateTime<Utc>,
    pub test: bool,
    pub currency: Currency,
    /// What the ledger says more than the order's own total.
    pub ledger_excess: i64,
    pub days: BTreeMap<NaiveDate, Sales>,
    /// The part of `days` that was given back.
    pub given_back: BTreeMap<NaiveDate, Sales>,
}

impl Held {
    /// `days` holds what our reports in `currency` count of it, by the source's way to count.
    #[must_use]
    pub fn of(order: &Order, ledger: &Ledger, source: Source, currency: Currency) -> Self {
        let counts = ledger.counts && order.currency == currency;
        let mut held = Self {
            name: order.name.clone(),
            updated_at: order.updated_at,
            test: order.test,
            currency: order.currency,
            ledger_excess: ledger.check(order).map_or(0, |c| c.difference()),
            days: BTreeMap::new(),
            given_back: BTreeMap::new(),
        };
        if !counts {
            return held;
        }
        match source {
            Source::Analytics => {
                held.days = by_day(order, ledger);
                let back = |reason| matches!(reason, EntryReason::Refund | EntryReason::Return);
                let entries = ledger.entries.iter().filter(|e| back(e.reason)).cloned();
                let part = Ledger {
                    entries: entries.collect(),
                    ..ledger.clone()
                };
                held.given_back = by_day(order, &part);
            }
            Source::OrderTotals => {
                let total = Sales::total_only(ledger.sum(EntryKind::is_charged));
                held.days.insert(ledger.day, total);
            }
        }
        held
    }
}

fn by_day(order: &Order, ledger: &Ledger) -> BTreeMap<NaiveDate, Sales> {
    rollup::fold(&Placement::of(order), ledger)
        .into_iter()
        .filter(|(key, _)| key.dimension == Dimension::Total)
        .map(|(key, measures)| (key.day, Sales::of(&measures)))
        .collect()
}

/// Both sides of one order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderEvidence {
    pub held: Option<Held>,
    pub presence: Presence,
    /// What the provider counts of it, on the days that differ.
    pub theirs: BTreeMap<NaiveDate, Sales>,
}

impl OrderEvidence {
    fn on(&self, day: NaiveDate, source: Source) -> (Sales, Sales) {
        let ours = self.held.as_ref().and_then(|h| h.days.get(&day)).copied();
        let theirs = self.theirs.get(&day).copied();
        let nothing = source.nothing();
        (ours.unwrap_or(nothing), theirs.unwrap_or(nothing))
    }

    fn difference(&self, day: NaiveDate, source: Source) -> Sales {
        let (ours, theirs) = self.on(day, source);
        theirs.minus(ours)
    }

    /// Whether the sides differ on any of the days.
    #[must_use]
    pub fn differs(&self, days: &[NaiveDate], source: Source) -> bool {
        days.iter().any(|d| !self.difference(*d, source).is_none())
    }

    pub(super) fn finding(
        &self,
        order: OrderId,
        day: NaiveDate,
        grounds: Grounds<'_>,
    ) -> Option<Finding> {
        let (ours, theirs) = self.on(day, grounds.source);
        let difference = theirs.minus(ours);
        if difference.is_none() {
            return None;
        }
        let name = match (&self.held, &self.presence) {
            (Some(held), _) => held.name.clone(),
            (None, Presence::Found(head)) => head.name.clone(),
            (None, _) => order.to_string(),
        };
        Some(Finding {
            cause: self.cause(grounds),
            order,
            name,
            ours,
            theirs,
            difference,
            held: self.held.is_some(),
        })
    }

    fn cause(&self, grounds: Grounds<'_>) -> Cause {
        let head = match &self.presence {
            Presence::Gone => return Cause::Deletion,
            Presence::Found(head) => Some(head),
            Presence::Unknown => None,
        };
        let foreign = |currency: Currency| currency != grounds.currency;
        if head.is_some_and(|h| h.test) || self.held.as_ref().is_some_and(|h| h.test) {
            return Cause::TestOrder;
        }
        if head.is_some_and(|h| foreign(h.currency))
            || self.held.as_ref().is_some_and(|h| foreign(h.currency))
        {
            return Cause::Currency;
        }
        match (&self.held, head) {
            (None, Some(_)) => Cause::MissingOrder,
            (None, None) => Cause::Unexplained,
            (Some(held), Some(head)) if head.updated_at > held.updated_at => Cause::StaleCopy,
            (Some(held), _) if held.ledger_excess != 0 => Cause::MissingAgreement,
            (Some(held), _) => self.moved(held, grounds),
        }
    }

    /// What the sides book on different days adds up to nothing over all of them.
    fn moved(&self, held: &Held, grounds: Grounds<'_>) -> Cause {
        let on = |day: &NaiveDate| (*day, self.difference(*day, grounds.source));
        let differences: Vec<_> = grounds.differing.iter().map(on).collect();
        let left: Sales = differences.iter().map(|(_, d)| *d).sum();
        if !left.is_none() {
            return Cause::Unexplained;
        }
        let refund_left = |(day, difference): &(NaiveDate, Sales)| {
            held.given_back
                .get(day)
                .is_some_and(|back| back.total_sales != 0 && difference.plus(*back).is_none())
        };
        if differences.iter().any(refund_left) {
            Cause::LateRefund
        } else {
            Cause::Zone
        }
    }
}
