//! `refundCreate`: a key, the goods, and payments that come to what the shop suggests, or none at all.

use serde_json::{Value as Json, json};

use super::writes::Known;
use super::{Change, Outcome, Problem, order_at, position};
use crate::generate::actions::{self, Wish};
use crate::graphql::resolve::{id, presented, time};
use crate::graphql::value::Value;
use crate::money::exponent;
use crate::store::{Order, Restock, Store, ids};

pub(super) fn create(change: &mut Change<'_>) -> Outcome {
    let arguments = &change.field.arguments;
    let Some(key) = change.field.key_of_write.clone() else {
        let message =
            "The @idempotent directive is required for this mutation but was not provided.";
        return change.failed(message, "BAD_REQUEST");
    };
    let asked = arguments.fingerprint();
    match change.writes.known(change.kind, &key, &asked) {
        Known::Answer(value) => return Outcome { value, error: None },
        Known::Other => {
            let message =
                "The same idempotency key cannot be used with different operation parameters.";
            return change.refused(vec![Problem::new(&["idempotencyKey"], message, None)]);
        }
        Known::Nothing => {}
    }
    let input = arguments.get("input").cloned().unwrap_or_default();
    let outcome = make(change, &key, &input);
    change.writes.keep(&key, asked, outcome.value.clone());
    outcome
}

fn make(change: &mut Change<'_>, key: &str, input: &Json) -> Outcome {
    let mut store = change.app.write();
    let gid = input["orderId"].as_str().unwrap_or_default();
    let Some(order) = order_at(&store, gid) else {
        return change.refused(vec![Problem::new(
            &["orderId"],
            "Order does not exist",
            None,
        )]);
    };
    let there = &store.orders[order];
    let wish = match wished(&store, there, input) {
        Ok(wish) => wish,
        Err((field, message)) => {
            return change.refused(vec![Problem::new(&[field], &message, None)]);
        }
    };
    let now = change.app.now();
    let Some(amount) = actions::suggested(there, now, &wish) else {
        let message = "The order cannot be refunded so";
        return change.refused(vec![Problem::new(&["refundLineItems"], message, None)]);
    };
    let (expected, currency) = presented(&store, there, amount);
    let payments = input["transactions"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    let paid: Option<i64> = payments
        .iter()
        .map(|p| minor(p["amount"].as_str()?, exponent(currency)))
        .sum();
    if !payments.is_empty() && paid != Some(expected) {
        let message = "The payments do not come to what can be refunded for this";
        return change.refused(vec![Problem::new(&["transactions"], message, None)]);
    }
    let step = actions::refund_so(&mut store.orders[order], now, &wish, !payments.is_empty());
    let Some(step) = step else {
        let message = "The order cannot be refunded so";
        return change.refused(vec![Problem::new(&["orderId"], message, None)]);
    };
    let lines: Vec<Json> = wish
        .lines
        .iter()
        .map(|(line, n)| json!([line, n]))
        .collect();
    let after = json!({
        "amount": amount, "lines": lines, "shipping": wish.shipping, "restock": wish.restock.name(),
        "note": wish.note, "notify": input["notify"],
    });
    change.note(Some(key), (gid, "refund"), Json::Null, after);
    change.touch_order(&mut store, order);
    let number = ids::child(ids::REFUND, store.orders[order].index, step);
    let made = vec![
        ("createdAt", Value::text(time(now))),
        ("id", id("Refund", number)),
    ];
    let fields = vec![
        ("refund", Value::made("Refund", made)),
        ("order", Value::Null),
    ];
    change.outcome(fields, Vec::new())
}

/// What is asked for, of lines that are there.
fn wished(store: &Store, order: &Order, input: &Json) -> Result<Wish, (&'static str, String)> {
    let mut lines = Vec::new();
    let mut restock = Restock::Nothing;
    for row in input["refundLineItems"].as_array().into_iter().flatten() {
        let gid = row["lineItemId"].as_str().unwrap_or_default();
        let Some(line) = line_of(order, gid) else {
            return Err(("refundLineItems", format!("{gid} is no line of the order")));
        };
        restock = match row["restockType"].as_str() {
            Some("CANCEL") if order.fulfilled => {
                let message = "cannot remove units that were fulfilled".to_owned();
                return Err(("refundLineItems", message));
            }
            Some("CANCEL") => Restock::Cancel,
            Some("RETURN") => Restock::Return,
            _ => Restock::Nothing,
        };
        let place = row["locationId"].as_str();
        let is_place =
            |gid: &str| position(gid, "Location", ids::LOCATION, store.locations.len()).is_some();
        if restock != Restock::Nothing && !place.is_some_and(is_place) {
            return Err(("refundLineItems", "Location could not be found".to_owned()));
        }
        let units = row["quantity"].as_i64().and_then(|n| i32::try_from(n).ok());
        lines.push((line, units.unwrap_or(0)));
    }
    Ok(Wish {
        lines,
        restock,
        shipping: input["shipping"]["fullRefund"] == true,
        note: input["note"].as_str().unwrap_or_default().to_owned(),
    })
}

pub(crate) fn line_of(order: &Order, gid: &str) -> Option<usize> {
    let (_, number) = ids::parse(gid).filter(|(kind, _)| *kind == "LineItem")?;
    (0..order.lines.len()).find(|n| ids::child(ids::LINE, order.index, *n) == number)
}

/// `12.5` of a currency with two decimals is 1250.
fn minor(text: &str, exponent: u32) -> Option<i64> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let places = usize::try_from(exponent).ok()?;
    if part.len() > places {
        return None;
    }
    format!("{whole}{part:0<places$}").parse().ok()
}
