//! Days that pass: the shop trades on, and what is sold answers the price.

use serde_json::{Value, json};

use crate::client::{NOW, Shop, cents, small};
use crate::ledger::assert_books;

const PRICES: &str = "mutation($p: ID!, $v: [ProductVariantsBulkInput!]!) { productVariantsBulkUpdate(productId: $p, variants: $v) { userErrors { message } } }";
const A_DAY: i64 = 86_400;

fn busy() -> sandbox::Options {
    sandbox::Options {
        orders: 5_000,
        ..small()
    }
}

fn day(days: i64) -> String {
    let at = chrono::DateTime::from_timestamp(NOW + days * A_DAY, 0).unwrap();
    at.with_timezone(&chrono_tz::America::New_York)
        .date_naive()
        .to_string()
}

/// Units that were sold by product in the days after the shop was opened.
async fn sold_since(shop: &Shop, product: &Value) -> f64 {
    let path = format!("/__truth?by=product&from={}", day(1));
    let truth = shop.get(&path).await;
    let rows = truth["rows"].as_array().unwrap();
    let row = rows.iter().find(|r| r["key"] == *product).unwrap();
    row["units_sold"].as_f64().unwrap()
}

/// The product that sells most of those whose buyers look at the price.
async fn elastic(shop: &Shop) -> Value {
    let truth = shop.get("/__truth?by=product").await;
    let sold = |id: &Value| {
        let rows = truth["rows"].as_array().unwrap();
        let row = rows.iter().find(|r| r["key"] == *id);
        row.map_or(0, |r| r["units_sold"].as_i64().unwrap())
    };
    let demand = shop.get("/__demand").await;
    let products = demand["products"].as_array().unwrap();
    let elastic = products.iter().filter(|p| {
        p["elasticity"]
            .as_str()
            .is_some_and(|e| e.parse::<f64>().unwrap() < -1.2)
    });
    elastic.max_by_key(|p| sold(&p["id"])).unwrap().clone()
}

/// Sets all prices of a product to so many times what they are.
async fn times(shop: &Shop, product: &Value, factor: i64) {
    let variants = product["variants"].as_array().unwrap();
    let rows = variants.iter().map(|v| {
        let now = v["prices"].as_array().unwrap().last().unwrap();
        let price = cents(&now["price"]) * factor;
        json!({"id": v["id"], "price": format!("{}.{:02}", price / 100, price % 100)})
    });
    let variables = json!({"p": product["id"], "v": rows.collect::<Vec<_>>()});
    let done = shop.ask(PRICES, variables).await;
    let problems = &done["data"]["productVariantsBulkUpdate"]["userErrors"];
    assert_eq!(*problems, json!([]), "{done}");
}

#[tokio::test]
async fn a_doubled_price_sells_less_by_the_hidden_elasticity() {
    let [same, dearer] = [Shop::open(busy()).await, Shop::open(busy()).await];
    let product = elastic(&same).await;
    times(&dearer, &product, 2).await;
    for shop in [&same, &dearer] {
        let passed = shop.post("/__clock", json!({"advance_days": 60})).await;
        assert!(passed["orders"].as_u64().unwrap() > 3_000, "{passed}");
    }
    let (before, after) = (
        sold_since(&same, &product["id"]).await,
        sold_since(&dearer, &product["id"]).await,
    );
    let elasticity: f64 = product["elasticity"].as_str().unwrap().parse().unwrap();
    let expected = 2f64.powf(elasticity);
    // Lines of one to three units are 1.9 times as scattered as single ones; four deviations are never left by chance.
    let scatter = (1.9 / (before * expected) + 1.9 / before).sqrt();
    let ratio = after / before;
    assert!(before > 150.0, "{before} units say little");
    assert!(
        (ratio / expected - 1.0).abs() < 4.0 * scatter && ratio < 0.75,
        "{before} → {after}: {ratio} instead of {expected}"
    );
    let told = dearer.get("/__demand").await;
    let told = told["products"].as_array().unwrap();
    let told = told.iter().find(|p| p["id"] == product["id"]).unwrap();
    let prices = told["variants"][0]["prices"].as_array().unwrap();
    let first = product["variants"][0]["prices"].as_array().unwrap();
    assert_eq!(prices.len(), first.len() + 1, "the change is remembered");
}

