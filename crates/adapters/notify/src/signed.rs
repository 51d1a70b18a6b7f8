//! Signed messages after Standard Webhooks: `webhook-id`, `webhook-timestamp`, `webhook-signature`.

use crate::fault::PROVIDER;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use chrono::{DateTime, Utc};
use domain::notifications::Notice;
use hmac::{Hmac, KeyInit as _, Mac as _};
use ports::notify::Message;
use ports::{Kind, PortError, PortResult, Retry};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Value, json};
use sha2::Sha256;

/// Grows when a field changes its meaning or goes; new fields come without notice.
const VERSION: u32 = 1;
const PREFIX: &str = "whsec_";

/// 32 random bytes, as the scheme writes them.
pub(crate) fn new_secret() -> SecretString {
    let key: [u8; 32] = rand::random();
    SecretString::from(format!("{PREFIX}{}", BASE64_STANDARD.encode(key)))
}

fn told(notice: &Notice, base: Option<&str>) -> Value {
    json!({
        "id": notice.id,
        "kind": notice.kind,
        "severity": notice.severity,
        "title": notice.title,
        "facts": notice.facts,
        "url": base.map(|base| format!("{base}/command-center{}", notice.link)),
        "store_id": notice.store,
        "count": notice.count,
        "first_at": notice.first_at,
        "last_at": notice.last_at,
    })
}

pub(crate) fn body(message: &Message<'_>) -> String {
    let kind = if message.test { "test" } else { "notice" };
    // Of what is told, so that each try says the same.
    let at = message.notices.iter().map(|n| n.last_at).max();
    let notices = message.notices.iter();
    let notices: Vec<Value> = notices.map(|n| told(n, message.public_url)).collect();
    json!({
        "type": kind,
        "version": VERSION,
        "timestamp": at.unwrap_or(message.at),
        "data": { "workspace": message.workspace, "notices": notices },
    })
    .to_string()
}

fn sign(secret: &SecretString, id: &str, timestamp: i64, body: &str) -> Option<String> {
    let key = secret.expose_secret().strip_prefix(PREFIX)?;
    let key = BASE64_STANDARD.decode(key).ok()?;
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).ok()?;
    mac.update(format!("{id}.{timestamp}.{body}").as_bytes());
    let signature = BASE64_STANDARD.encode(mac.finalize().into_bytes());
    Some(format!("v1,{signature}"))
}

pub(crate) fn headers(
    secret: &SecretString,
    id: &str,
    at: DateTime<Utc>,
    body: &str,
) -> PortResult<Vec<(&'static str, String)>> {
    let timestamp = at.timestamp();
    let signature = sign(secret, id, timestamp, body).ok_or_else(|| {
        let detail = "the channel's secret cannot sign; make a new one";
        PortError::new(Kind::Corrupt, Retry::Never, PROVIDER, "notify.sign", detail)
    })?;
    Ok(vec![
        ("webhook-id", id.to_owned()),
        ("webhook-timestamp", timestamp.to_string()),
        ("webhook-signature", signature),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the scheme's own documentation.
    #[test]
    fn signatures_are_those_of_the_scheme() {
        let secret = SecretString::from("whsec_plJ3nmyCDGBKInavdOK15jsl");
        let body = r#"{"event_type":"ping","data":{"success":true}}"#;
        let signed = sign(&secret, "msg_loFOjxBNrRLzqYUf", 1_731_705_121, body);
        let expected = "v1,rAvfW3dJ/X/qxhsaXPOyyCGmRKsaKWcsNccKXlIktD0=";
        assert_eq!(signed.as_deref(), Some(expected));
        assert_eq!(sign(&SecretString::from("plain"), "m", 0, body), None);
    }

    #[test]
    fn secrets_are_long_and_differ() {
        let [first, second] = [(); 2].map(|()| new_secret().expose_secret().to_owned());
        assert_ne!(first, second);
        let key = BASE64_STANDARD.decode(&first[PREFIX.len()..]).unwrap();
        assert!((24..=64).contains(&key.len()), "as the scheme asks for");
    }
}
