//! Messages of the supplier: signed with the account's number, which is no strong secret, and sent twice now and then.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

use super::model::Order;
use super::{CJ_OPEN_ID, Refused};
use crate::app::{App, lock};

/// Where messages of a kind go, one address each; of all of them this sandbox sends those of orders.
pub(super) fn set(app: &App, body: &Value) -> Result<Value, Refused> {
    for kind in ["product", "stock", "order", "logistics"] {
        let addresses = body[kind]["callbackUrls"].as_array();
        let one = addresses.is_some_and(|all| all.len() == 1);
        if !one || body[kind]["type"] != json!("ENABLE") {
            return Err(Refused::new(1_606_000, "webhook parameter error"));
        }
    }
    let address = body["order"]["callbackUrls"][0].as_str();
    lock(&app.cj).webhook = address.map(str::to_owned);
    Ok(json!(true))
}

/// Something became of the order.
pub(super) fn of_order(order: &Order) -> Value {
    json!({
        "messageId": uuid::Uuid::new_v4().simple().to_string(),
        "type": "ORDER",
        "messageType": "UPDATE",
        "openId": CJ_OPEN_ID,
        "params": { "orderNumber": order.number, "cjOrderId": order.id, "fields": ["orderStatus"] },
    })
}

fn sign(body: &[u8]) -> String {
    let key = CJ_OPEN_ID.to_string();
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key.as_bytes()) else {
        return String::new();
    };
    mac.update(body);
    STANDARD.encode(mac.finalize().into_bytes())
}

/// What waits is sent, each message twice: receivers know it by its number. Where nobody listens it is forgotten.
pub(super) async fn send(app: &App) {
    let (address, messages) = {
        let mut cj = lock(&app.cj);
        (cj.webhook.clone(), std::mem::take(&mut cj.unsent))
    };
    let Some(address) = address else { return };
    for message in messages {
        let body = message.to_string();
        for _ in 0..2 {
            let request = app.hub.client().post(&address);
            let request = request
                .header("content-type", "application/json")
                .header("sign", sign(body.as_bytes()));
            if let Err(problem) = request.body(body.clone()).send().await {
                tracing::debug!(%problem, "a message of the supplier was not taken");
            }
        }
    }
}
