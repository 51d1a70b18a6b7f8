//! An order as the store's provider recorded it: lines, dated agreements, money movements.
//!
//! Amounts are minor units of [`Order::currency`], the shop's currency at the time of the order.

use crate::attribution::Journey;
use crate::ids::{
    AgreementId, CustomerId, LineId, OrderId, ProductId, RefundId, SaleId, TransactionId, VariantId,
};
use crate::money::Currency;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    pub id: OrderId,
    /// What the merchant calls it, e.g. `#1001`; neither unique nor consecutive.
    pub name: String,
    pub currency: Currency,
    pub taxes_included: bool,
    /// A test order never counts.
    pub test: bool,
    /// When the sale happened; differs from `created_at` for imported, draft and point-of-sale orders.
    pub processed_at: DateTime<Utc>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub cancelled_at: Option<DateTime<Utc>>,
    /// Where it was sold: `web`, `pos`, a channel's handle. Lower case; empty when the provider does not say.
    pub channel: String,
    /// ISO 3166-1 alpha-2 of the shipping address, else of the billing address.
    pub country: Option<String>,
    /// The provider's own word in lower case: `paid`, `partially_refunded` … Unknown words are kept.
    pub financial_status: String,
    pub fulfillment_status: String,
    pub customer: Option<CustomerId>,
    pub tags: Vec<String>,
    pub edited: bool,
    pub lines: Vec<OrderLine>,
    pub shipping_lines: Vec<ShippingLine>,
    pub agreements: Vec<Agreement>,
    pub transactions: Vec<Transaction>,
    pub refunds: Vec<Refund>,
    pub totals: OrderTotals,
    /// The weight of all that was ordered; `None` when the provider does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total_grams: Option<i64>,
    /// Of the billing address, ISO 3166-1 alpha-2; `None`: not told, or stored before it was read.
    #[serde(default)]
    pub billing_country: Option<String>,
    /// The worst assessment that the provider shows; `None`: none.
    #[serde(default)]
    pub provider_risk: Option<ProviderRisk>,
    /// The visits before it; `None`: not read, or not told yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub journey: Option<Journey>,
}

/// How likely the provider takes an order to be fraud.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProviderRisk {
    Low,
    Medium,
    High,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderLine {
    pub id: LineId,
    /// `None` for a custom line or a deleted product.
    pub product: Option<ProductId>,
    pub variant: Option<VariantId>,
    pub title: String,
    pub variant_title: Option<String>,
    pub sku: Option<String>,
    /// As ordered.
    pub quantity: i64,
    /// After edits and removals.
    pub current_quantity: i64,
    /// Before discounts; contains tax when the order's taxes are included.
    pub unit_price: i64,
    /// All discounts allocated to the line, as ordered.
    pub discount: i64,
    pub tax: i64,
    /// A gift card is a liability, not a sale.
    pub gift_card: bool,
    /// `None` when the provider does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requires_shipping: Option<bool>,
    /// What one unit weighs; `None` when the provider does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grams: Option<i64>,
}

