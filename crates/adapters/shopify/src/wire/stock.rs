//! Locations, inventory levels, payouts.

use super::{Money, Ref};
use chrono::{DateTime, Utc};
use serde::Deserialize;

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Location {
    pub id: Option<String>,
    pub name: Option<String>,
    pub is_active: Option<bool>,
    pub address: Option<Address>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Address {
    pub country_code: Option<String>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Level {
    pub id: Option<String>,
    pub updated_at: Option<DateTime<Utc>>,
    pub location: Option<Ref>,
    pub item: Option<Ref>,
    pub quantities: Option<Vec<Quantity>>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Quantity {
    pub name: Option<String>,
    pub quantity: Option<i64>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Payout {
    pub id: Option<String>,
    pub issued_at: Option<DateTime<Utc>>,
    pub status: Option<String>,
    pub transaction_type: Option<String>,
    pub net: Option<Money>,
    pub summary: Option<Summary>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Summary {
    pub charges_fee: Option<Money>,
    pub refunds_fee: Option<Money>,
    pub adjustments_fee: Option<Money>,
}
