//! Values as the API writes them: amounts as decimal strings, shares as numbers from 0 to 1.

use domain::money::{Currency, format_minor};
use rust_decimal::Decimal;

/// `"1234.50"`.
pub(crate) fn amount(minor: i64, currency: Currency) -> String {
    format_minor(minor, currency)
}

pub(crate) fn optional_amount(minor: Option<i64>, currency: Currency) -> Option<String> {
    minor.map(|minor| format_minor(minor, currency))
}

/// Ten-thousandths as a number from 0 to 1.
#[expect(
    clippy::cast_precision_loss,
    reason = "at most 10 000, and not an amount of money"
)]
pub(crate) fn share(ten_thousandths: i64) -> f64 {
    ten_thousandths as f64 / 10_000.0
}

/// A unit cost, which may carry more decimals than its currency: `"4.00"`, `"4.125"`.
pub(crate) fn unit_amount(value: Decimal, currency: Currency) -> String {
    let mut value = value.normalize();
    if value.scale() < currency.exponent() {
        value.rescale(currency.exponent());
    }
    value.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unit_costs_keep_their_decimals() {
        let usd = Currency::parse("USD").unwrap();
        let jpy = Currency::parse("JPY").unwrap();
        let shown = [
            unit_amount(Decimal::new(4, 0), usd),
            unit_amount(Decimal::new(41_250, 4), usd),
            unit_amount(Decimal::new(300, 0), jpy),
        ];
        assert_eq!(shown, ["4.00", "4.125", "300"]);
    }
}
