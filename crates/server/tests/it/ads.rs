//! Ad accounts and campaigns over HTTP, read from the sandbox's platforms: to the cent what an independent sum of their days is.

use crate::changes::{ended, with_status};
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
    let sandbox = sandbox(900).await;
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
    // Its ads are asked for at the platform, and add up to it too.
    let told = owner.read(&format!("/v1/campaigns/{id}/ads?{days}")).await;
    let ads = told["ads"].as_array().unwrap();
    assert_eq!((ads.len(), &told["is_cut"]), (4, &json!(false)));
    let spent: i64 = ads.iter().map(|ad| minor(&ad["ad"]["spent"])).sum();
    assert_eq!(spent, minor(&detail["campaign"]["spent"]));
    assert!(ads.iter().all(|ad| ad["ad_set_name"].is_string()), "{told}");
    let first = &ads[0]["ad"];
    let poas = first["roas"].as_f64().unwrap() * share;
    assert!((first["poas"].as_f64().unwrap() - poas).abs() < 1e-4);
    let long = format!("/v1/campaigns/{id}/ads?from=2020-01-01&to={to}");
    assert_eq!(owner.get(&long).await.status(), 400);
    let (own, _) = id.split_once('.').unwrap();
    let unknown = owner.get(&format!("/v1/campaigns/{own}.9/ads")).await;
    assert_eq!(unknown.status(), 404);

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

#[tokio::test(flavor = "multi_thread")]
async fn a_losing_campaign_is_proposed_paused_seen_at_the_platform_and_taken_back() {
    let sandbox = sandbox(900).await;
    let server = server(&[("SANDBOX_URL", &sandbox.base_url)]).await;
    let owner = server.owner().await;
    owner.connect_sandbox().await;
    let account = connect(&owner, "meta").await;
    let agent = "/v1/agents/marketing_automation";
    let propose = json!({ "version": 0, "autonomy": "propose" });
    let set = owner.request(Method::PUT, agent).json(&propose);
    with_status(set.send().await.unwrap(), 200).await;
    let started = owner.post(&format!("{agent}/run"), &json!({})).await;
    let started = with_status(started, 201).await;
    let run = until(|| async {
        let id = started["session_id"].as_str().unwrap();
        let run = owner.read(&format!("/v1/runs/{id}")).await;
        let holds = ["queued", "running"].contains(&run["status"].as_str().unwrap());
        (!holds).then_some(run)
    })
    .await;
    assert_eq!(run["status"], "waiting_approval", "{run}");
    let mut pauses = Vec::new();
    for id in run["change_sets"].as_array().unwrap() {
        let set = owner
            .read(&format!("/v1/change-sets/{}", id.as_str().unwrap()))
            .await;
        if set["operations"][0]["kind"] == "ad_status" {
            pauses.push(set);
        }
    }
    assert!(!pauses.is_empty(), "{run}");
    let set = &pauses[0];
    let operation = &set["operations"][0];
    assert_eq!(operation["after"]["text"], "paused", "{set}");
    let details = operation["details"].as_array().unwrap();
    let number = details.iter().find(|d| d["label"] == "Number").unwrap();
    let number = number["value"].as_str().unwrap().to_owned();
    assert!(set["effect"]["mean"].is_string(), "{set}");
    let id = set["id"].as_str().unwrap();
    let path = format!("/v1/change-sets/{id}");

    // A yes without effect is found out.
    sandbox.fault("ads_silent_write", 1.0).unwrap();
    let paused = |sandbox: &serde_json::Value| -> bool {
        let campaigns = sandbox["accounts"][0]["campaigns"].as_array().unwrap();
        let own = campaigns.iter().find(|c| c["id"] == number.as_str());
        own.unwrap()["paused"].as_bool().unwrap()
    };
    let approval = json!({ "digest": set["digest"] });
    with_status(owner.post(&format!("{path}/approve"), &approval).await, 200).await;
    let unknown = ended(&owner, id).await;
    assert_eq!(unknown["status"], "unknown", "{unknown}");
    assert!(!paused(&sandbox.ads()));
    sandbox.fault("ads_silent_write", 0.0).unwrap();

    // By hand, and truly.
    let edit = json!({ "kind": "ad_status", "account_id": account["id"], "level": "campaign", "ad_id": number, "after": "paused" });
    let body = json!({ "reason": "It loses money", "edits": [edit] });
    let set = with_status(owner.post("/v1/change-sets", &body).await, 201).await;
    assert_eq!(set["evidence"][0]["rows"][0]["label"], "Spent", "{set}");
    let id = set["id"].as_str().unwrap();
    let approval = json!({ "digest": set["digest"] });
    let path = format!("/v1/change-sets/{id}");
    with_status(owner.post(&format!("{path}/approve"), &approval).await, 200).await;
    let done = ended(&owner, id).await;
    assert_eq!(done["status"], "applied", "{done}");
    assert!(paused(&sandbox.ads()));
    let list = owner.read("/v1/campaigns").await;
    let campaigns = list["campaigns"].as_array().unwrap();
    let own = campaigns.iter().find(|c| c["number"] == number.as_str());
    assert_eq!(own.unwrap()["status"], "paused");
    // Its page tells who changed it.
    let page = format!("/v1/campaigns/{}", own.unwrap()["id"].as_str().unwrap());
    let changes = owner.read(&page).await["changes"].clone();
    assert_eq!(changes[0]["change_set"], set["id"], "{changes}");
    let undo = with_status(owner.post(&format!("{path}/undo"), &json!({})).await, 201).await;
    let id = undo["id"].as_str().unwrap();
    let approval = json!({ "digest": undo["digest"] });
    let approve = format!("/v1/change-sets/{id}/approve");
    with_status(owner.post(&approve, &approval).await, 200).await;
    assert_eq!(ended(&owner, id).await["status"], "applied");
    assert!(!paused(&sandbox.ads()));

    // A budget that the platform would not take is refused before anybody decides on it.
    let edit = json!({ "kind": "ad_budget", "account_id": account["id"], "level": "campaign", "ad_id": number, "after": "0.10" });
    let body = json!({ "reason": "Less", "edits": [edit] });
    let problem = with_status(owner.post("/v1/change-sets", &body).await, 422).await;
    let message = problem["errors"][0]["message"].as_str().unwrap();
    assert!(message.contains("budget is too low"), "{problem}");
}

