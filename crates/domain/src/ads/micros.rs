//! Millionths of a currency's main unit: the exact form in which both a decimal text and Google's `cost_micros` fit, so that
//! days can be added up before they are rounded to minor units once.

use crate::money::{Currency, MoneyError, round_to_minor};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

/// Millionths of the main unit (one euro is 1 000 000); of a count, millionths of one.
pub type Micros = i64;

/// A plain decimal such as `14.35`; more than six decimals are rounded half away from zero.
///
/// # Errors
/// It is no decimal number, or does not fit.
pub fn parse_micros(text: &str) -> Result<Micros, MoneyError> {
    let number = crate::money::parse_decimal(text)?;
    number
        .checked_mul(Decimal::from(1_000_000))
        .ok_or(MoneyError::Overflow)?
        .round_dp_with_strategy(0, rust_decimal::RoundingStrategy::MidpointAwayFromZero)
        .to_i64()
        .ok_or(MoneyError::Overflow)
}

/// Minor units of the currency, half away from zero. Add up first: rounding each part loses cents.
///
/// # Errors
/// It does not fit.
pub fn minor_of_micros(micros: Micros, currency: Currency) -> Result<i64, MoneyError> {
    round_to_minor(Decimal::new(micros, 6), currency)
}
