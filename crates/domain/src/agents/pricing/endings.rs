//! The last digits that a store's prices have.

use crate::money::Currency;
use std::collections::BTreeMap;

/// Prices that are tried for one product: more of them would not be told apart.
const MOST_TRIED: i64 = 200;

pub(crate) struct Endings {
    /// 100 cents; of a currency without decimals the last two digits; of one with three decimals the last three.
    unit: i64,
    /// The most frequent first; of equally frequent ones the largest.
    endings: Vec<i64>,
}

impl Endings {
    pub(crate) fn of(currency: Currency, prices: impl Iterator<Item = i64>) -> Self {
        let unit = 10_i64.pow(currency.exponent().max(2));
        let mut counts: BTreeMap<i64, u64> = BTreeMap::new();
        for price in prices.filter(|price| *price > 0) {
            *counts.entry(price % unit).or_default() += 1;
        }
        let mut endings: Vec<_> = counts.into_iter().collect();
        endings.sort_by_key(|(ending, count)| (std::cmp::Reverse(*count), -ending));
        Self {
            unit,
            endings: endings.into_iter().map(|(ending, _)| ending).collect(),
        }
    }

    /// Prices from `low` to `high` that fit, with the most frequent ending that leaves any, in ascending order.
    pub(in crate::agents) fn between(
        &self,
        low: i64,
        high: i64,
        fits: impl Fn(i64) -> bool,
    ) -> Vec<i64> {
        let of_ending = |ending: &i64| {
            let first = self.at_least(low, *ending)?;
            let more = high.saturating_sub(first).max(0) / self.unit;
            let stride = more / MOST_TRIED + 1;
            let step = usize::try_from(stride.checked_mul(self.unit)?).ok()?;
            let prices = (first..=high).step_by(step);
            let prices: Vec<_> = prices.filter(|price| fits(*price)).collect();
            (!prices.is_empty()).then_some(prices)
        };
        let mut endings = self.endings.iter();
        endings.find_map(of_ending).unwrap_or_default()
    }

    /// The smallest price of at least `low` with the most frequent ending that leaves it at most `high`.
    pub(crate) fn first(&self, low: i64, high: i64) -> Option<i64> {
        let mut endings = self.endings.iter();
        endings.find_map(|ending| self.at_least(low, *ending).filter(|price| *price <= high))
    }

    fn at_least(&self, low: i64, ending: i64) -> Option<i64> {
        let low = low.max(1);
        let up = (ending - low).rem_euclid(self.unit);
        low.checked_add(up)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn endings(currency: &str, prices: &[i64]) -> Endings {
        Endings::of(currency.parse().unwrap(), prices.iter().copied())
    }

    #[test]
    fn the_most_frequent_ending_comes_first() {
        let some = endings("EUR", &[999, 1999, 2495, 0]);
        assert_eq!(some.between(1000, 1300, |p| p != 1199), [1099, 1299]);
        assert_eq!(
            some.between(1100, 1198, |_| true),
            [1195],
            "99 does not fit"
        );
        assert_eq!(some.first(1100, 1198), Some(1195));
        assert_eq!(some.first(1200, 2000), Some(1299));
        assert_eq!(some.between(1196, 1198, |_| true), Vec::<i64>::new());
    }

    #[test]
    fn currencies_without_cents_have_endings_too() {
        let yen = endings("JPY", &[1980, 2980, 500]);
        assert_eq!(yen.between(1800, 2100, |p| p != 1980), [1880, 2080]);
        let dinar = endings("KWD", &[1_250, 2_250]);
        assert_eq!(dinar.first(3_000, 4_000), Some(3_250));
    }

    #[test]
    fn a_store_without_prices_has_none_and_large_ranges_stay_small() {
        assert_eq!(endings("EUR", &[0]).first(1, 1000), None);
        let wide = endings("EUR", &[99]).between(1, 1_000_000_000_000, |_| true);
        assert!(wide.len() <= 201, "{}", wide.len());
        assert_eq!(
            endings("EUR", &[99]).between(500, 100, |_| true),
            Vec::<i64>::new()
        );
    }
}
