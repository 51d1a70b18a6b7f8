//! Entries and the small questions that one asks of them.

use crate::ids::{LineId, ProductId, VariantId};
use crate::order::Order;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// How well an amount, or the cost behind it, is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    Actual,
    Estimated,
    Missing,
}

/// What an entry is about. Definitions: Shopify's analytics (2026), with returns booked on the day of the return.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntryKind {
    /// Unit price × quantity, before discounts, without tax.
    GrossSale,
    /// Taken off lines (negative), without tax.
    Discount,
    /// Value taken back by refunds, returns, cancellations, edits and adjustments (negative), net of discounts, without tax.
    Return,
    /// Shipping charged, net of its discounts and refunds, without tax.
    Shipping,
    Tax,
    Duty,
    /// Fees that the customer paid (additional fees, return fees), without tax.
    ChargedFee,
    Tip,
    /// A gift card sold: a liability, not a sale.
    GiftCard,
    /// An amount of a kind that this version does not know.
    Unclassified,
    /// Negative when goods leave, positive when they come back to the shelf.
    CostOfGoods,
    /// What the payment gateway kept (negative).
    PaymentFee,
    /// What sending the order cost (negative), on the day of the sale.
    ShippingCost,
}

impl EntryKind {
    /// Whether the amount is part of what the customer owes.
    #[must_use]
    pub const fn is_charged(self) -> bool {
        !matches!(
            self,
            Self::CostOfGoods | Self::PaymentFee | Self::ShippingCost
        )
    }

    /// Whether the amount is part of net sales.
    #[must_use]
    pub const fn is_net_sales(self) -> bool {
        matches!(self, Self::GrossSale | Self::Discount | Self::Return)
    }
}

/// Which recorded fact an entry comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntryReason {
    Order,
    Edit,
    Refund,
    Return,
    Payment,
    Restock,
    Other,
}

/// One signed amount: positive earns, negative takes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerEntry {
    #[serde(rename = "d")]
    pub day: NaiveDate,
    #[serde(rename = "t")]
    pub at: DateTime<Utc>,
    #[serde(rename = "k")]
    pub kind: EntryKind,
    #[serde(rename = "r")]
    pub reason: EntryReason,
    /// Minor units of the order's currency.
    #[serde(rename = "a")]
    pub amount: i64,
    /// Signed units for sales, returns and costs of goods, else 0.
    #[serde(rename = "q", default, skip_serializing_if = "is_zero")]
    pub quantity: i64,
    #[serde(rename = "l", default, skip_serializing_if = "Option::is_none")]
    pub line: Option<LineId>,
    #[serde(rename = "p", default, skip_serializing_if = "Option::is_none")]
    pub product: Option<ProductId>,
    #[serde(rename = "v", default, skip_serializing_if = "Option::is_none")]
    pub variant: Option<VariantId>,
    /// For net sales: how well the cost of the goods behind them is known.
    #[serde(rename = "b")]
    pub cost: Basis,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde's skip_serializing_if passes a reference"
)]
const fn is_zero(n: &i64) -> bool {
    *n == 0
}

/// All entries of one order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ledger {
    pub entries: Vec<LedgerEntry>,
    /// How well the payment fees of the order are known.
    pub fees: Basis,
    /// How well the cost of sending it is known; `None` in a ledger from before that was asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shipping: Option<Basis>,
    /// The day of the sale, on which the order is counted.
    pub day: NaiveDate,
    /// `false` for test orders: no entries, no count.
    pub counts: bool,
}

/// The ledger held against the provider's own total.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LedgerCheck {
    pub ledger_total: i64,
    pub provider_total: i64,
}

impl LedgerCheck {
    #[must_use]
    pub const fn difference(&self) -> i64 {
        self.ledger_total - self.provider_total
    }
}

impl Ledger {
    #[must_use]
    pub fn sum(&self, wanted: impl Fn(EntryKind) -> bool) -> i64 {
        self.entries
            .iter()
            .filter(|e| wanted(e.kind))
            .map(|e| e.amount)
            .sum()
    }

    /// What the customer owes by the ledger beside what the provider says that the order is worth now.
    #[must_use]
    pub fn check(&self, order: &Order) -> Option<LedgerCheck> {
        self.counts.then(|| LedgerCheck {
            ledger_total: self.sum(EntryKind::is_charged),
            provider_total: order.totals.current_total,
        })
    }
}
