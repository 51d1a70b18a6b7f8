//! Sales agreements: the dated, signed record that Shopify's own reports are built on, derived from an order's records.
//!
//! The sale of an order, additions of edits and lines of an exchange are `ORDER` with positive amounts; what is taken
//! off is `RETURN` with negative quantity and negative amounts. `totalAmount` is after taxes and discounts, so
//! `totalAmount − totalTaxAmount + totalDiscountAmountBeforeTaxes` is the gross sale without tax.

use super::order::{Line, LineKind, Order, Returned, StepKind, Taxes};
use super::{Seconds, Store};
use crate::money::{tax_in, tax_on};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    Order,
    Edit,
    Refund,
    Return,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    Line(usize),
    Shipping,
    Fee,
    Nothing,
}

#[derive(Debug, Clone)]
pub struct Sale {
    pub action: &'static str,
    pub line_type: &'static str,
    pub target: Target,
    pub quantity: Option<i32>,
    pub total: i64,
    pub taxes: Taxes,
    pub discount_before_taxes: i64,
    pub discount_after_taxes: i64,
}

impl Sale {
    pub fn tax(&self) -> i64 {
        self.taxes.iter().sum()
    }
}

#[derive(Debug, Clone)]
pub struct Agreement {
    pub reason: Reason,
    pub step: Option<usize>,
    pub at: Seconds,
    pub sales: Vec<Sale>,
}

/// All agreements of an order, oldest first.
pub(crate) fn agreements(store: &Store, order: &Order) -> Vec<Agreement> {
    let rates = store.place(order).rates();
    let mut first: Vec<Sale> = added(order, None, rates);
    if let Some(ship) = order.ship.as_ref().filter(|s| s.price != 0) {
        first.push(shipping(
            order,
            1,
            ship.price,
            ship.discount,
            ship.taxes,
            rates,
        ));
    }
    let mut all = vec![Agreement {
        reason: Reason::Order,
        step: None,
        at: order.placed,
        sales: first,
    }];
    for (index, step) in order.steps.iter().enumerate() {
        let mut sales: Vec<Sale> = step
            .returned()
            .iter()
            .map(|r| returned(order, r, rates))
            .collect();
        let reason = match &step.kind {
            StepKind::Edit { .. } => Reason::Edit,
            StepKind::Refund {
                shipping: amount,
                shipping_taxes,
                extra,
                ..
            } => {
                if *amount != 0 {
                    sales.push(shipping(order, -1, *amount, 0, *shipping_taxes, rates));
                }
                if *extra != 0 {
                    sales.push(plain("UPDATE", "ADJUSTMENT", Target::Nothing, -*extra));
                }
                Reason::Refund
            }
            StepKind::Return {
                shipping: amount,
                fee,
                ..
            } => {
                if *amount != 0 {
                    sales.push(shipping(order, -1, *amount, 0, [0, 0], rates));
                }
                if *fee != 0 {
                    sales.push(plain("ORDER", "FEE", Target::Fee, *fee));
                }
                Reason::Return
            }
        };
        sales.extend(added(order, Some(index), rates));
        all.push(Agreement {
            reason,
            step: Some(index),
            at: step.at,
            sales,
        });
    }
    all
}

fn added(order: &Order, step: Option<usize>, rates: [u32; 2]) -> Vec<Sale> {
    let lines = order.lines.iter().enumerate();
    let mine = lines.filter(|(_, l)| l.added_by.map(usize::from) == step && !l.only_taken_back());
    mine.map(|(i, l)| sold(order, i, l, rates)).collect()
}

fn sold(order: &Order, index: usize, line: &Line, rates: [u32; 2]) -> Sale {
    if line.kind == LineKind::Discount {
        let mut sale = plain("UPDATE", "PRODUCT", Target::Line(index), line.gross);
        (
            sale.quantity,
            sale.discount_before_taxes,
            sale.discount_after_taxes,
        ) = (Some(0), -line.gross, -line.gross);
        return sale;
    }
    let line_type = match line.kind {
        LineKind::GiftCard => "GIFT_CARD",
        LineKind::Tip => "TIP",
        _ => "PRODUCT",
    };
    let amounts = Amounts {
        gross: line.gross,
        discount: line.discount(),
        taxes: line.taxes,
    };
    let mut sale = amounts.sale(order.taxes_included, rates, 1);
    (sale.action, sale.line_type, sale.target, sale.quantity) =
        ("ORDER", line_type, Target::Line(index), Some(line.quantity));
    sale
}

fn returned(order: &Order, back: &Returned, rates: [u32; 2]) -> Sale {
    let line_type = match order.lines[back.line].kind {
        LineKind::GiftCard => "GIFT_CARD",
        LineKind::Tip => "TIP",
        _ => "PRODUCT",
    };
    let amounts = Amounts {
        gross: back.gross,
        discount: back.discount,
        taxes: back.taxes,
    };
    let mut sale = amounts.sale(order.taxes_included, rates, -1);
    (sale.action, sale.line_type, sale.target, sale.quantity) = (
        "RETURN",
        line_type,
        Target::Line(back.line),
        Some(-back.quantity),
    );
    sale
}

fn shipping(
    order: &Order,
    sign: i64,
    price: i64,
    discount: i64,
    taxes: Taxes,
    rates: [u32; 2],
) -> Sale {
    let mut sale = Amounts {
        gross: price,
        discount,
        taxes,
    }
    .sale(order.taxes_included, rates, sign);
    (sale.action, sale.line_type, sale.target) = (
        if sign < 0 { "RETURN" } else { "ORDER" },
        "SHIPPING",
        Target::Shipping,
    );
    sale
}

fn plain(action: &'static str, line_type: &'static str, target: Target, total: i64) -> Sale {
    Sale {
        action,
        line_type,
        target,
        quantity: None,
        total,
        taxes: [0, 0],
        discount_before_taxes: 0,
        discount_after_taxes: 0,
    }
}

struct Amounts {
    gross: i64,
    discount: i64,
    taxes: Taxes,
}

impl Amounts {
    fn sale(&self, included: bool, rates: [u32; 2], sign: i64) -> Sale {
        let tax: i64 = self.taxes.iter().sum();
        let net = self.gross - self.discount;
        // The tax that the discount took away: the two forms of the discount differ by it.
        let taxed = tax != 0;
        let on_gross: i64 = if !taxed {
            tax
        } else if included {
            rates.iter().map(|r| tax_in(self.gross, *r)).sum()
        } else {
            rates.iter().map(|r| tax_on(self.gross, *r)).sum()
        };
        let (before, after) = match (self.discount, included) {
            (0, _) => (0, 0),
            (d, true) => (d - (on_gross - tax), d),
            (d, false) => (d, d + (on_gross - tax)),
        };
        let total = if included { net } else { net + tax };
        let mut sale = plain("", "", Target::Nothing, sign * total);
        sale.taxes = self.taxes.map(|t| sign * t);
        (sale.discount_before_taxes, sale.discount_after_taxes) = (sign * before, sign * after);
        sale
    }
}
