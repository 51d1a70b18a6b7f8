//! What the goods of an order cost, and what of it came back.
//!
//! A line has one unit cost: the one valid when it was first sold. Its cost is kept as the rounded cost of the units that
//! are gone, and entries are the differences, so that a line that came back whole has cost nothing, to the cent.

use super::derive::effective_at;
use super::{Basis, EntryReason, Unknown};
use crate::calendar::Calendar;
use crate::catalog::{CostBook, UnitCost};
use crate::fx::{DayRate, RateTable};
use crate::ids::LineId;
use crate::inputs::OrderInputs;
use crate::money::round_to_minor;
use crate::order::{Order, OrderLine};
use chrono::{DateTime, NaiveDate, Utc};
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
    /// In the order's currency.
    pub unit: Result<Decimal, Unknown>,
    /// By which it was converted.
    pub rate: Option<DayRate>,
}

/// When units of each line were first sold.
pub(super) fn first_sold(order: &Order) -> BTreeMap<LineId, DateTime<Utc>> {
    let mut first: BTreeMap<LineId, DateTime<Utc>> = BTreeMap::new();
    for agreement in &order.agreements {
        let at = effective_at(order, agreement);
        for line in agreement
            .sales
            .iter()
            .filter(|s| s.quantity.unwrap_or(0) > 0)
            .filter_map(|s| s.line)
        {
            first
                .entry(line)
                .and_modify(|t| *t = (*t).min(at))
                .or_insert(at);
        }
    }
    first
}

/// The unit cost of each line at the time when it was first sold: told for the line, else by the book, else a share of its price.
pub(super) fn line_costs(
    order: &Order,
    calendar: &Calendar,
    (costs, told, rates): (&CostBook, &OrderInputs, &RateTable),
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
            let cost = match known {
                Some(cost) => converted(order, cost, rates, calendar.day_of(at)),
                None => untold(order, line, costs),
            };
            (line.id, cost)
        })
        .collect()
}

/// By the rate of the day of the sale.
fn converted(order: &Order, cost: UnitCost, rates: &RateTable, day: NaiveDate) -> LineCost {
    let rate = rates.on(day, cost.currency, order.currency);
    let unit = rate.map_err(Unknown::from).and_then(|rate| {
        let unit = if rate.source.is_some() {
            rate.units(cost.amount)
        } else {
            Ok(cost.amount)
        };
        unit.map_err(|_| Unknown::TooLarge)
    });
    LineCost {
        basis: unit.map_or(Basis::Missing, |_| Basis::Actual),
        unit,
        rate: rate.ok(),
    }
}

/// Where no source has a cost.
fn untold(order: &Order, line: &OrderLine, costs: &CostBook) -> LineCost {
    let of = |basis, unit| LineCost {
        basis,
        unit,
        rate: None,
    };
    if line.gift_card {
        return of(Basis::Actual, Ok(Decimal::ZERO));
    }
    if let Some(default) = costs.default {
        let share = Decimal::new(default.basis_points, 4);
        return of(Basis::Estimated, Ok(price_without_tax(order, line) * share));
    }
    let later = |variant| costs.history(variant).iter().any(|r| r.cost.is_some());
    let why = if line.variant.is_some_and(later) {
        Unknown::CostLater
    } else {
        Unknown::NoCost
    };
    of(Basis::Missing, Err(why))
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
        let Some(Ok(unit)) = lines.get(&movement.line).map(|l| l.unit) else {
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
