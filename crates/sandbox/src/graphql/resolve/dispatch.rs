//! What of an order is sent together, and its holds.

use super::super::value::{Object, Value};
use super::{Context, id, time};
use crate::store::dispatch::{Fulfillment, Hold, lines_of, status, unsent};
use crate::store::{Order, ids};

pub(super) fn part<'a>(
    context: &'a Context<'a>,
    o: &'a Order,
    part: usize,
    field: &str,
) -> Value<'a> {
    let store = context.store;
    let order = ids::ORDER + i64::from(o.index);
    match field {
        "id" => id(
            "FulfillmentOrder",
            ids::child(ids::FULFILLMENT_ORDER, o.index, part),
        ),
        "status" => Value::text(status(store, o, part)),
        "requestStatus" => Value::text(if o.fulfilled { "CLOSED" } else { "UNSUBMITTED" }),
        "createdAt" | "orderProcessedAt" => Value::text(time(o.placed)),
        "updatedAt" => Value::text(time(o.updated)),
        "order" => Value::Object(Object::Order(o)),
        "orderId" => id("Order", order),
        "orderName" => Value::text(&*o.name),
        "lineItems" => Value::connection(lines_of(o, part).into_iter().map(|line| {
            let left = unsent(store, o, line);
            let total = o.remaining(line);
            let fields = vec![
                (
                    "id",
                    id(
                        "FulfillmentOrderLineItem",
                        ids::child(ids::FULFILLMENT_LINE, o.index, line),
                    ),
                ),
                ("lineItem", Value::Object(Object::Line(o, line))),
                ("remainingQuantity", Value::Int(left.into())),
                ("totalQuantity", Value::Int(total.into())),
                ("requiresShipping", Value::Bool(true)),
            ];
            Object::Made("FulfillmentOrderLineItem", std::sync::Arc::new(fields))
        })),
        "fulfillmentHolds" => Value::list(store.holds.of(o, part).iter().map(hold_object)),
        "supportedActions" => {
            let actions: &[&'static str] = match status(store, o, part) {
                "OPEN" => &[
                    "CREATE_FULFILLMENT",
                    "REPORT_PROGRESS",
                    "MOVE",
                    "HOLD",
                    "SPLIT",
                ],
                "ON_HOLD" => &["RELEASE_HOLD", "HOLD", "MOVE"],
                _ => &[],
            };
            let action = |name: &&'static str| {
                let fields = vec![("action", Value::text(*name)), ("externalUrl", Value::Null)];
                Value::made("FulfillmentOrderSupportedAction", fields)
            };
            Value::List(actions.iter().map(action).collect())
        }
        _ => Value::Unknown,
    }
}

pub(crate) fn hold_object<'a>(hold: &Hold) -> Object<'a> {
    let words = hold.reason.to_lowercase().replace('_', " ");
    let mut letters = words.chars();
    let shown: String = letters
        .next()
        .into_iter()
        .flat_map(char::to_uppercase)
        .chain(letters)
        .collect();
    let fields = vec![
        ("displayReason", Value::text(shown)),
        ("handle", Value::text(hold.handle.clone())),
        ("heldByRequestingApp", Value::Bool(true)),
        ("id", id("FulfillmentHold", hold.number)),
        ("reason", Value::text(hold.reason.clone())),
        ("reasonNotes", Value::maybe(hold.notes.clone())),
    ];
    Object::Made("FulfillmentHold", std::sync::Arc::new(fields))
}

pub(crate) fn fulfillment_object<'a>(o: &Order, sent: &Fulfillment) -> Object<'a> {
    let tracking = sent.tracking.iter().map(|t| {
        let fields = vec![
            ("company", Value::maybe(t.company.clone())),
            ("number", Value::text(t.number.clone())),
            ("url", Value::maybe(t.url.clone())),
        ];
        Value::made("FulfillmentTrackingInfo", fields)
    });
    let units: i32 = sent.lines.iter().map(|(_, units)| units).sum();
    let fields = vec![
        ("createdAt", Value::text(time(o.updated))),
        ("id", id("Fulfillment", sent.number)),
        ("legacyResourceId", Value::text(sent.number.to_string())),
        (
            "name",
            Value::text(format!("{}-F{}", o.name, sent.number % 100)),
        ),
        ("status", Value::text("SUCCESS")),
        ("totalQuantity", Value::Int(units.into())),
        ("trackingInfo", Value::List(tracking.collect())),
    ];
    Object::Made("Fulfillment", std::sync::Arc::new(fields))
}
