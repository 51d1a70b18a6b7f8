//! Faults on demand.

use serde_json::{Value, json};

use crate::client::{Shop, small};

#[tokio::test]
async fn each_fault_strikes_and_ends() {
    let shop = Shop::open(small()).await;
    let query = "{ shop { name } }";
    shop.post("/__faults", json!({"status": 1, "status_code": 502}))
        .await;
    assert_eq!(shop.send(query, Value::Null).await.status(), 502);
    shop.post("/__faults", json!({"reset": true, "nonsense": 1}))
        .await;
    let odd = shop.send(query, Value::Null).await;
    assert!(serde_json::from_str::<Value>(&odd.text().await.unwrap()).is_err());
    shop.post("/__faults", json!({"reset": true, "cut": 1}))
        .await;
    assert!(
        shop.send(query, Value::Null).await.text().await.is_err(),
        "the body ends before its end"
    );
    shop.post("/__faults", json!({"reset": true, "unauthorized": 1}))
        .await;
    assert_eq!(shop.send(query, Value::Null).await.status(), 401);
    shop.post("/__faults", json!({"reset": true, "throttle": 1}))
        .await;
    assert_eq!(
        shop.ask("{ products(first: 1) { nodes { id } } }", Value::Null)
            .await["errors"][0]["extensions"]["code"],
        "THROTTLED"
    );
    shop.post(
        "/__faults",
        json!({"reset": true, "internal": 1, "limit": 1}),
    )
    .await;
    let answers = [
        shop.ask(query, Value::Null).await,
        shop.ask(query, Value::Null).await,
    ];
    assert_eq!(
        answers[0]["errors"][0]["extensions"]["code"],
        "INTERNAL_SERVER_ERROR"
    );
    assert_eq!(answers[1].get("errors"), None, "the limit is reached");
    let unknown = shop.post("/__faults", json!({"gremlins": 1})).await;
    assert!(unknown["error"].as_str().unwrap().contains("gremlins"));
}

#[tokio::test]
async fn a_lost_answer_has_taken_effect() {
    let shop = Shop::open(small()).await;
    shop.post("/__faults", json!({"lost": 1, "limit": 1})).await;
    let create = "mutation { webhookSubscriptionCreate(topic: ORDERS_CREATE, webhookSubscription: {uri: \"https://example.com/hook\"}) { webhookSubscription { id } userErrors { message } } }";
    assert!(shop.try_send(create, Value::Null).await.is_err());
    assert_eq!(
        shop.get("/__ledger").await["writes"][0]["kind"],
        "webhookSubscriptionCreate"
    );
    let again = shop.ask(create, Value::Null).await;
    assert_eq!(
        again["data"]["webhookSubscriptionCreate"]["userErrors"][0]["message"],
        "Address for this topic has already been taken"
    );
}

#[tokio::test]
async fn nulls_and_strange_members_come_where_they_may() {
    let shop = Shop::open(small()).await;
    shop.post(
        "/__faults",
        json!({"null_fields": 0.5, "unknown_enum": 0.3}),
    )
    .await;
    let data = shop.data("{ orders(first: 100) { nodes { id name displayFinancialStatus subtotalPriceSet { shopMoney { amount } } } } }").await;
    let nodes = data["orders"]["nodes"].as_array().unwrap();
    assert!(
        nodes.iter().all(|n| n["name"].is_string()),
        "what cannot be null is not"
    );
    assert!(
        nodes.iter().any(|n| n["subtotalPriceSet"].is_null())
            && nodes.iter().any(|n| n["subtotalPriceSet"].is_object())
    );
    assert!(
        nodes
            .iter()
            .any(|n| n["displayFinancialStatus"] == "SANDBOX_FUTURE_VALUE")
    );
}
