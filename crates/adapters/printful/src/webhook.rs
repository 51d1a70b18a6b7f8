//! Messages of Printful: which are asked for, and whether one is from it. Nothing that stands in one is believed: it only names what has to
//! be read again.

use crate::client::Printful;
use crate::wire::Listening;
use adapter_kit::{Effect, mac};
use domain::supplier::{NoticeAbout, SupplierNotice};
use ports::{Kind, PortResult, Retry};
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::fmt::Write as _;

const OPERATION: &str = "supplier.notice";
const EVENTS: [&str; 10] = [
    "shipment_sent",
    "shipment_returned",
    "shipment_out_of_stock",
    "shipment_canceled",
    "order_updated",
    "order_failed",
    "order_canceled",
    "order_put_hold",
    "order_remove_hold",
    "catalog_price_changed",
];

/// As it lies in the vault.
#[derive(Serialize, Deserialize)]
struct Known {
    address: String,
    /// In hexadecimal digits, as Printful told it once.
    secret: String,
}

#[derive(Deserialize)]
struct Message {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    data: Value,
}

/// A number or a text.
fn named(data: &Value, place: &str) -> Option<String> {
    match data.pointer(place)? {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn about(message: &Message) -> NoticeAbout {
    let of = |place: &str| named(&message.data, place);
    let found = match message.kind.as_str() {
        kind if kind.starts_with("order_") || kind.starts_with("shipment_") => {
            of("/order/id").map(NoticeAbout::Order)
        }
        "catalog_price_changed" => of("/catalog_product_ids/0").map(NoticeAbout::Product),
        _ => None,
    };
    found.unwrap_or(NoticeAbout::Other)
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let text = text.trim().as_bytes();
    let digit = |b: u8| char::from(b).to_digit(16);
    let pairs = text.chunks(2).map(|pair| match pair {
        [high, low] => u8::try_from(digit(*high)? * 16 + digit(*low)?).ok(),
        _ => None,
    });
    pairs.collect()
}

/// The same for the same message, whichever try it is.
fn id(mut whole: Value) -> String {
    if let Some(whole) = whole.as_object_mut() {
        whole.remove("retries");
    }
    let digest = mac::hmac_sha256(b"message", whole.to_string().as_bytes());
    digest.iter().take(16).fold(String::new(), |mut id, byte| {
        let _ = write!(id, "{byte:02x}");
        id
    })
}

impl Printful {
    async fn known(&self) -> PortResult<Option<Known>> {
        let text = self.vault.get(&self.webhook).await?;
        // What cannot be read is as good as none; its text is never told.
        Ok(text.and_then(|t| serde_json::from_str(t.expose_secret()).ok()))
    }

    /// A new subscription ends the one before and has another secret, so it is made only where the address is not known yet.
    pub(crate) async fn subscribe(&self, address: &str) -> PortResult<()> {
        let operation = "supplier.listen";
        if let Some(known) = self.known().await?.filter(|k| k.address == address) {
            let told = self.get::<Value>(operation, "v2/webhooks", &[]).await?;
            let stands = match told {
                Ok(told) => ["/data/default_url", "/result/default_url"]
                    .iter()
                    .any(|place| named(&told, place).as_ref() == Some(&known.address)),
                // It has run out, or somebody has taken it away.
                Err(refusal) if refusal.status == 404 => false,
                Err(refusal) => return Err(self.refused(operation, &refusal)),
            };
            if stands {
                return Ok(());
            }
        }
        let events: Vec<_> = EVENTS
            .iter()
            .map(|event| json!({ "type": event }))
            .collect();
        let body = json!({"default_url": address, "events": events});
        let effect = Effect::Write { idempotent: true };
        let told = self.post(operation, "v2/webhooks", Some(&body), effect);
        let told: Listening = told.await?.map_err(|r| self.refused(operation, &r))?;
        let known = Known {
            address: address.to_owned(),
            secret: told.data.secret_key,
        };
        let text = serde_json::to_string(&known)
            .map_err(|_| self.nonsense(operation, "a secret that cannot be written"))?;
        let now = self.clock.now();
        self.vault
            .put(&self.webhook, &SecretString::from(text), now)
            .await
    }

    pub(crate) async fn read_notice(
        &self,
        signature: Option<&str>,
        body: &[u8],
    ) -> PortResult<SupplierNotice> {
        let refuse = |detail: &str| {
            let kind = Kind::Unauthorized;
            self.error(kind, Retry::Never, OPERATION, detail)
        };
        let told = signature.and_then(from_hex).filter(|s| !s.is_empty());
        let told = told.ok_or_else(|| refuse("the message is not signed"))?;
        let known = self.known().await?;
        let key = known.and_then(|known| from_hex(&known.secret));
        let key = key.filter(|key| !key.is_empty());
        let key = key.ok_or_else(|| refuse("nothing is known by which a message is signed"))?;
        if !same(&mac::hmac_sha256(&key, body), &told) {
            return Err(refuse("the message is signed by somebody else"));
        }
        let nonsense = || self.nonsense(OPERATION, "a message without its kind");
        let whole: Value = serde_json::from_slice(body).map_err(|_| nonsense())?;
        let message: Message = serde_json::from_slice(body).map_err(|_| nonsense())?;
        Ok(SupplierNotice {
            about: about(&message),
            id: id(whole),
        })
    }
}

/// As long for every wrong signature.
fn same(own: &[u8], told: &[u8]) -> bool {
    own.len() == told.len() && own.iter().zip(told).fold(0, |sum, (a, b)| sum | (a ^ b)) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hexadecimal_digits_are_read_and_others_are_none() {
        assert_eq!(from_hex("00ffA1"), Some(vec![0, 255, 161]));
        assert_eq!(from_hex("0"), None);
        assert_eq!(from_hex("0g"), None);
    }

    #[test]
    fn a_second_try_is_the_same_message() {
        let of = |retries: u32| id(json!({"type": "order_updated", "retries": retries, "data": 1}));
        assert_eq!(of(0), of(3));
        assert_ne!(of(0), id(json!({"type": "order_updated", "data": 2})));
    }
}
