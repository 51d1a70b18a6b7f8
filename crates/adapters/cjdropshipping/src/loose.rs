//! Values whose kind CJ does not keep to: amounts are texts or numbers, counts are numbers, texts, booleans or nothing.

use domain::import::NumberStyle;
use domain::money::{Currency, Money, round_to_minor};
use domain::supplier::{Price, PriceRange, ShipTime, Stock};
use rust_decimal::Decimal;
use serde::Deserialize;
use serde_json::Value;

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(transparent)]
pub(crate) struct Loose(pub Value);

impl Loose {
    /// A text that says something.
    pub(crate) fn text(&self) -> Option<String> {
        let text = match &self.0 {
            Value::String(text) => text.trim().to_owned(),
            Value::Number(number) => number.to_string(),
            _ => return None,
        };
        (!text.is_empty()).then_some(text)
    }

    pub(crate) fn decimal(&self) -> Option<Decimal> {
        self.text()?.parse().ok()
    }

    /// `None` where nothing is told; a range where it is one.
    pub(crate) fn range(&self) -> Result<Option<PriceRange>, String> {
        let Some(text) = self.text() else {
            return Ok(None);
        };
        let read = PriceRange::parse(&text, NumberStyle::Dot);
        read.map(Some).map_err(|why| format!("{text:?} {why}"))
    }

    /// The price of one thing. A range is none.
    pub(crate) fn price(&self) -> Result<Option<Price>, String> {
        let Some(range) = self.range()? else {
            return Ok(None);
        };
        match range.single() {
            Some(_) => Ok(Some(Price {
                range,
                currency: dollars(),
            })),
            None => Err(format!(
                "{}-{} is a range, and nobody can order at a range",
                range.low, range.high
            )),
        }
    }

    pub(crate) fn money(&self) -> Option<Money> {
        let minor = round_to_minor(self.decimal()?, dollars()).ok()?;
        Some(Money::new(minor, dollars()))
    }

    /// A count, or whether there is any.
    pub(crate) fn stock(&self) -> Stock {
        match &self.0 {
            Value::Bool(there) => Stock::said(*there),
            _ => self
                .text()
                .and_then(|text| Stock::parse(&text, false).ok())
                .unwrap_or_default(),
        }
    }

    pub(crate) fn days(&self) -> Option<ShipTime> {
        ShipTime::parse(&self.text()?).ok()?
    }
}

/// CJ tells every amount in US dollars.
pub(crate) fn dollars() -> Currency {
    Currency::parse("USD").expect("a currency of ISO 4217")
}

/// HTML as text: what stands between tags, with the entities that are usual.
pub(crate) fn plain(html: &str) -> Option<String> {
    let mut text = String::new();
    let mut inside = false;
    for c in html.chars() {
        match c {
            '<' => {
                inside = true;
                text.push(' ');
            }
            '>' if inside => inside = false,
            c if !inside => text.push(c),
            _ => {}
        }
    }
    for (entity, is) in [
        ("&nbsp;", " "),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&amp;", "&"),
    ] {
        text = text.replace(entity, is);
    }
    let words: Vec<_> = text.split_whitespace().collect();
    let text: String = words.join(" ").chars().take(20_000).collect();
    (!text.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::supplier::Presence;
    use serde_json::json;

    #[test]
    fn amounts_are_texts_or_numbers_and_a_range_is_no_price() {
        let price = |v: Value| Loose(v).price();
        let is = |v: Value| price(v).unwrap().unwrap().range.low.to_string();
        assert_eq!(is(json!("9.50")), "9.5");
        assert_eq!(is(json!(58.09)), "58.09");
        assert_eq!(price(json!(null)), Ok(None));
        assert_eq!(price(json!("")), Ok(None));
        let why = price(json!("1.20-3.50")).unwrap_err();
        assert!(why.contains("range"), "{why}");
        assert!(price(json!("free")).is_err());
        assert!(price(json!("-3")).is_err());
        assert_eq!(Loose(json!("19.20")).money().unwrap().minor, 1_920);
        assert_eq!(Loose(json!(3.45)).money().unwrap().minor, 345);
        assert_eq!(Loose(json!("soon")).money(), None);
    }

    #[test]
    fn stock_is_a_count_a_yes_or_no_or_unknown() {
        let stock = |v: Value| Loose(v).stock();
        assert_eq!(stock(json!(7)), Stock::counted(7));
        assert_eq!(stock(json!("7")), Stock::counted(7));
        assert_eq!(stock(json!(false)).presence, Presence::Out);
        assert_eq!(stock(json!(null)).presence, Presence::Unknown);
        assert_eq!(stock(json!(-3)).presence, Presence::Unknown);
    }

    #[test]
    fn a_description_is_text_without_its_tags() {
        let html = "<p>Small&nbsp;<b>trailer</b> &amp; hook</p><br/>";
        assert_eq!(plain(html).unwrap(), "Small trailer & hook");
        assert_eq!(plain("<p></p>"), None);
    }
}
