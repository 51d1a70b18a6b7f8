//! Messages of CJ. They are signed with a number that is no strong secret, so nothing that stands in one is believed: it only names what
//! has to be read again.

use crate::client::Cj;
use adapter_kit::mac;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::supplier::{NoticeAbout, SupplierNotice};
use ports::{Kind, PortResult, Retry};
use secrecy::ExposeSecret as _;
use serde::Deserialize;
use serde_json::Value;

const OPERATION: &str = "supplier.notice";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Message {
    message_id: String,
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    params: Value,
}

/// A number may be a text, and the other way round.
fn named(params: &Value, name: &str) -> Option<String> {
    match params.get(name)? {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn about(message: &Message) -> NoticeAbout {
    let of = |name: &str| named(&message.params, name);
    let found = match message.kind.as_str() {
        "PRODUCT" => of("pid").map(NoticeAbout::Product),
        "VARIANT" => of("vid").map(|vid| NoticeAbout::Variants(vec![vid])),
        "STOCK" => message
            .params
            .as_object()
            .map(|by_vid| NoticeAbout::Variants(by_vid.keys().cloned().collect())),
        "ORDER" => of("orderNumber").map(NoticeAbout::Order),
        "ORDERSPLIT" => of("originalOrderId").map(NoticeAbout::Order),
        "LOGISTIC" => of("orderId").map(NoticeAbout::Order),
        _ => None,
    };
    found.unwrap_or(NoticeAbout::Other)
}

impl Cj {
    pub(crate) async fn read_notice(
        &self,
        signature: Option<&str>,
        body: &[u8],
    ) -> PortResult<SupplierNotice> {
        let key = self.tokens.open_id().await?;
        let refuse = |detail: &str| {
            let kind = Kind::Unauthorized;
            self.error(kind, Retry::Never, OPERATION, detail)
        };
        let told = signature.and_then(|text| STANDARD.decode(text.trim()).ok());
        let told = told.ok_or_else(|| refuse("the message is not signed"))?;
        let own = mac::hmac_sha256(key.expose_secret().as_bytes(), body);
        if key.expose_secret().is_empty() || !same(&own, &told) {
            return Err(refuse("the message is signed by somebody else"));
        }
        let message: Message = serde_json::from_slice(body)
            .map_err(|_| self.nonsense(OPERATION, "a message without its number or kind"))?;
        Ok(SupplierNotice {
            about: about(&message),
            id: message.message_id,
        })
    }
}

/// As long for every wrong signature.
fn same(own: &[u8], told: &[u8]) -> bool {
    own.len() == told.len() && own.iter().zip(told).fold(0, |sum, (a, b)| sum | (a ^ b)) == 0
}
