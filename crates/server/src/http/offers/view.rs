//! What suppliers offer, as the API writes it.

use crate::http::amounts::unit_amount;
use chrono::{DateTime, Utc};
use domain::supplier::{
    Platform, Presence, Price, Shelf, ShipTime, ShippingOffer, SupplierProduct, SupplierVariant,
    Told,
};
use rust_decimal::prelude::ToPrimitive as _;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Whatever stands in a file, only what a browser may follow is told as an address.
pub(crate) fn address(url: Option<&String>) -> Option<String> {
    let is_web = |url: &&String| url.starts_with("https://") || url.starts_with("http://");
    url.filter(is_web).cloned()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = SupplierPlatform)]
pub(crate) enum PlatformBody {
    Autods,
    Spocket,
    Cjdropshipping,
    Printful,
    Other,
}

impl From<Platform> for PlatformBody {
    fn from(platform: Platform) -> Self {
        match platform {
            Platform::Autods => Self::Autods,
            Platform::Spocket => Self::Spocket,
            Platform::Cjdropshipping => Self::Cjdropshipping,
            Platform::Printful => Self::Printful,
            Platform::Other => Self::Other,
        }
    }
}

impl From<PlatformBody> for Platform {
    fn from(platform: PlatformBody) -> Self {
        match platform {
            PlatformBody::Autods => Self::Autods,
            PlatformBody::Spocket => Self::Spocket,
            PlatformBody::Cjdropshipping => Self::Cjdropshipping,
            PlatformBody::Printful => Self::Printful,
            PlatformBody::Other => Self::Other,
        }
    }
}

#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = SupplierPresence)]
pub(crate) enum PresenceBody {
    In,
    Out,
    /// Nobody said.
    Unknown,
}

impl From<Presence> for PresenceBody {
    fn from(presence: Presence) -> Self {
        match presence {
            Presence::In => Self::In,
            Presence::Out => Self::Out,
            Presence::Unknown => Self::Unknown,
        }
    }
}

/// In the supplier's currency; both ends are equal where it is a single price.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SupplierPrice)]
pub(crate) struct PriceBody {
    low: String,
    high: String,
    currency: String,
}

impl From<Price> for PriceBody {
    fn from(price: Price) -> Self {
        let currency = price.currency;
        Self {
            low: unit_amount(price.range.low, currency),
            high: unit_amount(price.range.high, currency),
            currency: currency.to_string(),
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SupplierShipping)]
pub(crate) struct ShippingBody {
    /// ISO 3166-1 alpha-2; null: wherever the supplier sends to.
    to: Option<String>,
    cost: Option<PriceBody>,
    min_days: Option<u32>,
    max_days: Option<u32>,
    observed_at: DateTime<Utc>,
}

impl From<&Told<ShippingOffer>> for ShippingBody {
    fn from(told: &Told<ShippingOffer>) -> Self {
        Self {
            to: told.value.to.clone(),
            cost: told.value.cost.map(Into::into),
            min_days: told.value.days.map(|d| d.min_days),
            max_days: told.value.days.map(|d| d.max_days),
            observed_at: told.heard.observed_at,
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SupplierShelf)]
pub(crate) struct ShelfBody {
    /// ISO 3166-1 alpha-2.
    country: String,
    presence: PresenceBody,
    quantity: Option<u32>,
    /// Whether the supplier has counted it itself.
    verified: bool,
}

impl From<&Shelf> for ShelfBody {
    fn from(shelf: &Shelf) -> Self {
        Self {
            country: shelf.country.clone(),
            presence: shelf.stock.presence.into(),
            quantity: shelf.stock.quantity,
            verified: shelf.verified,
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SupplierVariant)]
pub(crate) struct VariantBody {
    /// Within its product.
    key: String,
    sku: Option<String>,
    name: Option<String>,
    weight: Option<String>,
    /// Null where nobody told it.
    cost: Option<PriceBody>,
    cost_observed_at: Option<DateTime<Utc>>,
    sell_price: Option<PriceBody>,
    duties: Option<PriceBody>,
    presence: PresenceBody,
    /// Null where only whether there is any is told, if that.
    quantity: Option<u32>,
    stock_observed_at: Option<DateTime<Utc>>,
    /// What lies in the warehouses of each country, where the supplier tells it.
    shelves: Vec<ShelfBody>,
    shipping: Vec<ShippingBody>,
    /// A list that was said to be whole did not name it any more.
    gone: bool,
}

impl From<&SupplierVariant> for VariantBody {
    fn from(variant: &SupplierVariant) -> Self {
        let price = |told: &Option<Told<Price>>| told.as_ref().map(|t| t.value.into());
        let stock = variant.stock.as_ref();
        Self {
            key: variant.key.clone(),
            sku: variant.sku.clone(),
            name: variant.name.clone(),
            weight: variant.weight.clone(),
            cost: price(&variant.cost),
            cost_observed_at: variant.cost.as_ref().map(|t| t.heard.observed_at),
            sell_price: price(&variant.sell_price),
            duties: price(&variant.duties),
            presence: stock.map(|t| t.value.presence).unwrap_or_default().into(),
            quantity: stock.and_then(|t| t.value.quantity),
            stock_observed_at: stock.map(|t| t.heard.observed_at),
            shelves: variant.shelves.iter().map(Into::into).collect(),
            shipping: variant.shipping.iter().map(Into::into).collect(),
            gone: variant.gone,
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SupplierProduct)]
pub(crate) struct ProductBody {
    #[schema(format = "uuid")]
    id: String,
    #[schema(format = "uuid")]
    store_id: String,
    platform: PlatformBody,
    supplier: Option<String>,
    external_id: Option<String>,
    title: Option<String>,
    url: Option<String>,
    image_url: Option<String>,
    category: Option<String>,
    description: Option<String>,
    ships_from: Option<String>,
    /// From 0 to 5.
    rating: Option<f64>,
    processing_min_days: Option<u32>,
    processing_max_days: Option<u32>,
    variants: Vec<VariantBody>,
    observed_at: DateTime<Utc>,
    /// Null where an interface told it.
    #[schema(format = "uuid")]
    import_id: Option<String>,
    /// `file:` and the SHA-256 of the file that told it last, or `api:` and the run.
    source: String,
}

impl From<&SupplierProduct> for ProductBody {
    fn from(product: &SupplierProduct) -> Self {
        let days = |end: fn(&ShipTime) -> u32| product.processing.as_ref().map(end);
        Self {
            id: product.id.to_string(),
            store_id: product.scope.store.to_string(),
            platform: product.platform.into(),
            supplier: product.supplier.clone(),
            external_id: product.external_id.clone(),
            title: product.title.clone(),
            url: address(product.url.as_ref()),
            image_url: address(product.image.as_ref()),
            category: product.category.clone(),
            description: product.description.clone(),
            ships_from: product.ships_from.clone(),
            rating: product.rating.as_ref().and_then(|t| t.value.to_f64()),
            processing_min_days: days(|t| t.min_days),
            processing_max_days: days(|t| t.max_days),
            variants: product.variants.iter().map(Into::into).collect(),
            observed_at: product.heard.observed_at,
            import_id: product.heard.by.import().map(|i| i.to_string()),
            source: product.heard.by.source(),
        }
    }
}
