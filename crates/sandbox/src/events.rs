//! Things that happen now: on demand (`POST /__events`) and by themselves (`--live`), with their webhooks.

use std::sync::Arc;
use std::time::Duration;

use actix_web::HttpResponse;
use actix_web::web::{Data, Json};
use serde_json::{Map, Value, json};

use crate::app::{App, Shared, lock};
use crate::generate::actions::{self, Refund};
use crate::generate::sale::{place_order, place_order_of};
use crate::http::refuse;
use crate::random::Random;
use crate::shopify::payload;
use crate::shopify::webhooks::{publish, publish_as};
use crate::store::{Deletion, Seconds, StepKind, Store, TxnKind, ids};

/// Kinds of events that can be asked for.
pub(crate) const KINDS: [&str; 12] = [
    "order_create",
    "refund",
    "refund_full",
    "refund_amount",
    "edit_add",
    "edit_remove",
    "cancel",
    "return",
    "exchange",
    "delete",
    "product_update",
    "cost_change",
];

/// `POST /__events {"kind": …, "order": "gid or name", "product": gid, "variant": gid, "cost": "12.50" or null, "at": time,
/// "count": n}`. Without an order a fitting recent one is chosen. A new order is of `"variant"` and `"units"` where they are given.
pub(crate) async fn handle(app: Data<App>, body: Json<Map<String, Value>>) -> HttpResponse {
    let Some(kind) = body.get("kind").and_then(Value::as_str) else {
        return refuse("kind is missing");
    };
    let kind = if kind == "edit" { "edit_add" } else { kind };
    if !KINDS.contains(&kind) && kind != "product_delete" {
        return refuse(&format!(
            "unknown kind {kind}; known are {}",
            KINDS.join(", ")
        ));
    }
    let shared = app.clone().into_inner();
    let count = body
        .get("count")
        .and_then(Value::as_u64)
        .unwrap_or(1)
        .min(10_000);
    let mut done = Vec::new();
    for _ in 0..count {
        match happen(&shared, kind, &body) {
            Some(id) => done.push(id),
            None if done.is_empty() => {
                return HttpResponse::Conflict()
                    .json(json!({"error": format!("{kind} is not possible there")}));
            }
            None => break,
        }
    }
    HttpResponse::Ok().json(json!({"kind": kind, "id": done.last(), "ids": done}))
}

/// Makes one thing happen and tells the subscribers; the id of what changed, `None` when it was not possible.
pub(crate) fn happen(app: &Shared, kind: &str, about: &Map<String, Value>) -> Option<String> {
    let now = about
        .get("at")
        .and_then(Value::as_str)
        .and_then(|t| chrono::DateTime::parse_from_rfc3339(t).ok());
    let at = now.map_or_else(|| app.now(), |t| t.timestamp());
    if matches!(kind, "product_update" | "cost_change" | "product_delete") {
        return catalog(app, kind, about, at);
    }
    let mut random = lock(&app.random).clone();
    lock(&app.random).bits();
    let mut store = app.write();
    let order = if kind == "order_create" {
        match about.get("variant").and_then(Value::as_str) {
            // One of its own: paid, not sent, by somebody with an address.
            Some(gid) => {
                let variant = ids::parse(gid).and_then(|(_, n)| ids::index(ids::VARIANT, n));
                let variant = variant.filter(|v| *v < store.variants.len())?;
                let units = about.get("units").and_then(Value::as_i64).unwrap_or(1);
                let units = i32::try_from(units.clamp(1, 100)).unwrap_or(1);
                let variant = u32::try_from(variant).ok()?;
                Some(place_order_of(
                    &mut store,
                    &mut random,
                    (variant, units),
                    at,
                ))
            }
            None => Some(place_order(&mut store, &mut random, at)),
        }
    } else {
        let chosen = about.get("order").and_then(Value::as_str);
        match chosen {
            Some(name) => find(&store, name).filter(|o| act(&mut store, &mut random, *o, at, kind)),
            None => recent(&store, &mut random)
                .into_iter()
                .find(|o| act(&mut store, &mut random, *o, at, kind)),
        }
    }?;
    drop(store);
    Some(tell(app, kind, order))
}

fn find(store: &Store, name: &str) -> Option<usize> {
    match ids::parse(name) {
        Some((_, number)) => ids::index(ids::ORDER, number).filter(|n| *n < store.orders.len()),
        None => store.orders.iter().position(|o| &*o.name == name),
    }
}

/// Some of the last orders, in any order; those that look like fraud wait for somebody to look at them.
pub(crate) fn recent(store: &Store, random: &mut Random) -> Vec<usize> {
    let count = store.orders.len();
    (0..60)
        .map(|_| count.saturating_sub(1 + random.index(count.min(400))))
        .filter(|n| *n < count && !store.orders[*n].test)
        .filter(|n| u32::try_from(*n).is_ok_and(|n| !store.risks.contains_key(&n)))
        .collect()
}

pub(crate) fn act(
    store: &mut Store,
    random: &mut Random,
    order: usize,
    at: Seconds,
    kind: &str,
) -> bool {
    // Two things in one second still have an order.
    let at = at.max(store.orders[order].updated + 1);
    match kind {
        "refund" => actions::refund(store, random, order, at, Refund::Partial),
        "refund_full" => actions::refund(store, random, order, at, Refund::Full),
        "refund_amount" => actions::refund(store, random, order, at, Refund::AmountOnly),
        "edit_add" => actions::edit(store, random, order, at, true),
        "edit_remove" => actions::edit(store, random, order, at, false),
        "cancel" => actions::cancel(store, order, at),
        "return" => actions::take_return(store, random, order, at, false),
        "exchange" => actions::take_return(store, random, order, at, true),
        "delete" => actions::delete(store, order, at),
        _ => false,
    }
}

