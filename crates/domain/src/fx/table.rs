//! The rates that are known, and the one that counts on a day.
//!
//! Rates of one source with one base are a table of their own: within it any two currencies are converted through the base, with
//! both legs of one day. Of several tables the one with the newest day counts; on equal days the source that stands first.

use super::{Rate, RateSource};
use crate::money::{Currency, MoneyError, round_to_minor};
use chrono::{Days, NaiveDate};
use rust_decimal::Decimal;
use std::collections::BTreeMap;

/// A long weekend with holidays, and a day on which the feed was late.
pub const DEFAULT_MAX_AGE_DAYS: u32 = 7;

/// Rates of one source against one base: day → currency → units for one of the base.
type Legs = BTreeMap<NaiveDate, BTreeMap<Currency, Decimal>>;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RateTable {
    tables: BTreeMap<(RateSource, Currency), Legs>,
    max_age_days: u32,
}

/// The rate that counts on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayRate {
    pub from: Currency,
    pub to: Currency,
    /// The day of the rate itself, which is that day or an earlier one.
    pub rate_day: NaiveDate,
    pub age_days: u32,
    /// `None` between a currency and itself.
    pub source: Option<RateSource>,
    /// Between the two legs, when neither currency is the table's base.
    pub via: Option<Currency>,
    multiply: Decimal,
    divide: Decimal,
}

/// There is no rate that could be used: what is converted by it is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
#[error(
    "no exchange rate from {from} to {to} on {day} or in the {max_age_days} days before it; enter one or import a table of rates"
)]
pub struct NoRate {
    pub from: Currency,
    pub to: Currency,
    pub day: NaiveDate,
    pub max_age_days: u32,
}

impl RateTable {
    #[must_use]
    pub fn new(rates: impl IntoIterator<Item = Rate>, max_age_days: u32) -> Self {
        let mut tables: BTreeMap<_, Legs> = BTreeMap::new();
        for rate in rates {
            let legs = tables.entry((rate.source, rate.base)).or_default();
            legs.entry(rate.day)
                .or_default()
                .insert(rate.quote, rate.value);
        }
        Self {
            tables,
            max_age_days,
        }
    }

    /// Without any rate: only equal currencies convert.
    #[must_use]
    pub fn empty() -> Self {
        Self::new([], DEFAULT_MAX_AGE_DAYS)
    }

    #[must_use]
    pub const fn max_age_days(&self) -> u32 {
        self.max_age_days
    }

    /// How much of `to` one unit of `from` was on the day.
    pub fn on(&self, day: NaiveDate, from: Currency, to: Currency) -> Result<DayRate, NoRate> {
        if from == to {
            return Ok(DayRate::same(day, from));
        }
        let oldest = day
            .checked_sub_days(Days::new(u64::from(self.max_age_days)))
            .unwrap_or(NaiveDate::MIN);
        let mut best: Option<DayRate> = None;
        for ((source, base), legs) in &self.tables {
            let found = legs.range(oldest..=day).rev().find_map(|(on, quotes)| {
                let leg = |c: Currency| {
                    if c == *base {
                        Some(Decimal::ONE)
                    } else {
                        quotes.get(&c).copied()
                    }
                };
                Some((*on, leg(to)?, leg(from)?))
            });
            let Some((rate_day, multiply, divide)) = found else {
                continue;
            };
            let via = (*base != from && *base != to).then_some(*base);
            let candidate = DayRate {
                from,
                to,
                rate_day,
                age_days: u32::try_from((day - rate_day).num_days()).unwrap_or(0),
                source: Some(*source),
                via,
                multiply,
                divide,
            };
            if best.is_none_or(|b| candidate.beats(&b)) {
                best = Some(candidate);
            }
        }
        best.ok_or(NoRate {
            from,
            to,
            day,
            max_age_days: self.max_age_days,
        })
    }
}

impl DayRate {
    fn same(day: NaiveDate, currency: Currency) -> Self {
        Self {
            from: currency,
            to: currency,
            rate_day: day,
            age_days: 0,
            source: None,
            via: None,
            multiply: Decimal::ONE,
            divide: Decimal::ONE,
        }
    }

    /// Newer, then by source, then without a detour. Tables come in ascending base, so that ties are stable.
    fn beats(&self, other: &Self) -> bool {
        let rank = |r: &Self| {
            let newest_first = std::cmp::Reverse(r.rate_day);
            (newest_first, r.source, r.via.is_some())
        };
        rank(self) < rank(other)
    }

    /// Units of `to` for one of `from`, to look at; amounts are converted by [`DayRate::exact`].
    #[must_use]
    pub fn value(&self) -> Decimal {
        self.multiply
            .checked_div(self.divide)
            .unwrap_or_default()
            .round_dp(10)
            .normalize()
    }

    /// An amount in minor units of `from`, as units of `to`: not rounded.
    pub fn exact(&self, minor: i64) -> Result<Decimal, MoneyError> {
        Decimal::try_new(minor, self.from.exponent())
            .map_err(|_| MoneyError::Overflow)
            .and_then(|amount| self.units(amount))
    }

    /// An amount in units of `from`, with however many decimals, as units of `to`: not rounded.
    pub fn units(&self, amount: Decimal) -> Result<Decimal, MoneyError> {
        amount
            .checked_mul(self.multiply)
            .and_then(|amount| amount.checked_div(self.divide))
            .ok_or(MoneyError::Overflow)
    }

