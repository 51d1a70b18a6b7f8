//! Exact money: integer minor units with an ISO 4217 currency, checked arithmetic, no floats.
//!
//! The only place where amounts are rounded is [`round_to_minor`] (half away from zero, as Shopify rounds cash amounts).

use rust_decimal::prelude::ToPrimitive as _;
use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// Currencies whose minor unit is not a hundredth (ISO 4217, list one, 2026).
const OTHER_EXPONENTS: &[(&str, u32)] = &[
    ("BHD", 3),
    ("BIF", 0),
    ("CLF", 4),
    ("CLP", 0),
    ("DJF", 0),
    ("GNF", 0),
    ("IQD", 3),
    ("ISK", 0),
    ("JOD", 3),
    ("JPY", 0),
    ("KMF", 0),
    ("KRW", 0),
    ("KWD", 3),
    ("LYD", 3),
    ("OMR", 3),
    ("PYG", 0),
    ("RWF", 0),
    ("TND", 3),
    ("UGX", 0),
    ("UYI", 0),
    ("UYW", 4),
    ("VND", 0),
    ("VUV", 0),
    ("XAF", 0),
    ("XOF", 0),
    ("XPF", 0),
];

/// Currencies with two decimals (ISO 4217, list one, 2026), and those that shops still carry from before a change.
const TWO_DECIMALS: &str = "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN \
BZD CAD CDF CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GGP GHS GIP GMD GTQ GYD HKD HNL HRK HTG HUF \
IDR ILS IMP INR IRR JEP JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL LTL LVL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK \
MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SLL SOS SRD \
SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG";

/// An ISO 4217 currency that this version knows, with its number of decimals.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Currency {
    code: [u8; 3],
    exponent: u8,
}

/// Why an amount or a currency was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    #[error("{0:?} is not a currency that this version knows (ISO 4217)")]
    UnknownCurrency(String),
    #[error("{0:?} is not a decimal amount")]
    NotAnAmount(String),
    #[error("{amount} has more decimals than {currency} allows ({exponent})")]
    TooManyDecimals {
        amount: String,
        currency: Currency,
        exponent: u8,
    },
    #[error("amounts of {0} and {1} cannot be added")]
    CurrencyMismatch(Currency, Currency),
    #[error("an amount is larger than 9 223 372 036 854 775 807 minor units")]
    Overflow,
}

impl Currency {
    /// Three letters of ISO 4217 in any case; an unknown one is an error, never a guess.
    pub fn parse(code: &str) -> Result<Self, MoneyError> {
        let unknown = || MoneyError::UnknownCurrency(code.to_owned());
        let mut bytes: [u8; 3] = code.trim().as_bytes().try_into().map_err(|_| unknown())?;
        bytes.make_ascii_uppercase();
        // Codes of three letters and a space between.
        let is_usual = || {
            TWO_DECIMALS
                .as_bytes()
                .chunks(4)
                .any(|c| c.starts_with(&bytes))
        };
        let exponent = match OTHER_EXPONENTS.iter().find(|(c, _)| c.as_bytes() == bytes) {
            Some((_, exponent)) => *exponent as u8,
            None if is_usual() => 2,
            None => return Err(unknown()),
        };
        Ok(Self {
            code: bytes,
            exponent,
        })
    }

    #[must_use]
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.code).unwrap_or("???")
    }

    /// Decimals of the minor unit: 2 for USD, 0 for JPY, 3 for KWD.
    #[must_use]
    pub const fn exponent(&self) -> u32 {
        self.exponent as u32
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl FromStr for Currency {
    type Err = MoneyError;
    fn from_str(s: &str) -> Result<Self, MoneyError> {
        Self::parse(s)
    }
}

impl TryFrom<String> for Currency {
    type Error = MoneyError;
    fn try_from(s: String) -> Result<Self, MoneyError> {
        Self::parse(&s)
    }
}

impl From<Currency> for String {
    fn from(c: Currency) -> Self {
        c.code().to_owned()
    }
}

/// A signed amount in minor units of one currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Money {
    pub minor: i64,
    pub currency: Currency,
}

impl Money {
    #[must_use]
    pub const fn new(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }

    #[must_use]
    pub const fn zero(currency: Currency) -> Self {
        Self { minor: 0, currency }
    }

