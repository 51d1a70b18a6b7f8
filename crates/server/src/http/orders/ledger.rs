//! The entries of an order, their sum, and how they stand against the provider's own total.

use crate::http::amounts::amount;
use chrono::{DateTime, NaiveDate, Utc};
use domain::ledger::{Basis, EntryKind, EntryReason, Ledger, LedgerEntry};
use domain::order::Order;
use ports::orders::StoredOrder;
use serde::Serialize;
use utoipa::ToSchema;

/// One signed amount: positive earns, negative takes.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LedgerEntry)]
pub(crate) struct EntryBody {
    seq: usize,
    /// The store's local day on which it counts.
    day: NaiveDate,
    occurred_at: DateTime<Utc>,
    /// gross_sale, discount, return, shipping, tax, duty, charged_fee, tip, gift_card, unclassified, cost_of_goods or payment_fee.
    kind: &'static str,
    amount: String,
    /// Signed units of sales, returns and costs of goods.
    quantity: Option<i64>,
    line_id: Option<String>,
    /// Of the line.
    title: Option<String>,
    /// For sales: how well the cost behind them is known (actual, estimated, missing).
    basis: Option<&'static str>,
    /// order, edit, refund, return, payment, restock or other.
    reason: &'static str,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Checks)]
pub(crate) struct ChecksBody {
    /// What the customer owes by the ledger; null for a test order, which has none.
    ledger_total: Option<String>,
    provider_total: String,
    /// Ledger less provider.
    difference: Option<String>,
    explained_by: Option<String>,
}

pub(crate) fn entries(stored: &StoredOrder) -> Vec<EntryBody> {
    let entry = |(seq, entry)| EntryBody::of(seq, entry, &stored.order);
    stored
        .ledger
        .entries
        .iter()
        .enumerate()
        .map(entry)
        .collect()
}

impl EntryBody {
    fn of(seq: usize, entry: &LedgerEntry, order: &Order) -> Self {
        let line = entry.line.and_then(|id| order.line(id));
        Self {
            seq: seq + 1,
            day: entry.day,
            occurred_at: entry.at,
            kind: kind(entry.kind),
            amount: amount(entry.amount, order.currency),
            quantity: (entry.quantity != 0).then_some(entry.quantity),
            line_id: entry.line.map(|l| l.to_string()),
            title: line.map(|l| l.title.clone()),
            basis: entry.kind.is_net_sales().then(|| basis(entry.cost)),
            reason: reason(entry.reason),
        }
    }
}

impl ChecksBody {
    pub(crate) fn of(stored: &StoredOrder) -> Self {
        let currency = stored.order.currency;
        let check = stored.ledger.check(&stored.order);
        Self {
            ledger_total: check.map(|c| amount(c.ledger_total, currency)),
            provider_total: amount(stored.order.totals.current_total, currency),
            difference: check.map(|c| amount(c.difference(), currency)),
            explained_by: check.and_then(|c| explanation(c.difference(), stored)),
        }
    }
}

/// What is known to make the two differ; `None` when they agree.
fn explanation(difference: i64, stored: &StoredOrder) -> Option<String> {
    if difference == 0 {
        return None;
    }
    let unclassified = stored.ledger.sum(|k| k == EntryKind::Unclassified);
    let adjustments = adjustments(&stored.ledger);
    let text = if unclassified != 0 && unclassified == difference {
        "amounts of a kind that this version does not know"
    } else if adjustments != 0 && adjustments == difference {
        "refunds that belong to no line, which the provider's total leaves out"
    } else if stored.order.cancelled_at.is_some() {
        "the order was cancelled: the provider's total and its dated sales differ"
    } else {
        "not explained: the provider's total and its dated sales differ"
    };
    Some(text.to_owned())
}

fn adjustments(ledger: &Ledger) -> i64 {
    let without_line = |e: &&LedgerEntry| e.kind == EntryKind::Return && e.line.is_none();
    ledger
        .entries
        .iter()
        .filter(without_line)
        .map(|e| e.amount)
        .sum()
}

pub(crate) const fn basis(basis: Basis) -> &'static str {
    match basis {
        Basis::Actual => "actual",
        Basis::Estimated => "estimated",
        Basis::Missing => "missing",
    }
}

const fn kind(kind: EntryKind) -> &'static str {
    match kind {
        EntryKind::GrossSale => "gross_sale",
        EntryKind::Discount => "discount",
        EntryKind::Return => "return",
        EntryKind::Shipping => "shipping",
        EntryKind::Tax => "tax",
        EntryKind::Duty => "duty",
        EntryKind::ChargedFee => "charged_fee",
        EntryKind::Tip => "tip",
        EntryKind::GiftCard => "gift_card",
        EntryKind::Unclassified => "unclassified",
        EntryKind::CostOfGoods => "cost_of_goods",
        EntryKind::PaymentFee => "payment_fee",
        EntryKind::ShippingCost => "shipping_cost",
    }
}

const fn reason(reason: EntryReason) -> &'static str {
    match reason {
        EntryReason::Order => "order",
        EntryReason::Edit => "edit",
        EntryReason::Refund => "refund",
        EntryReason::Return => "return",
        EntryReason::Payment => "payment",
        EntryReason::Restock => "restock",
        EntryReason::Other => "other",
    }
}
