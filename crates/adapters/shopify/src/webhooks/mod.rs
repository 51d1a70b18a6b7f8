//! Webhooks: whether they are genuine, what they mean, and that Shopify keeps sending them.

mod headers;
mod meaning;
mod subscribe;
mod topics;
mod verify;

pub(crate) use subscribe::subscribe;
pub use topics::SUBSCRIBED;

use ports::source::{Notification, NotificationMeaning, NotificationReader, NotificationRefusal};
use secrecy::SecretString;
use sha2::{Digest as _, Sha256};

/// Reads webhooks of Shopify; needs no connection.
#[derive(Debug, Clone, Copy, Default)]
pub struct Reader;

impl NotificationReader for Reader {
    fn read(
        &self,
        secrets: &[SecretString],
        headers: &[(String, String)],
        body: &[u8],
    ) -> Result<Notification, NotificationRefusal> {
        let headers = headers::Headers::new(headers);
        let signature = headers
            .get("hmac-sha256")
            .filter(|s| !s.is_empty())
            .ok_or(NotificationRefusal::NoSignature)?;
        if !verify::is_genuine(secrets, signature, body) {
            return Err(NotificationRefusal::BadSignature);
        }
        let topic = headers
            .topic()
            .ok_or_else(|| NotificationRefusal::Unreadable("it names no topic".to_owned()))?;
        let shop_domain = headers.get("shop-domain").map(str::to_ascii_lowercase);
        Ok(Notification {
            meaning: meaning::of(&topic, body)?,
            dedupe_key: dedupe_key(&topic, shop_domain.as_deref(), body),
            delivery_id: headers.get("webhook-id").map(str::to_owned),
            triggered_at: headers.get("triggered-at").and_then(|t| t.parse().ok()),
            shop_domain,
            topic,
        })
    }

    fn reread(&self, topic: &str, body: &[u8]) -> Result<NotificationMeaning, NotificationRefusal> {
        meaning::of(topic, body)
    }

    fn reduce(&self, _topic: &str, body: &[u8]) -> Vec<u8> {
        meaning::reduced(body)
    }
}

/// Over what is signed, and what says how to read it. Delivery and event ids are not signed, so they alone prove nothing.
fn dedupe_key(topic: &str, shop: Option<&str>, body: &[u8]) -> String {
    let mut hash = Sha256::new();
    for part in [topic.as_bytes(), shop.unwrap_or_default().as_bytes(), body] {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    use std::fmt::Write as _;
    let mut key = String::with_capacity(64);
    for byte in hash.finalize() {
        // Writing into a string cannot fail.
        let _ = write!(key, "{byte:02x}");
    }
    key
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    use hmac::{Hmac, KeyInit as _, Mac as _};

    const BODY: &[u8] = br#"{"id":820982911946154508,"admin_graphql_api_id":"gid:\/\/shopify\/Order\/820982911946154508"}"#;

    fn sign(secret: &str, body: &[u8]) -> String {
        let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
        mac.update(body);
        STANDARD.encode(mac.finalize().into_bytes())
    }

    fn headers(prefix: &str, signature: &str) -> Vec<(String, String)> {
        [
            ("topic", "orders/create"),
            ("hmac-sha256", signature),
            ("shop-domain", "Acme.myshopify.com"),
            ("webhook-id", "w-1"),
            ("triggered-at", "2026-05-06T10:45:17.912552336Z"),
        ]
        .map(|(name, value)| (format!("{prefix}{name}"), value.to_owned()))
        .to_vec()
    }

    fn secrets(all: &[&str]) -> Vec<SecretString> {
        all.iter().map(|s| SecretString::from(*s)).collect()
    }

    #[test]
    fn any_of_the_secrets_and_either_family_of_headers_is_accepted() {
        let signature = sign("old", BODY);
        for prefix in ["X-Shopify-", "x-shopify-", "shopify-", "Shopify-"] {
            let told = Reader
                .read(
                    &secrets(&["new", "old"]),
                    &headers(prefix, &signature),
                    BODY,
                )
                .unwrap();
            assert_eq!(told.topic, "orders/create");
            assert_eq!(told.shop_domain.as_deref(), Some("acme.myshopify.com"));
            assert_eq!(told.delivery_id.as_deref(), Some("w-1"));
            assert!(told.triggered_at.is_some());
        }
    }

    #[test]
    fn what_is_not_signed_by_us_is_refused() {
        let right = sign("s", BODY);
        let read = |headers: Vec<_>, body| Reader.read(&secrets(&["s"]), &headers, body);
        let unsigned = read(headers("x-shopify-", ""), BODY).unwrap_err();
        assert_eq!(unsigned, NotificationRefusal::NoSignature);
        for signature in [sign("other", BODY).as_str(), "no base64!", &right[..20]] {
            let error = read(headers("x-shopify-", signature), BODY).unwrap_err();
            assert_eq!(error, NotificationRefusal::BadSignature, "{signature}");
        }
        // A proxy that writes the JSON anew breaks the signature even though nothing changed.
        let rewritten = String::from_utf8_lossy(BODY)
            .replace("\\/", "/")
            .into_bytes();
        let error = read(headers("x-shopify-", &right), &rewritten).unwrap_err();
        assert_eq!(error, NotificationRefusal::BadSignature);
        assert_eq!(
            Reader
                .read(&[], &headers("x-shopify-", &right), BODY)
                .unwrap_err(),
            NotificationRefusal::BadSignature
        );
    }

    #[test]
    fn the_same_content_has_the_same_key_whatever_the_unsigned_headers_say() {
        let signature = sign("s", BODY);
        let mut other = headers("x-shopify-", &signature);
        other[3].1 = "w-2".to_owned();
        let key = |headers: &[_]| {
            Reader
                .read(&secrets(&["s"]), headers, BODY)
                .unwrap()
                .dedupe_key
        };
        assert_eq!(key(&headers("X-Shopify-", &signature)), key(&other));
        assert_ne!(
            dedupe_key("a", Some("b"), b"c"),
            dedupe_key("ab", None, b"c"),
            "parts do not run into each other"
        );
    }
}