pub(crate) fn tell(app: &Shared, kind: &str, order: usize) -> String {
    let store = app.read();
    let o = &store.orders[order];
    let number = ids::ORDER + i64::from(o.index);
    if app.hub.is_silent() {
        return ids::gid("Order", number);
    }
    let body = payload::order(&store, o);
    let refund = o
        .steps
        .len()
        .checked_sub(1)
        .filter(|n| matches!(o.steps[*n].kind, StepKind::Refund { .. }));
    let refund = refund.map(|n| payload::refund(&store, o, n));
    let last = o
        .transactions
        .len()
        .checked_sub(1)
        .filter(|n| kind == "order_create" || o.transactions[*n].kind == TxnKind::Refund);
    let transaction = last.map(|n| payload::transaction(&store, o, n));
    drop(store);
    let about = ("x-shopify-order-id", number);
    let event = uuid::Uuid::new_v4().to_string();
    let send = |topic: &str, body: &Value| publish_as(app, topic, body, about, &event);
    match kind {
        "delete" => send("ORDERS_DELETE", &json!({"id": number})),
        "order_create" => send("ORDERS_CREATE", &body),
        "cancel" => send("ORDERS_CANCELLED", &body),
        "edit_add" | "edit_remove" => send(
            "ORDERS_EDITED",
            &json!({"order_edit": {"id": number, "order_id": number, "committed_at": body["updated_at"]}}),
        ),
        _ => {}
    }
    if let Some(refund) = refund {
        send("REFUNDS_CREATE", &refund);
    }
    if let Some(transaction) = transaction {
        send("ORDER_TRANSACTIONS_CREATE", &transaction);
    }
    if kind != "delete" {
        send("ORDERS_UPDATED", &body);
    }
    ids::gid("Order", number)
}

fn catalog(app: &Shared, kind: &str, about: &Map<String, Value>, at: Seconds) -> Option<String> {
    let mut store = app.write();
    let mut random = Random::new(lock(&app.random).bits());
    let named = |name: &str, base: i64| {
        about
            .get(name)
            .and_then(Value::as_str)
            .and_then(ids::parse)
            .and_then(|(_, n)| ids::index(base, n))
    };
    let variant = named("variant", ids::VARIANT)
        .or_else(|| named("variant", ids::ITEM))
        .filter(|v| *v < store.variants.len());
    let product = named("product", ids::PRODUCT).filter(|p| *p < store.products.len());
    let product = product
        .or(variant.map(|v| store.variants[v].product as usize))
        .unwrap_or_else(|| random.index(store.products.len()));
    let first = store.products.get(product)?.variants.start as usize;
    let variant = variant.unwrap_or(first);
    store.products[product].updated = at;
    match kind {
        "cost_change" => {
            let exponent = store.shop.exponent;
            let changed = match about.get("cost") {
                Some(Value::Null) => None,
                Some(value) => Some(minor(value, exponent)?),
                None => Some(store.variants[variant].cost().unwrap_or(1_000) * 11 / 10),
            };
            store.variants[variant].costs.push((at, changed));
            store.variants[variant].updated = at;
        }
        "product_update" => {
            if let Some(title) = about.get("title").and_then(Value::as_str) {
                title.clone_into(&mut store.products[product].title);
            }
            store.variants[variant].updated = at;
        }
        _ => {
            store.products[product].deleted = Some(at);
            let gone = Deletion {
                at,
                kind: "PRODUCT",
                number: ids::PRODUCT + product as i64,
                title: store.products[product].title.clone(),
            };
            store.deletions.push(gone);
        }
    }
    let number = ids::PRODUCT + product as i64;
    let (small, small_variant) = (u32::try_from(product).ok()?, u32::try_from(variant).ok()?);
    let (body, item) = (
        payload::product(&store, small),
        payload::item(&store, small_variant),
    );
    drop(store);
    let about = ("x-shopify-product-id", number);
    if kind == "product_delete" {
        publish(app, "PRODUCTS_DELETE", &json!({"id": number}), about);
    } else {
        publish(app, "PRODUCTS_UPDATE", &body, about);
    }
    if kind == "cost_change" {
        publish(
            app,
            "INVENTORY_ITEMS_UPDATE",
            &item,
            ("x-shopify-inventory-item-id", ids::ITEM + variant as i64),
        );
    }
    Some(ids::gid("Product", number))
}

fn minor(value: &Value, exponent: u32) -> Option<i64> {
    let text = value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned);
    let mut amount: rust_decimal::Decimal = text.parse().ok()?;
    amount.rescale(exponent);
    i64::try_from(amount.mantissa()).ok()
}

/// Keeps trade going at `rate` orders per minute until the sandbox is gone.
pub(crate) async fn live(app: std::sync::Weak<App>, rate: f64) {
    let pause = Duration::from_secs_f64((60.0 / rate).max(0.001));
    let mut ticks = tokio::time::interval(pause);
    ticks.tick().await;
    loop {
        ticks.tick().await;
        let Some(app): Option<Arc<App>> = app.upgrade() else {
            return;
        };
        let roll = lock(&app.random).bits() % 100;
        let nothing = Map::new();
        happen(&app, "order_create", &nothing);
        let also = match roll {
            0..=5 => "refund",
            6..=7 => "refund_full",
            8 => "refund_amount",
            9..=11 => "edit_add",
            12..=13 => "edit_remove",
            14..=15 => "cancel",
            16 => "return",
            17 => "exchange",
            18..=22 => "product_update",
            _ => continue,
        };
        happen(&app, also, &nothing);
    }
}
