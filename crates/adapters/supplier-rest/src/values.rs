//! Values as anybody's interface may write them, read as a file's are.

use domain::import::NumberStyle;
use domain::money::Currency;
use domain::supplier::{
    Price, PriceRange, RestContract, RestField, ShipTime, ShippingOffer, Stock,
};
use serde_json::Value;

/// Where a pointer leads; `None` where the contract has none, or nothing is there.
pub(crate) fn find<'a>(
    contract: &RestContract,
    field: RestField,
    of: &'a Value,
) -> Option<&'a Value> {
    of.pointer(contract.at(field)?)
}

/// Whether something is said there.
pub(crate) fn says(value: Option<&Value>) -> bool {
    match value {
        None | Some(Value::Null) => false,
        Some(Value::String(text)) => !text.trim().is_empty(),
        Some(_) => true,
    }
}

pub(crate) fn text(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Bool(yes) => yes.to_string(),
        _ => return None,
    };
    (!text.is_empty()).then_some(text)
}

pub(crate) fn text_at(contract: &RestContract, field: RestField, of: &Value) -> Option<String> {
    find(contract, field, of).and_then(text)
}

/// What is there and is no text, number or yes and no is another thing than was thought.
fn plain(value: &Value) -> Result<Option<String>, String> {
    match value {
        Value::Null => Ok(None),
        Value::Array(_) => Err("is a list".to_owned()),
        Value::Object(_) => Err("is an object".to_owned()),
        value => Ok(text(value)),
    }
}

/// Beside the price, else as the contract says; nothing is assumed in its place.
pub(crate) fn currency(contract: &RestContract, of: &Value) -> Result<Currency, String> {
    let told = text_at(contract, RestField::Currency, of);
    match (told, contract.currency) {
        (Some(code), _) => Currency::parse(&code.to_ascii_uppercase())
            .map_err(|_| format!("{code:?} is no currency")),
        (None, Some(fixed)) => Ok(fixed),
        (None, None) => {
            Err("no currency is told beside it, and the contract names none".to_owned())
        }
    }
}

/// `None` where nothing is told.
pub(crate) fn range(value: &Value) -> Result<Option<PriceRange>, String> {
    let Some(text) = plain(value)? else {
        return Ok(None);
    };
    let read = PriceRange::parse(&text, NumberStyle::Dot);
    read.map(Some).map_err(|why| format!("{text:?} {why}"))
}

/// The price of one thing. A range is none.
pub(crate) fn price(
    value: &Value,
    currency: Result<Currency, String>,
) -> Result<Option<Price>, String> {
    let Some(range) = range(value)? else {
        return Ok(None);
    };
    let currency = currency?;
    match range.single() {
        Some(_) => Ok(Some(Price { range, currency })),
        None => Err(format!(
            "{}-{} is a range, and nobody can order at a range",
            range.low, range.high
        )),
    }
}

pub(crate) fn stock(value: &Value, yes_or_no: bool) -> Result<Stock, String> {
    if let Value::Bool(there) = value {
        return Ok(Stock::said(*there));
    }
    let text = plain(value)?.unwrap_or_default();
    Stock::parse(&text, yes_or_no).map_err(|why| format!("{text:?} {why}"))
}

fn days_of(value: &Value) -> Result<Option<ShipTime>, String> {
    let Some(text) = plain(value)? else {
        return Ok(None);
    };
    ShipTime::parse(&text).map_err(|why| format!("{text:?} {why}"))
}

/// From the earlier of one pointer to the later of the other; either may tell both.
pub(crate) fn days(
    least: Option<&Value>,
    most: Option<&Value>,
) -> Result<Option<ShipTime>, String> {
    let read = |value: Option<&Value>| value.map_or(Ok(None), days_of);
    let (least, most) = (read(least)?, read(most)?);
    let (Some(first), Some(last)) = (least.or(most), most.or(least)) else {
        return Ok(None);
    };
    if first.min_days > last.max_days {
        return Err(format!(
            "{}-{} days end before they begin",
            first.min_days, last.max_days
        ));
    }
    Ok(Some(ShipTime {
        min_days: first.min_days,
        max_days: last.max_days,
    }))
}

