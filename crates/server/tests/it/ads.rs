//! Ad accounts and campaigns over HTTP, read from the sandbox's platforms: to the cent what an independent sum of their days is.

use crate::support::{Client, minor, sandbox, server, until};
use reqwest::Method;
use serde_json::{Value, json};

async fn answer(response: reqwest::Response) -> (u16, Value) {
    let status = response.status().as_u16();
    let text = response.text().await.unwrap();
    (status, serde_json::from_str(&text).unwrap_or(Value::Null))
}

async fn connect(owner: &Client, platform: &str) -> Value {
    let body = json!({ "platform": platform, "sandbox": true });
    let (status, account) = answer(owner.post("/v1/ad-accounts", &body).await).await;
    assert_eq!(status, 201, "{account}");
    read(owner, account["id"].as_str().unwrap()).await
}

/// Waits until the account has been read.
async fn read(owner: &Client, id: &str) -> Value {
    let path = format!("/v1/ad-accounts/{id}");
    let account = until(|| async {
        let account = owner.read(&path).await;
        let status = account["last_sync"]["status"]
            .as_str()
            .unwrap_or("queued")
            .to_owned();
        (!["queued", "running"].contains(&status.as_str())).then_some(account)
    })
    .await;
    assert_eq!(account["last_sync"]["status"], "succeeded", "{account}");
    account
}

