//! What something costs: one price, or a range of prices that nobody can order at.

use crate::import::{NotANumber, NumberStyle, parse_number};
use crate::money::Currency;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// Both ends included; equal where it is a single price.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceRange {
    pub low: Decimal,
    pub high: Decimal,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Price {
    #[serde(flatten)]
    pub range: PriceRange,
    pub currency: Currency,
}

/// How far a price can be relied on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Confidence {
    /// The one price of this variant.
    Stated,
    /// Somewhere between two.
    Range,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotAPrice {
    #[error(transparent)]
    Number(#[from] NotANumber),
    #[error("is negative")]
    Negative,
    #[error("ends below where it begins")]
    Backwards,
}

/// The two sides of `1.20-3.50`, `$1 – $2`, `1.20 to 3.50`; `None` where it is no range.
pub(crate) fn sides(text: &str) -> Option<(&str, &str)> {
    let has_digit = |side: &str| side.bytes().any(|b| b.is_ascii_digit());
    [" to ", "~", "–", "—", "-"].iter().find_map(|between| {
        let (low, high) = text.split_once(between)?;
        (has_digit(low) && has_digit(high)).then_some((low, high))
    })
}

impl PriceRange {
    #[must_use]
    pub const fn of(price: Decimal) -> Self {
        Self {
            low: price,
            high: price,
        }
    }

    /// A number or a range as suppliers write them; `style` decides what a separator means.
    pub fn parse(text: &str, style: NumberStyle) -> Result<Self, NotAPrice> {
        let one = |text: &str| match parse_number(text, style) {
            Ok(price) if price.is_sign_negative() && !price.is_zero() => Err(NotAPrice::Negative),
            Ok(price) => Ok(price.normalize()),
            Err(error) => Err(error.into()),
        };
        let Some((low, high)) = sides(text) else {
            return Ok(Self::of(one(text)?));
        };
        let range = Self {
            low: one(low)?,
            high: one(high)?,
        };
        if range.low > range.high {
            return Err(NotAPrice::Backwards);
        }
        Ok(range)
    }

    /// Only a single price can be ordered at.
    #[must_use]
    pub fn single(&self) -> Option<Decimal> {
        (self.low == self.high).then_some(self.low)
    }

    #[must_use]
    pub fn confidence(&self) -> Confidence {
        match self.single() {
            Some(_) => Confidence::Stated,
            None => Confidence::Range,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, style: NumberStyle, low: &str, high: &str) {
        let expected = PriceRange {
            low: low.parse().unwrap(),
            high: high.parse().unwrap(),
        };
        assert_eq!(PriceRange::parse(text, style), Ok(expected), "{text}");
    }

    #[test]
    fn prices_and_ranges_are_read_as_suppliers_write_them() {
        check("9.50", NumberStyle::Dot, "9.5", "9.5");
        check("58.09", NumberStyle::Dot, "58.09", "58.09");
        check("1.20-3.50", NumberStyle::Dot, "1.2", "3.5");
        check("0.97-4.08", NumberStyle::Dot, "0.97", "4.08");
        check("1,20 – 3,50 €", NumberStyle::Comma, "1.2", "3.5");
        check("$1 to $2", NumberStyle::Dot, "1", "2");
        check("2.00-2.00", NumberStyle::Dot, "2", "2");
    }

    #[test]
    fn what_is_no_price_says_why() {
        let parse = |text| PriceRange::parse(text, NumberStyle::Dot);
        assert_eq!(parse("-5"), Err(NotAPrice::Negative));
        assert_eq!(parse("3.50-1.20"), Err(NotAPrice::Backwards));
        assert_eq!(parse("free"), Err(NotANumber::Words.into()));
        assert_eq!(parse("1.2.3"), Err(NotANumber::Separators.into()));
    }

    #[test]
    fn nobody_orders_at_a_range() {
        let range = PriceRange::parse("1.20-3.50", NumberStyle::Dot).unwrap();
        assert_eq!(
            (range.single(), range.confidence()),
            (None, Confidence::Range)
        );
        let one = PriceRange::parse("2", NumberStyle::Dot).unwrap();
        assert_eq!(one.single(), Some(Decimal::TWO));
        assert_eq!(one.confidence(), Confidence::Stated);
    }
}
