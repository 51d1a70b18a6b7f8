//! Whether a supplier has something, and how much.

use super::ship::is_nothing;
use crate::import::{NumberStyle, parse_number};
use rust_decimal::prelude::ToPrimitive as _;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Presence {
    In,
    Out,
    /// Nobody said.
    #[default]
    Unknown,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stock {
    pub presence: Presence,
    /// `None`: only whether there is any is told, if that.
    pub quantity: Option<u32>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("tells neither how many there are nor whether there are any")]
pub struct NotStock;

impl Stock {
    #[must_use]
    pub const fn said(is_there: bool) -> Self {
        Self {
            presence: if is_there {
                Presence::In
            } else {
                Presence::Out
            },
            quantity: None,
        }
    }

    #[must_use]
    pub const fn counted(quantity: u32) -> Self {
        Self {
            presence: if quantity > 0 {
                Presence::In
            } else {
                Presence::Out
            },
            quantity: Some(quantity),
        }
    }

    /// A number, a yes or no, or nothing. Where `yes_or_no`, 0 and 1 are no and yes rather than quantities.
    pub fn parse(text: &str, yes_or_no: bool) -> Result<Self, NotStock> {
        if is_nothing(text) {
            return Ok(Self::default());
        }
        let words = text.trim().to_ascii_lowercase().replace(['_', '-'], " ");
        match words.as_str() {
            "true" | "yes" | "y" | "in stock" | "instock" | "available" => {
                return Ok(Self::said(true));
            }
            "false" | "no" | "out of stock" | "outofstock" | "sold out" | "unavailable" => {
                return Ok(Self::said(false));
            }
            "0" | "1" if yes_or_no => return Ok(Self::said(words == "1")),
            _ => {}
        }
        let number = parse_number(text, NumberStyle::Dot).ok();
        let whole = number.filter(|n| n.fract().is_zero() && !n.is_sign_negative());
        let quantity = whole.and_then(|n| n.to_u32());
        quantity.map(Self::counted).ok_or(NotStock)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stock_is_a_number_a_yes_or_no_or_nothing() {
        let read = |text| Stock::parse(text, false).unwrap();
        assert_eq!(read("12"), Stock::counted(12));
        assert_eq!(read("1,250"), Stock::counted(1_250));
        assert_eq!(read("0"), Stock::counted(0));
        assert_eq!(read("1"), Stock::counted(1));
        assert_eq!(read("TRUE"), Stock::said(true));
        assert_eq!(read("out-of-stock"), Stock::said(false));
        assert_eq!(read("null"), Stock::default());
        assert_eq!(read("").presence, Presence::Unknown);
        assert_eq!(read("0").presence, Presence::Out);
    }

    #[test]
    fn in_a_column_of_yes_and_no_one_is_no_quantity() {
        let read = |text| Stock::parse(text, true).unwrap();
        assert_eq!(read("1"), Stock::said(true));
        assert_eq!(read("0"), Stock::said(false));
        assert_eq!(read("7"), Stock::counted(7));
    }

    #[test]
    fn anything_else_is_refused() {
        for text in ["-3", "plenty", "1.5", "1,5", "99999999999"] {
            assert_eq!(Stock::parse(text, false), Err(NotStock), "{text}");
        }
    }
}