fn number(value: &Value) -> i64 {
    value.as_i64().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn spend_of_both_platforms_stands_in_net_profit_by_day() {
    let sandbox = sandbox(120).await;
    let rates = format!("{}/ecb", sandbox.base_url);
    let settings = [
        ("SANDBOX_URL", sandbox.base_url.as_str()),
        ("RATES_URL", &rates),
    ];
    let server = server(&settings).await;
    let owner = server.owner().await;
    owner.connect_sandbox().await;
    let meta = connect(&owner, "meta").await;
    assert_eq!(meta["state"], "ok", "{meta}");
    assert_eq!(meta["number"], sandbox::ads::META_ACCOUNT);
    // The store's and the account's days are those of New York.
    let stores = owner.read("/v1/stores").await;
    let last = stores["stores"][0]["last_day"].as_str().unwrap().to_owned();
    let to: chrono::NaiveDate = last.parse().unwrap();
    let from = to - chrono::Days::new(20);
    let days = format!("from={from}&to={to}");
    let told = sandbox.ads_days("meta", from, to);
    let rows = told["rows"].as_array().unwrap();
    let by_day = |day: &str| -> i64 {
        let rows = rows.iter().filter(|r| r["day"] == day);
        rows.map(|r| number(&r["spend"])).sum()
    };
    let truth: i64 = rows.iter().map(|r| number(&r["spend"])).sum();
    assert!(truth > 0);
    let path = format!("/v1/reports/profit?{days}&by=day");
    let report = owner.read(&path).await;
    let total = &report["total"];
    assert_eq!(minor(&total["ad_spend"]), truth);
    let fixed = if total["fixed_costs"].is_null() {
        0
    } else {
        minor(&total["fixed_costs"])
    };
    assert_eq!(
        minor(&total["net_profit"]),
        minor(&total["cm2"]) - truth - fixed
    );
    for row in report["rows"].as_array().unwrap() {
        let key = row["key"].as_str().unwrap();
        assert_eq!(minor(&row["ad_spend"]), by_day(key), "{key}");
    }
    // The same total over campaigns.
    let list = owner.read(&format!("/v1/campaigns?{days}")).await;
    assert_eq!(minor(&list["total_spent"]), truth);
    assert_eq!(list["total"], 6);
    let claimed: i64 = rows.iter().map(|r| number(&r["value"])).sum();
    assert_eq!(minor(&list["claimed_revenue"]), claimed);
    let share = list["margin"]["share"].as_f64().unwrap();
    for campaign in list["campaigns"].as_array().unwrap() {
        let mine = rows.iter().filter(|r| r["campaign"] == campaign["number"]);
        let (mut spend, mut value) = (0, 0);
        for row in mine {
            spend += number(&row["spend"]);
            value += number(&row["value"]);
        }
        assert_eq!(minor(&campaign["spent"]), spend);
        let roas = campaign["roas"].as_f64().unwrap();
        #[expect(
            clippy::cast_precision_loss,
            reason = "a ratio that is compared with a tolerance"
        )]
        let own = value as f64 / spend as f64;
        assert!((roas - own).abs() < 1e-5);
        assert!((campaign["poas"].as_f64().unwrap() - own * share).abs() < 1e-4);
        assert_eq!(campaign["purchases_by"], "omni_purchase");
        assert_eq!(campaign["provisional"], true);
    }
    // One campaign with its days and ad sets, which add up to it.
    let id = list["campaigns"][0]["id"].as_str().unwrap();
    let detail = owner.read(&format!("/v1/campaigns/{id}?{days}")).await;
    let sum = |list: &Value| -> i64 {
        list.as_array()
            .unwrap()
            .iter()
            .map(|r| minor(&r["spent"]))
            .sum()
    };
    assert_eq!(sum(&detail["ad_sets"]), minor(&detail["campaign"]["spent"]));
    assert_eq!(sum(&detail["days"]), minor(&detail["campaign"]["spent"]));

    // Euros of the other platform, each day by its own rate.
    let (status, refreshed) = answer(owner.post("/v1/rates/refresh", &json!({})).await).await;
    assert!(status < 300, "{refreshed}");
    until(|| async {
        let status = owner.read("/v1/rates/status").await;
        (!status["newest"].is_null() || status.to_string().contains("\"ok\"")).then_some(())
    })
    .await;
    let google = connect(&owner, "google_ads").await;
    assert_eq!(
        (&google["currency"], &google["time_zone"]),
        (&json!("EUR"), &json!("Europe/Berlin"))
    );
    let both = owner.read(&format!("/v1/campaigns?{days}")).await;
    assert_eq!(both["total"], 12);
    let report = owner.read(&path).await;
    assert!(
        minor(&both["total_spent"]) > truth,
        "{}",
        both["unavailable"]
    );
    assert_eq!(both["total_spent"], report["total"]["ad_spend"]);
    // Jobs show the readings.
    let jobs = owner.read("/jobs?kind=ad_sync").await;
    assert_eq!(jobs["total"], 2, "{jobs}");
    // Taken away, nothing of it is left.
    let gone = owner.request(
        Method::DELETE,
        &format!("/v1/ad-accounts/{}", google["id"].as_str().unwrap()),
    );
    assert_eq!(gone.send().await.unwrap().status(), 204);
    let report = owner.read(&path).await;
    assert_eq!(minor(&report["total"]["ad_spend"]), truth);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_an_account_is_refused_by_its_field() {
    let sandbox = sandbox(30).await;
    let server = server(&[("SANDBOX_URL", &sandbox.base_url)]).await;
    let owner = server.owner().await;
    let empty = owner.read("/v1/ad-accounts").await;
    assert_eq!(empty["total"], 0);
    owner.connect_sandbox().await;
    let list = owner.read("/v1/campaigns").await;
    assert_eq!(
        (&list["total"], &list["campaigns"]),
        (&json!(0), &json!([]))
    );
    let refused = async |body: Value| answer(owner.post("/v1/ad-accounts", &body).await).await;
    let (status, problem) = refused(json!({ "platform": "google_ads", "number": "1" })).await;
    assert_eq!(status, 422, "{problem}");
    assert_eq!(problem["errors"].as_array().unwrap().len(), 3);
    sandbox.fault("ads_token", 1.0).unwrap();
    let (status, problem) = refused(json!({ "platform": "meta", "sandbox": true })).await;
    assert_eq!(status, 422, "{problem}");
    assert_eq!(problem["errors"][0]["field"], "access_token");
    sandbox.fault("ads_token", 0.0).unwrap();
    connect_ok(&owner).await;
    let (status, _) = refused(json!({ "platform": "meta", "sandbox": true })).await;
    assert_eq!(status, 409);
}

async fn connect_ok(owner: &Client) {
    let body = json!({ "platform": "meta", "sandbox": true });
    let (status, account) = answer(owner.post("/v1/ad-accounts", &body).await).await;
    assert_eq!(status, 201, "{account}");
}
