//! Products, their variants, and what a unit cost when.

use crate::ids::{InventoryItemId, ProductId, VariantId};
use crate::inputs::{DefaultCost, FeeRules, Input, Origin, ShippingTable};
use crate::money::Currency;
use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

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
    /// As the provider writes it, a GTIN or not; `None` also where it was read before it was asked for.
    #[serde(default)]
    pub barcode: Option<String>,
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
    /// A share of the price, where nothing else is known: an estimate.
    Default,
    /// The store's own record of the variant.
    Store,
    /// Entered by a person or read from a sheet. From its valid-from on it beats the store's record, until a later entry of the
    /// same source says that it has no cost any more: what a person wrote stands until a person changes it.
    Sheet,
    /// Quoted by a supplier.
    Supplier,
    /// Told for this very line of an order.
    Line,
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
    /// Who told it; `None` for what the store shows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<Origin>,
}

impl CostRecord {
    /// By source, then by time: the order in which a book keeps and searches them.
    fn place(&self) -> (CostSource, Option<DateTime<Utc>>, DateTime<Utc>) {
        (self.source, self.valid_from, self.observed_at)
    }
}

/// What a unit cost from an instant on, until the next step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CostStep<'a> {
    /// `None`: since ever.
    pub from: Option<DateTime<Utc>>,
    /// `None`: no source knew a cost.
    pub record: Option<&'a CostRecord>,
}

impl CostStep<'_> {
    fn what(&self) -> Option<(Option<UnitCost>, CostSource)> {
        self.record.map(|record| (record.cost, record.source))
    }
}

