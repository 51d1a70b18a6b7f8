//! The figures: agreements, totals and truth over HTTP, and what events change.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::client::{Shop, by_id, cents, small};

const SALES: &str = "{ orders { edges { node { id name test currentTotalPriceSet { shopMoney { amount } } agreements { edges { node { id happenedAt
  sales { edges { node { id actionType lineType totalAmount { shopMoney { amount } } totalTaxAmount { shopMoney { amount } } totalDiscountAmountBeforeTaxes { shopMoney { amount } } } } } } } } } } } }";

fn money(row: &Value, field: &str) -> i64 {
    cents(&row[field]["shopMoney"]["amount"])
}

#[tokio::test]
async fn sales_add_up_to_orders_and_to_the_truth_of_each_day() {
    let shop = Shop::open(sandbox::Options {
        orders: 900,
        ..small()
    })
    .await;
    assert_books(&shop).await;
    let truth = shop.get("/__truth").await;
    assert!(truth["days"].as_array().unwrap().len() > 100);
    for by in ["channel", "country", "product", "variant"] {
        let other = shop.get(&format!("/__truth?by={by}")).await;
        assert_eq!(other["total"], truth["total"], "{by}");
        assert!(other["rows"].as_array().unwrap().len() > 3);
    }
    let one = truth["days"][3]["date"].as_str().unwrap();
    let cut = shop.get(&format!("/__truth?from={one}&to={one}")).await;
    assert_eq!(cut["days"], json!([truth["days"][3]]));
}

/// What is told of all orders adds up to their totals and, day by day, to the truth.
pub(crate) async fn assert_books(shop: &Shop) {
    let rows = shop.rows(&shop.bulk(SALES, false).await).await;
    let known = by_id(&rows);
    let zone = chrono_tz::America::New_York;
    let (mut orders, mut days) = (
        BTreeMap::<&str, i64>::new(),
        BTreeMap::<String, BTreeMap<&str, i64>>::new(),
    );
    for sale in rows
        .iter()
        .filter(|r| r["id"].as_str().unwrap().contains("/Sale/"))
    {
        let agreement = known[sale["__parentId"].as_str().unwrap()];
        let order = agreement["__parentId"].as_str().unwrap();
        *orders.entry(order).or_default() += money(sale, "totalAmount");
        if known[order]["test"] == true {
            continue;
        }
        let at = chrono::DateTime::parse_from_rfc3339(agreement["happenedAt"].as_str().unwrap())
            .unwrap();
        let day = days
            .entry(at.with_timezone(&zone).date_naive().to_string())
            .or_default();
        let (tax, off) = (
            money(sale, "totalTaxAmount"),
            money(sale, "totalDiscountAmountBeforeTaxes"),
        );
        let net = money(sale, "totalAmount") - tax;
        *day.entry("taxes").or_default() += tax;
        match (
            sale["lineType"].as_str().unwrap(),
            sale["actionType"].as_str().unwrap(),
        ) {
            ("PRODUCT", "RETURN") => *day.entry("returns").or_default() -= net,
            ("PRODUCT", _) => {
                *day.entry("gross_sales").or_default() += net + off;
                *day.entry("discounts").or_default() += off;
            }
            ("SHIPPING", _) => *day.entry("shipping").or_default() += net,
            ("TIP", _) => *day.entry("tips").or_default() += net,
            ("FEE", _) => *day.entry("fees_charged").or_default() += net,
            ("ADJUSTMENT", _) => *day.entry("adjustments").or_default() += net,
            (_, _) => *day.entry("gift_cards").or_default() += net,
        }
    }
    for order in rows
        .iter()
        .filter(|r| r["id"].as_str().unwrap().contains("/Order/"))
    {
        assert_eq!(
            orders
                .get(order["id"].as_str().unwrap())
                .copied()
                .unwrap_or(0),
            money(order, "currentTotalPriceSet"),
            "{}",
            order["name"]
        );
    }
    let truth = shop.get("/__truth").await;
    for row in truth["days"].as_array().unwrap() {
        let mine = days
            .get(row["date"].as_str().unwrap())
            .cloned()
            .unwrap_or_default();
        for name in [
            "gross_sales",
            "discounts",
            "returns",
            "shipping",
            "taxes",
            "tips",
            "fees_charged",
            "adjustments",
            "gift_cards",
        ] {
            assert_eq!(
                mine.get(name).copied().unwrap_or(0),
                cents(&row[name]),
                "{name} on {}",
                row["date"]
            );
        }
    }
}

#[tokio::test]
async fn events_move_the_order_and_the_truth() {
    let shop = Shop::open(small()).await;
    let before = shop.get("/__truth").await["total"].clone();
    let made = shop
        .post("/__events", json!({"kind": "order_create"}))
        .await;
    let id = made["id"].as_str().unwrap().to_owned();
    let read = |field: &'static str| {
        let id = id.clone();
        let shop = &shop;
        async move {
            let query = format!("query($id: ID!) {{ order(id: $id) {{ {field} }} }}");
            shop.ask(&query, json!({"id": id})).await["data"]["order"].clone()
        }
    };
    let placed = read("updatedAt currentTotalPriceSet { shopMoney { amount } }").await;
    shop.post("/__clock", json!({"advance_seconds": 3600}))
        .await;
    let cancelled = shop
        .post("/__events", json!({"kind": "cancel", "order": id}))
        .await;
    assert_eq!(cancelled["id"], json!(id));
    let now =
        read("updatedAt cancelledAt currentTotalPriceSet { shopMoney { amount } } refunds { id }")
            .await;
    assert!(now["updatedAt"].as_str() > placed["updatedAt"].as_str());
    assert_eq!(now["currentTotalPriceSet"]["shopMoney"]["amount"], "0.0");
    assert_eq!(now["refunds"].as_array().unwrap().len(), 1);
    let after = shop.get("/__truth").await["total"].clone();
    assert_eq!(
        after["net_sales"], before["net_sales"],
        "a cancelled order is a sale and an equal reversal"
    );
    shop.post("/__events", json!({"kind": "delete", "order": id}))
        .await;
    assert_eq!(read("id").await, Value::Null);
    let gone = shop.data("{ events(first: 1, reverse: true, query: \"action:destroy\") { nodes { action ... on BasicEvent { subjectId subjectType } } } }").await;
    assert_eq!(
        gone["events"]["nodes"][0],
        json!({"action": "destroy", "subjectId": id, "subjectType": "ORDER"})
    );
}

#[tokio::test]
async fn a_changed_cost_counts_from_then_on() {
    let shop = Shop::open(small()).await;
    let before = shop.get("/__truth").await["total"]["cost_of_goods"].clone();
    let variant = shop
        .data("{ productVariants(first: 1) { nodes { id } } }")
        .await["productVariants"]["nodes"][0]["id"]
        .clone();
    shop.post(
        "/__events",
        json!({"kind": "cost_change", "variant": variant, "cost": "61.25"}),
    )
    .await;
    let read = shop
        .ask(
            "query($id: ID!) { productVariant(id: $id) { inventoryItem { unitCost { amount } } } }",
            json!({"id": variant}),
        )
        .await;
    assert_eq!(
        read["data"]["productVariant"]["inventoryItem"]["unitCost"]["amount"],
        "61.25"
    );
    assert_eq!(shop.get("/__truth").await["total"]["cost_of_goods"], before);
}
