//! Products, variants, inventory items.

use super::{Connection, Money, Ref};
use chrono::{DateTime, Utc};
use serde::Deserialize;

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Product {
    pub id: Option<String>,
    pub title: Option<String>,
    pub vendor: Option<String>,
    pub product_type: Option<String>,
    pub status: Option<String>,
    pub handle: Option<String>,
    pub tags: Option<Vec<String>>,
    pub created_at: Option<DateTime<Utc>>,
    pub updated_at: Option<DateTime<Utc>>,
    pub featured_media: Option<Media>,
    pub variants_count: Option<Count>,
    pub variants: Option<Connection<Variant>>,
}

#[derive(Debug, Clone, Default, Deserialize)]
pub struct Media {
    pub preview: Option<Preview>,
}

#[derive(Debug, Clone, Default, Deserialize)]
pub struct Preview {
    pub image: Option<Image>,
}

#[derive(Debug, Clone, Default, Deserialize)]
pub struct Image {
    pub url: Option<String>,
}

#[derive(Debug, Clone, Default, Deserialize)]
pub struct Count {
    pub count: Option<u64>,
    /// `EXACT` or `AT_LEAST`.
    pub precision: Option<String>,
}

impl Count {
    /// The number, when it is the whole one.
    #[must_use]
    pub fn exact(&self) -> Option<u64> {
        let whole = self.precision.as_deref().is_none_or(|p| p == "EXACT");
        self.count.filter(|_| whole)
    }
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Variant {
    pub id: Option<String>,
    pub title: Option<String>,
    pub sku: Option<String>,
    pub barcode: Option<String>,
    /// A bare decimal string in the shop's currency.
    pub price: Option<String>,
    pub compare_at_price: Option<String>,
    pub inventory_quantity: Option<i64>,
    pub updated_at: Option<DateTime<Utc>>,
    pub inventory_item: Option<UnitCost>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct UnitCost {
    pub id: Option<String>,
    pub tracked: Option<bool>,
    pub unit_cost: Option<Money>,
}

/// An inventory item that changed, with the products that it belongs to.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ItemRow {
    pub id: Option<String>,
    pub updated_at: Option<DateTime<Utc>>,
    pub variants: Option<Connection<ItemVariant>>,
}

#[derive(Debug, Clone, Default, Deserialize)]
pub struct ItemVariant {
    pub product: Option<Ref>,
}
