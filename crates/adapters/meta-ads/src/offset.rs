//! Meta's minor units: hundredths, but whole units for the currencies it lists with an offset of 1. Not those of ISO 4217: forints
//! have two decimals there and none here.
//! Source: Marketing API, *Currency Codes* (v26).

use domain::money::Currency;
use rust_decimal::Decimal;

const WHOLE: [&str; 11] = [
    "CLP", "COP", "CRC", "HUF", "ISK", "IDR", "JPY", "KRW", "PYG", "TWD", "VND",
];

fn decimals(currency: Currency) -> u32 {
    if WHOLE.contains(&currency.code()) {
        0
    } else {
        2
    }
}

/// Meta's units as our minor units; `None` when it does not fit.
pub(crate) fn to_minor(units: i64, currency: Currency) -> Option<i64> {
    domain::money::round_to_minor(Decimal::new(units, decimals(currency)), currency).ok()
}

/// Our minor units as Meta's; `None` when Meta cannot say that amount.
pub(crate) fn from_minor(minor: i64, currency: Currency) -> Option<i64> {
    let (ours, theirs) = (currency.exponent(), decimals(currency));
    if theirs >= ours {
        return minor.checked_mul(10_i64.pow(theirs - ours));
    }
    let step = 10_i64.pow(ours - theirs);
    (minor % step == 0).then_some(minor / step)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn budgets_of_currencies_without_cents_are_whole() {
        for (code, units, minor) in [
            ("EUR", 1250, 1250),
            ("JPY", 5000, 5000),
            ("HUF", 9000, 900_000),
            ("KWD", 1250, 12_500),
        ] {
            let currency = Currency::parse(code).unwrap();
            assert_eq!(to_minor(units, currency), Some(minor), "{code}");
            assert_eq!(from_minor(minor, currency), Some(units), "{code}");
        }
        let forint = Currency::parse("HUF").unwrap();
        assert_eq!(from_minor(900_050, forint), None);
    }
}
