//! The money sets of an order, from its lines and records (not from its agreements: the two are compared in tests).

use super::order::{LineKind, Order, StepKind, TxnKind};

/// `original_*`: at the time of the order; `total_*`: with what edits and exchanges added, before anything was taken
/// off; `current_*`: now. Discounts and taxes are positive.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Totals {
    pub original: i64,
    pub total: i64,
    pub subtotal: i64,
    pub discounts: i64,
    pub tax: i64,
    pub shipping: i64,
    pub tips: i64,
    pub returned_tips: i64,
    pub current: i64,
    pub current_subtotal: i64,
    pub current_discounts: i64,
    pub current_tax: i64,
    pub current_shipping: i64,
    pub fees: i64,
    pub refunded_shipping: i64,
    pub received: i64,
    pub refunded: i64,
    pub discrepancy: i64,
    pub quantity: i64,
    pub current_quantity: i64,
    pub taxes: [i64; 2],
    pub current_taxes: [i64; 2],
}

pub(crate) fn totals(order: &Order) -> Totals {
    let mut t = Totals::default();
    for line in &order.lines {
        add_line(&mut t, order, line);
    }
    if let Some(ship) = &order.ship {
        let net = ship.price - ship.discount;
        t.shipping += net;
        t.current_shipping += net;
        t.discounts += ship.discount;
        t.current_discounts += ship.discount;
        add_tax(&mut t.taxes, ship.taxes, 1);
        add_tax(&mut t.current_taxes, ship.taxes, 1);
        t.original += net
            + if order.taxes_included {
                0
            } else {
                ship.taxes.iter().sum()
            };
    }
    for step in &order.steps {
        take_off(&mut t, order, step);
    }
    for txn in order.transactions.iter().filter(|x| x.moved()) {
        match txn.kind {
            TxnKind::Refund => t.refunded += txn.amount,
            _ => t.received += txn.amount,
        }
    }
    t.tax = t.taxes.iter().sum();
    t.current_tax = t.current_taxes.iter().sum();
    let on_top = |tax: i64| if order.taxes_included { 0 } else { tax };
    t.total = t.subtotal + t.shipping + on_top(t.tax) + t.tips;
    t.current = t.current_subtotal + t.current_shipping + on_top(t.current_tax) + t.tips
        - t.returned_tips
        + t.fees
        - t.discrepancy;
    t
}

fn add_line(t: &mut Totals, order: &Order, line: &super::Line) {
    match line.kind {
        LineKind::TakenBack | LineKind::CustomTakenBack => return,
        LineKind::Tip => {
            t.tips += line.gross;
            t.original += line.gross;
            return;
        }
        LineKind::Discount => {
            t.discounts -= line.gross;
            t.current_discounts -= line.gross;
            t.subtotal += line.gross;
            t.current_subtotal += line.gross;
        }
        _ => {
            t.discounts += line.discount();
            t.current_discounts += line.discount();
            t.subtotal += line.gross - line.discount();
            t.current_subtotal += line.gross - line.discount();
            t.quantity += i64::from(line.quantity);
            t.current_quantity += i64::from(line.quantity);
        }
    }
    add_tax(&mut t.taxes, line.taxes, 1);
    add_tax(&mut t.current_taxes, line.taxes, 1);
    if line.added_by.is_none() {
        let net = if line.kind == LineKind::Discount {
            line.gross
        } else {
            line.gross - line.discount()
        };
        t.original += net + if order.taxes_included { 0 } else { line.tax() };
    }
}

fn take_off(t: &mut Totals, order: &Order, step: &super::Step) {
    for back in step.returned() {
        if order.lines[back.line].kind == LineKind::Tip {
            t.returned_tips += back.gross;
            continue;
        }
        t.current_subtotal -= back.gross - back.discount;
        t.current_discounts -= back.discount;
        t.current_quantity -= i64::from(back.quantity);
        add_tax(&mut t.current_taxes, back.taxes, -1);
    }
    match &step.kind {
        StepKind::Refund {
            shipping,
            shipping_taxes,
            extra,
            ..
        } => {
            t.current_shipping -= shipping;
            t.refunded_shipping += shipping;
            t.discrepancy += extra;
            add_tax(&mut t.current_taxes, *shipping_taxes, -1);
        }
        StepKind::Return { shipping, fee, .. } => {
            t.current_shipping -= shipping;
            t.refunded_shipping += shipping;
            t.fees += fee;
        }
        StepKind::Edit { .. } => {}
    }
}

fn add_tax(to: &mut [i64; 2], what: [i64; 2], sign: i64) {
    to[0] += sign * what[0];
    to[1] += sign * what[1];
}
