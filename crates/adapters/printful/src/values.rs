//! Amounts as Printful writes them: texts, and now and then numbers.

use domain::import::NumberStyle;
use domain::money::{Currency, Money, round_to_minor};
use domain::supplier::{Price, PriceRange};
use rust_decimal::Decimal;
use serde::Deserialize;
use serde_json::Value;

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(transparent)]
pub(crate) struct Amount(Value);

impl Amount {
    fn text(&self) -> Option<String> {
        let text = match &self.0 {
            Value::String(text) => text.trim().to_owned(),
            Value::Number(number) => number.to_string(),
            _ => return None,
        };
        (!text.is_empty()).then_some(text)
    }

    /// The price of one thing; `None` where nothing is told. A range is no price.
    pub(crate) fn price(&self, currency: Currency) -> Result<Option<Price>, String> {
        let Some(text) = self.text() else {
            return Ok(None);
        };
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

    /// `None`: not told, or no amount.
    pub(crate) fn money(&self, currency: Currency) -> Option<Money> {
        let decimal: Decimal = self.text()?.parse().ok()?;
        let minor = round_to_minor(decimal, currency).ok()?;
        Some(Money::new(minor, currency))
    }
}

/// `None` where no currency of ISO 4217 is told: nothing is assumed in its place.
pub(crate) fn currency(told: Option<&str>) -> Option<Currency> {
    Currency::parse(told?.trim()).ok()
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
    use serde_json::json;

    #[test]
    fn amounts_are_read_and_what_is_none_is_told() {
        let euros = Currency::parse("EUR").unwrap();
        let of = |value: Value| Amount(value).price(euros);
        let price = of(json!("13.60")).unwrap().unwrap();
        assert_eq!(price.range.low.to_string(), "13.6");
        assert_eq!(of(json!(null)), Ok(None));
        assert!(of(json!("9.50-12.00")).unwrap_err().contains("range"));
        assert!(of(json!("soon")).is_err());
        assert!(of(json!("-1")).is_err());
        assert_eq!(Amount(json!(8.5)).money(euros).unwrap().minor, 850);
        assert_eq!(Amount(json!(true)).money(euros), None);
        assert_eq!(currency(Some("eu")), None);
        assert_eq!(currency(None), None);
        assert_eq!(plain("<b>Soft</b> shirt<br/>").unwrap(), "Soft shirt");
    }
}
