//! An order with all its parts.

use super::ledger::basis;
use super::summary::SummaryBody;
use crate::http::amounts::{amount, optional_amount, unit_amount};
use chrono::{DateTime, Utc};
use domain::ids::LineId;
use domain::ledger::{EntryKind, Ledger};
use domain::money::Currency;
use domain::order::{
    Order, OrderLine, Refund, Restock, Transaction, TransactionKind, TransactionStatus,
};
use ports::orders::StoredOrder;
use rust_decimal::Decimal;
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OrderLine)]
pub(crate) struct LineBody {
    id: String,
    title: String,
    variant_title: Option<String>,
    sku: Option<String>,
    product_id: Option<String>,
    variant_id: Option<String>,
    /// As ordered.
    quantity: i64,
    /// After edits and removals.
    current_quantity: i64,
    /// Before discounts.
    unit_price: String,
    discount: String,
    tax: String,
    /// What the ledger counted for one unit; null when it is unknown.
    unit_cost: Option<String>,
    /// actual, estimated or missing; null for a line that has no sale.
    cost_basis: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ShippingLine)]
pub(crate) struct ShippingBody {
    title: String,
    /// Before discounts.
    price: String,
    /// After discounts.
    amount: String,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Transaction)]
pub(crate) struct TransactionBody {
    id: String,
    /// sale, capture, refund, change, authorization, void or other.
    kind: String,
    /// success, pending, failure, error or other.
    status: String,
    gateway: String,
    amount: String,
    /// What the gateway kept; null when the provider does not tell.
    fees: Option<String>,
    processed_at: DateTime<Utc>,
    test: bool,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RefundLine)]
pub(crate) struct RefundLineBody {
    line_id: String,
    quantity: i64,
    /// return, cancel, no_restock, legacy or other.
    restock: String,
    /// Net of discounts, without tax where tax is apart.
    subtotal: String,
    tax: String,
    /// Subtotal + tax.
    amount: String,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Refund)]
pub(crate) struct RefundBody {
    id: String,
    created_at: DateTime<Utc>,
    /// Money given back.
    amount: String,
    /// Null when the provider did not tell which lines.
    lines: Option<Vec<RefundLineBody>>,
}

/// The provider's own sums.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OrderTotals)]
pub(crate) struct TotalsBody {
    subtotal: String,
    discounts: String,
    shipping: String,
    tax: String,
    duties: String,
    tips: String,
    total: String,
    refunded: String,
    current_total: String,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OrderCustomer)]
pub(crate) struct CustomerBody {
    pub(super) id: String,
    /// By the provider's count; null when it was not granted or not read.
    pub(super) orders_count: Option<i64>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OrderDetail)]
pub(crate) struct DetailBody {
    #[serde(flatten)]
    summary: SummaryBody,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
    /// The provider that recorded it.
    source: String,
    /// When it was read.
    observed_at: DateTime<Utc>,
    customer: Option<CustomerBody>,
    tags: Vec<String>,
    taxes_included: bool,
    lines: Vec<LineBody>,
    shipping_lines: Vec<ShippingBody>,
    transactions: Vec<TransactionBody>,
    refunds: Vec<RefundBody>,
    totals: TotalsBody,
}

impl DetailBody {
    pub(super) fn of(stored: &StoredOrder, customer: Option<CustomerBody>) -> Self {
        let order = &stored.order;
        let currency = order.currency;
        Self {
            summary: SummaryBody::of(stored),
            created_at: order.created_at,
            updated_at: order.updated_at,
            source: "shopify".to_owned(),
            observed_at: stored.observed_at,
            customer,
            tags: order.tags.clone(),
            taxes_included: order.taxes_included,
            lines: order
                .lines
                .iter()
                .map(|l| LineBody::of(l, &stored.ledger, currency))
                .collect(),
            shipping_lines: order
                .shipping_lines
                .iter()
                .map(|s| ShippingBody {
                    title: s.title.clone(),
                    price: amount(s.price, currency),
                    amount: amount(s.discounted_price, currency),
                })
                .collect(),
            transactions: order
                .transactions
                .iter()
                .map(|t| TransactionBody::of(t, currency))
                .collect(),
            refunds: order
                .refunds
                .iter()
                .map(|r| RefundBody::of(r, currency))
                .collect(),
            totals: TotalsBody::of(order),
        }
    }
}

