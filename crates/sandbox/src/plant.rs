//! `POST /__plant`: makes the shop differ from what a client holds, by one cause or by all, and tells what a reconciliation has to
//! find. The shop's own records (`/__truth`) stay right. `risky_order` adds an order that looks like fraud.

use std::collections::BTreeMap;

use actix_web::HttpResponse;
use actix_web::web::{Data, Json};
use serde_json::{Map, Value, json};

use crate::app::{App, Shared, lock};
use crate::events::{act, tell};
use crate::generate::risky;
use crate::generate::sale::place_order;
use crate::http::refuse;
use crate::money::fixed;
use crate::random::Random;
use crate::store::order::StepKind;
use crate::store::{Order, Seconds, Store, ids};
use crate::truth::{Day, of_order, report_of};

const A_DAY: Seconds = 86_400;

const CAUSES: [&str; 8] = [
    "zone",
    "test_order",
    "currency",
    "late_refund",
    "missing_agreement",
    "deletion",
    "missing_order",
    "stale_copy",
];

/// Not a difference, so not among all of them.
const RISKY: &str = "risky_order";

/// `{"cause": "zone"}`, `{"cause": "all"}` or `{"kind": "risky_order"}`: the two names mean the same.
pub(crate) async fn handle(app: Data<App>, body: Json<Map<String, Value>>) -> HttpResponse {
    let wanted = body
        .get("cause")
        .or_else(|| body.get("kind"))
        .and_then(Value::as_str)
        .unwrap_or_default();
    if wanted == RISKY {
        return risky_order(&app.into_inner());
    }
    if wanted != "all" && !CAUSES.contains(&wanted) {
        return refuse(&format!(
            "unknown cause; known are all, {}, {RISKY}",
            CAUSES.join(", ")
        ));
    }
    let app = app.into_inner();
    let mut planted = Vec::new();
    for cause in CAUSES
        .into_iter()
        .filter(|c| wanted == "all" || *c == wanted)
    {
        match plant(&app, cause) {
            Some(one) => planted.push(one),
            None => {
                let error = json!({"error": format!("no order fits {cause}"), "planted": planted});
                return HttpResponse::Conflict().json(error);
            }
        }
    }
    HttpResponse::Ok().json(json!({"planted": planted}))
}

fn plant(app: &Shared, cause: &str) -> Option<Value> {
    let now = app.now();
    let mut random = Random::new(lock(&app.random).bits());
    let mut store = app.write();
    let order = choose(&mut store, &mut random, cause, now)?;
    let held = held(&store, order, cause);
    let index = u32::try_from(order).ok()?;
    store.plants.used.push(index);
    let mut told = None;
    match cause {
        "zone" => store.plants.zone.push(index),
        "test_order" => store.plants.tests.push(index),
        "late_refund" => store.plants.late.push(index),
        "currency" => {
            store.plants.foreign.push(index);
            store.orders[order].updated = now;
            for txn in &mut store.orders[order].transactions {
                (txn.fee, txn.fee_flat, txn.fee_ppm) = (0, 0, 0);
            }
            told = Some("change");
        }
        "missing_agreement" => {
            store.plants.withheld.push(index);
            if !act(&mut store, &mut random, order, now, "refund_full") {
                return None;
            }
            told = Some("change");
        }
        // Quietly: neither a webhook nor an entry in the list of what was deleted.
        "deletion" => store.orders[order].deleted = Some(now),
        "missing_order" => store.plants.hidden.push(index),
        _ => {
            store.plants.hidden.push(index);
            if !act(&mut store, &mut random, order, now, "refund_full") {
                return None;
            }
        }
    }
    let reported = report_of(&store, &store.orders[order]);
    let exponent = store.shop.exponent;
    let name = store.orders[order].name.to_string();
    let id = ids::ORDER + i64::from(index);
    drop(store);
    if let Some(kind) = told {
        tell(app, kind, order);
    }
    let days: Vec<_> = differences(&held, &reported)
        .into_iter()
        .map(|(day, net, total)| {
            json!({"day": day, "net_sales": fixed(net, exponent), "total_sales": fixed(total, exponent)})
        })
        .collect();
    Some(json!({"cause": cause, "id": id, "name": name, "days": days}))
}

