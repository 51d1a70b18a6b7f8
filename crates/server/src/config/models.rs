//! Settings of language models: which are asked, where, and how much.

use super::ConfigError;
use super::settings::{http_url, parsed};
use super::values::Values;
use domain::assistant::spend::{Budget, Price};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;
use url::Url;

const USUAL_BASE: &str = "https://api.openai.com/v1";
const USUAL_TOKENS: u64 = 500_000;

/// One model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelPlace {
    pub name: String,
    pub base: String,
    /// Only the server at `OPENAI_BASE_URL` gets the key.
    pub wants_key: bool,
    pub price: Option<Price>,
}

/// In the order in which they are asked.
#[derive(Debug, Clone, Default)]
pub struct ModelsPlace {
    pub list: Vec<ModelPlace>,
    pub budget: Budget,
}

fn model(text: &str, base: &str) -> Option<ModelPlace> {
    let text = text.trim();
    let (name, place) = match text.split_once("@http") {
        Some((name, rest)) => (name, Some(format!("http{rest}"))),
        None => (text, None),
    };
    if name.trim().is_empty() {
        return None;
    }
    if let Some(place) = &place {
        let url = Url::parse(place).ok()?;
        (matches!(url.scheme(), "http" | "https") && url.host().is_some()).then_some(())?;
    }
    Some(ModelPlace {
        name: name.trim().to_owned(),
        wants_key: place.is_none(),
        base: place.unwrap_or_else(|| base.to_owned()),
        price: None,
    })
}

fn price(text: &str) -> Option<(String, Price)> {
    let (name, prices) = text.trim().rsplit_once('=')?;
    let (prompt, reply) = prices.split_once('/')?;
    let amount = |text: &str| {
        let amount: Option<Decimal> = text.trim().parse().ok();
        amount.filter(|amount| !amount.is_sign_negative())
    };
    let price = Price {
        prompt: amount(prompt)?,
        reply: amount(reply)?,
    };
    Some((name.trim().to_owned(), price))
}

pub(super) fn models(values: &Values) -> Result<ModelsPlace, ConfigError> {
    let base = http_url(values, "OPENAI_BASE_URL")?.unwrap_or_else(|| USUAL_BASE.to_owned());
    let list = values.parse(
        "OPENAI_MODEL",
        "names of models, or name@address, separated by commas",
        |text| text.split(',').map(|one| model(one, &base)).collect(),
    )?;
    let mut list: Vec<ModelPlace> = list.unwrap_or_default();
    let prices = values.parse(
        "OPENAI_PRICES",
        "prices of a million tokens such as gpt-5=1.25/10, separated by commas",
        |text| text.split(',').map(price).collect::<Option<Vec<_>>>(),
    )?;
    for (name, price) in prices.unwrap_or_default() {
        let named = list.iter_mut().filter(|model| model.name == name);
        named.for_each(|model| model.price = Some(price));
    }
    let tokens = values.parse(
        "ASSISTANT_DAILY_TOKENS",
        "a number of tokens; 0 for no limit",
        parsed::<u64>,
    )?;
    let micros = values.parse("ASSISTANT_DAILY_COST", "an amount such as 2.50", |text| {
        let amount: Decimal = text.parse().ok()?;
        (amount * Decimal::from(1_000_000)).to_u64()
    })?;
    if micros.is_some() && list.iter().any(|model| model.price.is_none()) {
        return Err(ConfigError::Missing {
            key: "OPENAI_PRICES",
            why: "ASSISTANT_DAILY_COST is set: give the price of every model",
        });
    }
    Ok(ModelsPlace {
        list,
        budget: Budget {
            tokens: Some(tokens.unwrap_or(USUAL_TOKENS)).filter(|n| *n > 0),
            micros,
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_model_may_be_elsewhere() {
        let here = model("gpt-5", USUAL_BASE).unwrap();
        assert_eq!((here.name.as_str(), here.wants_key), ("gpt-5", true));
        let there = model(" qwen3:8b@http://localhost:11434/v1", USUAL_BASE).unwrap();
        assert_eq!(there.name, "qwen3:8b");
        assert_eq!(there.base, "http://localhost:11434/v1");
        assert!(!there.wants_key, "no other server sees the key");
        assert_eq!(model("@http://x", USUAL_BASE), None);
        assert_eq!(model("x@http://", USUAL_BASE), None);
    }

    #[test]
    fn a_price_has_two_parts() {
        let (name, told) = price("gpt-5=1.25/10").unwrap();
        assert_eq!((name.as_str(), told.reply), ("gpt-5", Decimal::TEN));
        assert!(price("gpt-5=1.25").is_none() && price("gpt-5=-1/2").is_none());
    }
}
