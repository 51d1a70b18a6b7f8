//! What sending an order costs: a table by country, weight and value, or the actual cost of one order.

use crate::fx::{NoRate, RateTable};
use crate::ids::OrderId;
use crate::money::Currency;
use crate::order::Order;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// From a number on, and below another one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Band {
    pub from: i64,
    /// `None`: without end.
    pub below: Option<i64>,
}

impl Band {
    #[must_use]
    pub fn contains(&self, value: i64) -> bool {
        self.from <= value && self.below.is_none_or(|below| value < below)
    }

    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        self.below.is_none_or(|below| other.from < below)
            && other.below.is_none_or(|below| self.from < below)
    }

    /// Whether every value is in it.
    #[must_use]
    pub fn is_everything(&self) -> bool {
        self.from <= 0 && self.below.is_none()
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Per {
    Order,
    /// For each unit that is sent.
    Item,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShippingRate {
    /// ISO 3166-1 alpha-2; `None`: the rest of the world.
    pub country: Option<String>,
    pub grams: Band,
    /// By what the goods sold for after discounts, in minor units of `currency`.
    pub value: Band,
    pub per: Per,
    /// Minor units.
    pub amount: i64,
    pub currency: Currency,
    /// `None`: since ever.
    pub valid_from: Option<NaiveDate>,
}

impl ShippingRate {
    pub(super) fn key(&self) -> String {
        format!(
            "{}\n{}\n{:012}\n{:012}",
            self.country.as_deref().unwrap_or("~"),
            super::day_key(self.valid_from),
            self.grams.from,
            self.value.from
        )
    }

    /// Whether an order could be meant by both.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        self.country == other.country
            && self.valid_from == other.valid_from
            && self.grams.overlaps(&other.grams)
            && self.value.overlaps(&other.value)
    }
}

/// The actual cost of sending one order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderShipping {
    pub order: OrderId,
    /// Minor units.
    pub amount: i64,
    pub currency: Currency,
}

/// Why the table has no cost for an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum NoShippingCost {
    /// There is no table yet, or none for that day.
    NoTable,
    /// No row is meant for this country, weight or value.
    NoRow,
    /// The table asks for a weight that the order does not tell.
    NoWeight,
    /// The cost, or the value that a row is meant for, is in another currency, without a rate of the day.
    NoRate(NoRate),
}

/// All rates of a store. For a day and a country those count whose valid-from is the latest; a country without rates of its own
/// takes the rest of the world's.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ShippingTable {
    zones: BTreeMap<Option<String>, BTreeMap<Option<NaiveDate>, Vec<ShippingRate>>>,
}

impl ShippingTable {
    pub fn insert(&mut self, rate: ShippingRate) {
        let zone = self.zones.entry(rate.country.clone()).or_default();
        zone.entry(rate.valid_from).or_default().push(rate);
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.zones.is_empty()
    }

    fn rates(&self, country: Option<&str>, day: NaiveDate) -> Option<&Vec<ShippingRate>> {
        let of = |zone: &Option<String>| {
            let dated = self.zones.get(zone)?;
            dated
                .range(..=Some(day))
                .next_back()
                .map(|(_, rates)| rates)
        };
        country
            .and_then(|c| of(&Some(c.to_owned())))
            .or_else(|| of(&None))
    }

    /// The row that is meant for an order that ships on this day, with the number of times it counts. A row for values in another
    /// currency is compared by the rate of the day.
    pub fn find(
        &self,
        order: &Order,
        day: NaiveDate,
        exchange: &RateTable,
    ) -> Result<(&ShippingRate, i64), NoShippingCost> {
        let rates = self
            .rates(order.country.as_deref(), day)
            .ok_or(NoShippingCost::NoTable)?;
        let value: i64 = order
            .lines
            .iter()
            .map(|l| l.unit_price * l.quantity - l.discount)
            .sum();
        let in_value = |r: &ShippingRate| {
            if r.value.is_everything() {
                return Ok(true);
            }
            let rate = exchange.on(day, order.currency, r.currency)?;
            Ok(rate
                .convert(value)
                .is_ok_and(|value| r.value.contains(value)))
        };
        let (mut asked_for_weight, mut not_compared) = (false, None);
        for rate in rates {
            match in_value(rate) {
                Ok(true) => {}
                Ok(false) => continue,
                Err(none) => {
                    not_compared = Some(none);
                    continue;
                }
            }
            match order.grams() {
                _ if rate.grams.is_everything() => return Ok((rate, times(rate, order))),
                Some(grams) if rate.grams.contains(grams) => return Ok((rate, times(rate, order))),
                Some(_) => {}
                None => asked_for_weight = true,
            }
        }
        Err(match not_compared {
            Some(none) => NoShippingCost::NoRate(none),
            None if asked_for_weight => NoShippingCost::NoWeight,
            None => NoShippingCost::NoRow,
        })
    }
}

fn times(rate: &ShippingRate, order: &Order) -> i64 {
    match rate.per {
        Per::Order => 1,
        Per::Item => {
            let ships = order.lines.iter().filter(|l| l.ships());
            ships.map(|l| l.quantity).sum()
        }
    }
}
