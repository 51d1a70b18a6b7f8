//! Printful's JSON, as far as it is read.

use crate::values::Amount;
use serde::Deserialize;

#[derive(Debug, Deserialize)]
pub(crate) struct Page<T> {
    pub data: T,
    pub paging: Option<Paging>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Paging {
    pub total: u64,
}

#[derive(Debug, Deserialize)]
pub(crate) struct One<T> {
    pub data: T,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Scope {
    pub value: String,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Store {
    pub id: u64,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Product {
    pub id: u64,
    pub name: String,
    #[serde(rename = "type")]
    pub kind: Option<String>,
    pub image: Option<String>,
    #[serde(default)]
    pub is_discontinued: bool,
    pub description: Option<String>,
    #[serde(default)]
    pub techniques: Vec<Technique>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Technique {
    pub key: String,
    #[serde(default)]
    pub is_default: bool,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Variant {
    pub id: u64,
    pub name: Option<String>,
    pub size: Option<String>,
    pub color: Option<String>,
    pub image: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Prices {
    pub currency: Option<String>,
    #[serde(default)]
    pub variants: Vec<VariantPrices>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct VariantPrices {
    pub id: u64,
    #[serde(default)]
    pub techniques: Vec<TechniquePrice>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct TechniquePrice {
    pub technique_key: String,
    #[serde(default)]
    pub price: Amount,
    #[serde(default)]
    pub discounted_price: Amount,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Availability {
    pub catalog_variant_id: u64,
    #[serde(default)]
    pub techniques: Vec<TechniqueAvailability>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct TechniqueAvailability {
    #[serde(default)]
    pub selling_regions: Vec<RegionAvailability>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct RegionAvailability {
    pub name: String,
    /// `in stock`, `out of stock`, `not fulfillable` or `unknown`.
    #[serde(default)]
    pub availability: serde_json::Value,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Rate {
    pub shipping: String,
    #[serde(default)]
    pub rate: Amount,
    pub currency: Option<String>,
    pub min_delivery_days: Option<u32>,
    pub max_delivery_days: Option<u32>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Order {
    pub id: u64,
    pub external_id: Option<String>,
    pub status: String,
    pub costs: Costs,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Costs {
    /// `done`, `calculating` or `failed`.
    pub calculation_status: String,
    pub currency: Option<String>,
    #[serde(default)]
    pub total: Amount,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Shipment {
    pub carrier: Option<String>,
    pub shipment_status: Option<String>,
    pub delivery_status: Option<String>,
    pub tracking_number: Option<String>,
    pub tracking_url: Option<String>,
    #[serde(default)]
    pub is_reshipment: bool,
    pub shipment_items: Option<Vec<ShipmentItem>>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct ShipmentItem {
    pub order_item_external_id: Option<String>,
    pub quantity: Option<u32>,
}

/// Told once: the older shape has it in `result`, the newer one in `data`.
#[derive(Debug, Deserialize)]
pub(crate) struct Listening {
    #[serde(alias = "result")]
    pub data: Secret,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Secret {
    pub secret_key: String,
}