impl OrderLine {
    /// Whether something has to be sent; what nobody says counts as goods, unless it is a gift card.
    #[must_use]
    pub fn ships(&self) -> bool {
        self.requires_shipping.unwrap_or(!self.gift_card)
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShippingLine {
    pub title: String,
    /// Before discounts.
    pub price: i64,
    pub discounted_price: i64,
}

/// One dated event that changed what was sold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agreement {
    pub id: AgreementId,
    pub happened_at: DateTime<Utc>,
    pub reason: AgreementReason,
    pub sales: Vec<Sale>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AgreementReason {
    Order,
    OrderEdit,
    Refund,
    Return,
    /// A reason that this version does not know; its amounts count by their sign.
    Other,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sale {
    pub id: SaleId,
    pub action: SaleAction,
    pub kind: SaleKind,
    /// `None` where the provider gives none (an adjustment).
    pub quantity: Option<i64>,
    pub line: Option<LineId>,
    /// After discounts, with tax; negative when value was taken back.
    pub amount: i64,
    /// Before tax. Its sign is not relied on.
    pub discount: i64,
    pub tax: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SaleAction {
    Order,
    Return,
    Update,
    Other,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SaleKind {
    Product,
    Shipping,
    Tip,
    GiftCard,
    Duty,
    /// A fee charged on a return.
    Fee,
    AdditionalFee,
    /// A refund that belongs to no line.
    Adjustment,
    /// A kind that this version does not know: counted apart and reported, never guessed.
    Unknown,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transaction {
    pub id: TransactionId,
    pub kind: TransactionKind,
    pub status: TransactionStatus,
    /// The gateway's handle, e.g. `shopify_payments`.
    pub gateway: String,
    pub amount: i64,
    /// What the gateway kept, tax on the fee included; `None` when the provider does not know.
    pub fee: Option<i64>,
    pub processed_at: DateTime<Utc>,
    pub test: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TransactionKind {
    Sale,
    Capture,
    Refund,
    Change,
    Authorization,
    Void,
    Other,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TransactionStatus {
    Success,
    Pending,
    Failure,
    Error,
    Other,
}

impl Transaction {
    /// Whether money moved: successful sales, captures, refunds and change; never an authorization or a test.
    #[must_use]
    pub fn moved_money(&self) -> bool {
        let kind = matches!(
            self.kind,
            TransactionKind::Sale
                | TransactionKind::Capture
                | TransactionKind::Refund
                | TransactionKind::Change
        );
        kind && self.status == TransactionStatus::Success && !self.test
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refund {
    pub id: RefundId,
    /// When it was processed.
    pub at: DateTime<Utc>,
    /// Money given back.
    pub amount: i64,
    /// `None` when the provider did not tell which lines: then nothing counts as restocked.
    pub lines: Option<Vec<RefundLine>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefundLine {
    pub line: LineId,
    pub quantity: i64,
    pub restock: Restock,
    /// Net of discounts, without tax where tax is apart.
    pub subtotal: i64,
    pub tax: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Restock {
    /// Came back and was put on the shelf.
    Return,
    /// Was never shipped.
    Cancel,
    /// Lost: its cost stays a cost.
    NoRestock,
    /// Restocked by an older version of the provider.
    Legacy,
    Other,
}

impl Restock {
    /// Whether the goods are back, so that their cost is given back too.
    #[must_use]
    pub const fn is_back_in_stock(self) -> bool {
        matches!(self, Self::Return | Self::Cancel | Self::Legacy)
    }
}

/// The provider's own sums, kept to check the ledger against.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderTotals {
    /// As ordered.
    pub subtotal: i64,
    pub discounts: i64,
    pub shipping: i64,
    pub tax: i64,
    pub duties: i64,
    pub tips: i64,
    pub total: i64,
    /// After edits, refunds and cancellations.
    pub current_total: i64,
    pub refunded: i64,
}

impl Order {
    #[must_use]
    pub fn line(&self, id: LineId) -> Option<&OrderLine> {
        self.lines.iter().find(|l| l.id == id)
    }

    /// The weight of all that was ordered, by the order's own word, else by its lines when each tells its own.
    #[must_use]
    pub fn grams(&self) -> Option<i64> {
        self.total_grams.or_else(|| {
            let ships = self.lines.iter().filter(|l| l.ships());
            ships.map(|l| Some(l.grams? * l.quantity)).sum()
        })
    }

    /// Variants that this order sold, each once, in ascending order.
    #[must_use]
    pub fn variants(&self) -> Vec<VariantId> {
        let mut variants: Vec<_> = self.lines.iter().filter_map(|l| l.variant).collect();
        variants.sort_unstable();
        variants.dedup();
        variants
    }

    /// What a unit of this variant was offered at, in the order's currency; `None` where its lines differ, or there are none.
    #[must_use]
    pub fn price_of(&self, variant: VariantId) -> Option<i64> {
        let lines = self.lines.iter().filter(|l| l.variant == Some(variant));
        let mut prices = lines.map(|l| l.unit_price);
        let price = prices.next()?;
        prices.all(|other| other == price).then_some(price)
    }
}