    /// A decimal string in any scale whose surplus decimals are zeros: `"15.0"`, `"12.00"`, `"-3.5"`, `"1200.0"` (JPY).
    pub fn parse(amount: &str, currency: Currency) -> Result<Self, MoneyError> {
        if let Some(minor) = plain(amount, currency.exponent()) {
            return Ok(Self::new(minor, currency));
        }
        let decimal = parse_decimal(amount)?;
        let scaled = decimal * Decimal::from(10_i64.pow(currency.exponent()));
        if !scaled.fract().is_zero() {
            return Err(MoneyError::TooManyDecimals {
                amount: amount.to_owned(),
                currency,
                exponent: currency.exponent,
            });
        }
        Ok(Self::new(
            scaled.to_i64().ok_or(MoneyError::Overflow)?,
            currency,
        ))
    }

    pub fn checked_add(self, other: Self) -> Result<Self, MoneyError> {
        if self.currency != other.currency {
            return Err(MoneyError::CurrencyMismatch(self.currency, other.currency));
        }
        let minor = self
            .minor
            .checked_add(other.minor)
            .ok_or(MoneyError::Overflow)?;
        Ok(Self::new(minor, self.currency))
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&format_minor(self.minor, self.currency))
    }
}

/// `123450` in USD is `"1234.50"`, in JPY `"123450"`, in KWD `"123.450"`.
#[must_use]
pub fn format_minor(minor: i64, currency: Currency) -> String {
    let exponent = currency.exponent() as usize;
    let digits = minor.unsigned_abs().to_string();
    let sign = if minor < 0 { "-" } else { "" };
    if exponent == 0 {
        return format!("{sign}{digits}");
    }
    let padded = format!("{digits:0>width$}", width = exponent + 1);
    let (whole, fraction) = padded.split_at(padded.len() - exponent);
    format!("{sign}{whole}.{fraction}")
}

/// `15880.97 USD` is `15 880.97 USD`, in groups of three parted by narrow spaces: easy to read in every language.
#[must_use]
pub fn in_words(minor: i64, currency: Currency) -> String {
    let text = format_minor(minor, currency);
    let (whole, fraction) = text
        .split_once('.')
        .map_or((text.as_str(), ""), |(w, f)| (w, f));
    let (sign, digits) = whole
        .strip_prefix('-')
        .map_or(("", whole), |d| ("\u{2212}", d));
    let mut grouped = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push('\u{202f}');
        }
        grouped.push(digit);
    }
    let point = if fraction.is_empty() { "" } else { "." };
    format!("{sign}{grouped}{point}{fraction} {currency}")
}

/// Minor units of a text of the usual form, digits with at most `exponent` decimals: what providers send millions of times. `None` for
/// everything else, which [`parse_decimal`] decides on.
fn plain(amount: &str, exponent: u32) -> Option<i64> {
    let (sign, digits) = match amount.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, amount),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let exponent = exponent as usize;
    if whole.is_empty() || whole.len() > 14 || fraction.len() > exponent || digits.ends_with('.') {
        return None;
    }
    let mut minor = 0_i64;
    for digit in whole.bytes().chain(fraction.bytes()) {
        let value = digit.wrapping_sub(b'0');
        if value > 9 {
            return None;
        }
        minor = minor * 10 + i64::from(value);
    }
    for _ in fraction.len()..exponent {
        minor *= 10;
    }
    Some(sign * minor)
}

/// A plain decimal number such as a unit cost; no exponent form, no separators.
pub fn parse_decimal(amount: &str) -> Result<Decimal, MoneyError> {
    Decimal::from_str_exact(amount.trim()).map_err(|_| MoneyError::NotAnAmount(amount.to_owned()))
}

/// The one place where a product of a rate and a quantity becomes money: half away from zero.
pub fn round_to_minor(amount: Decimal, currency: Currency) -> Result<i64, MoneyError> {
    amount
        .checked_mul(Decimal::from(10_i64.pow(currency.exponent())))
        .ok_or(MoneyError::Overflow)?
        .round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero)
        .to_i64()
        .ok_or(MoneyError::Overflow)
}

