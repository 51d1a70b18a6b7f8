//! `fulfillmentCreate` and `fulfillmentTrackingInfoUpdate`: goods leave once, and numbers of parcels may be told later.

use serde_json::{Value as Json, json};

use super::{Change, Outcome, Problem};
use crate::graphql::resolve::fulfillment_object;
use crate::graphql::value::Value;
use crate::store::dispatch::{self, Tracking};
use crate::store::{Store, ids};

fn tracking(input: &Json) -> Vec<Tracking> {
    let texts = |one: &str, many: &str| -> Vec<String> {
        let listed = input[many].as_array().into_iter().flatten();
        let listed: Vec<String> = listed.filter_map(Json::as_str).map(str::to_owned).collect();
        let single = input[one].as_str().map(str::to_owned);
        if listed.is_empty() {
            single.into_iter().collect()
        } else {
            listed
        }
    };
    let (numbers, urls) = (texts("number", "numbers"), texts("url", "urls"));
    let company = input["company"].as_str();
    let numbers = numbers.into_iter().enumerate();
    numbers
        .map(|(at, number)| Tracking {
            number,
            company: company.map(str::to_owned),
            url: urls.get(at).cloned(),
        })
        .collect()
}

/// The order's position and its lines with units, or what is wrong.
fn wanted(store: &Store, parts: &Json) -> Result<(usize, Vec<(usize, i32)>), Problem> {
    let place = ["fulfillment"];
    let missing = || Problem::new(&place, "Fulfillment order does not exist.", None);
    let (mut order, mut lines) = (None, Vec::<(usize, i32)>::new());
    for part in parts.as_array().into_iter().flatten() {
        let gid = part["fulfillmentOrderId"].as_str().unwrap_or_default();
        let number = ids::parse(gid).filter(|(kind, _)| *kind == "FulfillmentOrder");
        let (at, piece) = number
            .and_then(|(_, n)| ids::split(ids::FULFILLMENT_ORDER, n))
            .ok_or_else(missing)?;
        let there = store.orders.get(at).filter(|o| o.deleted.is_none());
        let there = there
            .filter(|o| piece < dispatch::parts(o))
            .ok_or_else(missing)?;
        if order.is_some_and(|known| known != at) {
            let message = "All fulfillment orders must belong to the same order.";
            return Err(Problem::new(&place, message, None));
        }
        order = Some(at);
        let status = dispatch::status(store, there, piece);
        if status != "OPEN" {
            let message = format!(
                "Fulfillment order {gid} has an unfulfillable status= {}.",
                status.to_lowercase()
            );
            return Err(Problem::new(&place, &message, None));
        }
        let own = dispatch::lines_of(there, piece);
        let named: Vec<(usize, i32)> = match part["fulfillmentOrderLineItems"].as_array() {
            None => own
                .iter()
                .map(|l| (*l, dispatch::unsent(store, there, *l)))
                .collect(),
            Some(named) => {
                let one = |line: &Json| {
                    let (_, number) = ids::parse(line["id"].as_str()?)?;
                    let (of, line_at) = ids::split(ids::FULFILLMENT_LINE, number)?;
                    let units = i32::try_from(line["quantity"].as_i64()?).ok()?;
                    (of == at && own.contains(&line_at)).then_some((line_at, units))
                };
                let all: Option<Vec<_>> = named.iter().map(one).collect();
                let message = "Fulfillment order line item does not exist.";
                all.ok_or_else(|| Problem::new(&place, message, None))?
            }
        };
        for (line, units) in named {
            if units < 1 || units > dispatch::unsent(store, there, line) {
                let message = "Invalid fulfillment order line item quantity requested.";
                return Err(Problem::new(&place, message, None));
            }
            lines.push((line, units));
        }
    }
    let order = order.ok_or_else(missing)?;
    Ok((order, lines))
}

pub(super) fn create(change: &mut Change<'_>) -> Outcome {
    let input = change.field.arguments.get("fulfillment").cloned();
    let input = input.unwrap_or_default();
    let mut store = change.app.write();
    let (order, lines) = match wanted(&store, &input["lineItemsByFulfillmentOrder"]) {
        Ok(wanted) => wanted,
        Err(problem) => return change.refused(vec![problem]),
    };
    let told = tracking(&input["trackingInfo"]);
    let numbers: Vec<String> = told.iter().map(|t| t.number.clone()).collect();
    let index = store.orders[order].index;
    let number = store.sent.add(index, lines.clone(), told);
    let is_whole = (0..store.orders[order].lines.len())
        .filter(|l| store.orders[order].lines[*l].kind == crate::store::LineKind::Product)
        .all(|l| dispatch::unsent(&store, &store.orders[order], l) == 0);
    if is_whole {
        store.orders[order].fulfilled = true;
    }
    let gid = ids::gid("Order", ids::ORDER + order as i64);
    let key = numbers.join(",");
    let units: Vec<Json> = lines.iter().map(|(l, n)| json!([l, n])).collect();
    change.note(
        Some(&key),
        (&gid, "fulfillment"),
        Json::Null,
        json!({"lines": units, "numbers": numbers}),
    );
    answer(change, &mut store, order, number)
}

pub(super) fn update(change: &mut Change<'_>) -> Outcome {
    let arguments = &change.field.arguments;
    let input = arguments.get("trackingInfoInput").cloned();
    let told = tracking(&input.unwrap_or_default());
    let gid = arguments.text("fulfillmentId").unwrap_or_default();
    let number = ids::parse(gid).filter(|(kind, _)| *kind == "Fulfillment");
    let number = number.map_or(0, |(_, n)| n);
    let mut store = change.app.write();
    let names =
        |list: &[Tracking]| -> Vec<String> { list.iter().map(|t| t.number.clone()).collect() };
    let Some((index, sent)) = store.sent.find(number) else {
        let message = "Fulfillment not found.";
        return change.refused(vec![Problem::new(&["fulfillmentId"], message, None)]);
    };
    let before = names(&sent.tracking);
    sent.tracking = told;
    let after = names(&sent.tracking);
    let order = index as usize;
    let target = ids::gid("Order", ids::ORDER + order as i64);
    let key = after.join(",");
    change.note(
        Some(&key),
        (&target, "tracking"),
        json!(before),
        json!(after),
    );
    answer(change, &mut store, order, number)
}

fn answer(change: &mut Change<'_>, store: &mut Store, order: usize, number: i64) -> Outcome {
    change.touch_order(store, order);
    let there = &store.orders[order];
    let sent = store.sent.of(there).iter().find(|f| f.number == number);
    let sent = sent.map_or(Value::Null, |f| Value::Object(fulfillment_object(there, f)));
    change.outcome(vec![("fulfillment", sent)], Vec::new())
}