/// All that a store's orders need to know their costs, ready to be asked for any instant: the history of unit costs, the share
/// of the price that stands in for unknown ones, the shipping table and the rules of payment fees.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CostBook {
    records: BTreeMap<VariantId, Vec<CostRecord>>,
    pub default: Option<DefaultCost>,
    pub shipping: ShippingTable,
    pub fees: FeeRules,
    /// Whether something is told of single orders, so that it has to be asked for.
    pub tells_orders: bool,
    /// In which anything of it is told.
    currencies: BTreeSet<Currency>,
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
        self.currencies
            .extend(record.cost.map(|cost| cost.currency));
        let history = self.records.entry(record.variant).or_default();
        let at = history.partition_point(|r| r.place() <= record.place());
        history.insert(at, record);
    }

    /// Adds what was told beside the store's own record; what speaks of single orders or of days is not kept here.
    pub fn tell(&mut self, input: Input, origin: Origin) {
        match input {
            Input::VariantCost(told) => self.insert(CostRecord {
                variant: told.variant,
                valid_from: told.valid_from,
                cost: told.cost,
                source: told.source,
                observed_at: origin.at,
                origin: Some(origin),
            }),
            Input::DefaultCost(default) => self.default = Some(default),
            Input::ShippingRate(rate) => {
                self.currencies.insert(rate.currency);
                self.shipping.insert(rate);
            }
            Input::FeeRule(rule) => {
                self.currencies.insert(rule.currency);
                self.fees.insert(rule);
            }
            Input::LineCost(_) | Input::OrderShipping(_) => self.tells_orders = true,
            Input::AdSpend(_) | Input::FixedCost(_) => {}
        }
    }

    /// In which anything of it is told; what is told of single orders is not among it.
    #[must_use]
    pub const fn currencies(&self) -> &BTreeSet<Currency> {
        &self.currencies
    }

    /// The store's own records alone.
    #[must_use]
    pub fn untold(&self) -> Self {
        let own = self.records.values().flatten();
        Self::new(own.filter(|r| r.origin.is_none()).cloned())
    }

    /// What is recorded of a variant, by source from the least to the most preferred, each oldest first.
    #[must_use]
    pub fn history(&self, variant: VariantId) -> &[CostRecord] {
        self.records.get(&variant).map_or(&[], Vec::as_slice)
    }

    /// The record that counts at the instant: of the most preferred source that has a cost then.
    #[must_use]
    pub fn record_at(&self, variant: VariantId, at: DateTime<Utc>) -> Option<&CostRecord> {
        let by_source = self.history(variant).chunk_by(|a, b| a.source == b.source);
        by_source
            .rev()
            .filter_map(|records| {
                let end = records.partition_point(|r| r.valid_from.is_none_or(|from| from <= at));
                records.get(end.checked_sub(1)?)
            })
            .find(|record| record.cost.is_some())
    }

    /// The cost that was valid at the instant, with its source.
    #[must_use]
    pub fn cost_at(&self, variant: VariantId, at: DateTime<Utc>) -> Option<(UnitCost, CostSource)> {
        let record = self.record_at(variant, at)?;
        record.cost.map(|cost| (cost, record.source))
    }

    /// What counted from when on, over all sources: one step for each instant at which the cost or its source became another.
    #[must_use]
    pub fn steps(&self, variant: VariantId) -> Vec<CostStep<'_>> {
        let history = self.history(variant);
        let starts: BTreeSet<_> = history.iter().map(|r| r.valid_from).collect();
        let mut steps: Vec<CostStep<'_>> = Vec::new();
        for from in starts {
            let at = from.unwrap_or(DateTime::<Utc>::MIN_UTC);
            let record = self.record_at(variant, at);
            let step = CostStep { from, record };
            if steps.last().is_none_or(|last| last.what() != step.what()) {
                steps.push(step);
            }
        }
        steps
    }

    /// The newest record of the store's own.
    #[must_use]
    pub fn latest(&self, variant: VariantId) -> Option<&CostRecord> {
        let own = |r: &&CostRecord| r.source == CostSource::Store;
        self.history(variant).iter().rev().find(own)
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
            origin: None,
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

    fn told(source: CostSource, from: Option<u32>, amount: Option<i64>) -> Input {
        Input::VariantCost(crate::inputs::VariantCost {
            variant: VariantId(1),
            valid_from: from.map(at),
            cost: amount.and_then(cost),
            source,
        })
    }

    #[test]
    fn what_a_person_wrote_beats_the_store_and_a_quote_beats_both() {
        let variant = VariantId(1);
        let mut book = CostBook::default();
        let origin = Origin::person(None, at(1));
        book.insert(book.observe(variant, cost(5), at(1)).unwrap());
        book.tell(told(CostSource::Sheet, Some(10), Some(6)), origin);
        book.insert(book.observe(variant, cost(7), at(12)).unwrap());
        book.tell(told(CostSource::Supplier, Some(15), Some(8)), origin);
        book.tell(told(CostSource::Supplier, Some(17), None), origin);
        book.tell(told(CostSource::Sheet, Some(20), None), origin);
        let amounts = [9, 10, 12, 15, 17, 20].map(|d| book.cost_at(variant, at(d)).map(|(c, _)| c));
        assert_eq!(
            amounts,
            [cost(5), cost(6), cost(6), cost(8), cost(6), cost(7)]
        );
        assert_eq!(
            book.observe(variant, cost(7), at(30)),
            None,
            "the store is compared with its own word alone"
        );
    }

    #[test]
    fn steps_are_what_counts_over_all_sources() {
        let variant = VariantId(1);
        let record = |from: Option<u32>, amount: Option<i64>, source| CostRecord {
            variant,
            valid_from: from.map(at),
            cost: amount.and_then(cost),
            source,
            observed_at: at(1),
            origin: None,
        };
        let book = CostBook::new([
            record(None, Some(5), CostSource::Store),
            record(Some(10), Some(7), CostSource::Store),
            record(Some(12), Some(4), CostSource::Sheet),
            record(Some(14), Some(9), CostSource::Store),
            record(Some(20), None, CostSource::Sheet),
        ]);
        let steps = book.steps(variant);
        let told: Vec<_> = steps
            .iter()
            .map(|s| (s.from, s.record.and_then(|r| r.cost)))
            .collect();
        // The store's change on the 14th is hidden by the sheet until the sheet has no cost any more.
        let expected = [(None, 5), (Some(10), 7), (Some(12), 4), (Some(20), 9)]
            .map(|(from, amount)| (from.map(at), cost(amount)));
        assert_eq!(told, expected);
        assert!(book.steps(VariantId(2)).is_empty());
    }
}
