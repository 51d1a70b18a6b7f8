//! Customers over HTTP, against what the shop itself counted.

use crate::support::{Client, TestServer, minor, sandbox, server, shared};
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Orders and net revenue (in hundredths) by customer's number, as the shop counts them; "" is guests.
async fn truth(base: &str, rest: &str) -> BTreeMap<String, (i64, i64)> {
    let url = format!("{base}/__truth?by=customer{rest}");
    let answer: Value = reqwest::get(url).await.unwrap().json().await.unwrap();
    let rows = answer["rows"].as_array().unwrap().iter();
    rows.map(|row| {
        let key = row["key"].as_str().unwrap();
        let number = key.rsplit('/').next().unwrap().to_owned();
        let revenue = minor(&row["net_sales"])
            + minor(&row["adjustments"])
            + minor(&row["shipping"])
            + minor(&row["tips"]);
        (number, (row["orders"].as_i64().unwrap(), revenue))
    })
    .collect()
}

async fn everybody(owner: &Client, rest: &str) -> Vec<Value> {
    let mut all = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = owner
            .read(&format!("/v1/customers?limit=100{rest}{cursor}"))
            .await;
        all.extend(page["customers"].as_array().unwrap().iter().cloned());
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return all,
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_customer_has_the_orders_and_the_revenue_that_the_shop_counts() {
    let owner = shared().owner();
    let mut truth = truth(&shared().sandbox_url, "").await;
    let guests = truth.remove("").unwrap_or_default();
    truth.retain(|_, (orders, _)| *orders > 0);
    let all = everybody(&owner, "").await;
    assert_eq!(all.len(), truth.len());
    for customer in &all {
        let id = customer["id"].as_str().unwrap();
        let ours = (
            customer["orders"].as_i64().unwrap(),
            minor(&customer["net_revenue"]),
        );
        assert_eq!(ours, truth[id], "{id}");
        assert!(
            customer["email"]
                .as_str()
                .unwrap()
                .ends_with("@example.com")
        );
    }
    let overview = owner.read("/v1/customers/overview").await;
    assert_eq!(overview["lifetime"]["customers"], truth.len());
    assert_eq!(overview["lifetime_guests"]["orders"], guests.0);
    assert_eq!(minor(&overview["lifetime_guests"]["net_revenue"]), guests.1);
    assert_eq!(overview["personal_data"], "granted");
}

#[tokio::test(flavor = "multi_thread")]
async fn new_and_returning_are_those_of_the_shop_in_any_range() {
    let owner = shared().owner();
    let store = owner.read("/v1/stores").await["stores"][0].clone();
    let (first, last) = (
        store["first_day"].as_str().unwrap(),
        store["last_day"].as_str().unwrap(),
    );
    let middle = owner.read("/v1/reports/profit?by=day").await["from"]
        .as_str()
        .unwrap()
        .to_owned();
    for (from, to) in [
        (first, last),
        (first, middle.as_str()),
        (middle.as_str(), last),
    ] {
        let base = &shared().sandbox_url;
        let inside = truth(base, &format!("&from={from}&to={to}")).await;
        let until = truth(base, &format!("&to={to}")).await;
        let bought: Vec<&String> = inside
            .iter()
            .filter(|(k, v)| !k.is_empty() && v.0 > 0)
            .map(|(k, _)| k)
            .collect();
        let new = bought
            .iter()
            .filter(|k| until[**k].0 == inside[**k].0)
            .count();
        let returning = bought.iter().filter(|k| until[**k].0 >= 2).count();
        let overview = owner
            .read(&format!("/v1/customers/overview?from={from}&to={to}"))
            .await;
        let range = &overview["range"];
        assert_eq!(range["customers"], bought.len(), "{from} {to}");
        assert_eq!(range["new_customers"], new, "{from} {to}");
        assert_eq!(range["returning_customers"], returning, "{from} {to}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn cohorts_lifetime_value_and_segments_speak_of_the_same_people() {
    let owner = shared().owner();
    let customers = everybody(&owner, "").await;
    let total = customers.len();
    for measure in [
        "retention",
        "repeat_rate",
        "net_revenue",
        "margin",
        "cumulative_margin",
    ] {
        let cohorts = owner
            .read(&format!("/v1/cohorts?measure={measure}&months=60"))
            .await;
        let rows = cohorts["cohorts"].as_array().unwrap();
        let sizes: u64 = rows.iter().map(|c| c["customers"].as_u64().unwrap()).sum();
        assert_eq!(sizes, total as u64);
        for cell in rows.iter().flat_map(|c| c["cells"].as_array().unwrap()) {
            let known = !cell["share"].is_null() || !cell["amount"].is_null();
            assert!(
                known != cell["reason"].is_string(),
                "a value or its reason: {cell}"
            );
        }
    }
    let revenue = owner
        .read("/v1/cohorts?measure=net_revenue&months=60")
        .await;
    let by_cohort: i64 = revenue["cohorts"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|c| c["cells"].as_array().unwrap())
        .filter(|c| !c["amount"].is_null())
        .map(|c| minor(&c["amount"]))
        .sum();
    let by_customer: i64 = customers.iter().map(|c| minor(&c["net_revenue"])).sum();
    assert_eq!(by_cohort, by_customer);

    let ltv = owner.read("/v1/customers/ltv").await;
    assert!(
        ltv["values"][0]["observed"].is_object(),
        "{}",
        ltv["values"]
    );
    assert!(
        ltv["values"][4]["observed"].is_null(),
        "nobody has been there for a year"
    );
    assert!(
        ltv["values"][4]["reason"]
            .as_str()
            .unwrap()
            .contains("of 365 days observed")
    );
    assert!(ltv["acquisition"]["cost"].is_null() && ltv["acquisition"]["reason"].is_string());
    assert!(ltv["payback"]["day"].is_null() && ltv["payback"]["reason"].is_string());

    let segments = owner.read("/v1/customers/segments").await;
    let scored = segments["scored"].as_array().unwrap();
    let inside: u64 = scored
        .iter()
        .map(|s| s["sums"]["customers"].as_u64().unwrap())
        .sum();
    assert_eq!(inside, total as u64);
    for segment in scored.iter().chain(segments["fixed"].as_array().unwrap()) {
        let id = segment["id"].as_str().unwrap();
        let listed = everybody(&owner, &format!("&segment={id}")).await;
        assert_eq!(segment["sums"]["customers"], listed.len(), "{id}");
        let sum: i64 = listed.iter().map(|c| minor(&c["net_revenue"])).sum();
        assert_eq!(minor(&segment["sums"]["net_revenue"]), sum, "{id}");
    }
    let best = customers[0]["id"].as_str().unwrap();
    let detail = owner.read(&format!("/v1/customers/{best}")).await;
    let days: i64 = detail["days"]
        .as_array()
        .unwrap()
        .iter()
        .map(|d| minor(&d["net_revenue"]))
        .sum();
    assert_eq!(days, minor(&detail["customer"]["net_revenue"]));
    // Orders that the shop made to try something out are shown, and count for nothing.
    let orders = detail["orders"].as_array().unwrap().iter();
    let counted = orders.filter(|order| order["test"] == false).count();
    assert_eq!(detail["customer"]["orders"], counted);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_segment_is_exported_whole_and_thresholds_move_it() {
    let sandbox = sandbox(300).await;
    let server = server(&[("SANDBOX_URL", &sandbox.base_url)]).await;
    let owner = server.owner().await;
    owner.connect_sandbox().await;
    let put = async |body: Value| {
        let request = owner
            .request(Method::PUT, "/v1/customers/settings")
            .json(&body);
        request.send().await.unwrap().status().as_u16()
    };
    assert_eq!(
        put(json!({"vip_above": 0, "at_risk_after_days": 90})).await,
        400
    );
    assert_eq!(
        put(json!({"vip_above": 20, "at_risk_after_days": 5})).await,
        200
    );
    let listed = everybody(&owner, "&segment=vip").await;
    assert!(listed.iter().all(|c| minor(&c["net_revenue"]) > 2_000));
    let answer = owner.get("/v1/customers/segments/vip/export").await;
    assert_eq!(answer.headers()["content-type"], "text/csv; charset=utf-8");
    let text = answer.text().await.unwrap();
    assert_eq!(text.lines().count(), listed.len() + 1);
    assert!(text.starts_with("customer_id,name,email,country,first_order_on"));
    assert_eq!(
        owner
            .get("/v1/customers/segments/nobody/export")
            .await
            .status(),
        400
    );
}

async fn without_scope() -> (sandbox::Running, TestServer, Client) {
    let mut options = sandbox::Options {
        orders: 60,
        days: 60,
        bulk_ms: 20,
        ..sandbox::Options::default()
    };
    options.scopes.retain(|s| !s.contains("customers"));
    let sandbox = sandbox::start(options).await.unwrap();
    let server = server(&[("SANDBOX_URL", &sandbox.base_url)]).await;
    let owner = server.owner().await;
    owner.connect_sandbox().await;
    (sandbox, server, owner)
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_scope_everything_is_there_but_names_and_it_says_so() {
    let (_sandbox, _server, owner) = without_scope().await;
    let overview = owner.read("/v1/customers/overview").await;
    assert_eq!(overview["personal_data"], "no_scope");
    for customer in everybody(&owner, "").await {
        assert!(customer["name"].is_null() && customer["email"].is_null());
    }
    let text = owner.get("/v1/customers/segments/one_order/export").await;
    assert!(
        text.text()
            .await
            .unwrap()
            .starts_with("customer_id,first_order_on")
    );
}