/// One more order that looks like fraud, told like any other.
fn risky_order(app: &Shared) -> HttpResponse {
    let now = app.now();
    let mut random = Random::new(lock(&app.random).bits());
    let mut store = app.write();
    let Some(order) = risky::place(&mut store, &mut random, now) else {
        let error = json!({"error": "a store without goods has no orders to look like fraud"});
        return HttpResponse::Conflict().json(error);
    };
    let placed = &store.orders[order];
    let (level, facts) = store.risk_of(placed);
    let facts: Vec<_> = facts.iter().map(|(_, description)| *description).collect();
    let planted = json!({
        "kind": RISKY, "id": ids::ORDER + i64::from(placed.index), "name": placed.name,
        "risk_level": level.name(), "recommendation": level.recommendation(), "facts": facts,
    });
    drop(store);
    tell(app, "order_create", order);
    HttpResponse::Ok().json(json!({"planted": [planted]}))
}

/// What a client that followed everything it could follow counts of the order.
fn held(store: &Store, order: usize, cause: &str) -> BTreeMap<String, Day> {
    match cause {
        "test_order" | "currency" | "missing_order" => BTreeMap::new(),
        _ => of_order(store, &store.orders[order], store.shop.zone),
    }
}

/// Theirs less ours, where it is something.
fn differences(
    ours: &BTreeMap<String, Day>,
    theirs: &BTreeMap<String, Day>,
) -> Vec<(String, i64, i64)> {
    let mut days: Vec<&String> = ours.keys().chain(theirs.keys()).collect();
    days.sort();
    days.dedup();
    let net = |d: &Day| d.net_sales() + d.adjustments;
    days.into_iter()
        .map(|day| {
            let none = Day::default();
            let (o, t) = (
                ours.get(day).unwrap_or(&none),
                theirs.get(day).unwrap_or(&none),
            );
            (
                day.clone(),
                net(t) - net(o),
                t.total_sales() - o.total_sales(),
            )
        })
        .filter(|(_, net, total)| (*net, *total) != (0, 0))
        .collect()
}

/// A recent order that fits, and that nothing was planted on.
fn choose(store: &mut Store, random: &mut Random, cause: &str, now: Seconds) -> Option<usize> {
    if cause == "missing_order" {
        return Some(place_order(store, random, now - 60));
    }
    let zone = store.shop.zone;
    let day = |at: Seconds, utc: bool| {
        let at = chrono::DateTime::from_timestamp(at, 0).unwrap_or_default();
        if utc {
            at.date_naive()
        } else {
            at.with_timezone(&zone).date_naive()
        }
    };
    let fits = |o: &Order| {
        let age = now - o.placed;
        let recent = age > 3 * A_DAY && age < 25 * A_DAY;
        let plain = o.steps.is_empty() && o.cancelled.is_none() && !o.test;
        let paid = o.transactions.iter().any(crate::store::Transaction::moved);
        let free = o.deleted.is_none()
            && !store.plants.used.contains(&o.index)
            && !store.risks.contains_key(&o.index);
        free && match cause {
            "zone" => recent && plain && day(o.placed, false) != day(o.placed, true),
            "test_order" => o.test && o.steps.is_empty() && age < 25 * A_DAY,
            "late_refund" => {
                let one = o.steps.len() == 1 && !o.test && o.cancelled.is_none();
                one && o.steps.iter().all(|s| {
                    let age = now - s.at;
                    let goods = !s.returned().is_empty();
                    goods
                        && matches!(s.kind, StepKind::Refund { .. })
                        && day(s.at, false) != day(o.placed, false)
                        && age > 3 * A_DAY
                        && age < 25 * A_DAY
                })
            }
            _ => recent && plain && paid,
        }
    };
    let found = store.orders.iter().rposition(fits);
    if found.is_none() && cause == "test_order" {
        // The youngest order becomes one before anybody has read it.
        let order = place_order(store, random, now - 90);
        store.orders[order].test = true;
        return Some(order);
    }
    found
}
