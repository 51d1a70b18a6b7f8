//! Sums of a report in another currency: added up exactly, rounded once.
//!
//! Each measure is rounded by itself. Measures that divide net sales among them (`cost_actual`, `cost_estimated`, `cost_missing` and
//! the like) go on adding up to net sales: what rounding leaves over goes to the largest part, and never to one that is zero.

use super::DayRate;
use crate::money::{Currency, MoneyError, round_to_minor};
use crate::rollup::Measures;
use rust_decimal::Decimal;

const SIZE: usize = Measures::NAMES.len();
/// What counts things, not money.
const COUNTS: [&str; 5] = [
    "orders",
    "orders_containing",
    "units",
    "units_returned",
    "entries",
];
const PART: [&str; 3] = ["_actual", "_estimated", "_missing"];

/// A growing sum of measures of any currencies, told in one.
#[derive(Debug, Clone)]
pub struct ConvertedSums {
    to: Currency,
    exact: [Decimal; SIZE],
}

impl ConvertedSums {
    #[must_use]
    pub const fn new(to: Currency) -> Self {
        Self {
            to,
            exact: [Decimal::ZERO; SIZE],
        }
    }

    /// Adds what one day of one store brought, by the rate of that day, which must lead to this currency.
    pub fn add(&mut self, measures: &Measures, rate: &DayRate) -> Result<(), MoneyError> {
        if rate.to != self.to {
            return Err(MoneyError::CurrencyMismatch(rate.to, self.to));
        }
        for (at, value) in measures.values().into_iter().enumerate() {
            if value == 0 {
                continue;
            }
            let amount = if is_count(at) {
                Decimal::from(value)
            } else {
                rate.exact(value)?
            };
            self.exact[at] = self.exact[at]
                .checked_add(amount)
                .ok_or(MoneyError::Overflow)?;
        }
        Ok(())
    }

    /// Adds what was counted on a day whose money has no rate.
    pub fn count(&mut self, measures: &Measures) {
        for (at, value) in counts(measures).values().into_iter().enumerate() {
            self.exact[at] += Decimal::from(value);
        }
    }

    /// The sum in minor units.
    pub fn rounded(&self) -> Result<Measures, MoneyError> {
        let mut values = [0; SIZE];
        for (at, amount) in self.exact.iter().enumerate() {
            values[at] = if is_count(at) {
                i64::try_from(*amount).map_err(|_| MoneyError::Overflow)?
            } else {
                round_to_minor(*amount, self.to)?
            };
        }
        let net_sales = Measures::from_values(values).net_sales();
        for parts in partitions() {
            let left = net_sales - parts.iter().map(|at| values[*at]).sum::<i64>();
            let largest = parts.into_iter().max_by_key(|at| self.exact[*at].abs());
            if let Some(at) = largest.filter(|at| !self.exact[*at].is_zero()) {
                values[at] += left;
            }
        }
        Ok(Measures::from_values(values))
    }
}

/// What counts things, without any money.
#[must_use]
pub fn counts(measures: &Measures) -> Measures {
    let mut values = measures.values();
    for (at, value) in values.iter_mut().enumerate() {
        if !is_count(at) {
            *value = 0;
        }
    }
    Measures::from_values(values)
}

fn is_count(at: usize) -> bool {
    COUNTS.contains(&Measures::NAMES[at])
}

/// The places of measures that divide net sales: those named alike but for `_actual`, `_estimated` and `_missing`.
fn partitions() -> impl Iterator<Item = [usize; 3]> {
    let place = |name: String| Measures::NAMES.iter().position(|n| *n == name);
    Measures::NAMES.iter().filter_map(move |name| {
        let stem = name.strip_suffix(PART[0])?;
        let [a, e, m] = PART.map(|part| place(format!("{stem}{part}")));
        Some([a?, e?, m?])
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fx::{Rate, RateSource, RateTable};
    use chrono::NaiveDate;
    use proptest::prelude::*;

    fn rate(value: &str) -> DayRate {
        let day: NaiveDate = "2026-11-20".parse().unwrap();
        let (eur, usd) = (
            Currency::parse("EUR").unwrap(),
            Currency::parse("USD").unwrap(),
        );
        let value = value.parse().unwrap();
        let rate = Rate::new(day, eur, usd, value, RateSource::Feed).unwrap();
        RateTable::new([rate], 0).on(day, eur, usd).unwrap()
    }

    fn converted(measures: &[Measures], at: &DayRate) -> Measures {
        let mut sum = ConvertedSums::new(at.to);
        for m in measures {
            sum.add(m, at).unwrap();
        }
        sum.rounded().unwrap()
    }

    #[test]
    fn money_is_converted_and_things_are_counted() {
        let m = Measures {
            orders: 3,
            units: 7,
            gross_sales: 10_000,
            cost_actual: 10_000,
            fees_missing: 10_000,
            entries: 9,
            ..Measures::default()
        };
        let c = converted(&[m], &rate("1.1657"));
        assert_eq!((c.orders, c.units, c.entries), (3, 7, 9));
        assert_eq!(
            (c.gross_sales, c.cost_actual, c.fees_missing),
            (11_657, 11_657, 11_657)
        );
    }

    #[test]
    fn a_sum_is_rounded_once() {
        let cent = Measures {
            shipping: 1,
            ..Measures::default()
        };
        // 100 × 0.01 EUR at 1.145: 1.145 USD, not a hundred times one cent.
        assert_eq!(converted(&[cent; 100], &rate("1.145")).shipping, 115);
    }

    #[test]
    fn there_is_a_partition_for_costs_and_one_for_fees() {
        assert!(partitions().count() >= 2);
    }

    proptest! {
        #[test]
        fn parts_of_net_sales_go_on_adding_up_and_nothing_stays_nothing(
            gross in 0_i64..10_000_000, discounts in 0_i64..1_000_000, returns in 0_i64..1_000_000,
            actual in 0_i64..5_000_000, has_estimates: bool, has_missing: bool, hundred_thousandths in 1_i64..500_000,
        ) {
            let net = gross - discounts - returns;
            let estimated = if has_estimates { (net - actual) / 3 } else { 0 };
            let missing = if has_missing { net - actual - estimated } else { 0 };
            let actual = net - estimated - missing;
            let m = Measures {
                gross_sales: gross, discounts, returns,
                cost_actual: actual, cost_estimated: estimated, cost_missing: missing,
                fees_actual: net,
                ..Measures::default()
            };
            let value = Decimal::new(hundred_thousandths, 5).to_string();
            let at = rate(&value);
            let c = converted(&[m], &at);
            prop_assert_eq!(c.gross_sales, at.convert(gross).unwrap());
            prop_assert_eq!(c.returns, at.convert(returns).unwrap());
            if actual != 0 || estimated != 0 || missing != 0 {
                prop_assert_eq!(c.cost_actual + c.cost_estimated + c.cost_missing, c.net_sales());
            }
            prop_assert!(estimated != 0 || c.cost_estimated == 0);
            prop_assert!(missing != 0 || c.cost_missing == 0);
            prop_assert_eq!(c.fees_missing, 0);
        }
    }
}
