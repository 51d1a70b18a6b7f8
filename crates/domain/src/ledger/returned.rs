//! Goods that came back through a return, where no refund line tells what became of them.
//!
//! A refund's lines say whether the goods are on the shelf again and outrank everything here. A return without any says that the
//! goods came back, so their cost does too.

use super::EntryReason;
use super::costs::Movement;
use crate::ids::LineId;
use crate::order::{AgreementReason, Order, SaleKind};
use std::collections::BTreeMap;

/// Units of returns in the order of the agreements, without those that refund lines speak of.
pub(super) fn movements(order: &Order) -> Vec<Movement> {
    let mut told = told_by_refund_lines(order);
    let mut movements = Vec::new();
    for agreement in of_reason(order, AgreementReason::Return) {
        for (line, units) in taken_back(agreement) {
            let known = told.entry(line).or_insert(0);
            let covered = units.min(*known);
            *known -= covered;
            if units > covered {
                movements.push(Movement {
                    at: agreement.happened_at,
                    line,
                    units: covered - units,
                    reason: EntryReason::Return,
                });
            }
        }
    }
    movements
}

/// Units of refund lines beyond those that refunds themselves took back: these belong to returns.
fn told_by_refund_lines(order: &Order) -> BTreeMap<LineId, i64> {
    let mut told: BTreeMap<LineId, i64> = BTreeMap::new();
    for line in order.refunds.iter().flat_map(|r| r.lines.iter().flatten()) {
        *told.entry(line.line).or_insert(0) += line.quantity;
    }
    for agreement in of_reason(order, AgreementReason::Refund) {
        for (line, units) in taken_back(agreement) {
            if let Some(known) = told.get_mut(&line) {
                *known = (*known - units).max(0);
            }
        }
    }
    told
}

fn of_reason(
    order: &Order,
    reason: AgreementReason,
) -> impl Iterator<Item = &crate::order::Agreement> {
    order.agreements.iter().filter(move |a| a.reason == reason)
}

/// Lines with the units that went back, as positive numbers.
fn taken_back(agreement: &crate::order::Agreement) -> impl Iterator<Item = (LineId, i64)> {
    agreement
        .sales
        .iter()
        .filter(|s| s.kind == SaleKind::Product)
        .filter_map(|s| Some((s.line?, -s.quantity?)))
        .filter(|(_, units)| *units > 0)
}
