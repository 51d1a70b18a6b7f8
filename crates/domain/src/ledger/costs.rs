//! What the goods of an order cost, and what of it came back.
//!
//! A line has one unit cost: the one valid when it was first sold. Its cost is kept as the rounded cost of the units that
//! are gone, and entries are the differences, so that a line that came back whole has cost nothing, to the cent.

use super::{Basis, EntryReason};
use crate::catalog::{CostBook, CostSource};
use crate::ids::LineId;
use crate::money::round_to_minor;
use crate::order::Order;
use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use std::collections::BTreeMap;

/// A change in the number of units of a line that are gone.
pub(super) struct Movement {
    pub at: DateTime<Utc>,
    pub line: LineId,
    pub units: i64,
    pub reason: EntryReason,
}

#[derive(Clone, Copy)]
pub(super) struct LineCost {
    pub basis: Basis,
    /// In the order's currency; `None` when unknown.
    pub unit: Option<Decimal>,
}

/// The unit cost of each line at the time when it was first sold.
pub(super) fn line_costs(
    order: &Order,
    costs: &CostBook,
    first_sold: &BTreeMap<LineId, DateTime<Utc>>,
) -> BTreeMap<LineId, LineCost> {
    order
        .lines
        .iter()
        .map(|line| {
            let at = first_sold
                .get(&line.id)
                .copied()
                .unwrap_or(order.processed_at);
            let known = line
                .variant
                .and_then(|variant| costs.cost_at(variant, at))
                // A cost in another currency needs a rate of the day; without one it is unknown.
                .filter(|(cost, _)| cost.currency == order.currency);
            let cost = match known {
                Some((cost, CostSource::Store)) => LineCost {
                    basis: Basis::Actual,
                    unit: Some(cost.amount),
                },
                None if line.gift_card => LineCost {
                    basis: Basis::Actual,
                    unit: Some(Decimal::ZERO),
                },
                None => LineCost {
                    basis: Basis::Missing,
                    unit: None,
                },
            };
            (line.id, cost)
        })
        .collect()
}

/// Signed cost amounts (negative when goods leave) for movements in the order of time; never more comes back than left.
pub(super) fn cost_amounts(
    order: &Order,
    lines: &BTreeMap<LineId, LineCost>,
    mut movements: Vec<Movement>,
) -> Vec<(Movement, i64)> {
    movements.sort_by_key(|m| (m.at, -m.units, m.line));
    let mut gone: BTreeMap<LineId, i64> = BTreeMap::new();
    let mut out = Vec::new();
    for movement in movements {
        let Some(unit) = lines.get(&movement.line).and_then(|l| l.unit) else {
            continue;
        };
        let before = gone.get(&movement.line).copied().unwrap_or(0);
        let after = (before + movement.units).max(0);
        gone.insert(movement.line, after);
        let cost = |units: i64| {
            round_to_minor(unit * Decimal::from(units), order.currency).unwrap_or(i64::MAX)
        };
        let amount = cost(before) - cost(after);
        if after != before {
            out.push((
                Movement {
                    units: after - before,
                    ..movement
                },
                amount,
            ));
        }
    }
    out
}
