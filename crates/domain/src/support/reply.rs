//! Drafts of answers from templates: what is recorded of the order, and nothing else. No promise, no date that nobody knows, no amount that is not
//! recorded; whoever sends it reads it first and may write something else.

use super::triage::Topic;
use crate::money::{Currency, format_minor};
use chrono::NaiveDate;

/// What is recorded of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderFacts {
    pub name: String,
    pub ordered_on: NaiveDate,
    pub is_cancelled: bool,
    /// The provider's word: `fulfilled`, `unfulfilled` …
    pub fulfilment: String,
    /// As it now stands, in minor units.
    pub total: i64,
    pub refunded: i64,
    pub currency: Currency,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReplyFacts {
    /// As the buyer is called; `None`: not known, or not to be known.
    pub name: Option<String>,
    pub shop: String,
    /// The one that it is about.
    pub order: Option<OrderFacts>,
}

/// The same facts, the same words.
#[must_use]
pub fn draft(topic: Topic, facts: &ReplyFacts) -> String {
    let mut parts = vec!["thank you for writing to us.".to_owned()];
    parts.extend(recorded(topic, facts));
    framed(parts, facts)
}

/// What a draft says of the order, or asks where none is known; then what is asked or told beside it.
pub(super) fn recorded(topic: Topic, facts: &ReplyFacts) -> Vec<String> {
    let first = match &facts.order {
        Some(order) => state(order),
        None => "So that we can look into it, please tell us the number of your order; it stands in the confirmation that you got by mail."
            .to_owned(),
    };
    let beside = about(topic, facts.order.as_ref()).map(str::to_owned);
    std::iter::once(first).chain(beside).collect()
}

/// Between a greeting and the name of the shop.
pub(super) fn framed(parts: Vec<String>, facts: &ReplyFacts) -> String {
    let hello = match facts.name.as_deref().map(str::trim) {
        Some(name) if !name.is_empty() => format!("Hello {name},"),
        _ => "Hello,".to_owned(),
    };
    let mut all = vec![hello];
    all.extend(parts);
    all.push(format!("Kind regards\n{}", facts.shop));
    all.join("\n\n")
}

/// The day of an order as drafts tell it.
pub(super) fn dated(order: &OrderFacts) -> String {
    order.ordered_on.format("%-d %B %Y").to_string()
}

/// How an order stands, in a sentence or two.
fn state(order: &OrderFacts) -> String {
    let name = &order.name;
    let date = dated(order);
    let how = if order.is_cancelled {
        "it is cancelled".to_owned()
    } else {
        match order.fulfilment.as_str() {
            "fulfilled" => "it has been sent".to_owned(),
            "partial" | "partially_fulfilled" => "a part of it has been sent".to_owned(),
            "unfulfilled" => "it has not been sent yet".to_owned(),
            "on_hold" => "it is on hold".to_owned(),
            _ => "we are looking at where it is".to_owned(),
        }
    };
    let mut text = format!("We have your order {name} of {date} before us: {how}.");
    if order.refunded > 0 {
        let amount = format_minor(order.refunded, order.currency);
        text.push_str(&format!(
            " {amount} {} of it were given back.",
            order.currency
        ));
    }
    text
}

/// What is asked or told beside it.
fn about(topic: Topic, order: Option<&OrderFacts>) -> Option<&'static str> {
    let is_sent = order.is_some_and(|o| o.fulfilment == "fulfilled");
    Some(match topic {
        Topic::Damaged => {
            "We are sorry that what arrived is not as it should be. Please send us a picture of it and of the parcel, so that we can put it right."
        }
        Topic::Cancel if is_sent => {
            "It is on its way already, so that it cannot be cancelled any more; once it has arrived you can send it back to us."
        }
        Topic::Cancel => {
            "We have passed on that you would like to cancel it, and will write to you as soon as that is decided."
        }
        Topic::Change if is_sent => {
            "It is on its way already, so that nothing of it can be changed any more."
        }
        Topic::Change => {
            "Please tell us exactly what is to be changed, so that we can do it before it is sent."
        }
        Topic::Refund => {
            "We are looking into what was paid and what was given back, and will write to you as soon as that is decided."
        }
        Topic::Return => {
            "Please tell us what you would like to send back and why, so that we can tell you how."
        }
        Topic::Invoice => {
            "Please tell us whether another name or address is to stand on the invoice."
        }
        Topic::Delivery | Topic::Other => return None,
    })
}
