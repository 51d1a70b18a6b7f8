//! Orders that look like fraud, as Shopify tells of them.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::client::{Shop, cents, small};

const ORDERS: &str = "query($q: String) { orders(first: 250, sortKey: PROCESSED_AT, reverse: true, query: $q) { nodes { id email displayFulfillmentStatus cancelledAt test billingAddressMatchesShippingAddress billingAddress { countryCodeV2 } shippingAddress { countryCodeV2 } customer { numberOfOrders email } currentTotalPriceSet { shopMoney { amount } } risk { recommendation assessments { riskLevel provider { id } facts { description sentiment } } } } } }";

async fn orders(shop: &Shop, query: Value) -> Vec<Value> {
    let answer = shop.ask(ORDERS, json!({"q": query})).await;
    assert_eq!(answer.get("errors"), None, "{answer}");
    let nodes = answer["data"]["orders"]["nodes"].as_array().unwrap();
    nodes.clone()
}

fn level(order: &Value) -> &str {
    let assessed = &order["risk"]["assessments"][0]["riskLevel"];
    assessed.as_str().unwrap_or("NONE")
}

fn is_risky(order: &Value) -> bool {
    matches!(level(order), "HIGH" | "MEDIUM")
}

fn amount(order: &Value) -> i64 {
    cents(&order["currentTotalPriceSet"]["shopMoney"]["amount"])
}

#[tokio::test]
async fn risky_orders_carry_several_signs_and_wait() {
    let shop = Shop::open(sandbox::Options {
        orders: 1_000,
        ..small()
    })
    .await;
    let all = orders(&shop, Value::Null).await;
    let (risky, others): (Vec<_>, Vec<_>) = all.iter().partition(|o| is_risky(o));
    assert!(risky.len() >= 3, "{}", risky.len());
    let usual = others.iter().map(|o| amount(o)).sum::<i64>() / others.len() as i64;
    let mut signs = BTreeSet::new();
    for order in &risky {
        assert_eq!(order["displayFulfillmentStatus"], "UNFULFILLED");
        assert_eq!(order["cancelledAt"], Value::Null);
        assert_eq!(order["customer"]["numberOfOrders"], "1");
        assert_eq!(order["email"], order["customer"]["email"]);
        assert!(amount(order) > 4 * usual, "{} of {usual}", amount(order));
        let abroad = order["billingAddress"] != order["shippingAddress"];
        assert_eq!(order["billingAddressMatchesShippingAddress"], !abroad);
        let throw_away = !order["email"].as_str().unwrap().ends_with("@example.com");
        assert!(abroad || throw_away, "{order}");
        assert_eq!(level(order), if abroad { "HIGH" } else { "MEDIUM" });
        let facts = order["risk"]["assessments"][0]["facts"].as_array().unwrap();
        assert!(facts.iter().any(|f| f["sentiment"] == "NEGATIVE"));
        signs.insert((abroad, throw_away));
    }
    assert_eq!(signs.len(), 3, "{signs:?}");
    let levels: BTreeSet<_> = others.iter().map(|o| level(o)).collect();
    assert_eq!(levels, BTreeSet::from(["LOW", "NONE"]));
    let high = orders(&shop, json!("risk_level:high")).await;
    assert!(!high.is_empty() && high.iter().all(|o| level(o) == "HIGH"));
}

#[tokio::test]
async fn one_more_comes_on_demand_and_nothing_differs_by_it() {
    let shop = Shop::open(small()).await;
    let before = orders(&shop, Value::Null).await;
    let answer = shop.post("/__plant", json!({"kind": "risky_order"})).await;
    let planted = &answer["planted"][0];
    let now = orders(&shop, Value::Null).await;
    let risky = |all: &[Value]| all.iter().filter(|o| is_risky(o)).count();
    assert_eq!(risky(&now), risky(&before) + 1, "{answer}");
    let id = format!("gid://shopify/Order/{}", planted["id"]);
    let order = now.iter().find(|o| o["id"] == id).unwrap();
    assert_eq!(planted["risk_level"], level(order));
    assert_eq!(planted["recommendation"], order["risk"]["recommendation"]);
    assert!(planted["facts"].as_array().unwrap().len() >= 3);
    crate::ledger::assert_books(&shop).await;
    let again = shop.post("/__plant", json!({"cause": "risky_order"})).await;
    assert_ne!(again["planted"][0]["id"], planted["id"]);
    let cancel = json!({"kind": "cancel", "count": 250});
    let cancelled = shop.post("/__events", cancel).await;
    assert!(
        cancelled["ids"].as_array().unwrap().len() > 80,
        "{cancelled}"
    );
    let later = orders(&shop, Value::Null).await;
    let waiting = later.iter().filter(|o| is_risky(o));
    assert!({ waiting }.all(|o| o["cancelledAt"].is_null()));
    assert_eq!(risky(&later), risky(&now) + 1, "they wait for somebody");
}
