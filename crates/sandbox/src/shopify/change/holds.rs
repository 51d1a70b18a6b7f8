//! `fulfillmentOrderHold` and `fulfillmentOrderReleaseHold`.

use serde_json::{Value as Json, json};

use super::{Change, Outcome, Problem};
use crate::graphql::resolve::hold_object;
use crate::graphql::value::{Object, Value};
use crate::store::dispatch::{self, Hold, MOST_HOLDS};
use crate::store::{Store, ids};

const LONGEST_HANDLE: usize = 64;

/// The order's position and the part.
fn part_at(store: &Store, gid: &str) -> Option<(usize, usize)> {
    let (_, number) = ids::parse(gid).filter(|(kind, _)| *kind == "FulfillmentOrder")?;
    let (order, part) = ids::split(ids::FULFILLMENT_ORDER, number)?;
    let there = store.orders.get(order).filter(|o| o.deleted.is_none())?;
    (part < dispatch::parts(there)).then_some((order, part))
}

fn unknown() -> Problem {
    let code = Some("FULFILLMENT_ORDER_NOT_FOUND");
    Problem::new(&["id"], "The fulfillment order could not be found.", code)
}

pub(super) fn hold(change: &mut Change<'_>) -> Outcome {
    let arguments = &change.field.arguments;
    let gid = arguments.text("id").unwrap_or_default().to_owned();
    let input = arguments
        .get("fulfillmentHold")
        .cloned()
        .unwrap_or_default();
    let text = |name: &str| input[name].as_str().map(str::to_owned);
    let mut store = change.app.write();
    let Some((order, part)) = part_at(&store, &gid) else {
        return change.refused(vec![unknown()]);
    };
    let hold = Hold {
        number: 0,
        handle: text("handle").unwrap_or_default(),
        reason: text("reason").unwrap_or_default(),
        notes: text("reasonNotes"),
    };
    if let Some(problem) = problem(&store, order, part, &hold) {
        return change.refused(vec![problem]);
    }
    let (handle, number) = (hold.handle.clone(), store.orders[order].index);
    let before = handles(&store, order, part);
    store.holds.add(number, part, hold);
    let after = handles(&store, order, part);
    change.note(Some(&handle), (&gid, "holds"), before, after);
    let topic = "FULFILLMENT_ORDERS_PLACED_ON_HOLD";
    tell(change, &mut store, (order, part), topic, &gid);
    let made = store.holds.of(&store.orders[order], part).last();
    let fields = vec![
        (
            "fulfillmentHold",
            made.map_or(Value::Null, |h| Value::Object(hold_object(h))),
        ),
        (
            "fulfillmentOrder",
            Value::Object(Object::Part(number, part)),
        ),
        ("remainingFulfillmentOrder", Value::Null),
    ];
    change.outcome(fields, Vec::new())
}

fn problem(store: &Store, order: usize, part: usize, hold: &Hold) -> Option<Problem> {
    let order = &store.orders[order];
    let there = store.holds.of(order, part);
    let handle = ["fulfillmentHold", "handle"];
    if hold.handle.chars().count() > LONGEST_HANDLE {
        let message = format!("Handle is too long (maximum is {LONGEST_HANDLE} characters)");
        return Some(Problem::new(&handle, &message, None));
    }
    if there.iter().any(|h| h.handle == hold.handle) {
        let message = "The handle provided for the fulfillment hold is already in use by this app for another hold on this fulfillment order.";
        let code = Some("DUPLICATE_FULFILLMENT_HOLD_HANDLE");
        return Some(Problem::new(&handle, message, code));
    }
    if there.len() >= MOST_HOLDS {
        let message = "The maximum number of fulfillment holds for this fulfillment order has been reached for this app. An app can only have up to 10 holds on a single fulfillment order at any one time.";
        let code = Some("FULFILLMENT_ORDER_HOLD_LIMIT_REACHED");
        return Some(Problem::new(&["id"], message, code));
    }
    let status = dispatch::status(store, order, part);
    (!matches!(status, "OPEN" | "ON_HOLD")).then(|| {
        let message = "The fulfillment order is not in a state in which it can be held.";
        Problem::new(&["id"], message, Some("TAKEN"))
    })
}

pub(super) fn release(change: &mut Change<'_>) -> Outcome {
    let arguments = &change.field.arguments;
    let gid = arguments.text("id").unwrap_or_default().to_owned();
    let chosen: Option<Vec<String>> = arguments.get("holdIds").map(|_| {
        let named = arguments.list("holdIds");
        named.into_iter().map(str::to_owned).collect()
    });
    let mut store = change.app.write();
    let Some((order, part)) = part_at(&store, &gid) else {
        return change.refused(vec![unknown()]);
    };
    let number = store.orders[order].index;
    let before = handles(&store, order, part);
    let gone = store.holds.release(number, part, |hold| {
        let id = ids::gid("FulfillmentHold", hold.number);
        chosen.as_ref().is_none_or(|chosen| chosen.contains(&id))
    });
    let key: Vec<&str> = gone.iter().map(|h| h.handle.as_str()).collect();
    let after = handles(&store, order, part);
    change.note(Some(&key.join(",")), (&gid, "holds"), before, after);
    let topic = "FULFILLMENT_ORDERS_HOLD_RELEASED";
    tell(change, &mut store, (order, part), topic, &gid);
    let part = Value::Object(Object::Part(number, part));
    change.outcome(vec![("fulfillmentOrder", part)], Vec::new())
}

fn handles(store: &Store, order: usize, part: usize) -> Json {
    let holds = store.holds.of(&store.orders[order], part).iter();
    holds.map(|h| h.handle.clone()).collect()
}

fn tell(
    change: &mut Change<'_>,
    store: &mut Store,
    (order, part): (usize, usize),
    topic: &'static str,
    gid: &str,
) {
    let about = ("x-shopify-order-id", ids::ORDER + order as i64);
    let status = dispatch::status(store, &store.orders[order], part).to_lowercase();
    let body = json!({"fulfillment_order": {"id": gid, "status": status}});
    change.news.push((topic, body, about));
    change.touch_order(store, order);
}
