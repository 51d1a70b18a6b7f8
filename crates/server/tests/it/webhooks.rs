//! What the shop sends: signed, stored before it is acknowledged, and acted upon.

use crate::support::{Client, TestServer, sandbox, server, until};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use reqwest::{Method, Response};
use serde_json::{Value, json};
use sha2::Sha256;

pub(crate) fn signature(secret: &str, body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(body);
    STANDARD.encode(mac.finalize().into_bytes())
}

async fn deliver(
    client: &Client,
    connection: &str,
    body: &[u8],
    signature: Option<String>,
) -> Response {
    let mut request = client
        .request(Method::POST, &format!("/v1/webhooks/shopify/{connection}"))
        .header("content-type", "application/json")
        .header("x-shopify-topic", "orders/updated")
        .header("x-shopify-shop-domain", "sandbox.myshopify.com")
        .header("x-shopify-webhook-id", uuid::Uuid::new_v4().to_string())
        .body(body.to_vec());
    if let Some(signature) = signature {
        request = request.header("x-shopify-hmac-sha256", signature);
    }
    request.send().await.unwrap()
}

async fn connected() -> (sandbox::Running, TestServer, Client, String) {
    let sandbox = sandbox(40).await;
    let server = server(&[("SANDBOX_URL", &sandbox.base_url)]).await;
    let owner = server.owner().await;
    let connection = owner.connect_sandbox().await;
    (sandbox, server, owner, connection)
}

#[tokio::test(flavor = "multi_thread")]
async fn only_what_the_shop_signed_is_taken() {
    let (_sandbox, server, _, connection) = connected().await;
    let shop = server.anybody();
    let body = br#"{"id":1,"admin_graphql_api_id":"gid://shopify/Order/1","updated_at":"2026-01-01T00:00:00Z"}"#;
    let good = signature("sandbox", body);
    assert_eq!(
        deliver(&shop, &connection, body, Some(good.clone()))
            .await
            .status(),
        202
    );
    assert_eq!(
        deliver(&shop, &connection, body, Some(good.clone()))
            .await
            .status(),
        202,
        "known already"
    );

    let mut altered = body.to_vec();
    altered[8] = b'2';
    for (body, signature) in [
        (&altered[..], Some(good.clone())),
        (body, None),
        (body, Some(signature("guess", body))),
        (body, Some("x".into())),
    ] {
        let refused = deliver(&shop, &connection, body, signature).await;
        assert_eq!(refused.status(), 401);
        assert_eq!(
            refused.headers()["content-type"],
            "application/problem+json"
        );
    }
    let unknown = "0190b2f0-0000-7000-8000-000000000001";
    assert_eq!(
        deliver(&shop, unknown, body, Some(good)).await.status(),
        404
    );
    let large = vec![b'a'; 5 * 1024 * 1024 + 1];
    assert_eq!(
        deliver(
            &shop,
            &connection,
            &large,
            Some(signature("sandbox", &large))
        )
        .await
        .status(),
        413
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_copies_at_once_are_one() {
    let (_sandbox, server, _, connection) = connected().await;
    let shop = server.anybody();
    let events = &server.running.composed().events;
    let workspaces = server
        .running
        .composed()
        .ports
        .accounts
        .workspaces()
        .await
        .unwrap();
    let body = br#"{"id":77,"admin_graphql_api_id":"gid://shopify/Order/77","updated_at":"2026-01-01T00:00:00Z"}"#;
    let copies =
        (0..50).map(|_| deliver(&shop, &connection, body, Some(signature("sandbox", body))));
    for answer in futures::future::join_all(copies).await {
        assert_eq!(answer.status(), 202);
    }
    let inbox = &server.running.composed().ports.inbox;
    until(|| async { (inbox.state(None).await.unwrap().pending == 0).then_some(()) }).await;
    assert_eq!(inbox.state(None).await.unwrap().dead, 0);
    // One delivery, about an order that the shop does not know: nothing changed.
    let all = events.since(workspaces[0].id, 0, 1000).await.unwrap();
    assert!(
        !all.iter()
            .any(|e| e.event.data["changed"].to_string().contains("\"77\""))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_that_the_shop_tells_of_appears_and_its_version_grows() {
    let (sandbox, _server, owner, _) = connected().await;
    let shop = Client::new(&sandbox.base_url);
    let before = owner.read("/v1/stores").await["stores"][0]["orders"]
        .as_i64()
        .unwrap();
    let made: Value = shop
        .post("/__events", &json!({ "kind": "order_create" }))
        .await
        .json()
        .await
        .unwrap();
    until(|| async {
        let stores = owner.read("/v1/stores").await;
        (stores["stores"][0]["orders"].as_i64().unwrap() == before + 1).then_some(())
    })
    .await;
    let newest = owner.read("/v1/orders?limit=1").await;
    let id = newest["orders"][0]["id"].as_str().unwrap().to_owned();
    assert!(made.to_string().contains(&id), "{made} {id}");
    assert_eq!(newest["orders"][0]["version"], 1);

    let refund = json!({ "kind": "refund_full", "order": format!("gid://shopify/Order/{id}") });
    assert_eq!(shop.post("/__events", &refund).await.status(), 200);
    let order = until(|| async {
        let answer = owner.read(&format!("/v1/orders/{id}")).await;
        (answer["order"]["refunded"] == true).then_some(answer)
    })
    .await;
    assert!(order["order"]["version"].as_i64().unwrap() >= 2);
    assert_eq!(order["checks"]["difference"], "0.00");
}
