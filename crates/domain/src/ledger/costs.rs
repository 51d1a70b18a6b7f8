//! What the goods of an order cost, and what of it came back.
//!
//! A line has one unit cost: the one valid when it was first sold. Its cost is kept as the rounded cost of the units that
//! are gone, and entries are the differences, so that a line that came back whole has cost nothing, to the cent.

use super::{Basis, EntryReason};
use crate::catalog::{CostBook, UnitCost};
use crate::ids::LineId;
use crate::inputs::{DefaultCost, OrderInputs};
use crate::money::round_to_minor;
use crate::order::{Order, OrderLine};
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

/// The unit cost of each line at the time when it was first sold: told for the line, else by the book, else a share of its price.
pub(super) fn line_costs(
    order: &Order,
    costs: &CostBook,
    told: &OrderInputs,
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
            let of_line = told.lines.iter().find(|c| c.line == line.id);
            let known = of_line.map(|c| c.cost).or_else(|| {
                let variant = line.variant?;
                costs.cost_at(variant, at).map(|(cost, _)| cost)
            });
            (line.id, line_cost(order, line, known, costs.default))
        })
        .collect()
}

fn line_cost(
    order: &Order,
    line: &OrderLine,
    known: Option<UnitCost>,
    default: Option<DefaultCost>,
) -> LineCost {
    let of = |basis, unit| LineCost { basis, unit };
    match (known, default) {
        (Some(cost), _) if cost.currency == order.currency => of(Basis::Actual, Some(cost.amount)),
        // A cost in another currency needs a rate of the day; without one it is unknown.
        (Some(_), _) => of(Basis::Missing, None),
        (None, _) if line.gift_card => of(Basis::Actual, Some(Decimal::ZERO)),
        (None, Some(default)) => {
            let price = price_without_tax(order, line);
            of(
                Basis::Estimated,
                Some(price * Decimal::new(default.basis_points, 4)),
            )
        }
        (None, None) => of(Basis::Missing, None),
    }
}

/// Before discounts, in the order's currency.
fn price_without_tax(order: &Order, line: &OrderLine) -> Decimal {
    let minor = Decimal::from(10_i64.pow(order.currency.exponent()));
    let price = Decimal::from(line.unit_price) / minor;
    let paid = line.unit_price * line.quantity - line.discount;
    if !order.taxes_included || paid <= 0 {
        return price;
    }
    price * Decimal::from(paid - line.tax) / Decimal::from(paid)
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
