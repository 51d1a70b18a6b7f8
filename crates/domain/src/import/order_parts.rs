//! The dated parts of an order that an export tells: what was sold, given back and paid, and what it came to.

use super::cells::Cells;
use super::orders::{Head, Shares, Sums};
use super::stable_id;
use crate::ids::{AgreementId, RefundId, SaleId, StoreId, TransactionId};
use crate::order::{
    Agreement, AgreementReason, OrderLine, OrderTotals, Refund, Sale, SaleAction, SaleKind,
    ShippingLine, Transaction, TransactionKind, TransactionStatus,
};

/// An id for a part of an order, which the export does not number.
pub(super) fn part(head: &Head<'_>, kind: &str, index: usize) -> i64 {
    stable_id(
        StoreId(uuid::Uuid::nil()),
        kind,
        &format!("{}/{index}", head.id),
    )
}

pub(super) fn sale_agreement(
    head: &Head<'_>,
    lines: &[OrderLine],
    sums: &Sums,
    shares: &Shares,
) -> Agreement {
    let sale = |n: usize, kind, amount, tax| Sale {
        id: SaleId(part(head, "sale", n)),
        action: SaleAction::Order,
        kind,
        quantity: None,
        line: None,
        amount,
        discount: 0,
        tax,
    };
    let mut sales: Vec<Sale> = lines
        .iter()
        .enumerate()
        .map(|(i, line)| {
            let paid = line.unit_price * line.quantity - line.discount;
            let kind = if line.gift_card {
                SaleKind::GiftCard
            } else {
                SaleKind::Product
            };
            let (amount, discount) = if sums.taxes_included {
                (paid, without_tax(line.discount, line.tax, paid))
            } else {
                (paid + line.tax, line.discount)
            };
            Sale {
                quantity: Some(line.quantity),
                line: Some(line.id),
                discount,
                ..sale(i, kind, amount, line.tax)
            }
        })
        .collect();
    let mut extra = |kind, amount: i64, tax: i64| {
        if amount != 0 || tax != 0 {
            sales.push(sale(sales.len(), kind, amount, tax));
        }
    };
    let with_tax = if sums.taxes_included {
        0
    } else {
        shares.shipping_tax
    };
    extra(
        SaleKind::Shipping,
        head.shipping + with_tax,
        shares.shipping_tax,
    );
    extra(SaleKind::Duty, head.duties, 0);
    extra(SaleKind::Tip, sums.tip, 0);
    extra(SaleKind::Unknown, sums.rest, 0);
    Agreement {
        id: AgreementId(part(head, "agreement", 0)),
        happened_at: head.at,
        reason: AgreementReason::Order,
        sales,
    }
}

/// A discount of prices that contain tax, without its tax: in the same share as the line has.
fn without_tax(discount: i64, tax: i64, paid: i64) -> i64 {
    if discount == 0 || paid <= 0 {
        return discount;
    }
    let share = i128::from(discount) * i128::from(tax) / i128::from(paid);
    discount - i64::try_from(share).unwrap_or(0)
}

/// What was given back, or was never paid before the order was cancelled.
pub(super) fn reversal(head: &Head<'_>, sums: &Sums) -> Option<Agreement> {
    let never_paid = matches!(
        head.financial_status.as_str(),
        "voided" | "expired" | "pending" | "authorized" | "unpaid"
    );
    let cancelled = head.cancelled_at.is_some() && never_paid;
    let amount = if cancelled { head.total } else { head.refunded };
    if amount == 0 {
        return None;
    }
    let tax = i128::from(amount) * i128::from(head.taxes) / i128::from(head.total.max(1));
    let tip_and_rest = if amount == head.total { sums.rest } else { 0 };
    let mut sales = vec![Sale {
        id: SaleId(part(head, "reversal", 0)),
        action: SaleAction::Return,
        kind: SaleKind::Adjustment,
        quantity: None,
        line: None,
        amount: -(amount - tip_and_rest),
        discount: 0,
        tax: -i64::try_from(tax).unwrap_or(0),
    }];
    if tip_and_rest != 0 {
        sales.push(Sale {
            id: SaleId(part(head, "reversal", 1)),
            kind: SaleKind::Unknown,
            amount: -tip_and_rest,
            tax: 0,
            ..sales[0].clone()
        });
    }
    Some(Agreement {
        id: AgreementId(part(head, "agreement", 1)),
        happened_at: head.cancelled_at.unwrap_or(head.at),
        reason: AgreementReason::Refund,
        sales,
    })
}

pub(super) fn refunds(head: &Head<'_>) -> Vec<Refund> {
    let refund = (head.refunded > 0).then(|| Refund {
        id: RefundId(part(head, "refund", 0)),
        at: head.cancelled_at.unwrap_or(head.at),
        amount: head.refunded,
        lines: None,
    });
    refund.into_iter().collect()
}

pub(super) fn shipping_lines(head: &Head<'_>, cells: &Cells<'_>) -> Vec<ShippingLine> {
    let method = cells.text("shipping_method");
    if head.shipping == 0 && method.is_none() {
        return Vec::new();
    }
    vec![ShippingLine {
        title: method.unwrap_or("Shipping").to_owned(),
        price: head.shipping,
        discounted_price: head.shipping,
    }]
}

/// What was paid, and what was given back; the gateway's fee is not in the file.
pub(super) fn transactions(head: &Head<'_>, gateway: &str) -> Vec<Transaction> {
    let paid = matches!(
        head.financial_status.as_str(),
        "paid" | "partially_paid" | "partially_refunded" | "refunded"
    );
    let amount = head.total - head.outstanding;
    let transaction = |n: usize, kind, amount, at| Transaction {
        id: TransactionId(part(head, "transaction", n)),
        kind,
        status: TransactionStatus::Success,
        gateway: gateway.to_owned(),
        amount,
        fee: None,
        processed_at: at,
        test: gateway.contains("bogus"),
    };
    let mut all = Vec::new();
    if paid && amount > 0 {
        let at = head.paid_at.unwrap_or(head.at);
        all.push(transaction(0, TransactionKind::Sale, amount, at));
    }
    if head.refunded > 0 {
        let at = head.cancelled_at.unwrap_or(head.at);
        all.push(transaction(1, TransactionKind::Refund, head.refunded, at));
    }
    all
}

pub(super) fn totals(head: &Head<'_>, sums: &Sums) -> OrderTotals {
    let given_back = reversal(head, sums).map_or(0, |a| a.sales.iter().map(|s| s.amount).sum());
    OrderTotals {
        subtotal: head.subtotal,
        discounts: sums.discount,
        shipping: head.shipping,
        tax: head.taxes,
        duties: head.duties,
        tips: sums.tip,
        total: head.total,
        current_total: head.total + given_back,
        refunded: head.refunded,
    }
}
