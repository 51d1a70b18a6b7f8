//! Failure modes of webhooks, as far as reading and subscribing is concerned.

use crate::scripted::{Answer, Scripted, connection, data, refused};
use crate::support::{open, open_with, settings, token};
use adapter_shopify::webhooks::{Reader, SUBSCRIBED};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::connection::WebhookState;
use domain::ids::OrderId;
use hmac::{Hmac, KeyInit as _, Mac as _};
use ports::source::{
    FactRef, NotificationMeaning, NotificationReader as _, NotificationRefusal, StoreSources as _,
};
use secrecy::SecretString;
use serde_json::json;
use sha2::Sha256;

fn signed(secret: &str, topic: &str, id: &str, body: &[u8]) -> Vec<(String, String)> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(body);
    let signature = STANDARD.encode(mac.finalize().into_bytes());
    [
        ("X-Shopify-Topic", topic),
        ("X-Shopify-Hmac-Sha256", &signature),
        ("X-Shopify-Shop-Domain", "acme.myshopify.com"),
        ("X-Shopify-Webhook-Id", id),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .to_vec()
}

fn secrets() -> Vec<SecretString> {
    ["new", "old"].map(SecretString::from).to_vec()
}

#[test]
fn mode_26_the_raw_bytes_count_and_a_rotated_secret_is_still_known() {
    let body = br#"{"id":1,"url":"https:\/\/acme.myshopify.com\/1"}"#;
    for secret in ["new", "old"] {
        assert!(
            Reader
                .read(&secrets(), &signed(secret, "orders/paid", "1", body), body)
                .is_ok()
        );
    }
    let rewritten = br#"{"id":1,"url":"https://acme.myshopify.com/1"}"#;
    let refusal = Reader
        .read(
            &secrets(),
            &signed("new", "orders/paid", "1", body),
            rewritten,
        )
        .unwrap_err();
    assert_eq!(refusal, NotificationRefusal::BadSignature);
}

