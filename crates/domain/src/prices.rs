//! What a variant was offered at, from when on: as it was seen, because providers keep no history of prices; and what orders say of it.

use crate::catalog::Variant;
use crate::ids::VariantId;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// A price that was seen, and stood until the next record of its variant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceRecord {
    pub variant: VariantId,
    /// Minor units of the shop's currency.
    pub price: i64,
    pub compare_at_price: Option<i64>,
    /// When it was first seen. What the price was before the first record of a variant, nobody knows.
    pub seen_at: DateTime<Utc>,
}

impl PriceRecord {
    /// What has to be recorded when the provider shows this variant now; `None` when it shows what was known.
    #[must_use]
    pub fn news(latest: Option<&Self>, variant: &Variant, now: DateTime<Utc>) -> Option<Self> {
        let same = latest.is_some_and(|known| {
            known.price == variant.price && known.compare_at_price == variant.compare_at_price
        });
        (!same).then_some(Self {
            variant: variant.id,
            price: variant.price,
            compare_at_price: variant.compare_at_price,
            seen_at: now,
        })
    }
}

/// What all units of a variant that were ordered on a local day were offered at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct PaidPrice {
    pub variant: VariantId,
    pub day: NaiveDate,
    /// Minor units; before discounts, and with or without tax as the shop shows prices.
    pub price: i64,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variant(price: i64, compare_at_price: Option<i64>) -> Variant {
        Variant {
            id: VariantId(1),
            title: String::new(),
            sku: None,
            barcode: None,
            price,
            compare_at_price,
            inventory_item: None,
            inventory_quantity: None,
            tracked: None,
            unit_cost: None,
            updated_at: DateTime::UNIX_EPOCH,
        }
    }

    #[test]
    fn only_another_price_or_another_price_to_compare_with_is_news() {
        let now = DateTime::UNIX_EPOCH;
        let first = PriceRecord::news(None, &variant(500, None), now).unwrap();
        let known = Some(&first);
        assert_eq!(PriceRecord::news(known, &variant(500, None), now), None);
        assert!(PriceRecord::news(known, &variant(499, None), now).is_some());
        assert!(PriceRecord::news(known, &variant(500, Some(600)), now).is_some());
    }
}
