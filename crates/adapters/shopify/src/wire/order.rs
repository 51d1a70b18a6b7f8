//! Orders and what hangs on them. Bulk rows and nested reads have the same fields; in bulk the connections arrive as lines of
//! their own and are put in their places afterwards.

use super::{Connection, Money, MoneyBag, Ref};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer};

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Order {
    pub id: Option<String>,
    pub name: Option<String>,
    pub currency_code: Option<String>,
    pub taxes_included: Option<bool>,
    pub test: Option<bool>,
    pub processed_at: Option<DateTime<Utc>>,
    pub created_at: Option<DateTime<Utc>>,
    pub updated_at: Option<DateTime<Utc>>,
    pub cancelled_at: Option<DateTime<Utc>>,
    pub source_name: Option<String>,
    pub display_financial_status: Option<String>,
    pub display_fulfillment_status: Option<String>,
    pub edited: Option<bool>,
    pub tags: Option<Vec<String>>,
    pub attribution: Option<Attribution>,
    pub app: Option<App>,
    pub customer: Option<Ref>,
    pub shipping_address: Option<Address>,
    pub billing_address: Option<Address>,
    pub risk: Option<Risk>,
    /// The outer one: whether it was asked for.
    #[serde(deserialize_with = "present")]
    pub customer_journey_summary: Option<Option<JourneySummary>>,
    pub subtotal_price_set: Option<MoneyBag>,
    pub total_discounts_set: Option<MoneyBag>,
    pub total_shipping_price_set: Option<MoneyBag>,
    pub total_tax_set: Option<MoneyBag>,
    pub original_total_duties_set: Option<MoneyBag>,
    pub total_tip_received_set: Option<MoneyBag>,
    pub total_price_set: Option<MoneyBag>,
    pub current_total_price_set: Option<MoneyBag>,
    pub total_refunded_set: Option<MoneyBag>,
    /// In grams; an unsigned number as text.
    pub total_weight: Option<String>,
    pub transactions: Option<Vec<Option<Transaction>>>,
    pub refunds: Option<Vec<Option<Refund>>>,
    pub line_items: Option<Connection<LineItem>>,
    pub shipping_lines: Option<Connection<ShippingLine>>,
    pub agreements: Option<Connection<Agreement>>,
}

/// A null that is there is told apart from a field that is not.
fn present<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct JourneySummary {
    pub ready: Option<bool>,
    pub first_visit: Option<Visit>,
    pub last_visit: Option<Visit>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Visit {
    pub occurred_at: Option<DateTime<Utc>>,
    pub source: Option<String>,
    pub referrer_url: Option<String>,
    pub landing_page: Option<String>,
    pub utm_parameters: Option<Utm>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Utm {
    pub source: Option<String>,
    pub medium: Option<String>,
    pub campaign: Option<String>,
    pub content: Option<String>,
    pub term: Option<String>,
}

#[derive(Debug, Clone, Default, Deserialize)]
pub struct Attribution {
    pub handle: Option<String>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Risk {
    /// One for each that assesses: the provider itself, and apps.
    pub assessments: Vec<Assessment>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Assessment {
    /// `HIGH`, `MEDIUM`, `LOW`, `NONE`, `PENDING`
    pub risk_level: Option<String>,
}

#[derive(Debug, Clone, Default, Deserialize)]
pub struct App {
    pub name: Option<String>,
}

#[derive(Debug, Clone, Default, Deserialize)]
pub struct Address {
    #[serde(rename = "countryCodeV2")]
    pub country_code: Option<String>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct LineItem {
    pub id: Option<String>,
    pub title: Option<String>,
    pub variant_title: Option<String>,
    pub sku: Option<String>,
    pub quantity: Option<i64>,
    pub current_quantity: Option<i64>,
    pub is_gift_card: Option<bool>,
    pub requires_shipping: Option<bool>,
    pub product: Option<Ref>,
    pub variant: Option<Ref>,
    pub original_unit_price_set: Option<MoneyBag>,
    pub discount_allocations: Option<Vec<DiscountAllocation>>,
    pub tax_lines: Option<Vec<TaxLine>>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct DiscountAllocation {
    pub allocated_amount_set: Option<MoneyBag>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct TaxLine {
    pub price_set: Option<MoneyBag>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ShippingLine {
    pub id: Option<String>,
    pub title: Option<String>,
    pub original_price_set: Option<MoneyBag>,
    pub discounted_price_set: Option<MoneyBag>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Agreement {
    pub id: Option<String>,
    pub happened_at: Option<DateTime<Utc>>,
    pub reason: Option<String>,
    pub sales: Option<Connection<Sale>>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Sale {
    pub id: Option<String>,
    pub action_type: Option<String>,
    pub line_type: Option<String>,
    pub quantity: Option<i64>,
    pub line_item: Option<Ref>,
    pub total_amount: Option<MoneyBag>,
    pub total_discount_amount_before_taxes: Option<MoneyBag>,
    pub total_tax_amount: Option<MoneyBag>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Transaction {
    pub id: Option<String>,
    pub kind: Option<String>,
    pub status: Option<String>,
    pub gateway: Option<String>,
    pub test: Option<bool>,
    pub processed_at: Option<DateTime<Utc>>,
    pub created_at: Option<DateTime<Utc>>,
    pub amount_set: Option<MoneyBag>,
    pub fees: Option<Vec<Fee>>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Fee {
    pub amount: Option<Money>,
    pub tax_amount: Option<Money>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Refund {
    pub id: Option<String>,
    pub processed_at: Option<DateTime<Utc>>,
    pub total_refunded_set: Option<MoneyBag>,
    /// Not part of bulk rows: read apart.
    pub refund_line_items: Option<Connection<RefundLine>>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct RefundLine {
    pub quantity: Option<i64>,
    pub restock_type: Option<String>,
    pub line_item: Option<Ref>,
    pub subtotal_set: Option<MoneyBag>,
    pub total_tax_set: Option<MoneyBag>,
}
