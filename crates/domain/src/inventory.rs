//! Where goods lie and how many.

use crate::ids::{InventoryItemId, LocationId};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Location {
    pub id: LocationId,
    pub name: String,
    pub country: Option<String>,
    pub active: bool,
}

/// Quantities of one item at one location; `None` where the provider does not say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InventoryLevel {
    pub item: InventoryItemId,
    pub location: LocationId,
    pub available: Option<i64>,
    pub on_hand: Option<i64>,
    pub committed: Option<i64>,
    pub incoming: Option<i64>,
    pub updated_at: DateTime<Utc>,
}
