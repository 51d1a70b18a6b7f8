//! Transactions and their fees, refunds and their lines.

use super::amounts::Amounts;
use super::{Unreadable, id, maybe_id};
use crate::notes::Notes;
use crate::wire;
use domain::order::{Refund, RefundLine, Restock, Transaction, TransactionKind, TransactionStatus};

/// Only this gateway tells its fees.
const OWN_GATEWAY: &str = "shopify_payments";

pub(super) fn transaction(
    wire: &wire::Transaction,
    amounts: &Amounts<'_>,
    notes: &mut Notes,
) -> Result<Transaction, Unreadable> {
    let of = &amounts.of;
    let kind = kind(of.need("transactions.kind", wire.kind.as_deref())?, notes);
    let gateway = wire.gateway.as_deref().unwrap_or_default().to_lowercase();
    let processed_at = wire.processed_at.or(wire.created_at);
    Ok(Transaction {
        id: id(of, "transactions.id", wire.id.as_deref())?,
        kind,
        status: status(
            of.need("transactions.status", wire.status.as_deref())?,
            notes,
        ),
        fee: fee(wire, kind, &gateway, amounts, notes)?,
        gateway,
        amount: amounts.need("transactions.amountSet", wire.amount_set.as_ref())?,
        processed_at: of.need("transactions.processedAt", processed_at)?,
        test: wire.test.unwrap_or(false),
    })
}

/// Fees with the tax on them, which the schema gives apart. Without any fee: unknown for a sale, because fees of Shopify
/// Payments appear a while after it; nothing for what this gateway does free of charge; unknown for all other gateways.
fn fee(
    wire: &wire::Transaction,
    kind: TransactionKind,
    gateway: &str,
    amounts: &Amounts<'_>,
    notes: &mut Notes,
) -> Result<Option<i64>, Unreadable> {
    let fees = wire.fees.as_deref().unwrap_or_default();
    if fees.is_empty() {
        let charges = matches!(kind, TransactionKind::Sale | TransactionKind::Capture);
        return Ok((gateway == OWN_GATEWAY && !charges && wire.fees.is_some()).then_some(0));
    }
    let parts = || {
        fees.iter().flat_map(|f| {
            let of_tax = f.tax_amount.as_ref();
            [f.amount.as_ref(), of_tax].into_iter().flatten()
        })
    };
    let foreign = parts()
        .filter_map(|m| m.currency_code.as_deref())
        .find(|code| !code.eq_ignore_ascii_case(amounts.currency.code()));
    if let Some(currency) = foreign {
        let message = format!(
            "fees are charged in {currency} and the orders are in {}: such fees count as unknown",
            amounts.currency
        );
        notes.add("fee_currency", message);
        return Ok(None);
    }
    let mut sum = 0_i64;
    for part in parts() {
        sum += amounts.money("transactions.fees", Some(part))?;
    }
    Ok(Some(sum))
}

fn kind(word: &str, notes: &mut Notes) -> TransactionKind {
    match word {
        "SALE" => TransactionKind::Sale,
        "CAPTURE" => TransactionKind::Capture,
        "REFUND" => TransactionKind::Refund,
        "CHANGE" => TransactionKind::Change,
        "AUTHORIZATION" | "EMV_AUTHORIZATION" => TransactionKind::Authorization,
        "VOID" => TransactionKind::Void,
        "SUGGESTED_REFUND" => TransactionKind::Other,
        _ => {
            super::order::unknown(notes, "OrderTransactionKind", word);
            TransactionKind::Other
        }
    }
}

fn status(word: &str, notes: &mut Notes) -> TransactionStatus {
    match word {
        "SUCCESS" => TransactionStatus::Success,
        "PENDING" | "AWAITING_RESPONSE" => TransactionStatus::Pending,
        "FAILURE" => TransactionStatus::Failure,
        "ERROR" => TransactionStatus::Error,
        "UNKNOWN" => TransactionStatus::Other,
        _ => {
            super::order::unknown(notes, "OrderTransactionStatus", word);
            TransactionStatus::Other
        }
    }
}

pub(super) fn refund(
    wire: &wire::Refund,
    amounts: &Amounts<'_>,
    notes: &mut Notes,
) -> Result<Refund, Unreadable> {
    let of = &amounts.of;
    let lines = match &wire.refund_line_items {
        None => None,
        Some(connection) => {
            let mapped: Result<Vec<_>, _> = connection
                .iter()
                .filter_map(|line| refund_line(line, amounts, notes).transpose())
                .collect();
            Some(mapped?)
        }
    };
    Ok(Refund {
        id: id(of, "refunds.id", wire.id.as_deref())?,
        at: of.need("refunds.processedAt", wire.processed_at)?,
        amount: amounts.need("refunds.totalRefundedSet", wire.total_refunded_set.as_ref())?,
        lines,
    })
}

/// `None` for a line that names no line item: nothing can be put back for it.
fn refund_line(
    wire: &wire::RefundLine,
    amounts: &Amounts<'_>,
    notes: &mut Notes,
) -> Result<Option<RefundLine>, Unreadable> {
    let of = &amounts.of;
    let Some(line) = maybe_id(of, "refundLineItems.lineItem", wire.line_item.as_ref())? else {
        return Ok(None);
    };
    let restock = match wire.restock_type.as_deref() {
        Some("RETURN") => Restock::Return,
        Some("CANCEL") => Restock::Cancel,
        Some("NO_RESTOCK") => Restock::NoRestock,
        Some("LEGACY_RESTOCK") => Restock::Legacy,
        other => {
            super::order::unknown(notes, "RefundLineItemRestockType", other.unwrap_or("null"));
            Restock::Other
        }
    };
    Ok(Some(RefundLine {
        line,
        quantity: of.need("refundLineItems.quantity", wire.quantity)?,
        restock,
        subtotal: amounts.need("refundLineItems.subtotalSet", wire.subtotal_set.as_ref())?,
        tax: amounts.or_zero("refundLineItems.totalTaxSet", wire.total_tax_set.as_ref())?,
    }))
}
