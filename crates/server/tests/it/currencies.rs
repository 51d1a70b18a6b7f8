//! Two real shops over HTTP, in dollars with New York's days and in euros with Berlin's: told together, day by day, against what each
//! of them says of itself.

use crate::support::{Client, TestServer, server};
use rust_decimal::{Decimal, RoundingStrategy};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// 2026-11-27 is a Friday.
const NOW: &str = "2026-11-27T18:00:00Z";
const RANGE: &str = "from=2026-10-01&to=2026-11-20";
const MONEY: [&str; 9] = [
    "gross_sales",
    "discounts",
    "shipping",
    "taxes",
    "tips",
    "gift_cards",
    "cost_of_goods",
    "payment_fees",
    "total_sales",
];

struct World {
    server: TestServer,
    owner: Client,
    dollars: sandbox::Running,
    euros: sandbox::Running,
    dollar_store: String,
    euro_store: String,
}

async fn shop(seed: u64, name: &str, currency: &str, zone: &str) -> sandbox::Running {
    let options = sandbox::Options {
        seed,
        name: name.to_owned(),
        currency: currency.to_owned(),
        zone: zone.to_owned(),
        orders: 250,
        days: 90,
        bulk_ms: 20,
        now: Some(
            NOW.parse::<chrono::DateTime<chrono::Utc>>()
                .unwrap()
                .timestamp(),
        ),
        ..sandbox::Options::default()
    };
    sandbox::start(options).await.unwrap()
}

/// With the published series, unless there is to be none.
async fn world(with_rates: bool) -> World {
    let dollars = shop(3, "Hudson", "USD", "America/New_York").await;
    let euros = shop(4, "Spree", "EUR", "Europe/Berlin").await;
    let sandboxes = format!("{},{}", dollars.base_url, euros.base_url);
    let feed = format!("{}/ecb", dollars.base_url);
    let mut settings = vec![("SANDBOX_URL", sandboxes.as_str())];
    if with_rates {
        settings.push(("RATES_URL", feed.as_str()));
    }
    let server = server(&settings).await;
    let owner = server.owner().await;
    owner.connect_sandbox().await;
    owner.connect_sandbox().await;
    let stores = owner.read("/v1/stores").await;
    let id = |name: &str| {
        let found = stores["stores"].as_array().unwrap();
        let store = found.iter().find(|s| s["name"] == name).unwrap();
        store["id"].as_str().unwrap().to_owned()
    };
    World {
        dollar_store: id("Hudson"),
        euro_store: id("Spree"),
        server,
        owner,
        dollars,
        euros,
    }
}

fn decimal(value: &Value) -> Decimal {
    value.as_str().unwrap().parse().unwrap()
}

/// Day → what one euro was in dollars, weekends by the Friday before.
async fn dollars_for_a_euro(sandbox: &sandbox::Running) -> BTreeMap<String, Decimal> {
    let told = Client::new(&sandbox.base_url)
        .read("/__rates?from=2026-09-20&to=2026-11-27&currency=USD")
        .await;
    let rates = told["rates"].as_object().unwrap();
    let mut last = Decimal::ZERO;
    let mut out = BTreeMap::new();
    let from: chrono::NaiveDate = "2026-09-20".parse().unwrap();
    for day in from.iter_days().take(69) {
        if let Some(rate) = rates.get(&day.to_string()) {
            last = decimal(rate);
        }
        out.insert(day.to_string(), last);
    }
    out
}

async fn truth(sandbox: &sandbox::Running) -> BTreeMap<String, Value> {
    let told = Client::new(&sandbox.base_url)
        .read(&format!("/__truth?{RANGE}&by=day"))
        .await;
    let days = told["days"].as_array().unwrap();
    let by_day = |day: &Value| (day["date"].as_str().unwrap().to_owned(), day.clone());
    days.iter().map(by_day).collect()
}

fn cents(value: Decimal) -> Decimal {
    value.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero)
}

