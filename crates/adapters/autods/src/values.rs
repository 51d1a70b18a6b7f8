//! Values whose kind AutoDS does not keep to, and the placeholder that stands for a price.

use domain::import::NumberStyle;
use domain::money::{Currency, Money, round_to_minor};
use domain::supplier::{Price, PriceRange, Stock};
use rust_decimal::Decimal;
use serde_json::Value;

/// It stands where a scraper failed, and is no price of anything.
const PLACEHOLDER: &str = "133.133";

pub(crate) fn text(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    (!text.is_empty()).then_some(text)
}

/// Of the first of these names that says something: cases and spellings differ by the tool.
pub(crate) fn named(of: &Value, names: &[&str]) -> Option<String> {
    names.iter().find_map(|name| text(&of[*name]))
}

/// The price of one thing; `None` where nothing is told.
pub(crate) fn price(value: &Value, currency: Currency) -> Result<Option<Price>, String> {
    let Some(text) = text(value) else {
        return Ok(None);
    };
    if text == PLACEHOLDER {
        return Err("133.133 stands for a price that could not be read".to_owned());
    }
    let read = PriceRange::parse(&text, NumberStyle::Dot);
    let range = read.map_err(|why| format!("{text:?} {why}"))?;
    match range.single() {
        Some(_) => Ok(Some(Price { range, currency })),
        None => Err(format!(
            "{}-{} is a range, and nobody can order at a range",
            range.low, range.high
        )),
    }
}

pub(crate) fn money(value: &Value, currency: Currency) -> Option<Money> {
    let decimal: Decimal = text(value)?.parse().ok()?;
    let minor = round_to_minor(decimal, currency).ok()?;
    Some(Money::new(minor, currency)).filter(|m| m.minor >= 0)
}

/// A count where there is one, else yes or no, else unknown. A no beside a count is a no.
pub(crate) fn stock(of: &Value) -> Stock {
    let says = match &of["in_stock"] {
        Value::Bool(there) => Some(*there),
        Value::Number(number) => Some(number.as_i64() != Some(0)),
        _ => None,
    };
    let counted = of["in_stock_qty"]
        .as_u64()
        .and_then(|count| u32::try_from(count).ok());
    match (counted, says) {
        (_, Some(false)) => Stock::said(false),
        (Some(count), _) => Stock::counted(count),
        (None, Some(true)) => Stock::said(true),
        (None, None) => Stock::default(),
    }
}

/// Text without the tags of a page.
pub(crate) fn plain(text: &str) -> Option<String> {
    let mut inside = false;
    let kept = text.chars().map(|c| match c {
        '<' => {
            inside = true;
            ' '
        }
        '>' if inside => {
            inside = false;
            ' '
        }
        _ if inside => ' ',
        c => c,
    });
    let kept: String = kept.collect();
    let words: Vec<_> = kept.split_whitespace().collect();
    let text: String = words.join(" ").chars().take(20_000).collect();
    (!text.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::supplier::Presence;
    use serde_json::json;

    #[test]
    fn a_placeholder_or_a_range_is_no_price() {
        let dollars = Currency::parse("USD").unwrap();
        let of = |value: Value| price(&value, dollars);
        assert_eq!(
            of(json!(308.35)).unwrap().unwrap().range.low.to_string(),
            "308.35"
        );
        assert!(of(json!(133.133)).unwrap_err().contains("stands for"));
        assert!(of(json!("133.133")).is_err());
        assert!(of(json!("0.53-0.67")).unwrap_err().contains("range"));
        assert_eq!(of(json!(null)), Ok(None));
        assert_eq!(money(&json!(-2), dollars), None);
    }

    #[test]
    fn stock_is_a_yes_a_number_or_nothing() {
        assert_eq!(
            stock(&json!({"in_stock": true, "in_stock_qty": 99})),
            Stock::counted(99)
        );
        assert_eq!(stock(&json!({"in_stock": 1})), Stock::said(true));
        assert_eq!(
            stock(&json!({"in_stock": 0, "in_stock_qty": 5})),
            Stock::said(false)
        );
        assert_eq!(
            stock(&json!({"in_stock": null})).presence,
            Presence::Unknown
        );
        assert_eq!(stock(&json!({})).presence, Presence::Unknown);
    }
}
