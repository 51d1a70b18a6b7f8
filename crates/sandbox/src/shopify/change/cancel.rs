//! `orderCancel`: it answers at once with a job, and the order is cancelled a little later.

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;

use super::{Change, Outcome, Problem, order_at};
use crate::app::{Shared, lock};
use crate::generate::actions;
use crate::graphql::resolve::{id, time};
use crate::graphql::value::Value;
use crate::shopify::payload;
use crate::shopify::webhooks::publish;
use crate::store::{Restock, ids};

/// What the job does.
struct Wish {
    order: usize,
    restock: Restock,
    refund: bool,
    reason: String,
}

pub(super) fn cancel(change: &mut Change<'_>) -> Outcome {
    let arguments = &change.field.arguments;
    let store = change.app.read();
    let gid = arguments.text("orderId").unwrap_or_default();
    let Some(order) = order_at(&store, gid) else {
        let problem = Problem::new(&["orderId"], "Order does not exist", Some("NOT_FOUND"));
        return change.refused(vec![problem]);
    };
    let there = &store.orders[order];
    let refused = if there.cancelled.is_some() {
        Some("Cannot cancel an order that has already been canceled")
    } else if there.fulfilled {
        Some("Cannot cancel an order with fulfilled line items")
    } else {
        None
    };
    drop(store);
    if let Some(message) = refused {
        return change.refused(vec![Problem::new(&["orderId"], message, Some("INVALID"))]);
    }
    let refund = arguments.get("refundMethod").cloned().unwrap_or_default();
    let wish = Wish {
        order,
        restock: match arguments.flag("restock") {
            true => Restock::Cancel,
            false => Restock::Nothing,
        },
        refund: refund["originalPaymentMethodsRefund"] == true,
        reason: arguments.text("reason").unwrap_or_default().to_owned(),
    };
    let number = {
        let mut jobs = lock(&change.app.cancels);
        jobs.push(false);
        jobs.len() - 1
    };
    let app = Arc::clone(change.app);
    std::thread::spawn(move || work(&app, number, &wish));
    let job = vec![
        ("done", Value::Bool(false)),
        ("id", id("Job", ids::JOB + number as i64)),
    ];
    change.outcome(vec![("job", Value::made("Job", job))], Vec::new())
}

/// An order that changed meanwhile stays as it is.
fn work(app: &Shared, number: usize, wish: &Wish) {
    std::thread::sleep(Duration::from_millis(app.options.bulk_ms));
    let mut writes = lock(&app.writes);
    let mut store = app.write();
    let now = app.now();
    let Wish {
        order,
        restock,
        refund,
        ref reason,
    } = *wish;
    let mut news = Vec::new();
    if !store.orders[order].fulfilled && actions::call_off(&mut store, order, now, restock, refund)
    {
        let gid = ids::gid("Order", ids::ORDER + order as i64);
        let after = json!({
            "cancelledAt": time(now), "reason": reason, "restock": restock == Restock::Cancel, "refund": refund,
        });
        let kind = "orderCancel";
        app.note(
            kind,
            None,
            json!({"target": gid, "field": "cancelledAt", "before": null, "after": after}),
        );
        writes.made(json!({
            "at": time(now), "kind": kind, "key": null, "target": gid, "field": "cancelledAt", "before": null, "after": after,
        }));
        let about = ("x-shopify-order-id", ids::ORDER + order as i64);
        let body = payload::order(&store, &store.orders[order]);
        news.extend(
            ["ORDERS_CANCELLED", "ORDERS_UPDATED"].map(|topic| (topic, body.clone(), about)),
        );
    }
    drop(store);
    drop(writes);
    if let Some(done) = lock(&app.cancels).get_mut(number) {
        *done = true;
    }
    for (topic, body, about) in news {
        publish(app, topic, &body, about);
    }
}