/// The timer would read them, too, a little later.
async fn rates_are_there(owner: &Client) {
    let answer = owner.post("/v1/rates/refresh", &json!({})).await;
    assert_eq!(answer.status(), 200);
    let status = owner.read("/v1/rates/status").await;
    assert_eq!(status["feed"]["state"], "ok");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_stores_are_told_together_by_each_days_rate() {
    let world = world(true).await;
    let owner = &world.owner;
    rates_are_there(owner).await;
    let report = owner
        .read(&format!("/v1/reports/profit?{RANGE}&store=all&by=day"))
        .await;
    assert_eq!(report["currency"], "USD", "that of the first store");
    assert!(report["timezone"].is_null() && report["stores"].as_array().unwrap().len() == 2);
    let (usd, eur) = (truth(&world.dollars).await, truth(&world.euros).await);
    let rates = dollars_for_a_euro(&world.dollars).await;
    for row in report["rows"].as_array().unwrap() {
        let day = row["key"].as_str().unwrap();
        for name in MONEY {
            if row[name].is_null() {
                assert_eq!(name, "cost_of_goods", "only sales without a cost on {day}");
                continue;
            }
            let of = |days: &BTreeMap<String, Value>| days.get(day).map(|d| decimal(&d[name]));
            let dollars = of(&usd).unwrap_or_default();
            let euros = of(&eur).unwrap_or_default();
            // Total sales are a sum of rounded parts, each within half a cent.
            let expected = dollars + cents(euros * rates[day]);
            let slack = if name == "total_sales" {
                Decimal::new(5, 2)
            } else {
                Decimal::ZERO
            };
            let off = (decimal(&row[name]) - expected).abs();
            assert!(
                off <= slack,
                "{name} on {day}: {} not {expected}",
                row[name]
            );
        }
    }
    let used = &report["rates"][0];
    assert_eq!(
        (&used["pair"], &used["source"]),
        (&json!("EUR/USD"), &json!("feed"))
    );
    assert!(used["days"].as_u64().unwrap() > 20 && used["max_age_days"].as_u64().unwrap() >= 2);

    for by in [
        "week", "month", "store", "product", "variant", "channel", "country",
    ] {
        let other = owner
            .read(&format!("/v1/reports/profit?{RANGE}&store=all&by={by}"))
            .await;
        let rows = other["rows"].as_array().unwrap();
        for name in MONEY.into_iter().chain(["net_sales", "net_revenue"]) {
            let known = rows.iter().filter(|r| r[name].is_string());
            let sum: Decimal = known.map(|r| decimal(&r[name])).sum();
            assert_eq!(sum, decimal(&other["total"][name]), "{name} by {by}");
            assert_eq!(
                other["total"][name], report["total"][name],
                "{name} by {by}"
            );
        }
        let known = rows.iter().filter(|r| r["net_profit"].is_string());
        let profit: Decimal = known.map(|r| decimal(&r["net_profit"])).sum();
        assert_eq!(profit, decimal(&report["total"]["net_profit"]), "by {by}");
    }
    let passport = owner
        .read(&format!("/v1/figures/net_sales?{RANGE}&store=all"))
        .await;
    assert_eq!(passport["value"], report["total"]["net_sales"]);
    assert_eq!(passport["rates"], report["rates"]);
    assert_eq!(passport["sources"].as_array().unwrap().len(), 2);
    let pulse = owner
        .read(&format!("/v1/reports/pulse?{RANGE}&store=all"))
        .await;
    assert_eq!(pulse["total"], report["total"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_store_is_told_in_its_own_currency_and_in_any_other() {
    let world = world(true).await;
    let owner = &world.owner;
    rates_are_there(owner).await;
    let euro = |rest: &str| {
        format!(
            "/v1/reports/profit?{RANGE}&store={}{rest}",
            world.euro_store
        )
    };
    let own = owner.read(&euro("")).await;
    assert_eq!(
        (&own["currency"], &own["timezone"]),
        (&json!("EUR"), &json!("Europe/Berlin"))
    );
    assert_eq!(own["rates"], json!([]));
    let truth: Decimal = truth(&world.euros)
        .await
        .values()
        .map(|d| decimal(&d["gross_sales"]))
        .sum();
    assert_eq!(
        decimal(&own["total"]["gross_sales"]),
        truth,
        "nothing is rounded at home"
    );
    let pounds = owner.read(&euro("&currency=GBP")).await;
    assert_eq!(pounds["currency"], "GBP");
    assert_eq!(pounds["total"]["orders"], own["total"]["orders"]);
    let yen = owner.read(&euro("&currency=JPY")).await;
    assert!(!yen["total"]["gross_sales"].as_str().unwrap().contains('.'));
    // Dollars to pounds go through the euro.
    let crossed = owner
        .read(&format!(
            "/v1/reports/profit?{RANGE}&store={}&currency=GBP",
            world.dollar_store
        ))
        .await;
    assert_eq!(crossed["rates"][0]["via"], "EUR");

    let body = json!({ "currency": "EUR", "max_rate_age_days": 7 });
    let set = owner
        .request(reqwest::Method::PUT, "/v1/workspace")
        .json(&body);
    assert_eq!(set.send().await.unwrap().status(), 200);
    let all = owner
        .read(&format!("/v1/reports/profit?{RANGE}&store=all"))
        .await;
    assert_eq!(all["currency"], "EUR");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_rate_the_figures_are_withheld_and_no_store_is_dropped() {
    let world = world(false).await;
    let owner = &world.owner;
    let all = format!("/v1/reports/profit?{RANGE}&store=all&by=day");
    let report = owner.read(&all).await;
    let total = &report["total"];
    for name in MONEY.into_iter().chain(["net_profit", "net_sales", "cm1"]) {
        assert!(total[name].is_null(), "{name}: {total}");
        let reason = report["unavailable"][name].as_str().unwrap();
        assert!(reason.contains("from EUR to USD"), "{reason}");
    }
    let orders = |days: BTreeMap<String, Value>| -> i64 {
        days.values().map(|d| d["orders"].as_i64().unwrap()).sum()
    };
    let expected = orders(truth(&world.dollars).await) + orders(truth(&world.euros).await);
    assert_eq!(total["orders"], expected, "what is counted is known");
    let withheld = |report: &Value| {
        let rows = report["rows"].as_array().unwrap();
        rows.iter().filter(|r| r["withheld"].is_string()).count()
    };
    let before = withheld(&report);
    assert!(before > 20);
    let passport = owner
        .read(&format!("/v1/figures/cm1?{RANGE}&store=all"))
        .await;
    assert!(passport["value"].is_null() && passport["reason"].as_str().unwrap().contains("EUR"));
    let csv = owner
        .get(&format!("{all}&format=csv"))
        .await
        .text()
        .await
        .unwrap();
    assert!(csv.contains("total,Total,USD,"), "{csv}");
    let pulse = owner
        .read(&format!("/v1/reports/pulse?{RANGE}&store=all"))
        .await;
    assert!(pulse["total"]["net_profit"].is_null());

    let status = owner.read("/v1/rates/status").await;
    assert_eq!(status["feed"]["state"], "off");
    let missing = &status["missing"][0];
    assert_eq!(
        (&missing["from"], &missing["to"]),
        (&json!("EUR"), &json!("USD"))
    );
    assert_eq!(missing["stores"], json!(["Spree"]));
    assert_eq!(
        owner.post("/v1/rates/refresh", &json!({})).await.status(),
        422
    );

    // A rate stands in for seven days after it: what it covers is told, the rest stays withheld.
    let body = json!({ "rates": [{ "day": "2026-11-10", "base": "EUR", "quote": "USD", "value": "1.16" }] });
    let put = owner.request(reqwest::Method::PUT, "/v1/rates").json(&body);
    assert_eq!(put.send().await.unwrap().status(), 200);
    let report = owner.read(&all).await;
    assert!(report["total"]["net_sales"].is_null() && withheld(&report) < before);
    let covered = owner
        .read("/v1/reports/profit?from=2026-11-10&to=2026-11-17&store=all")
        .await;
    assert!(covered["total"]["net_sales"].is_string());
    assert_eq!(covered["rates"][0]["source"], "entered");
    let listed = owner.read("/v1/rates?source=entered").await;
    assert_eq!(listed["rates"][0]["value"], "1.16");
    let gone = owner.request(reqwest::Method::DELETE, "/v1/rates/2026-11-10/EUR/USD");
    assert_eq!(gone.send().await.unwrap().status(), 204);
    drop(world.server);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_series_that_breaks_says_so_and_keeps_what_was_known() {
    let world = world(true).await;
    let owner = &world.owner;
    rates_are_there(owner).await;
    let known = owner.read("/v1/rates").await["total"].clone();
    world.dollars.fault("rates_nonsense", 1.0).unwrap();
    let answer = owner.post("/v1/rates/refresh", &json!({})).await;
    assert_eq!(answer.status(), 422);
    let status = owner.read("/v1/rates/status").await;
    assert_eq!(status["feed"]["state"], "failing");
    assert!(
        status["feed"]["error"]
            .as_str()
            .unwrap()
            .contains("Nothing of it was taken")
    );
    assert_eq!(owner.read("/v1/rates").await["total"], known);
    world.dollars.fault("rates_nonsense", 0.0).unwrap();
    assert_eq!(
        owner.post("/v1/rates/refresh", &json!({})).await.status(),
        200
    );
    assert_eq!(owner.read("/v1/rates/status").await["feed"]["state"], "ok");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_rate_is_refused_by_its_place() {
    let server = server(&[]).await;
    let owner = server.owner().await;
    let put = async |rates: Value| {
        let body = json!({ "rates": rates });
        let sent = owner.request(reqwest::Method::PUT, "/v1/rates").json(&body);
        let response = sent.send().await.unwrap();
        (response.status().as_u16(), response.text().await.unwrap())
    };
    let one = |value: &str, quote: &str| json!({ "day": "2026-11-10", "base": "EUR", "quote": quote, "value": value });
    let (status, text) = put(json!([one("1.1", "USD"), one("1,1", "USD")])).await;
    assert!(status == 400 && text.contains("rates[1].value"), "{text}");
    let (status, text) = put(json!([one("1.1", "USD"), one("-1", "USD")])).await;
    assert!(status == 400 && text.contains("rates[1].value"), "{text}");
    let (status, text) = put(json!([one("1.1", "XBT")])).await;
    assert!(status == 400 && text.contains("rates[0].quote"), "{text}");
    assert_eq!(put(json!([])).await.0, 400);
    assert_eq!(owner.read("/v1/rates").await["total"], 0, "all or none");
}
