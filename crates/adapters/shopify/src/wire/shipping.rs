//! What of an order can be sent, what was sent, and to whom.

use super::Connection;
use super::change::FulfillmentHold;
use chrono::{DateTime, Utc};
use serde::Deserialize;

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ShippableOrder {
    pub id: Option<String>,
    pub cancelled_at: Option<DateTime<Utc>>,
    pub display_financial_status: Option<String>,
    pub fulfillments: Option<Vec<Fulfillment>>,
    pub fulfillment_orders: Option<Connection<ShippablePart>>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Fulfillment {
    pub id: Option<String>,
    pub status: Option<String>,
    pub tracking_info: Option<Vec<TrackingInfo>>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct TrackingInfo {
    pub number: Option<String>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ShippablePart {
    pub id: Option<String>,
    pub status: Option<String>,
    pub fulfillment_holds: Option<Vec<FulfillmentHold>>,
    pub line_items: Option<Connection<ShippableLine>>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ShippableLine {
    pub id: Option<String>,
    pub remaining_quantity: Option<i64>,
    pub line_item: Option<SoldLine>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SoldLine {
    pub id: Option<String>,
    pub current_quantity: Option<i64>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct AddressedOrder {
    pub id: Option<String>,
    pub shipping_address: Option<ShippingAddress>,
}

/// Never shown: it names a person.
#[derive(Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ShippingAddress {
    pub name: Option<String>,
    pub company: Option<String>,
    pub address1: Option<String>,
    pub address2: Option<String>,
    pub city: Option<String>,
    pub province: Option<String>,
    pub province_code: Option<String>,
    pub zip: Option<String>,
    pub country_code_v2: Option<String>,
    pub phone: Option<String>,
}

impl std::fmt::Debug for ShippingAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let country = &self.country_code_v2;
        f.debug_struct("ShippingAddress")
            .field("country_code_v2", country)
            .finish_non_exhaustive()
    }
}
