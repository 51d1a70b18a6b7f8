//! Webhooks to a receiver on this machine.

use std::sync::{Arc, Mutex};

use actix_web::web::{self, Bytes, Data};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer};
use base64::Engine;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use tokio::sync::Notify;

use crate::client::{Shop, small};

type Received = (actix_web::http::header::HeaderMap, Bytes);

/// Notes everything that arrives; fails as often as it was told.
#[derive(Clone, Default)]
struct Inbox {
    seen: Arc<Mutex<Vec<Received>>>,
    fail: Arc<Mutex<usize>>,
    arrived: Arc<Notify>,
}

impl Inbox {
    async fn wait(&self, count: usize) -> Vec<Received> {
        loop {
            let arrived = self.arrived.notified();
            let seen = self.seen.lock().unwrap().clone();
            if seen.len() >= count {
                return seen;
            }
            tokio::time::timeout(std::time::Duration::from_secs(20), arrived)
                .await
                .expect("a webhook should have come");
        }
    }
}

async fn receive(inbox: Data<Inbox>, request: HttpRequest, body: Bytes) -> HttpResponse {
    inbox
        .seen
        .lock()
        .unwrap()
        .push((request.headers().clone(), body));
    inbox.arrived.notify_waiters();
    let mut fail = inbox.fail.lock().unwrap();
    if *fail > 0 {
        *fail -= 1;
        return HttpResponse::InternalServerError().finish();
    }
    HttpResponse::Ok().finish()
}

async fn receiver() -> (Inbox, String) {
    let inbox = Inbox::default();
    let shared = inbox.clone();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    let server = HttpServer::new(move || {
        App::new()
            .app_data(Data::new(shared.clone()))
            .route("/hook", web::post().to(receive))
    });
    tokio::spawn(
        server
            .workers(1)
            .disable_signals()
            .listen(listener)
            .unwrap()
            .run(),
    );
    (inbox, url)
}

async fn subscribe(shop: &Shop, topic: &str, url: &str) -> Value {
    let query = format!(
        "mutation($uri: String!) {{ webhookSubscriptionCreate(topic: {topic}, webhookSubscription: {{uri: $uri}}) {{ webhookSubscription {{ id topic uri apiVersion {{ handle }} }} userErrors {{ field message }} }} }}"
    );
    shop.ask(&query, json!({"uri": url})).await["data"]["webhookSubscriptionCreate"].take()
}

fn header(received: &Received, name: &str) -> String {
    received.0.get(name).unwrap().to_str().unwrap().to_owned()
}

#[tokio::test]
async fn an_order_is_told_signed_over_its_raw_bytes() {
    let shop = Shop::open(small()).await;
    let (inbox, url) = receiver().await;
    let made = subscribe(&shop, "ORDERS_CREATE", &url).await;
    assert_eq!(
        made["webhookSubscription"]["apiVersion"]["handle"],
        "2026-10"
    );
    subscribe(&shop, "ORDERS_UPDATED", &url).await;
    let order = shop
        .post("/__events", json!({"kind": "order_create"}))
        .await;
    let seen = inbox.wait(2).await;
    for received in &seen {
        let mut mac = Hmac::<sha2::Sha256>::new_from_slice(b"sandbox").unwrap();
        mac.update(&received.1);
        let signature =
            base64::engine::general_purpose::STANDARD.encode(mac.finalize().into_bytes());
        assert_eq!(header(received, "x-shopify-hmac-sha256"), signature);
        let text = std::str::from_utf8(&received.1).unwrap();
        assert!(
            text.contains("gid:\\/\\/shopify\\/Order\\/"),
            "slashes are escaped"
        );
        let body: Value = serde_json::from_str(text).unwrap();
        assert_eq!(body["admin_graphql_api_id"], order["id"]);
        assert_eq!(
            header(received, "x-shopify-shop-domain"),
            "sandbox.myshopify.com"
        );
    }
    let mut topics: Vec<_> = seen.iter().map(|r| header(r, "x-shopify-topic")).collect();
    topics.sort();
    assert_eq!(topics, ["orders/create", "orders/updated"]);
    assert_eq!(
        header(&seen[0], "x-shopify-event-id"),
        header(&seen[1], "x-shopify-event-id")
    );
    assert_ne!(
        header(&seen[0], "x-shopify-webhook-id"),
        header(&seen[1], "x-shopify-webhook-id")
    );
}

#[tokio::test]
async fn a_refused_delivery_comes_again_with_the_same_id_and_body() {
    let shop = Shop::open(small()).await;
    let (inbox, url) = receiver().await;
    *inbox.fail.lock().unwrap() = 3;
    subscribe(&shop, "ORDERS_CREATE", &url).await;
    shop.post("/__events", json!({"kind": "order_create"}))
        .await;
    let seen = inbox.wait(4).await;
    assert!(seen.iter().all(|r| header(r, "x-shopify-webhook-id")
        == header(&seen[0], "x-shopify-webhook-id")
        && r.1 == seen[0].1));
}

