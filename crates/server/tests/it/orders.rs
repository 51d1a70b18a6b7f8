//! Orders and products: filters, pages, one in full.

use crate::support::{minor, shared};
use serde_json::Value;
use std::collections::BTreeSet;

#[tokio::test(flavor = "multi_thread")]
async fn every_order_is_on_exactly_one_page() {
    let owner = &shared().owner();
    let mut seen = BTreeSet::new();
    let mut cursor = String::new();
    let mut total = 0;
    loop {
        let page = owner
            .read(&format!("/v1/orders?limit=150&sort=-total&cursor={cursor}"))
            .await;
        for order in page["orders"].as_array().unwrap() {
            assert!(
                seen.insert(order["id"].as_str().unwrap().to_owned()),
                "twice: {order}"
            );
        }
        total = page["total"].as_u64().unwrap().max(total);
        match page["next_cursor"].as_str() {
            Some(next) => cursor = next.to_owned(),
            None => break,
        }
    }
    assert_eq!(seen.len() as u64, total);
    assert!(total > 350);
}

#[tokio::test(flavor = "multi_thread")]
async fn filters_find_what_they_name() {
    let owner = &shared().owner();
    let all = |query: &'static str| async move {
        let page = owner.read(&format!("/v1/orders?limit=250&{query}")).await;
        page["orders"].as_array().unwrap().clone()
    };
    let refunded = all("has=refund").await;
    assert!(!refunded.is_empty() && refunded.iter().all(|o| o["refunded"] == true));
    let cancelled = all("status=cancelled").await;
    assert!(!cancelled.is_empty() && cancelled.iter().all(|o| o["cancelled_at"].is_string()));
    let british = all("country=GB").await;
    assert!(british.iter().all(|o| o["country"] == "GB"));
    let name = refunded[0]["name"].as_str().unwrap();
    let found = owner
        .read(&format!("/v1/orders?q={}", name.trim_start_matches('#')))
        .await;
    assert!(
        found["orders"]
            .as_array()
            .unwrap()
            .iter()
            .any(|o| o["name"] == name)
    );
    assert_eq!(owner.get("/v1/orders?cursor=made-up").await.status(), 400);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_is_shown_with_the_ledger_that_explains_it() {
    let owner = &shared().owner();
    let page = owner.read("/v1/orders?has=refund&limit=20").await;
    for order in page["orders"].as_array().unwrap() {
        let id = order["id"].as_str().unwrap();
        let answer = owner.read(&format!("/v1/orders/{id}")).await;
        let same = owner
            .read(&format!("/v1/orders/gid:%2F%2Fshopify%2FOrder%2F{id}"))
            .await;
        assert_eq!(
            answer, same,
            "the number and the global id are the same order"
        );
        assert_eq!(answer["order"]["version"], 1);
        assert_eq!(
            answer["order"]["profit"],
            answer["ledger_totals"]["net_profit"]
        );
        let entries = answer["ledger"].as_array().unwrap();
        // A test order has no ledger, and so nothing to check.
        if answer["order"]["test"] == true {
            assert!(entries.is_empty());
            assert_eq!(answer["checks"]["difference"], Value::Null);
            continue;
        }
        let charged =
            |e: &&Value| !["cost_of_goods", "payment_fee"].contains(&e["kind"].as_str().unwrap());
        let sum: i64 = entries
            .iter()
            .filter(charged)
            .map(|e| minor(&e["amount"]))
            .sum();
        assert_eq!(sum, minor(&answer["checks"]["ledger_total"]));
        assert_eq!(
            answer["checks"]["difference"], "0.00",
            "{}",
            answer["checks"]
        );
        assert_eq!(
            answer["checks"]["provider_total"],
            answer["order"]["totals"]["current_total"]
        );
        assert!(entries.iter().enumerate().all(|(i, e)| e["seq"] == i + 1));
        assert!(!answer["order"]["lines"].as_array().unwrap().is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn products_show_what_they_cost_and_earned() {
    let owner = &shared().owner();
    let page = owner.read("/v1/products?limit=250").await;
    let products = page["products"].as_array().unwrap();
    assert_eq!(products.len() as u64, page["total"].as_u64().unwrap());
    let missing = owner.read("/v1/products?cost=missing").await;
    let missing = missing["products"].as_array().unwrap();
    assert!(
        !missing.is_empty()
            && missing
                .iter()
                .all(|p| p["variants_without_cost"].as_u64().unwrap() > 0)
    );

    let stores = owner.read("/v1/stores").await;
    let (from, to) = (
        &stores["stores"][0]["first_day"],
        &stores["stores"][0]["last_day"],
    );
    let range = format!(
        "from={}&to={}",
        from.as_str().unwrap(),
        to.as_str().unwrap()
    );
    let report = owner
        .read(&format!("/v1/reports/profit?{range}&by=product"))
        .await;
    let earning = owner.read(&format!("/v1/products?limit=250&{range}")).await;
    let sold: Vec<_> = earning["products"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|p| !p["performance"].is_null())
        .collect();
    assert!(!sold.is_empty());
    for product in sold {
        let row = report["rows"]
            .as_array()
            .unwrap()
            .iter()
            .find(|r| r["key"] == product["id"])
            .unwrap();
        let mut row = row.clone();
        // Whose it is, the list says once.
        row.as_object_mut().unwrap().remove("store_id");
        assert_eq!(product["performance"], row);
    }
    let id = report["rows"][0]["key"].as_str().unwrap();
    let one = owner.read(&format!("/v1/products/{id}?{range}")).await;
    assert_eq!(
        one["performance"]["net_profit"],
        report["rows"][0]["net_profit"]
    );
    let days: i64 = one["series"]
        .as_array()
        .unwrap()
        .iter()
        .map(|d| minor(&d["net_sales"]))
        .sum();
    assert_eq!(days, minor(&report["rows"][0]["net_sales"]));
    let known = |v: &&Value| !v["unit_cost"].is_null();
    assert!(
        one["product"]["variants"]
            .as_array()
            .unwrap()
            .iter()
            .filter(known)
            .all(|v| v["cost_source"] == "store")
    );
    assert_eq!(
        owner.get("/v1/products?from=2026-01-01").await.status(),
        400,
        "half a range"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn products_stand_by_what_they_earned_and_tell_what_came_back() {
    let owner = &shared().owner();
    let stores = owner.read("/v1/stores").await;
    let day = |name: &str| stores["stores"][0][name].as_str().unwrap().to_owned();
    let range = format!("from={}&to={}", day("first_day"), day("last_day"));
    let mut seen = Vec::new();
    let mut cursor = String::new();
    loop {
        let path = format!("/v1/products?{range}&sort=-net_profit&limit=7&cursor={cursor}");
        let page = owner.read(&path).await;
        seen.extend(page["products"].as_array().unwrap().iter().cloned());
        assert!(seen.len() as u64 <= page["total"].as_u64().unwrap());
        match page["next_cursor"].as_str() {
            Some(next) => cursor = next.to_owned(),
            None => break,
        }
    }
    let profit = |p: &Value| {
        let profit = &p["performance"]["net_profit"];
        (!profit.is_null()).then(|| minor(profit))
    };
    let known: Vec<i64> = seen.iter().map_while(profit).collect();
    assert!(known.len() > 7 && known.is_sorted_by(|a, b| a >= b));
    assert!(seen[known.len()..].iter().all(|p| profit(p).is_none()));
    assert_eq!(
        owner.get("/v1/products?sort=-net_profit").await.status(),
        400,
        "of no days"
    );

    let id = seen[0]["id"].as_str().unwrap();
    let one = owner.read(&format!("/v1/products/{id}?{range}")).await;
    let variants: i64 = one["variants_performance"]
        .as_array()
        .unwrap()
        .iter()
        .map(|v| minor(&v["net_sales"]))
        .sum();
    assert_eq!(variants, minor(&one["performance"]["net_sales"]));
    let prices = one["prices"].as_array().unwrap();
    for variant in one["product"]["variants"].as_array().unwrap() {
        let last = prices.iter().rfind(|p| p["variant_id"] == variant["id"]);
        assert_eq!(last.unwrap()["price"], variant["price"]);
    }
    let refunds = owner
        .read(&format!("/v1/products/{id}/refunds?{range}"))
        .await;
    let sum = |by: &str, what: &str| -> i64 {
        let periods = refunds["periods"].as_array().unwrap();
        periods.iter().map(|p| minor(&p[by][what])).sum()
    };
    // Over the whole history both ways of telling come to the same.
    for what in ["sold", "returned"] {
        assert_eq!(sum("by_refund_day", what), sum("by_order_day", what));
    }
    assert_eq!(
        sum("by_refund_day", "returned"),
        minor(&one["performance"]["returns"])
    );
}