/// Wherever it is sent to: no contract tells countries.
pub(crate) fn shipping(
    contract: &RestContract,
    of: &Value,
) -> Result<Option<ShippingOffer>, String> {
    let at = |field| find(contract, field, of);
    let cost = match at(RestField::ShippingCost) {
        Some(value) => price(value, currency(contract, of))?,
        None => None,
    };
    let days = days(at(RestField::ShipDaysMin), at(RestField::ShipDaysMax))?;
    let is_told = cost.is_some() || days.is_some();
    Ok(is_told.then_some(ShippingOffer {
        to: None,
        cost,
        days,
    }))
}

pub(crate) fn country(contract: &RestContract, of: &Value) -> Option<String> {
    let told = text_at(contract, RestField::ShipsFrom, of);
    let told = told.map(|code| code.to_ascii_uppercase());
    let told = told.filter(|c| c.len() == 2 && c.bytes().all(|b| b.is_ascii_uppercase()));
    told.or_else(|| contract.ships_from.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::supplier::Presence;
    use serde_json::json;

    fn dollars() -> Result<Currency, String> {
        Ok(Currency::parse("USD").unwrap())
    }

    #[test]
    fn prices_are_texts_numbers_and_nothing_else() {
        let of = |value: Value| price(&value, dollars());
        assert_eq!(
            of(json!("9.50")).unwrap().unwrap().range.low.to_string(),
            "9.5"
        );
        assert_eq!(
            of(json!(58.09)).unwrap().unwrap().range.low.to_string(),
            "58.09"
        );
        assert_eq!(of(json!(null)), Ok(None));
        assert!(of(json!("1.20-3.50")).unwrap_err().contains("range"));
        assert!(of(json!("soon")).is_err());
        assert!(of(json!(-1)).unwrap_err().contains("negative"));
        assert_eq!(of(json!({"amount": 1})), Err("is an object".to_owned()));
    }

    #[test]
    fn without_a_currency_there_is_no_price_unless_the_contract_names_one() {
        let pointers = [(RestField::Currency, "/currency".to_owned())];
        let mut contract = RestContract {
            map: pointers.into(),
            ..RestContract::default()
        };
        let of = |contract: &RestContract, told: Value| currency(contract, &told);
        assert_eq!(
            of(&contract, json!({"currency": "eur"}))
                .unwrap()
                .to_string(),
            "EUR"
        );
        assert!(of(&contract, json!({"currency": "?"})).is_err());
        assert!(
            of(&contract, json!({}))
                .unwrap_err()
                .contains("the contract names none")
        );
        contract.currency = Currency::parse("USD").ok();
        assert_eq!(of(&contract, json!({})).unwrap().to_string(), "USD");
    }

    #[test]
    fn stock_is_a_number_a_yes_or_no_or_nothing() {
        assert_eq!(stock(&json!(12), false), Ok(Stock::counted(12)));
        assert_eq!(stock(&json!("7"), false), Ok(Stock::counted(7)));
        assert_eq!(stock(&json!(true), false), Ok(Stock::said(true)));
        assert_eq!(stock(&json!("out of stock"), false), Ok(Stock::said(false)));
        assert_eq!(stock(&json!(1), true), Ok(Stock::said(true)));
        assert_eq!(
            stock(&json!(null), false).unwrap().presence,
            Presence::Unknown
        );
        assert!(stock(&json!("plenty"), false).is_err());
        assert!(stock(&json!([1]), false).is_err());
    }

    #[test]
    fn days_are_from_the_earlier_to_the_later() {
        let of = |least: Value, most: Value| {
            let read = days(Some(&least), Some(&most));
            read.map(|d| d.map(|d| (d.min_days, d.max_days)))
        };
        assert_eq!(of(json!(2), json!("5")), Ok(Some((2, 5))));
        assert_eq!(of(json!("2-5"), json!(null)), Ok(Some((2, 5))));
        assert_eq!(of(json!(null), json!(null)), Ok(None));
        assert!(of(json!(7), json!(3)).is_err());
        assert!(of(json!("3-5 business days"), json!(null)).is_err());
    }
}
