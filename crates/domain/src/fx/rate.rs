//! One rate: so many units of `quote` for one of `base`, on one day, as one source told it.

use crate::money::Currency;
use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// More decimals than any publisher gives; what is longer is a mistake.
const MAX_DECIMALS: u32 = 12;

/// Who told a rate. Of two of one day the earlier one here counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RateSource {
    /// A person.
    Entered,
    /// A file.
    Imported,
    /// A published series.
    Feed,
}

impl RateSource {
    pub const ALL: [Self; 3] = [Self::Entered, Self::Imported, Self::Feed];

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Entered => "entered",
            Self::Imported => "imported",
            Self::Feed => "feed",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RateError {
    #[error("{0} for itself is always 1: no rate is needed")]
    SameCurrency(Currency),
    #[error("a rate is a number above zero, not {0}")]
    NotPositive(Decimal),
    #[error("{0} is too large for a rate: at most a million million")]
    TooLarge(Decimal),
    #[error("{0} has more than {MAX_DECIMALS} decimals")]
    TooManyDecimals(Decimal),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rate {
    pub day: NaiveDate,
    pub base: Currency,
    pub quote: Currency,
    /// Units of `quote` for one unit of `base`.
    pub value: Decimal,
    pub source: RateSource,
}

impl Rate {
    pub fn new(
        day: NaiveDate,
        base: Currency,
        quote: Currency,
        value: Decimal,
        source: RateSource,
    ) -> Result<Self, RateError> {
        if base == quote {
            return Err(RateError::SameCurrency(base));
        }
        let value = value.normalize();
        if value <= Decimal::ZERO {
            return Err(RateError::NotPositive(value));
        }
        if value > Decimal::from(1_000_000_000_000_i64) {
            return Err(RateError::TooLarge(value));
        }
        if value.scale() > MAX_DECIMALS {
            return Err(RateError::TooManyDecimals(value));
        }
        Ok(Self {
            day,
            base,
            quote,
            value,
            source,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(base: &str, quote: &str, value: &str) -> Result<Decimal, RateError> {
        let code = |text| Currency::parse(text).unwrap();
        let day = "2026-11-27".parse().unwrap();
        let value = value.parse().unwrap();
        Rate::new(day, code(base), code(quote), value, RateSource::Entered).map(|r| r.value)
    }

    #[test]
    fn a_rate_is_a_sane_number_between_two_currencies() {
        assert_eq!(check("EUR", "USD", "1.16570"), Ok(Decimal::new(11_657, 4)));
        assert!(matches!(
            check("EUR", "EUR", "1"),
            Err(RateError::SameCurrency(_))
        ));
        assert!(matches!(
            check("EUR", "USD", "0"),
            Err(RateError::NotPositive(_))
        ));
        assert!(matches!(
            check("EUR", "USD", "-1.1"),
            Err(RateError::NotPositive(_))
        ));
        assert!(matches!(
            check("EUR", "USD", "1000000000000.1"),
            Err(RateError::TooLarge(_))
        ));
        assert!(matches!(
            check("EUR", "USD", "1.1234567890123"),
            Err(RateError::TooManyDecimals(_))
        ));
    }
}