#[test]
fn mode_27_the_order_of_webhooks_does_not_matter() {
    // Both only say which order to read again.
    let meaning = |topic: &str| {
        Reader
            .reread(topic, br#"{"id":7,"updated_at":"2026-05-01T00:00:00Z"}"#)
            .unwrap()
    };
    let again = NotificationMeaning::Changed(vec![FactRef::Order(OrderId(7))]);
    assert_eq!(
        [meaning("orders/updated"), meaning("orders/create")],
        [again.clone(), again]
    );
}

#[test]
fn mode_28_copies_of_a_webhook_have_the_same_key() {
    let body = br#"{"id":7}"#;
    let key = |topic: &str, id: &str, body: &[u8]| {
        Reader
            .read(&secrets(), &signed("new", topic, id, body), body)
            .unwrap()
            .dedupe_key
    };
    assert_eq!(key("orders/paid", "a", body), key("orders/paid", "b", body));
    assert_ne!(
        key("orders/paid", "a", body),
        key("orders/updated", "a", body)
    );
    assert_ne!(
        key("orders/paid", "a", body),
        key("orders/paid", "a", br#"{"id":8}"#)
    );
}

#[test]
fn mode_31_compliance_webhooks_are_verified_too() {
    let body = br#"{"customer":{"id":3},"shop_domain":"acme.myshopify.com"}"#;
    for topic in ["customers/data_request", "customers/redact", "shop/redact"] {
        assert!(
            Reader
                .read(&secrets(), &signed("new", topic, "1", body), body)
                .is_ok()
        );
        let refusal = Reader
            .read(&secrets(), &signed("wrong", topic, "1", body), body)
            .unwrap_err();
        assert_eq!(refusal, NotificationRefusal::BadSignature);
    }
}

const CALLBACK: &str = "https://royal.example.org/v1/webhooks/shopify/1";

#[tokio::test]
async fn mode_30_subscriptions_that_shopify_deleted_are_created_again() {
    let shop = Scripted::start(|asked| match asked.name.as_str() {
        "WebhooksList" if asked.variables["after"].is_null() => {
            let ours = |topic: &&str| json!({ "id": "gid://shopify/WebhookSubscription/1", "topic": topic, "uri": CALLBACK });
            let first = SUBSCRIBED.iter().take(5).map(ours).collect();
            data(json!({ "webhookSubscriptions": connection(first, Some("p")) }))
        }
        "WebhooksList" => {
            let foreign = json!({ "id": "gid://shopify/WebhookSubscription/2", "topic": SUBSCRIBED[5], "uri": "https://other.example.org/" });
            data(json!({ "webhookSubscriptions": connection(vec![foreign], None) }))
        }
        "WebhookCreate" => data(json!({ "webhookSubscriptionCreate": { "webhookSubscription": { "id": "x" }, "userErrors": [] } })),
        other => panic!("{other}"),
    })
    .await;
    assert_eq!(
        open(&shop.base).source.subscribe(CALLBACK).await.unwrap(),
        WebhookState::Ok
    );
    let created: Vec<String> = shop
        .asked()
        .iter()
        .filter(|a| a.name == "WebhookCreate")
        .map(|a| {
            assert_eq!(a.variables["uri"], CALLBACK);
            a.variables["topic"].as_str().unwrap().to_owned()
        })
        .collect();
    assert_eq!(
        created,
        SUBSCRIBED[5..],
        "what is there stays, what is foreign is left alone"
    );
}

#[tokio::test]
async fn subscriptions_that_are_refused_are_named() {
    let shop = Scripted::start(|asked| match (asked.name.as_str(), asked.variables["topic"].as_str()) {
        ("WebhooksList", _) => data(json!({ "webhookSubscriptions": connection(vec![], None) })),
        (_, Some("CUSTOMERS_CREATE")) => data(json!({ "webhookSubscriptionCreate": { "webhookSubscription": null,
            "userErrors": [{ "field": ["topic"], "message": "You do not have permission" }] } })),
        (_, Some("CUSTOMERS_UPDATE")) => refused("ACCESS_DENIED", &["webhookSubscriptionCreate"]),
        (_, Some("CUSTOMERS_DELETE")) => data(json!({ "webhookSubscriptionCreate": { "webhookSubscription": null,
            "userErrors": [{ "field": ["callbackUrl"], "message": "Address for this topic has already been taken" }] } })),
        (_, Some("SHOP_UPDATE")) => Answer::Lost,
        _ => data(json!({ "webhookSubscriptionCreate": { "webhookSubscription": { "id": "x" }, "userErrors": [] } })),
    })
    .await;
    let state = open(&shop.base).source.subscribe(CALLBACK).await.unwrap();
    let WebhookState::Missing(sentence) = state else {
        panic!("{state:?}")
    };
    for topic in ["CUSTOMERS_CREATE", "CUSTOMERS_UPDATE", "SHOP_UPDATE"] {
        assert!(sentence.contains(topic), "{sentence}");
    }
    assert!(!sentence.contains("CUSTOMERS_DELETE"), "{sentence}");
    assert_eq!(
        shop.asked()
            .iter()
            .filter(|a| a.variables["topic"] == "SHOP_UPDATE")
            .count(),
        1,
        "not sent twice"
    );
}

#[tokio::test]
async fn a_server_without_a_public_address_is_not_subscribed() {
    let opened = open_with("http://127.0.0.1:1", token("t"), |_| {});
    let mut real = settings("unused", token("t"));
    real.base_url = None;
    let source = opened.sources.open(real).unwrap();
    for callback in [
        "http://127.0.0.1:10000/hook",
        "https://localhost/hook",
        "http://royal.example.org/hook",
        "nonsense",
    ] {
        let state = source.subscribe(callback).await.unwrap();
        assert!(
            matches!(state, WebhookState::Unsupported(_)),
            "{callback}: {state:?}"
        );
    }
}