#[tokio::test]
async fn a_subscription_that_fails_eight_times_is_deleted() {
    let shop = Shop::open(small()).await;
    let (inbox, url) = receiver().await;
    *inbox.fail.lock().unwrap() = usize::MAX;
    subscribe(&shop, "ORDERS_CREATE", &url).await;
    shop.post("/__events", json!({"kind": "order_create"}))
        .await;
    inbox.wait(8).await;
    loop {
        let left = shop.data("{ webhookSubscriptions(first: 5) { nodes { id } } webhookSubscriptionsCount { count } }").await;
        if left["webhookSubscriptionsCount"]["count"] == 0 {
            assert_eq!(left["webhookSubscriptions"]["nodes"], json!([]));
            break;
        }
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn duplicates_come_on_demand_and_addresses_are_checked() {
    let shop = Shop::open(small()).await;
    let (inbox, url) = receiver().await;
    for (uri, message) in [
        ("", "Address can't be blank"),
        (
            "http://example.com/x",
            "Address protocol http:// is not supported",
        ),
    ] {
        let refused = subscribe(&shop, "ORDERS_CREATE", uri).await;
        assert_eq!(refused["userErrors"][0]["message"], message);
    }
    let made = subscribe(&shop, "ORDERS_CREATE", &url).await;
    shop.post("/__faults", json!({"webhook_duplicate": 1}))
        .await;
    shop.post("/__events", json!({"kind": "order_create"}))
        .await;
    let seen = inbox.wait(2).await;
    assert_eq!(
        header(&seen[0], "x-shopify-webhook-id"),
        header(&seen[1], "x-shopify-webhook-id")
    );
    let delete = "mutation($id: ID!) { webhookSubscriptionDelete(id: $id) { deletedWebhookSubscriptionId userErrors { message } } }";
    let gone = shop
        .ask(delete, json!({"id": made["webhookSubscription"]["id"]}))
        .await;
    assert_eq!(
        gone["data"]["webhookSubscriptionDelete"]["deletedWebhookSubscriptionId"],
        made["webhookSubscription"]["id"]
    );
}

#[tokio::test]
async fn live_trade_goes_on_by_itself() {
    let shop = Shop::open(sandbox::Options {
        live: 1_200.0,
        ..small()
    })
    .await;
    let (inbox, url) = receiver().await;
    subscribe(&shop, "ORDERS_CREATE", &url).await;
    inbox.wait(3).await;
    assert!(shop.get("/healthz").await["orders"].as_u64().unwrap() > 300);
}

#[tokio::test]
async fn an_update_overtakes_the_creation_on_demand() {
    let shop = Shop::open(small()).await;
    let (inbox, url) = receiver().await;
    subscribe(&shop, "ORDERS_CREATE", &url).await;
    subscribe(&shop, "ORDERS_UPDATED", &url).await;
    shop.post("/__faults", json!({"webhook_reorder": 1})).await;
    shop.post("/__events", json!({"kind": "order_create"}))
        .await;
    let topics: Vec<_> = inbox
        .wait(2)
        .await
        .iter()
        .map(|r| header(r, "x-shopify-topic"))
        .collect();
    assert_eq!(topics, ["orders/updated", "orders/create"]);
}

#[tokio::test]
async fn a_change_by_a_client_is_told_like_any_other() {
    let shop = Shop::open(small()).await;
    let (inbox, url) = receiver().await;
    for topic in ["PRODUCTS_UPDATE", "ORDERS_UPDATED"] {
        subscribe(&shop, topic, &url).await;
    }
    let data = shop
        .data("{ products(first: 1) { nodes { id } } orders(first: 1) { nodes { id } } }")
        .await;
    let tag =
        "mutation($id: ID!) { tagsAdd(id: $id, tags: [\"told\"]) { userErrors { message } } }";
    for (n, list) in ["products", "orders"].into_iter().enumerate() {
        let id = &data[list]["nodes"][0]["id"];
        shop.ask(tag, json!({"id": id})).await;
        let seen = inbox.wait(n + 1).await;
        let body: Value = serde_json::from_slice(&seen[n].1).unwrap();
        assert_eq!(&body["admin_graphql_api_id"], id);
        assert!(body["tags"].as_str().unwrap().contains("told"), "{body}");
    }
}

#[tokio::test]
async fn days_that_pass_are_told_like_any_other() {
    let shop = Shop::open(small()).await;
    let (inbox, url) = receiver().await;
    for topic in ["ORDERS_CREATE", "REFUNDS_CREATE", "INVENTORY_LEVELS_UPDATE"] {
        subscribe(&shop, topic, &url).await;
    }
    let passed = shop.post("/__clock", json!({"advance_days": 20})).await;
    let orders = usize::try_from(passed["orders"].as_u64().unwrap()).unwrap();
    assert!(orders > 20, "{passed}");
    let mut count = orders;
    let (mut placed, mut topics) = (Vec::new(), std::collections::BTreeSet::new());
    while placed.len() < orders || topics.len() < 3 {
        let seen = inbox.wait(count).await;
        count = seen.len() + 1;
        topics = seen.iter().map(|r| header(r, "x-shopify-topic")).collect();
        let created = seen
            .iter()
            .filter(|r| header(r, "x-shopify-topic") == "orders/create");
        placed = created
            .map(|r| header(r, "x-shopify-triggered-at")[..10].to_owned())
            .collect();
    }
    assert_eq!(placed.len(), orders);
    placed.sort();
    placed.dedup();
    assert!(placed.len() > 15, "each at its own time: {placed:?}");
}
