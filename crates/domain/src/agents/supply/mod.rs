//! Orders at suppliers: which open orders of buyers to have sent, from whom, at what cost.
//!
//! Each order was planned as it would be by hand, with quotes of this moment, before anything is decided here. What does not leave the share
//! of its price that is asked for, or takes too long, is told and not proposed. A person looks at each: what is ordered is paid.

mod spec;

pub use spec::SPEC;

use crate::agents::decision::{Decision, Handling, Note, Proposal};
use crate::agents::settings::Values;
use crate::changes::plan::Wanted;
use crate::changes::{Action, Evidence, EvidenceRow, Risk};
use crate::ids::OrderId;
use crate::money::{Currency, Money};
use crate::supplier::SupplyPlan;
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What the policy is told. Amounts are minor units of the store's currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    pub currency: Currency,
    pub as_of: Option<DateTime<Utc>>,
    /// Open orders with a line that a supplier has, by number.
    pub orders: Vec<OrderFacts>,
    /// Orders that were not asked about in this run.
    pub left: u64,
    pub told: BTreeSet<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderFacts {
    pub id: OrderId,
    pub name: String,
    pub placed_at: DateTime<Utc>,
    /// One a supplier and warehouse; none where it cannot be had.
    pub plans: Vec<SupplyPlan>,
    /// Why it cannot.
    pub why: Option<String>,
}

/// The policy over days that are past.
#[derive(Debug, Clone)]
pub struct History {
    pub zone: Tz,
    pub now: Facts,
}

impl History {
    /// Nobody writes down what suppliers asked before.
    pub const RESTS_ON: &'static str = "Orders that are open now, on the days since they were placed, with what suppliers ask now: what they asked \
         before is not kept, and orders that were sent meanwhile are not in it.";

    #[must_use]
    pub fn known_at(&self, end: DateTime<Utc>) -> Facts {
        let orders = self.now.orders.iter().filter(|o| o.placed_at < end);
        Facts {
            as_of: Some(end),
            orders: orders.cloned().collect(),
            ..self.now.clone()
        }
    }
}

/// Pure: the same facts, in whatever order, give the same proposals. Nothing of it is left to chance, so that the seed has no part in it.
#[must_use]
pub fn decide(facts: &Facts, values: &Values, now: DateTime<Utc>, _seed: u64) -> Decision {
    let number = |key: &str| SPEC.number(values, key);
    let mut orders: Vec<&OrderFacts> = facts.orders.iter().collect();
    // Whoever waits longest comes first.
    orders.sort_by_key(|o| (o.placed_at, o.id));
    let mut decision = Decision {
        looked_at: orders.len() as u64,
        ..Decision::default()
    };
    for order in orders {
        if facts.told.contains(&subject(order)) {
            continue;
        }
        match judge(order, (number("least_left"), number("most_days"))) {
            Ok(()) => decision
                .proposals
                .push(proposal(order, facts, number("valid"), now)),
            Err(text) => decision.notes.push(Note {
                about: order.name.clone(),
                text,
            }),
        }
    }
    if facts.left > 0 {
        decision.notes.push(Note {
            about: "Orders".to_owned(),
            text: format!(
                "{} more wait for the next run: each is asked about at suppliers",
                facts.left
            ),
        });
    }
    decision
}

fn subject(order: &OrderFacts) -> String {
    format!("supply:{}", order.id)
}

/// For which the lines were sold, and what they cost at most.
fn sums(order: &OrderFacts) -> (i64, i64) {
    let sold = order.plans.iter().map(|p| p.sold_for).sum();
    let cost = order.plans.iter().map(|p| p.cost).sum();
    (sold, cost)
}

fn judge(order: &OrderFacts, (least, most_days): (i64, i64)) -> Result<(), String> {
    if order.plans.is_empty() {
        let why = order.why.clone();
        return Err(why.unwrap_or_else(|| "nothing of it is had of a supplier".to_owned()));
    }
    let (sold, cost) = sums(order);
    let left = sold - cost;
    let is_enough = sold > 0 && left.saturating_mul(10_000) >= sold.saturating_mul(least);
    if !is_enough {
        let share = if sold > 0 {
            left.saturating_mul(10_000) / sold
        } else {
            0
        };
        return Err(format!(
            "not proposed: {}.{} % of what it was sold for would be left, of {}.{} %",
            share / 100,
            (share % 100).abs() / 10,
            least / 100,
            (least % 100).abs() / 10
        ));
    }
    let slowest = order
        .plans
        .iter()
        .filter_map(|p| p.days)
        .map(|d| d.max_days)
        .max();
    match slowest {
        Some(days) if i64::from(days) > most_days => Err(format!(
            "not proposed: it may take {days} days, and {most_days} are borne"
        )),
        _ => Ok(()),
    }
}

fn proposal(order: &OrderFacts, facts: &Facts, valid: i64, now: DateTime<Utc>) -> Proposal {
    let money = |minor: i64| format!("{} {}", Money::new(minor, facts.currency), facts.currency);
    let (sold, cost) = sums(order);
    let suppliers: BTreeSet<&str> = order.plans.iter().map(|p| p.supplier.as_str()).collect();
    let suppliers: Vec<&str> = suppliers.into_iter().collect();
    let evidence = order.plans.iter().map(|plan| {
        let days = plan.days.map_or_else(
            || "not told".to_owned(),
            |d| format!("{} to {} days", d.min_days, d.max_days),
        );
        let quoted = plan.quoted();
        let mut rows = vec![
            (
                "Goods and sending".to_owned(),
                format!("{quoted} {}", quoted.currency),
            ),
            ("At most, here".to_owned(), money(plan.cost)),
            ("Sold for, without tax".to_owned(), money(plan.sold_for)),
            (
                "Sent from".to_owned(),
                format!("{} by {}", plan.ships_from, plan.service),
            ),
            ("Takes".to_owned(), days),
        ];
        let lines = plan.lines.iter();
        rows.extend(lines.map(|l| (l.title.clone(), format!("{} pieces", l.pieces))));
        let rows = rows
            .into_iter()
            .map(|(label, value)| EvidenceRow { label, value });
        Evidence {
            title: plan.supplier.clone(),
            observed_at: facts.as_of.unwrap_or(now),
            rows: rows.collect(),
        }
    });
    Proposal {
        subject: subject(order),
        title: format!("Have {} sent by {}", order.name, suppliers.join(" and ")),
        reason: format!(
            "it is paid and open, costs at most {}, and leaves {}",
            money(cost),
            money(sold - cost)
        ),
        evidence: evidence.collect(),
        wanted: order
            .plans
            .iter()
            .map(|plan| Wanted {
                label: plan.order_name.clone(),
                action: Action::SupplierOrder(plan.clone()),
            })
            .collect(),
        effect: None,
        effect_unknown: Some(
            "the sale is made already: what it leaves stands in its reason".to_owned(),
        ),
        risk: Risk {
            score: 400,
            reasons: vec!["what was ordered and paid at a supplier is not taken back".to_owned()],
        },
        confidence: 900,
        handling: Handling::Ask,
        valid_hours: u32::try_from(valid).unwrap_or(24),
    }
}

#[cfg(test)]
mod tests;
