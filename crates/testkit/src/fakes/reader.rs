//! Webhooks of the provider in memory: the signature is the secret itself, the body lists what changed or
//! what was deleted, as in `{"changed": ["order/1", "product/2"]}` or `{"deleted": ["customer/3"]}`.

use domain::ids::{CustomerId, OrderId};
use ports::source::{
    FactRef, Notification, NotificationMeaning, NotificationReader, NotificationRefusal,
    PrivacyNotice,
};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::Value;

/// Carries the secret.
pub const SIGNATURE_HEADER: &str = "x-fake-signature";
/// `facts`, `privacy`, `shop/update` or `app/uninstalled`; others are ignored.
pub const TOPIC_HEADER: &str = "x-fake-topic";
/// Optional.
pub const DELIVERY_HEADER: &str = "x-fake-delivery";
/// Optional.
pub const SHOP_HEADER: &str = "x-fake-shop";

#[derive(Debug, Clone, Copy, Default)]
pub struct FakeReader;

impl NotificationReader for FakeReader {
    fn read(
        &self,
        secrets: &[SecretString],
        headers: &[(String, String)],
        body: &[u8],
    ) -> Result<Notification, NotificationRefusal> {
        let header = |name: &str| {
            let found = headers.iter().find(|(n, _)| n.eq_ignore_ascii_case(name));
            found.map(|(_, value)| value.clone())
        };
        let signature = header(SIGNATURE_HEADER).ok_or(NotificationRefusal::NoSignature)?;
        if !secrets.iter().any(|s| s.expose_secret() == signature) {
            return Err(NotificationRefusal::BadSignature);
        }
        let topic = header(TOPIC_HEADER).unwrap_or_default();
        Ok(Notification {
            meaning: self.reread(&topic, body)?,
            shop_domain: header(SHOP_HEADER),
            delivery_id: header(DELIVERY_HEADER),
            dedupe_key: format!("{topic}:{}", String::from_utf8_lossy(body)),
            triggered_at: None,
            topic,
        })
    }

    fn reread(&self, topic: &str, body: &[u8]) -> Result<NotificationMeaning, NotificationRefusal> {
        match topic {
            "facts" => facts(body),
            "shop/update" => Ok(NotificationMeaning::ShopChanged),
            "privacy" => privacy(body),
            "app/uninstalled" => Ok(NotificationMeaning::Uninstalled),
            _ => Ok(NotificationMeaning::Ignored),
        }
    }

    /// Bodies hold references only, unless they say who somebody is.
    fn reduce(&self, _topic: &str, body: &[u8]) -> Vec<u8> {
        let Ok(Value::Object(mut fields)) = serde_json::from_slice(body) else {
            return body.to_vec();
        };
        fields.remove("email");
        Value::Object(fields).to_string().into_bytes()
    }
}

/// `{"kind": "customer_redact", "customer": 3, "orders": [1]}`, or `{"gone": 3, "kept": 4}`.
fn privacy(body: &[u8]) -> Result<NotificationMeaning, NotificationRefusal> {
    let unreadable = |e: serde_json::Error| NotificationRefusal::Unreadable(e.to_string());
    let fields: Value = serde_json::from_slice(body).map_err(unreadable)?;
    let number = |name: &str| fields.get(name).and_then(Value::as_i64).map(CustomerId);
    if let (Some(gone), Some(kept)) = (number("gone"), number("kept")) {
        return Ok(NotificationMeaning::Merged { gone, kept });
    }
    let kind = fields.get("kind").cloned().unwrap_or_default();
    let orders = fields.get("orders").and_then(Value::as_array);
    Ok(NotificationMeaning::Privacy(PrivacyNotice {
        kind: serde_json::from_value(kind).map_err(unreadable)?,
        key: fields.to_string(),
        customer: number("customer"),
        orders: orders
            .into_iter()
            .flatten()
            .filter_map(Value::as_i64)
            .map(OrderId)
            .collect(),
    }))
}

fn facts(body: &[u8]) -> Result<NotificationMeaning, NotificationRefusal> {
    let unreadable = |what: &str| NotificationRefusal::Unreadable(what.to_owned());
    let body: Value = serde_json::from_slice(body).map_err(|e| unreadable(&e.to_string()))?;
    let refs = |key: &str| -> Result<Vec<FactRef>, NotificationRefusal> {
        let listed = body.get(key).and_then(Value::as_array);
        let texts = listed
            .into_iter()
            .flatten()
            .map(|v| v.as_str().unwrap_or(""));
        texts
            .map(|text| fact_ref(text).ok_or_else(|| unreadable(text)))
            .collect()
    };
    let deleted = refs("deleted")?;
    if deleted.is_empty() {
        Ok(NotificationMeaning::Changed(refs("changed")?))
    } else {
        Ok(NotificationMeaning::Deleted(deleted))
    }
}

fn fact_ref(text: &str) -> Option<FactRef> {
    match text.split('/').next()? {
        "order" => text.parse().ok().map(FactRef::Order),
        "product" => text.parse().ok().map(FactRef::Product),
        "customer" => text.parse().ok().map(FactRef::Customer),
        _ => None,
    }
}