#[tokio::test(flavor = "multi_thread")]
async fn sales_come_from_where_visits_say_and_add_up_to_all() {
    let sandbox = sandbox(900).await;
    let server = server(&[("SANDBOX_URL", &sandbox.base_url)]).await;
    let owner = server.owner().await;
    owner.connect_sandbox().await;
    let empty = owner.read("/v1/attribution").await;
    assert!(
        empty["rows"]
            .as_array()
            .unwrap()
            .iter()
            .all(|r| r["claims"].is_null())
    );
    connect(&owner, "meta").await;
    let stores = owner.read("/v1/stores").await;
    let last = stores["stores"][0]["last_day"].as_str().unwrap();
    let to: chrono::NaiveDate = last.parse().unwrap();
    let days = format!("from={}&to={to}", to - chrono::Days::new(60));
    let report = owner.read(&format!("/v1/reports/profit?{days}")).await;
    let campaigns = owner.read(&format!("/v1/campaigns?{days}")).await;
    let mut by_model = Vec::new();
    for model in ["first", "last", "position"] {
        let told = owner
            .read(&format!("/v1/attribution?{days}&model={model}"))
            .await;
        let rows = told["rows"].as_array().unwrap();
        let sum = |of: &dyn Fn(&Value) -> i64| rows.iter().map(of).sum::<i64>();
        let revenue =
            sum(&|r| minor(&r["own"]["net_revenue"])) + minor(&told["not_read"]["net_revenue"]);
        let total = minor(&told["total"]["net_revenue"]);
        assert_eq!(revenue, total, "{model}: to the cent");
        assert_eq!(told["total"]["net_revenue"], report["total"]["net_revenue"]);
        let orders: f64 = rows
            .iter()
            .map(|r| r["own"]["orders"].as_f64().unwrap())
            .sum();
        let not_read = told["not_read"]["orders"].as_f64().unwrap();
        assert!((orders + not_read - told["total"]["orders"].as_f64().unwrap()).abs() < 1e-9);
        // Everything was read: what was not sold on the web came directly.
        assert!(not_read.abs() < 1e-9, "{told}");
        let spent = sum(&|r| {
            if r["claims"].is_null() {
                0
            } else {
                minor(&r["claims"]["spent"])
            }
        });
        assert_eq!(
            spent,
            minor(&campaigns["total_spent"]),
            "each campaign once"
        );
        let meta: Vec<&Value> = rows.iter().filter(|r| r["source"] == "meta").collect();
        assert!(meta.len() >= 3, "{told}");
        let claimed = rows.iter().filter(|r| !r["claims"].is_null());
        assert_eq!(claimed.count(), 6, "also those that no order names");
        for row in meta {
            let id = row["claims"]["campaign_id"].as_str().unwrap();
            assert!(id.ends_with(row["campaign"].as_str().unwrap()));
            let poas = minor(&row["own"]["cm2"]) as f64 / minor(&row["claims"]["spent"]) as f64;
            assert!((row["poas"].as_f64().unwrap() - poas).abs() < 1e-6);
        }
        assert!(
            rows.iter()
                .any(|r| r["source"] == "newsletter" && r["campaign"] == "weekly")
        );
        by_model.push(
            rows.iter()
                .map(|r| r["own"]["orders"].to_string())
                .collect::<Vec<_>>(),
        );
    }
    assert_ne!(by_model[0], by_model[1]);
    let other = owner.get("/v1/attribution?model=best").await;
    assert_eq!(other.status(), 400);
}
