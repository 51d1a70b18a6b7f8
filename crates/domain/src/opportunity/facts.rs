//! What the store's own data say about selling.

use super::trend::TrendSeries;
use crate::money::Currency;
use crate::scoring::{Figure, divide};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What payments cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeeModel {
    /// Ten-thousandths of the price.
    pub share: i64,
    /// Minor units.
    pub fixed: i64,
}

impl FeeModel {
    #[must_use]
    pub fn of(self, price: i64) -> i64 {
        divide(price.saturating_mul(self.share), 10_000) + self.fixed
    }
}

/// Own products of one type, or all of them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Category {
    /// Ten-thousandths of the price that are left after the cost of goods, one for each variant whose cost is known.
    pub margins: Vec<i64>,
    /// Products that are offered, and those of them that sold of late.
    pub offered: u32,
    pub sold: u32,
}

/// Fewer tell nothing of a category.
const LEAST: usize = 3;

impl Category {
    /// Takes in a variant; what costs more than it sells for is in it too.
    pub fn priced(&mut self, price: i64, cost: i64) {
        if price > 0 && cost >= 0 {
            self.margins
                .push(divide((price - cost).saturating_mul(10_000), price));
        }
    }

    /// The usual share of the price that is left after the cost of goods, over how many variants.
    #[must_use]
    pub fn margin(&self) -> Option<(i64, usize)> {
        (self.margins.len() >= LEAST).then(|| (median(&self.margins), self.margins.len()))
    }

    /// Ten-thousandths of the offered products that sold.
    #[must_use]
    pub fn sell_through(&self) -> Option<i64> {
        let offered = i64::from(self.offered);
        (self.offered as usize >= LEAST).then(|| divide(i64::from(self.sold) * 10_000, offered))
    }
}

/// The middle one, or half way between the two in the middle; 0 of none.
#[must_use]
pub fn median(values: &[i64]) -> i64 {
    let mut sorted = values.to_vec();
    sorted.sort_unstable();
    let middle = sorted.len() / 2;
    match sorted.len() {
        0 => 0,
        n if n % 2 == 1 => sorted[middle],
        _ => divide(sorted[middle - 1] + sorted[middle], 2),
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnFacts {
    pub currency: Currency,
    /// Where orders go, with the ten-thousandths of them; the main ones only.
    pub countries: Vec<(String, i64)>,
    pub fee: Figure<FeeModel>,
    /// Minor units for each order.
    pub ad_cost: Figure<i64>,
    /// By type in small letters.
    pub categories: BTreeMap<String, Category>,
    pub all: Category,
    /// As they are offered: their endings are those of new ones.
    pub prices: Vec<i64>,
    /// What one unit of a currency is worth in the store's.
    pub rates: BTreeMap<Currency, Decimal>,
    /// What files tell of how much is looked for.
    #[serde(default)]
    pub trends: Vec<TrendSeries>,
}

impl OwnFacts {
    #[must_use]
    pub fn category(&self, name: Option<&str>) -> Option<&Category> {
        self.categories.get(&name?.trim().to_lowercase())
    }

    /// Minor units of the store's currency.
    #[must_use]
    pub fn own(&self, amount: Decimal, currency: Currency) -> Option<i64> {
        let rate = if currency == self.currency {
            Decimal::ONE
        } else {
            *self.rates.get(&currency)?
        };
        crate::money::round_to_minor(amount.checked_mul(rate)?, self.currency).ok()
    }
}
