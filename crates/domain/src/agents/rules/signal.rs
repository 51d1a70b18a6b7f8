//! What leaves the house with a signal: the thing, the rule, and the figures that the rule names. Nothing of a customer.

use super::document::{Comparator, Condition, Operand, Rule, SignalFigure};
use super::facts::Facts;
use super::figure::Kind;
use super::meets::Found;
use crate::money::format_minor;
use rust_decimal::Decimal;
use serde_json::{Map, Value, json};

/// At most ten properties at the top: those here, with the figures in one of them. Amounts and shares are decimal strings (a share of 0.05 is 5 %),
/// counts, days and hours whole numbers; what nobody knows is null.
pub(super) fn payload(
    rule: &Rule,
    facts: &Facts,
    (thing, label): (&str, &str),
    figures: &[SignalFigure],
    find: impl Fn(&Condition) -> Found,
) -> Value {
    let (kind, id) = thing.split_once(':').unwrap_or((thing, ""));
    let mut told = Map::new();
    for one in figures {
        let asked = Condition {
            figure: one.figure,
            days: one.days,
            is: Comparator::Equals,
            value: Operand::Flag(true),
        };
        let value = match (find(&asked), one.figure.kind()) {
            (Found::Unknown, _) => Value::Null,
            (Found::Flag(flag), _) => json!(flag),
            (Found::Words(words), Kind::Word) => json!(words.first()),
            (Found::Words(words), _) => json!(words),
            (Found::Number(n), Kind::Money) => json!(format_minor(n, facts.currency)),
            (Found::Number(n), Kind::Share) => json!(Decimal::new(n, 4).to_string()),
            (Found::Number(n), _) => json!(n),
        };
        told.insert(key(one), value);
    }
    json!({
        "rule": rule.name,
        "about": kind,
        "id": id,
        "label": label,
        "currency": facts.currency,
        "as_of": facts.as_of,
        "figures": told,
    })
}

/// `units_sold_30d`, `price`
fn key(one: &SignalFigure) -> String {
    let name = serde_json::to_value(one.figure).unwrap_or_default();
    let name = name.as_str().unwrap_or_default().to_owned();
    match one.days {
        Some(days) => format!("{name}_{days}d"),
        None => name,
    }
}