    /// Minor units of `to`, rounded half away from zero.
    pub fn convert(&self, minor: i64) -> Result<i64, MoneyError> {
        if self.from == self.to {
            return Ok(minor);
        }
        round_to_minor(self.exact(minor)?, self.to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn code(text: &str) -> Currency {
        Currency::parse(text).unwrap()
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn rate(on: &str, base: &str, quote: &str, value: &str, source: RateSource) -> Rate {
        let value = value.parse().unwrap();
        Rate::new(day(on), code(base), code(quote), value, source).unwrap()
    }

    /// 2026-11-20 is a Friday.
    fn ecb() -> Vec<Rate> {
        use RateSource::Feed;
        vec![
            rate("2026-11-19", "EUR", "USD", "1.1500", Feed),
            rate("2026-11-20", "EUR", "USD", "1.1600", Feed),
            rate("2026-11-20", "EUR", "GBP", "0.8700", Feed),
            rate("2026-11-20", "EUR", "JPY", "170.00", Feed),
            rate("2026-11-20", "EUR", "KWD", "0.3550", Feed),
        ]
    }

    #[test]
    fn the_rate_of_a_day_is_that_days_or_a_recent_one_or_none() {
        let table = RateTable::new(ecb(), 4);
        let on = |text: &str| table.on(day(text), code("EUR"), code("USD"));
        assert_eq!(on("2026-11-19").unwrap().value(), Decimal::new(115, 2));
        let sunday = on("2026-11-22").unwrap();
        assert_eq!(
            (sunday.rate_day, sunday.age_days),
            (day("2026-11-20"), 2),
            "the last one before it"
        );
        assert!(on("2026-11-24").is_ok());
        let none = on("2026-11-25").unwrap_err();
        assert_eq!((none.day, none.max_age_days), (day("2026-11-25"), 4));
        assert!(on("2026-11-18").is_err(), "a later rate says nothing");
    }

    #[track_caller]
    fn check(minor: i64, from: &str, to: &str, expected: i64) {
        let table = RateTable::new(ecb(), 4);
        let rate = table
            .on(day("2026-11-20"), code(from), code(to))
            .unwrap_or_else(|e| panic!("{e}"));
        assert_eq!(rate.convert(minor), Ok(expected), "{minor} {from} in {to}");
    }

    #[test]
    fn amounts_are_converted_directly_backwards_and_through_the_base() {
        check(10_000, "EUR", "USD", 11_600);
        check(11_600, "USD", "EUR", 10_000);
        check(11_600, "USD", "GBP", 8_700);
        check(100, "EUR", "JPY", 170);
        check(170, "JPY", "USD", 116);
        check(1_000, "EUR", "KWD", 3_550);
        check(-1_000, "EUR", "KWD", -3_550);
        // 0.005 EUR: half away from zero, on both sides of it.
        check(1, "USD", "JPY", 1);
        check(-1, "USD", "JPY", -1);
        check(5, "USD", "USD", 5);
        let rate = RateTable::new(ecb(), 4)
            .on(day("2026-11-20"), code("USD"), code("GBP"))
            .unwrap();
        assert_eq!(
            (rate.via, rate.source),
            (Some(code("EUR")), Some(RateSource::Feed))
        );
    }

    #[test]
    fn both_legs_are_of_one_day() {
        let mut rates = ecb();
        rates.push(rate("2026-11-23", "EUR", "USD", "1.2000", RateSource::Feed));
        let table = RateTable::new(rates, 7);
        let cross = table
            .on(day("2026-11-23"), code("USD"), code("GBP"))
            .unwrap();
        assert_eq!(cross.rate_day, day("2026-11-20"));
        let direct = table
            .on(day("2026-11-23"), code("EUR"), code("USD"))
            .unwrap();
        assert_eq!(direct.rate_day, day("2026-11-23"));
    }

    #[test]
    fn a_newer_rate_counts_and_on_one_day_what_a_person_entered() {
        let mut rates = ecb();
        rates.push(rate("2026-11-20", "USD", "EUR", "0.9", RateSource::Entered));
        rates.push(rate(
            "2026-11-20",
            "EUR",
            "USD",
            "1.3",
            RateSource::Imported,
        ));
        let table = RateTable::new(rates.clone(), 7);
        let on = |t: &RateTable, text: &str| t.on(day(text), code("EUR"), code("USD")).unwrap();
        assert_eq!(on(&table, "2026-11-20").source, Some(RateSource::Entered));
        assert_eq!(on(&table, "2026-11-20").convert(90), Ok(100));
        rates.push(rate("2026-11-21", "EUR", "USD", "1.2", RateSource::Feed));
        let table = RateTable::new(rates, 7);
        assert_eq!(on(&table, "2026-11-21").source, Some(RateSource::Feed));
    }

    proptest! {
        #[test]
        fn there_and_back_is_within_a_minor_unit(minor in -1_000_000_000_i64..1_000_000_000, hundredths in 50_i64..20_000) {
            let value = Decimal::new(hundredths, 2);
            let there = Rate::new(day("2026-11-20"), code("EUR"), code("USD"), value, RateSource::Feed).unwrap();
            let table = RateTable::new([there], 0);
            let on = |from, to| table.on(day("2026-11-20"), code(from), code(to)).unwrap();
            let usd = on("EUR", "USD").convert(minor).unwrap();
            let back = on("USD", "EUR").convert(usd).unwrap();
            // Half a cent of the other currency at most, and our own rounding.
            let tolerance = Decimal::new(5, 1) / value + Decimal::new(5, 1);
            prop_assert!(Decimal::from((back - minor).abs()) <= tolerance);
            prop_assert_eq!(on("EUR", "USD").convert(-minor).unwrap(), -usd);
        }
    }
}
