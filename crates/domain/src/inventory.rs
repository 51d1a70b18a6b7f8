//! Where goods lie and how many.

use crate::ids::{InventoryItemId, LocationId};
use chrono::{DateTime, NaiveDate, Utc};
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

/// What lay at a location at the end of a day, and on the days after it until the next one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct StockMark {
    pub item: InventoryItemId,
    pub location: LocationId,
    pub day: NaiveDate,
    pub on_hand: Option<i64>,
    pub available: Option<i64>,
}

impl StockMark {
    #[must_use]
    pub const fn of(level: &InventoryLevel, day: NaiveDate) -> Self {
        Self {
            item: level.item,
            location: level.location,
            day,
            on_hand: level.on_hand,
            available: level.available,
        }
    }

    /// Whether it tells something that the one before it did not.
    #[must_use]
    pub fn is_news_after(&self, before: Option<&Self>) -> bool {
        before.is_none_or(|b| (b.on_hand, b.available) != (self.on_hand, self.available))
    }
}
