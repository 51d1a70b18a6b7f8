//! Products, their variants, and what a unit cost when.

use crate::ids::{InventoryItemId, ProductId, VariantId};
use crate::money::Currency;
use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Product {
    pub id: ProductId,
    pub title: String,
    pub vendor: String,
    pub product_type: String,
    /// The provider's own word in lower case: `active`, `draft`, `archived` … Unknown words are kept.
    pub status: String,
    pub handle: String,
    pub image_url: Option<String>,
    pub tags: Vec<String>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub variants: Vec<Variant>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Variant {
    pub id: VariantId,
    pub title: String,
    pub sku: Option<String>,
    /// Minor units of the shop's currency.
    pub price: i64,
    pub compare_at_price: Option<i64>,
    pub inventory_item: Option<InventoryItemId>,
    /// `None` when the provider does not count it or does not say.
    pub inventory_quantity: Option<i64>,
    pub tracked: Option<bool>,
    /// What a unit costs now; `None` is unknown, which is not zero.
    pub unit_cost: Option<UnitCost>,
    pub updated_at: DateTime<Utc>,
}

/// A cost of one unit; may carry more decimals than the currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitCost {
    pub amount: Decimal,
    pub currency: Currency,
}

/// Where a cost comes from; the order is the order of preference, worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CostSource {
    /// The store's own record of the variant.
    Store,
}

/// A unit cost that was valid from an instant on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CostRecord {
    pub variant: VariantId,
    /// `None`: since ever. The first cost that is seen for a variant is carried back to all its earlier sales,
    /// because the provider keeps no history.
    pub valid_from: Option<DateTime<Utc>>,
    /// `None`: from here on the cost is unknown again.
    pub cost: Option<UnitCost>,
    pub source: CostSource,
    pub observed_at: DateTime<Utc>,
}

/// The cost history of a store, ready to be asked for any instant.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CostBook {
    records: BTreeMap<VariantId, Vec<CostRecord>>,
}

impl CostBook {
    /// Takes records in any order.
    #[must_use]
    pub fn new(records: impl IntoIterator<Item = CostRecord>) -> Self {
        let mut book = Self::default();
        for record in records {
            book.insert(record);
        }
        book
    }

    pub fn insert(&mut self, record: CostRecord) {
        let history = self.records.entry(record.variant).or_default();
        let at = history.partition_point(|r| {
            (r.valid_from, r.observed_at) <= (record.valid_from, record.observed_at)
        });
        history.insert(at, record);
    }

    /// The cost that was valid at the instant, with its source.
    #[must_use]
    pub fn cost_at(&self, variant: VariantId, at: DateTime<Utc>) -> Option<(UnitCost, CostSource)> {
        let history = self.records.get(&variant)?;
        let end = history.partition_point(|r| r.valid_from.is_none_or(|from| from <= at));
        let record = history.get(end.checked_sub(1)?)?;
        record.cost.map(|cost| (cost, record.source))
    }

    #[must_use]
    pub fn latest(&self, variant: VariantId) -> Option<&CostRecord> {
        self.records.get(&variant)?.last()
    }

    /// What has to be recorded when the provider shows this cost now; `None` when it is what was known.
    #[must_use]
    pub fn observe(
        &self,
        variant: VariantId,
        seen: Option<UnitCost>,
        now: DateTime<Utc>,
    ) -> Option<CostRecord> {
        let latest = self.latest(variant);
        if latest.map_or(seen.is_none(), |record| record.cost == seen) {
            return None;
        }
        // A first cost, or one that ends a time of ignorance from the start, has nothing before it to contradict.
        let valid_from = latest.map(|_| now);
        Some(CostRecord {
            variant,
            valid_from,
            cost: seen,
            source: CostSource::Store,
            observed_at: now,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cost(amount: i64) -> Option<UnitCost> {
        Some(UnitCost {
            amount: Decimal::from(amount),
            currency: Currency::parse("USD").unwrap(),
        })
    }

    fn at(day: u32) -> DateTime<Utc> {
        format!("2026-01-{day:02}T00:00:00Z").parse().unwrap()
    }

    #[test]
    fn the_first_cost_is_carried_back_and_a_change_counts_from_then_on() {
        let variant = VariantId(1);
        let mut book = CostBook::default();
        assert_eq!(
            book.observe(variant, None, at(1)),
            None,
            "unknown is no record"
        );
        book.insert(book.observe(variant, cost(5), at(10)).unwrap());
        assert_eq!(
            book.observe(variant, cost(5), at(11)),
            None,
            "the same cost is no news"
        );
        book.insert(book.observe(variant, cost(7), at(20)).unwrap());
        book.insert(book.observe(variant, None, at(25)).unwrap());
        let amounts = [1, 19, 20, 24, 25].map(|d| book.cost_at(variant, at(d)).map(|(c, _)| c));
        assert_eq!(amounts, [cost(5), cost(5), cost(7), cost(7), None]);
    }
}
