//! Passports: every figure of every answer has one, and it tells the same value.

use crate::support::{Client, shared};
use serde_json::Value;
use std::collections::BTreeSet;

/// What of a row is no figure.
const NO_FIGURES: [&str; 7] = [
    "key",
    "label",
    "coverage",
    "store_id",
    "withheld",
    "product_id",
    "day",
];

/// All days that the store has.
async fn range(owner: &Client) -> String {
    let stores = owner.read("/v1/stores").await;
    let day = |name: &str| stores["stores"][0][name].as_str().unwrap().to_owned();
    format!("from={}&to={}", day("first_day"), day("last_day"))
}

fn figures_of(row: &Value) -> Vec<(String, Value)> {
    let row = row.as_object().unwrap();
    row.iter()
        .filter(|(name, _)| !NO_FIGURES.contains(&name.as_str()))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

/// Counts are numbers in rows and texts in passports.
fn as_text(value: &Value) -> Value {
    match value {
        Value::Number(number) => Value::from(number.to_string()),
        other => other.clone(),
    }
}

async fn passport(owner: &Client, name: &str, rest: &str) -> Value {
    owner.read(&format!("/v1/figures/{name}?{rest}")).await
}

#[tokio::test(flavor = "multi_thread")]
async fn every_figure_of_a_report_has_a_passport_with_its_value() {
    let owner = &shared().owner();
    let range = &range(owner).await;
    let report = owner.read(&format!("/v1/reports/profit?{range}")).await;
    let pulse = owner.read(&format!("/v1/reports/pulse?{range}")).await;
    assert_eq!(report["total"], pulse["total"]);
    let figures = figures_of(&report["total"]);
    assert!(figures.len() > 20);
    for (name, value) in figures {
        let passport = passport(owner, &name, range).await;
        assert_eq!(passport["value"], as_text(&value), "{name}");
        let is_explained = passport["value"].is_null() == passport["reason"].is_string();
        assert!(is_explained, "{name}: {passport}");
        if value.is_null() && name != "orders_containing" {
            assert_eq!(passport["reason"], report["unavailable"][&name], "{name}");
        }
        assert!(!passport["formula"]["words"].as_str().unwrap().is_empty());
        assert_eq!(passport["from"], report["from"]);
        assert_eq!(passport["as_of"], report["as_of"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_key_figure_has_a_passport_with_its_value() {
    let owner = &shared().owner();
    let kpis = owner.read("/v1/metrics").await;
    let (from, to) = (&kpis["performance"]["from"], &kpis["performance"]["to"]);
    let range = format!(
        "from={}&to={}",
        from.as_str().unwrap(),
        to.as_str().unwrap()
    );
    for (field, name) in [
        ("orders", "orders"),
        ("revenue", "net_revenue"),
        ("net_profit", "net_profit"),
        ("average_order_value", "average_order_value"),
    ] {
        let passport = passport(owner, name, &range).await;
        assert_eq!(
            passport["value"],
            as_text(&kpis["performance"][field]),
            "{field}"
        );
    }
    let margin = passport(owner, "profit_margin", &range).await;
    let quotient: f64 = margin["value"].as_str().unwrap().parse().unwrap();
    let percent = kpis["profit_margin_avg"].as_f64().unwrap();
    assert!(
        (quotient * 100.0 - percent).abs() < 1e-9,
        "{margin} {percent}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_catalogue_names_every_figure_and_every_input_has_its_own_passport() {
    let owner = &shared().owner();
    let range = &range(owner).await;
    let list = owner.read("/v1/figures").await;
    let figures = list["figures"].as_array().unwrap();
    let names: BTreeSet<&str> = figures
        .iter()
        .map(|f| f["name"].as_str().unwrap())
        .collect();
    assert_eq!(figures.len(), names.len());
    for name in [
        "net_profit",
        "mer",
        "ad_spend_ratio",
        "roas",
        "poas",
        "refund_rate",
    ] {
        assert!(names.contains(name), "{name}");
    }
    let profit = passport(owner, "net_profit", range).await;
    for input in profit["inputs"].as_array().unwrap() {
        let own = owner.read(input["href"].as_str().unwrap()).await;
        assert_eq!(own["value"], input["value"]);
        assert_eq!((&own["from"], &own["to"]), (&profit["from"], &profit["to"]));
    }
    let source = &profit["sources"][0];
    assert_eq!(
        (&source["provider"], &source["state"]),
        (&"shopify".into(), &"sandbox".into())
    );
    assert!(source["orders"].as_u64().unwrap() > 0 && source["newest_observed_at"].is_string());
    let covered = profit["coverage"].as_array().unwrap();
    assert!(
        covered
            .iter()
            .any(|c| c["of"] == "cost" && c["share"]["actual"].is_number())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn mer_says_that_others_call_its_inverse_so_and_roas_is_not_invented() {
    let owner = &shared().owner();
    let range = &range(owner).await;
    let mer = passport(owner, "mer", range).await;
    let elsewhere = mer["elsewhere"].to_string();
    assert!(elsewhere.contains("inverse") && elsewhere.contains("Triple Whale"));
    let roas = passport(owner, "roas", range).await;
    assert!(
        roas["value"].is_null() && roas["reason"].is_string(),
        "{roas}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_figure_that_nobody_knows_is_not_found() {
    let owner = &shared().owner();
    assert_eq!(owner.get("/v1/figures/happiness").await.status(), 404);
    let wrong = owner.get("/v1/figures/net_sales?currency=XBT").await;
    assert_eq!(wrong.status(), 400);
    let wrong = owner.get("/v1/figures/net_sales?store=nowhere").await;
    assert_eq!(wrong.status(), 400);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_product_and_an_order_have_passports_with_the_values_of_their_pages() {
    let owner = &shared().owner();
    let range = &range(owner).await;
    let products = format!("/v1/products?sort=-net_sales&limit=1&{range}");
    let products = owner.read(&products).await;
    let id = products["products"][0]["id"].as_str().unwrap();
    let product = owner.read(&format!("/v1/products/{id}?{range}")).await;
    let orders = owner.read("/v1/orders?limit=1").await;
    let number = orders["orders"][0]["id"].as_str().unwrap();
    let order = owner.read(&format!("/v1/orders/{number}")).await;
    let of_order = (format!("order_id={number}"), &order["ledger_totals"]);
    let of_product = (format!("product_id={id}&{range}"), &product["performance"]);
    for (rest, row) in [of_order, of_product] {
        let mut compared = 0;
        for (name, value) in figures_of(row) {
            let passport = passport(owner, &name, &rest).await;
            assert_eq!(passport["value"], as_text(&value), "{name} of {rest}");
            let is_explained = passport["value"].is_null() == passport["reason"].is_string();
            assert!(is_explained, "{name} of {rest}: {passport}");
            compared += 1;
        }
        assert!(compared > 20);
    }
    let both = format!("/v1/figures/net_sales?order_id={number}&product_id={id}");
    assert_eq!(owner.get(&both).await.status(), 400);
    let nowhere = owner.get("/v1/figures/net_sales?order_id=1").await;
    assert_eq!(nowhere.status(), 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn customer_figures_are_those_of_the_pages_of_customers() {
    let owner = &shared().owner();
    let range = &range(owner).await;
    let overview = owner.read(&format!("/v1/customers/overview?{range}")).await;
    let ltv = owner.read(&format!("/v1/customers/ltv?{range}")).await;
    let counts = &overview["range"];
    for (name, field) in [
        ("customers", "customers"),
        ("new_customers", "new_customers"),
        ("returning_customers", "returning_customers"),
    ] {
        let passport = passport(owner, name, range).await;
        assert_eq!(passport["value"], as_text(&counts[field]), "{name}");
    }
    let rate = passport(owner, "returning_customer_rate", range).await;
    let told: f64 = rate["value"].as_str().unwrap().parse().unwrap();
    let shown = counts["returning_customer_rate"].as_f64().unwrap();
    assert!((told - shown).abs() < 0.0001, "{told} {shown}");
    assert_eq!(
        rate["inputs"][0]["value"],
        as_text(&counts["returning_customers"])
    );
    for value in ltv["values"].as_array().unwrap() {
        let name = format!("ltv_{}", value["days"]);
        let passport = passport(owner, &name, range).await;
        assert_eq!(passport["value"], value["observed"]["value"], "{name}");
        let is_explained = passport["value"].is_null() == passport["reason"].is_string();
        assert!(is_explained, "{name}: {passport}");
    }
    let ncac = passport(owner, "ncac", range).await;
    assert_eq!(ncac["value"], ltv["acquisition"]["cost"]);
    assert!(
        ncac["value"].is_string() || ncac["reason"].is_string(),
        "{ncac}"
    );
    let standing = ncac["reconciliation"].as_array().unwrap();
    assert_eq!(standing.len(), 1, "of one store");
    let elsewhere = passport(owner, "customers", &format!("{range}&currency=JPY")).await;
    let reason = elsewhere["reason"].as_str().unwrap();
    assert!(reason.contains("own currency"), "{reason}");
}
