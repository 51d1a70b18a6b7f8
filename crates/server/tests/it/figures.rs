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
