//! Messages of the supplier: signed with a secret that was told once, and sent twice now and then.

use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;
use std::fmt::Write as _;

use super::Refused;
use super::model::Order;
use crate::app::{App, lock};
use crate::graphql::resolve::time;
use crate::store::Seconds;

/// A new subscription ends the one before.
pub(super) fn subscribe(app: &App, body: &Value) -> Result<Value, Refused> {
    let address = body["default_url"].as_str().unwrap_or_default();
    let events = body["events"].as_array().cloned().unwrap_or_default();
    if address.is_empty() || events.is_empty() {
        return Err(Refused::new(400, "default_url and events are needed"));
    }
    let secret = [0; 2].map(|_| uuid::Uuid::new_v4().simple().to_string());
    let secret = secret.concat();
    lock(&app.printful).webhook = Some((address.to_owned(), secret.clone()));
    Ok(
        json!({"code": 200, "result": {"default_url": address, "expires_at": null, "events": events, "public_key": "pk", "secret_key": secret}}),
    )
}

/// Something became of the order.
pub(super) fn of_order(order: &Order, now: Seconds) -> Value {
    json!({"type": "order_updated", "occurred_at": time(now), "retries": 0, "store_id": 10,
        "data": {"order": {"id": order.id, "external_id": order.number, "status": order.state, "store_id": 10,
            "dashboard_url": "https://www.printful.com/dashboard", "created_at": time(order.made_at), "updated_at": time(now)}}})
}

fn sign(secret: &str, body: &[u8]) -> String {
    let bytes = (0..secret.len() / 2).filter_map(|at| {
        let pair = secret.get(at * 2..at * 2 + 2)?;
        u8::from_str_radix(pair, 16).ok()
    });
    let key: Vec<u8> = bytes.collect();
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&key) else {
        return String::new();
    };
    mac.update(body);
    let digest = mac.finalize().into_bytes();
    digest.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// As a message of this body would be signed now; empty where nobody listens.
pub(crate) fn signature(app: &App, body: &[u8]) -> String {
    let secret = lock(&app.printful).webhook.clone();
    secret.map_or_else(String::new, |(_, secret)| sign(&secret, body))
}

/// What waits is sent, each message twice. Where nobody listens it is forgotten.
pub(super) async fn send(app: &App) {
    let (place, messages) = {
        let mut printer = lock(&app.printful);
        (printer.webhook.clone(), std::mem::take(&mut printer.unsent))
    };
    let Some((address, secret)) = place else {
        return;
    };
    for mut message in messages {
        for retries in 0..2 {
            message["retries"] = json!(retries);
            let body = message.to_string();
            let request = app.hub.client().post(&address);
            let request = request
                .header("content-type", "application/json")
                .header("x-pf-webhook-signature", sign(&secret, body.as_bytes()));
            if let Err(problem) = request.body(body).send().await {
                tracing::debug!(%problem, "a message of the supplier was not taken");
            }
        }
    }
}