impl LineBody {
    fn of(line: &OrderLine, ledger: &Ledger, currency: Currency) -> Self {
        let sold = ledger
            .entries
            .iter()
            .find(|e| e.line == Some(line.id) && e.kind == EntryKind::GrossSale);
        Self {
            id: line.id.to_string(),
            title: line.title.clone(),
            variant_title: line.variant_title.clone(),
            sku: line.sku.clone(),
            product_id: line.product.map(|p| p.to_string()),
            variant_id: line.variant.map(|v| v.to_string()),
            quantity: line.quantity,
            current_quantity: line.current_quantity,
            unit_price: amount(line.unit_price, currency),
            discount: amount(line.discount, currency),
            tax: amount(line.tax, currency),
            unit_cost: unit_cost(ledger, line.id, currency),
            cost_basis: sold.map(|e| basis(e.cost).to_owned()),
        }
    }
}

/// Cost of the goods that left, over how many left.
fn unit_cost(ledger: &Ledger, line: LineId, currency: Currency) -> Option<String> {
    let left = ledger
        .entries
        .iter()
        .filter(|e| e.line == Some(line) && e.kind == EntryKind::CostOfGoods && e.amount < 0);
    let (cost, units) = left.fold((0, 0), |(cost, units), e| {
        (cost - e.amount, units + e.quantity.abs())
    });
    if units == 0 {
        return None;
    }
    let each =
        Decimal::from(cost) / Decimal::from(units) / Decimal::from(10_i64.pow(currency.exponent()));
    Some(unit_amount(
        each.round_dp(currency.exponent() + 2),
        currency,
    ))
}

impl TransactionBody {
    fn of(transaction: &Transaction, currency: Currency) -> Self {
        let kind = match transaction.kind {
            TransactionKind::Sale => "sale",
            TransactionKind::Capture => "capture",
            TransactionKind::Refund => "refund",
            TransactionKind::Change => "change",
            TransactionKind::Authorization => "authorization",
            TransactionKind::Void => "void",
            TransactionKind::Other => "other",
        };
        let status = match transaction.status {
            TransactionStatus::Success => "success",
            TransactionStatus::Pending => "pending",
            TransactionStatus::Failure => "failure",
            TransactionStatus::Error => "error",
            TransactionStatus::Other => "other",
        };
        Self {
            id: transaction.id.to_string(),
            kind: kind.to_owned(),
            status: status.to_owned(),
            gateway: transaction.gateway.clone(),
            amount: amount(transaction.amount, currency),
            fees: optional_amount(transaction.fee, currency),
            processed_at: transaction.processed_at,
            test: transaction.test,
        }
    }
}

impl RefundBody {
    fn of(refund: &Refund, currency: Currency) -> Self {
        let line = |line: &domain::order::RefundLine| RefundLineBody {
            line_id: line.line.to_string(),
            quantity: line.quantity,
            restock: restock(line.restock).to_owned(),
            subtotal: amount(line.subtotal, currency),
            tax: amount(line.tax, currency),
            amount: amount(line.subtotal + line.tax, currency),
        };
        Self {
            id: refund.id.to_string(),
            created_at: refund.at,
            amount: amount(refund.amount, currency),
            lines: refund
                .lines
                .as_ref()
                .map(|lines| lines.iter().map(line).collect()),
        }
    }
}

const fn restock(restock: Restock) -> &'static str {
    match restock {
        Restock::Return => "return",
        Restock::Cancel => "cancel",
        Restock::NoRestock => "no_restock",
        Restock::Legacy => "legacy",
        Restock::Other => "other",
    }
}

impl TotalsBody {
    fn of(order: &Order) -> Self {
        let totals = &order.totals;
        let money = |minor| amount(minor, order.currency);
        Self {
            subtotal: money(totals.subtotal),
            discounts: money(totals.discounts),
            shipping: money(totals.shipping),
            tax: money(totals.tax),
            duties: money(totals.duties),
            tips: money(totals.tips),
            total: money(totals.total),
            refunded: money(totals.refunded),
            current_total: money(totals.current_total),
        }
    }
}