/// Splits `total` over `weights` so that the parts add up exactly: the largest remainders get the left-over units,
/// the first of equals first. Weights below zero count as zero; without any weight the first part takes all.
#[must_use]
pub fn allocate(total: i64, weights: &[i64]) -> Vec<i64> {
    if weights.is_empty() {
        return Vec::new();
    }
    let weights: Vec<i128> = weights.iter().map(|w| i128::from((*w).max(0))).collect();
    let sum: i128 = weights.iter().sum();
    if sum == 0 {
        let mut parts = vec![0; weights.len()];
        parts[0] = total;
        return parts;
    }
    let sign = if total < 0 { -1 } else { 1 };
    let magnitude = i128::from(total).abs();
    let mut parts: Vec<i128> = weights.iter().map(|w| magnitude * w / sum).collect();
    let mut order: Vec<usize> = (0..weights.len()).collect();
    order.sort_by_key(|i| (-(magnitude * weights[*i] % sum), *i));
    let left = magnitude - parts.iter().sum::<i128>();
    for i in order.into_iter().take(usize::try_from(left).unwrap_or(0)) {
        parts[i] += 1;
    }
    // Each part is at most |total|, which came from an i64.
    parts
        .into_iter()
        .map(|p| i64::try_from(p).unwrap_or(i64::MAX) * sign)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_grouped_for_people() {
        let show = |minor, code: &str| {
            in_words(minor, Currency::parse(code).unwrap()).replace('\u{202f}', " ")
        };
        assert_eq!(show(1_588_097, "USD"), "15 880.97 USD");
        assert_eq!(show(-99, "USD"), "\u{2212}0.99 USD");
        assert_eq!(show(1_234_567, "JPY"), "1 234 567 JPY");
    }
    use proptest::prelude::*;

    fn currency(code: &str) -> Currency {
        Currency::parse(code).unwrap()
    }

    #[track_caller]
    fn check(amount: &str, code: &str, minor: i64, shown: &str) {
        let money = Money::parse(amount, currency(code)).unwrap();
        assert_eq!((money.minor, money.to_string().as_str()), (minor, shown));
    }

    #[test]
    fn amounts_are_read_in_any_scale_and_shown_in_the_currency_s_own() {
        check("15.0", "USD", 1500, "15.00");
        check("-0.05", "usd", -5, "-0.05");
        check("1200.0", "JPY", 1200, "1200");
        check("1.234", "KWD", 1234, "1.234");
        check("0", "EUR", 0, "0.00");
    }

    #[test]
    fn what_is_not_money_is_refused_by_name() {
        assert!(matches!(
            Money::parse("1.005", currency("USD")),
            Err(MoneyError::TooManyDecimals { .. })
        ));
        assert!(matches!(
            Money::parse("1,50", currency("EUR")),
            Err(MoneyError::NotAnAmount(_))
        ));
        assert!(
            matches!(Currency::parse("XBT"), Err(MoneyError::UnknownCurrency(c)) if c == "XBT")
        );
        assert!(matches!(
            Money::parse("99999999999999999999", currency("USD")),
            Err(MoneyError::Overflow)
        ));
    }

    #[test]
    fn currencies_do_not_mix() {
        let sum = Money::new(1, currency("USD")).checked_add(Money::new(1, currency("EUR")));
        assert!(matches!(sum, Err(MoneyError::CurrencyMismatch(..))));
    }

    proptest! {
        #[test]
        fn parts_add_up_to_the_whole(total in -1_000_000_i64..1_000_000, weights in prop::collection::vec(0_i64..10_000, 1..12)) {
            let parts = allocate(total, &weights);
            prop_assert_eq!(parts.iter().sum::<i64>(), total);
            if weights.iter().any(|w| *w > 0) {
                for (part, weight) in parts.iter().zip(&weights) {
                    prop_assert!(*weight > 0 || *part == 0, "no weight, no part");
                }
            }
        }

        #[test]
        fn the_short_way_reads_what_the_long_way_reads(text in "-?[0-9]{0,16}[.]?[0-9]{0,4}", exponent in 0_u32..5) {
            if let Some(minor) = plain(&text, exponent) {
                let decimal = parse_decimal(&text).unwrap() * Decimal::from(10_i64.pow(exponent));
                prop_assert_eq!(Decimal::from(minor), decimal);
            }
        }

        #[test]
        fn text_and_money_are_the_same(minor in any::<i32>(), code in prop::sample::select(vec!["USD", "JPY", "KWD", "CLF"])) {
            let money = Money::new(i64::from(minor), currency(code));
            prop_assert_eq!(Money::parse(&money.to_string(), money.currency).unwrap(), money);
        }
    }
}