#[tokio::test]
async fn the_books_are_right_after_days_with_other_prices() {
    let shop = Shop::open(sandbox::Options {
        orders: 600,
        ..small()
    })
    .await;
    let orders = shop.get("/healthz").await["orders"].as_u64().unwrap();
    let product = elastic(&shop).await;
    shop.post("/__clock", json!({"date": day(7)})).await;
    times(&shop, &product, 2).await;
    let passed = shop.post("/__clock", json!({"date": day(21)})).await;
    assert!(passed["changes"].as_u64().unwrap() > 0, "{passed}");
    assert!(passed["deliveries"].as_u64().unwrap() > 0, "{passed}");
    assert!(passed["now"].as_str().unwrap().starts_with(&day(21)));
    assert_books(&shop).await;
    let now = shop.get("/healthz").await["orders"].as_u64().unwrap();
    assert!(now >= orders + passed["orders"].as_u64().unwrap() + 10);
}

#[tokio::test]
async fn the_same_prices_bring_the_same_days_in_one_step_or_in_many() {
    let mut seen = Vec::new();
    for (steps, factor) in [(&[14][..], 1), (&[3, 9, 14][..], 1), (&[14][..], 3)] {
        let shop = Shop::open(small()).await;
        times(&shop, &elastic(&shop).await, factor).await;
        for step in steps {
            shop.post("/__clock", json!({"date": day(*step)})).await;
        }
        seen.push(shop.get("/__truth").await);
    }
    assert_eq!(seen[0], seen[1]);
    assert_ne!(seen[0], seen[2]);
}

#[tokio::test]
async fn goods_leave_the_shelves() {
    let shop = Shop::open(small()).await;
    let stock = async || {
        let data = shop
            .data("{ productVariants(first: 200) { nodes { inventoryQuantity } } }")
            .await;
        let nodes = data["productVariants"]["nodes"].as_array().unwrap().clone();
        let of = |n: &Value| n["inventoryQuantity"].as_i64().unwrap();
        nodes.iter().map(of).sum::<i64>()
    };
    let before = stock().await;
    // From six in the morning on nothing is delivered until the next day.
    let evening = chrono::DateTime::from_timestamp(NOW + 15 * 3_600, 0).unwrap();
    let clock = json!({"now": evening.to_rfc3339(), "live": true});
    let passed = shop.post("/__clock", clock).await;
    assert!(passed["orders"].as_u64().unwrap() > 0, "{passed}");
    assert_eq!(passed["deliveries"], 0);
    assert!(stock().await < before);
}

#[tokio::test]
async fn the_clock_does_not_go_back() {
    let shop = Shop::open(small()).await;
    let status = async |body: Value| {
        let request = shop.http.post(shop.url("/__clock"));
        let request = request
            .header("content-type", "application/json")
            .body(body.to_string());
        request.send().await.unwrap().status().as_u16()
    };
    let earlier = chrono::DateTime::from_timestamp(NOW - 3_600, 0).unwrap();
    for back in [
        json!({"date": day(-1)}),
        json!({"now": earlier.to_rfc3339()}),
        json!({"advance_seconds": -5}),
        json!({"advance_days": -1}),
        json!({"advance_days": 4_000}),
        json!({"advance_seconds": i64::MAX}),
    ] {
        assert_eq!(status(back.clone()).await, 422, "{back}");
    }
    for nonsense in [
        json!({}),
        json!({"date": "soon"}),
        json!({"date": day(1), "advance_days": 1}),
        json!({"until": day(1)}),
    ] {
        assert_eq!(status(nonsense.clone()).await, 400, "{nonsense}");
    }
    let orders = shop.get("/healthz").await["orders"].clone();
    assert_eq!(status(json!({"date": day(0)})).await, 200, "it is today");
    assert_eq!(status(json!({"advance_seconds": 5 * A_DAY})).await, 200);
    let now = shop.get("/healthz").await;
    assert_eq!(now["orders"], orders, "seconds alone bring no trade");
    assert!(now["now"].as_str() > Some(day(4).as_str()));
}
