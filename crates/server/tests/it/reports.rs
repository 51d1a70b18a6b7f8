//! Profit over HTTP: rows that add up whatever they are, equal to what the store itself counted.

use crate::support::{Client, minor, sandbox, server, shared};
use reqwest::Method;
use serde_json::{Value, json};

const AMOUNTS: [&str; 14] = [
    "gross_sales",
    "discounts",
    "returns",
    "net_sales",
    "shipping",
    "taxes",
    "duties",
    "fees_charged",
    "tips",
    "total_sales",
    "net_revenue",
    "net_revenue_without_cost",
    "gift_cards",
    "payment_fees",
];
/// Null in rows of which nothing is known.
const PROFITS: [&str; 5] = ["cost_of_goods", "cm1", "cm2", "cm3", "net_profit"];

/// All days that the store has.
async fn whole_range(owner: &Client) -> (String, String) {
    let stores = owner.read("/v1/stores").await;
    let day = |name: &str| stores["stores"][0][name].as_str().unwrap().to_owned();
    (day("first_day"), day("last_day"))
}

async fn profit(owner: &Client, by: &str, rest: &str) -> Value {
    let (from, to) = whole_range(owner).await;
    owner
        .read(&format!(
            "/v1/reports/profit?from={from}&to={to}&by={by}{rest}"
        ))
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_rows_of_any_split_add_up_to_the_same_total() {
    let owner = &shared().owner();
    let by_day = profit(owner, "day", "").await;
    for by in [
        "day", "week", "month", "product", "variant", "channel", "country",
    ] {
        let report = profit(owner, by, "").await;
        let rows = report["rows"].as_array().unwrap();
        assert!(!rows.is_empty() && report["by"] == by);
        for amount in AMOUNTS {
            let sum: i64 = rows.iter().map(|r| minor(&r[amount])).sum();
            assert_eq!(sum, minor(&report["total"][amount]), "{amount} by {by}");
        }
        for amount in PROFITS {
            let sum: i64 = rows
                .iter()
                .filter(|r| !r[amount].is_null())
                .map(|r| minor(&r[amount]))
                .sum();
            assert_eq!(sum, minor(&report["total"][amount]), "{amount} by {by}");
        }
        for count in ["orders", "units"] {
            let sum: i64 = rows.iter().map(|r| r[count].as_i64().unwrap()).sum();
            assert_eq!(
                sum,
                report["total"][count].as_i64().unwrap(),
                "{count} by {by}"
            );
        }
        let mut total = report["total"].clone();
        total["orders_containing"] = Value::Null;
        assert_eq!(total, by_day["total"], "{by}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_total_is_what_the_store_itself_counted() {
    let shared = shared();
    let report = profit(&shared.owner(), "day", "").await;
    let truth = Client::new(&shared.sandbox_url).read("/__truth").await;
    let (ours, theirs) = (&report["total"], &truth["total"]);
    for same in [
        "gross_sales",
        "discounts",
        "shipping",
        "taxes",
        "duties",
        "fees_charged",
        "tips",
        "gift_cards",
        "total_sales",
        "cost_of_goods",
        "payment_fees",
    ] {
        assert_eq!(ours[same], theirs[same], "{same}");
    }
    assert_eq!(ours["orders"], theirs["orders"]);
    assert_eq!(ours["units"], theirs["units"]);
    // Money given back for no goods is a return here, and apart there.
    assert_eq!(
        minor(&ours["returns"]),
        minor(&theirs["returns"]) - minor(&theirs["adjustments"])
    );
    assert_eq!(
        minor(&ours["net_sales"]),
        minor(&theirs["net_sales"]) + minor(&theirs["adjustments"])
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_s_figures_follow_from_each_other() {
    let report = profit(&shared().owner(), "product", "").await;
    let rows = report["rows"]
        .as_array()
        .unwrap()
        .iter()
        .chain([&report["total"]]);
    for row in rows {
        let m = |name: &str| minor(&row[name]);
        assert_eq!(
            m("net_sales"),
            m("gross_sales") - m("discounts") - m("returns")
        );
        assert_eq!(m("net_revenue"), m("net_sales") + m("shipping") + m("tips"));
        assert_eq!(
            m("total_sales"),
            m("net_sales") + m("shipping") + m("taxes") + m("duties") + m("fees_charged")
        );
        if row["cm1"].is_null() {
            assert!(row["net_profit"].is_null());
        } else {
            // Unknown where all that is known is the fee of a sale that was taken back.
            let cost = match &row["cost_of_goods"] {
                Value::Null => 0,
                cost => minor(cost),
            };
            assert_eq!(
                m("cm1"),
                m("net_revenue") - m("net_revenue_without_cost") - cost
            );
            assert_eq!(m("cm2"), m("net_profit"));
        }
        let shares = &row["coverage"]["cost"];
        if !shares["actual"].is_null() {
            let sum: f64 = ["actual", "estimated", "missing"]
                .iter()
                .map(|s| shares[*s].as_f64().unwrap())
                .sum();
            assert!((sum - 1.0).abs() < 1e-9, "{shares}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_known_is_null_and_named() {
    let report = profit(&shared().owner(), "month", "").await;
    for field in ["shipping_cost", "ad_spend", "fixed_costs"] {
        assert!(report["total"][field].is_null());
        assert!(
            report["unavailable"][field]
                .as_str()
                .is_some_and(|r| !r.is_empty()),
            "{field}"
        );
    }
    assert_eq!(
        report["excludes"]["net_profit"],
        json!(["shipping_cost", "ad_spend", "fixed_costs"])
    );
    for store in ["store", "currency", "timezone", "as_of"] {
        assert!(!report[store].is_null(), "{store}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_comparison_is_the_report_of_its_own_range() {
    let owner = &shared().owner();
    let (_, to) = whole_range(owner).await;
    let from = chrono::NaiveDate::pred_opt(&to.parse().unwrap()).unwrap();
    let report = owner
        .read(&format!(
            "/v1/reports/profit?from={from}&to={to}&compare=previous"
        ))
        .await;
    let compared = &report["comparison"];
    assert_eq!(compared["kind"], "previous");
    let range = format!(
        "from={}&to={}",
        compared["from"].as_str().unwrap(),
        compared["to"].as_str().unwrap()
    );
    let alone = owner.read(&format!("/v1/reports/profit?{range}")).await;
    assert_eq!(
        (&compared["rows"], &compared["total"]),
        (&alone["rows"], &alone["total"])
    );
    assert_eq!(compared["rows"].as_array().unwrap().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_figures_as_a_table_for_spreadsheets() {
    let owner = &shared().owner();
    let report = profit(owner, "channel", "").await;
    let (from, to) = whole_range(owner).await;
    let path = format!("/v1/reports/profit?from={from}&to={to}&by=channel");
    let by_format = owner.get(&format!("{path}&format=csv")).await;
    assert_eq!(
        by_format.headers()["content-type"],
        "text/csv; charset=utf-8"
    );
    assert!(
        by_format.headers()["content-disposition"]
            .to_str()
            .unwrap()
            .contains("attachment")
    );
    let file = by_format.bytes().await.unwrap();
    let by_accept = owner
        .request(Method::GET, &path)
        .header("accept", "text/csv")
        .send()
        .await
        .unwrap();
    assert_eq!(by_accept.bytes().await.unwrap(), file);

    let table = file.strip_prefix("\u{feff}".as_bytes()).unwrap();
    let mut reader = csv::Reader::from_reader(table);
    let header = reader.headers().unwrap().clone();
    let rows: Vec<_> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), report["rows"].as_array().unwrap().len() + 1);
    let cell = |row: &csv::StringRecord, name: &str| {
        let at = header.iter().position(|h| h == name).unwrap();
        row[at].to_owned()
    };
    let total = rows.last().unwrap();
    assert_eq!(cell(total, "key"), "total");
    for name in AMOUNTS.iter().chain(&PROFITS) {
        assert_eq!(cell(total, name), report["total"][*name], "{name}");
        assert_eq!(
            cell(&rows[0], name),
            report["rows"][0][*name].as_str().unwrap_or(""),
            "{name}"
        );
    }
    assert_eq!(cell(total, "ad_spend"), "");
}

#[tokio::test(flavor = "multi_thread")]
async fn pulse_is_one_screen_of_it() {
    let owner = &shared().owner();
    let (from, to) = whole_range(owner).await;
    let pulse = owner
        .read(&format!(
            "/v1/reports/pulse?from={from}&to={to}&compare=year"
        ))
        .await;
    let report = profit(owner, "day", "").await;
    assert_eq!(pulse["total"], report["total"]);
    let series = pulse["series"].as_array().unwrap();
    assert_eq!(series.len(), report["rows"].as_array().unwrap().len());
    assert_eq!(series[0]["day"], from);
    let profits = |list: &str| -> Vec<i64> {
        pulse[list]
            .as_array()
            .unwrap()
            .iter()
            .map(|p| minor(&p["net_profit"]))
            .collect()
    };
    assert!(
        profits("best_products").is_sorted_by(|a, b| a >= b)
            && profits("worst_products").is_sorted()
    );
    assert!(pulse["best_products"][0]["product_id"].is_string());
    assert_eq!(pulse["comparison"]["rows"], Value::Null);
    assert!(pulse["products_without_cost"]["variants"].as_i64().unwrap() > 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn key_figures_are_computed_or_null_with_a_reason() {
    let figures = shared().owner().read("/v1/metrics").await;
    assert!(figures["profit_margin_avg"].as_f64().unwrap() > 0.0);
    assert!(figures["performance"]["orders"].as_i64().unwrap() > 0);
    let members = figures.as_object().unwrap();
    for (name, value) in members {
        let explained = figures["unavailable"][name].is_string();
        assert_eq!(value.is_null(), explained, "{name}: {value}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn ranges_that_cannot_be_are_refused() {
    let owner = &shared().owner();
    for query in [
        "from=2026-02-30",
        "from=2026-02-02&to=2026-02-01",
        "from=1900-01-01&to=2026-01-01",
        "by=hour",
        "compare=never",
        "store_id=x",
    ] {
        assert_eq!(
            owner
                .get(&format!("/v1/reports/profit?{query}"))
                .await
                .status(),
            400,
            "{query}"
        );
    }
    let other = "/v1/reports/profit?store_id=0190b2f0-0000-7000-8000-000000000001";
    assert_eq!(owner.get(other).await.status(), 404);
}

#[tokio::test]
async fn an_answer_that_is_kept_is_never_from_before_a_change() {
    let sandbox = sandbox(40).await;
    let server = server(&[("SANDBOX_URL", &sandbox.base_url)]).await;
    let owner = server.owner().await;
    for _ in 0..3 {
        let before = owner.read("/v1/metrics").await;
        assert!(before["performance"].is_null(), "{before}");
    }
    owner.connect_sandbox().await;
    let after = owner.read("/v1/metrics").await;
    assert!(after["performance"].is_object(), "{after}");
}
