//! Costs over HTTP: looked at before they count, booked by a run, refused with the field that is wrong.

use crate::support::{Client, minor, sandbox, server, until};
use domain::people::Role;
use reqwest::Method;
use serde_json::{Value, json};

async fn answer(response: reqwest::Response) -> (u16, Value) {
    let status = response.status().as_u16();
    let text = response.text().await.unwrap();
    (status, serde_json::from_str(&text).unwrap_or(Value::Null))
}

async fn put(client: &Client, path: &str, body: &Value) -> (u16, Value) {
    answer(
        client
            .request(Method::PUT, path)
            .json(body)
            .send()
            .await
            .unwrap(),
    )
    .await
}

async fn whole(owner: &Client) -> String {
    let stores = owner.read("/v1/stores").await;
    let day = |name: &str| stores["stores"][0][name].as_str().unwrap().to_owned();
    format!("from={}&to={}", day("first_day"), day("last_day"))
}

/// Waits until no run is open.
async fn booked(owner: &Client) {
    until(|| async {
        let runs = owner.read("/v1/recosts").await;
        let open = |r: &Value| {
            ["queued", "running", "cancelling"].contains(&r["status"].as_str().unwrap())
        };
        let any = runs["recosts"].as_array().unwrap().iter().any(open);
        (!any).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cost_is_previewed_booked_and_taken_away_again() {
    let sandbox = sandbox(120).await;
    let server = server(&[("SANDBOX_URL", &sandbox.base_url)]).await;
    let owner = server.owner().await;
    owner.connect_sandbox().await;
    let days = whole(&owner).await;
    let report = format!("/v1/reports/profit?{days}&by=month");
    let before = owner.read(&report).await;

    let changes = json!({ "changes": [{ "entry": { "kind": "default_cost", "percent": "40" } }] });
    let preview = answer(owner.post("/v1/costs/preview", &changes).await).await;
    assert_eq!(preview.0, 200, "{}", preview.1);
    assert!(preview.1["orders"].as_u64().unwrap() > 0);
    assert_eq!(owner.read(&report).await["total"], before["total"]);

    let set = put(
        &owner,
        "/v1/cost-settings",
        &json!({ "default_percent": "40" }),
    )
    .await;
    assert_eq!(set.0, 200, "{}", set.1);
    booked(&owner).await;
    let after = owner.read(&report).await;
    assert_eq!(after["coverage"]["cost"]["missing"], 0.0);
    assert!(after["coverage"]["cost"]["estimated"].as_f64().unwrap() > 0.0);
    assert_eq!(minor(&after["total"]["net_revenue_without_cost"]), 0);

    // The worst variant gets a cost of its own, with a history.
    let costs = owner.read("/v1/costs?state=estimated").await;
    let variant = costs["costs"][0]["variant_id"].as_str().unwrap().to_owned();
    let path = format!("/v1/costs/{variant}");
    let set = put(
        &owner,
        &path,
        &json!({ "amount": "1.2345", "valid_from": "2020-01-01" }),
    )
    .await;
    assert_eq!(set.0, 200, "{}", set.1);
    booked(&owner).await;
    let detail = owner.read(&path).await;
    assert_eq!(
        (&detail["cost"], &detail["source"]),
        (&json!("1.2345"), &json!("sheet"))
    );
    let entry = detail["history"][0]["id"].as_str().unwrap().to_owned();
    let gone = owner
        .request(Method::DELETE, &format!("/v1/cost-entries/{entry}"))
        .send()
        .await
        .unwrap();
    assert_eq!(gone.status(), 200);
    let set = put(
        &owner,
        "/v1/cost-settings",
        &json!({ "default_percent": null }),
    )
    .await;
    assert_eq!(set.0, 200, "{}", set.1);
    booked(&owner).await;
    let again = owner.read(&report).await;
    assert_eq!(again["total"], before["total"], "all as it was");
}

#[tokio::test(flavor = "multi_thread")]
async fn shipping_fees_spend_and_fixed_costs_lead_to_net_profit() {
    let sandbox = sandbox(120).await;
    let server = server(&[("SANDBOX_URL", &sandbox.base_url)]).await;
    let owner = server.owner().await;
    owner.connect_sandbox().await;
    let stores = owner.read("/v1/stores").await;
    let last = stores["stores"][0]["last_day"].as_str().unwrap().to_owned();
    let body = json!({ "changes": [
        { "entry": { "kind": "shipping_rate", "country": null, "per": "order", "amount": "4.90" } },
        { "entry": { "kind": "ad_spend", "day": last, "channel": "Meta", "amount": "25.00" } },
        { "entry": { "kind": "fixed_cost", "name": "Rent", "cadence": "day", "amount": "1.00", "from": last } },
        { "entry": { "kind": "fee_rule", "gateway": "paypal", "percent": "3.49", "fixed": "0.49" } },
    ]});
    let (status, result) = answer(owner.post("/v1/costs/changes", &body).await).await;
    assert_eq!(status, 200, "{result}");
    booked(&owner).await;
    let days = whole(&owner).await;
    for by in ["day", "product", "country"] {
        let report = owner
            .read(&format!("/v1/reports/profit?{days}&by={by}"))
            .await;
        let total = &report["total"];
        assert!(minor(&total["shipping_cost"]) > 0 && minor(&total["shipping_cost"]) % 490 == 0);
        assert_eq!(minor(&total["ad_spend"]), 2500);
        assert_eq!(minor(&total["fixed_costs"]), 100);
        assert_eq!(minor(&total["net_profit"]), minor(&total["cm3"]) - 100);
        for figure in [
            "shipping_cost",
            "ad_spend",
            "fixed_costs",
            "cm2",
            "cm3",
            "net_profit",
        ] {
            let rows = report["rows"].as_array().unwrap().iter();
            let sum: i64 = rows
                .filter(|r| !r[figure].is_null())
                .map(|r| minor(&r[figure]))
                .sum();
            assert_eq!(sum, minor(&total[figure]), "{figure} by {by}");
        }
    }
    let coverage = owner.read(&format!("/v1/coverage?{days}")).await;
    assert_eq!(coverage["coverage"]["shipping"]["missing"], 0.0);
    let spend = coverage["kinds"]
        .as_array()
        .unwrap()
        .iter()
        .find(|k| k["kind"] == "ad_spend");
    assert!(spend.unwrap()["count"].as_u64().unwrap() > 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_is_refused_by_field_and_nothing_is_half_done() {
    let sandbox = sandbox(20).await;
    let server = server(&[("SANDBOX_URL", &sandbox.base_url)]).await;
    let owner = server.owner().await;
    owner.connect_sandbox().await;
    let rate = |min: i64, max: Option<i64>| {
        json!({ "entry": { "kind": "shipping_rate", "country": "de", "per": "order", "amount": "5",
                "min_grams": min, "max_grams": max } })
    };
    let spend = |amount: &str, currency: &str| json!({ "entry": { "kind": "ad_spend", "day": "2026-01-02", "channel": "meta", "amount": amount, "currency": currency } });
    for (changes, field) in [
        (vec![spend("-1", "USD")], "changes[0].amount"),
        (vec![spend("1", "XBT")], "changes[0].currency"),
        (
            vec![spend("1", "USD"), spend("1.001", "USD")],
            "changes[1].amount",
        ),
        (vec![rate(0, Some(500)), rate(400, None)], "min_grams"),
        (vec![rate(500, Some(100))], "changes[0].max_grams"),
        (
            vec![json!({ "entry": { "kind": "default_cost", "percent": "140" } })],
            "changes[0].percent",
        ),
        (
            vec![
                json!({ "entry": { "kind": "fixed_cost", "name": " ", "cadence": "month", "amount": "1", "from": "2026-01-01" } }),
            ],
            "changes[0].name",
        ),
        (vec![json!({})], "changes[0].entry"),
    ] {
        let body = json!({ "changes": changes });
        let (status, problem) = answer(owner.post("/v1/costs/changes", &body).await).await;
        assert_eq!(status, 400, "{problem}");
        let fields = problem["errors"].as_array().unwrap();
        assert!(
            fields.iter().any(|e| e["field"] == field),
            "{field}: {problem}"
        );
    }
    assert_eq!(owner.read("/v1/spend").await["total"], 0);
    assert_eq!(owner.read("/v1/shipping-costs").await["total"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_people_do_not_overwrite_each_other_and_a_viewer_only_looks() {
    let sandbox = sandbox(20).await;
    let server = server(&[("SANDBOX_URL", &sandbox.base_url)]).await;
    let owner = server.owner().await;
    owner.connect_sandbox().await;
    let entry = |fixed: &str, revision: Value| json!({ "entry": { "kind": "fee_rule", "gateway": "paypal", "percent": "2.9", "fixed": fixed }, "revision": revision });
    let first = put(&owner, "/v1/cost-entries", &entry("0.30", Value::Null)).await;
    assert_eq!(first.0, 200, "{}", first.1);
    let seen = owner.read("/v1/fee-rules").await["entries"][0].clone();
    let mine = put(
        &owner,
        "/v1/cost-entries",
        &entry("0.35", seen["revision"].clone()),
    )
    .await;
    assert_eq!(mine.0, 200);
    let theirs = put(
        &owner,
        "/v1/cost-entries",
        &entry("0.40", seen["revision"].clone()),
    )
    .await;
    assert_eq!(theirs.0, 409, "{}", theirs.1);
    let viewer = server.script(Role::Viewer).await;
    assert_eq!(
        viewer.read("/v1/fee-rules").await["entries"][0]["fixed"],
        "0.35"
    );
    let refused = put(&viewer, "/v1/cost-entries", &entry("0.1", Value::Null)).await;
    assert_eq!(refused.0, 403);
}
