//! Profit on ads over HTTP, read from the sandbox: against sums of its days and of the orders that are made here.

use crate::changes::{ended, with_status};
use crate::support::{Client, minor, sandbox, server, until};
use serde_json::{Value, json};

async fn connect(owner: &Client, platform: &str) -> String {
    let body = json!({ "platform": platform, "sandbox": true });
    let account = with_status(owner.post("/v1/ad-accounts", &body).await, 201).await;
    let id = account["id"].as_str().unwrap().to_owned();
    until(|| async {
        let account = owner.read(&format!("/v1/ad-accounts/{id}")).await;
        (account["last_sync"]["status"] == "succeeded").then_some(())
    })
    .await;
    id
}

fn sum(rows: &Value, of: impl Fn(&Value) -> i64) -> i64 {
    rows.as_array().unwrap().iter().map(of).sum()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_spend_sold_adds_up_and_what_is_wasted_is_final() {
    let sandbox = sandbox(120).await;
    let server = server(&[("SANDBOX_URL", &sandbox.base_url)]).await;
    let owner = server.owner().await;
    owner.connect_sandbox().await;
    let nothing = owner.read("/v1/ad-profit").await;
    assert_eq!(nothing["campaigns"], json!([]));
    assert!(nothing["payback"]["cac"].is_null());
    connect(&owner, "meta").await;
    let stores = owner.read("/v1/stores").await;
    let last = stores["stores"][0]["last_day"].as_str().unwrap();
    let to: chrono::NaiveDate = last.parse().unwrap();
    let from = to - chrono::Days::new(80);
    let days = format!("from={from}&to={to}");
    let told = owner.read(&format!("/v1/ad-profit?{days}")).await;
    let truth = sandbox.ads_days("meta", from, to);
    let truth: i64 = sum(&truth["rows"], |row| row["spend"].as_i64().unwrap());
    let spent = |row: &Value| minor(&row["spent"]);
    assert_eq!(sum(&told["campaigns"], spent), truth);
    assert_eq!(sum(&told["days"], spent), truth);
    let products = sum(&told["products"], spent);
    assert_eq!(products + minor(&told["unattributed"]), truth);
    assert!(products > 0, "orders of the sandbox name campaigns");
    // The same orders as by the last visit, whatever was taken back since.
    let attribution = owner
        .read(&format!("/v1/attribution?{days}&model=last"))
        .await;
    for campaign in told["campaigns"].as_array().unwrap() {
        let id = &campaign["campaign"]["id"];
        let mut rows = attribution["rows"].as_array().unwrap().iter();
        let row = rows
            .find(|row| row["claims"]["campaign_id"] == *id)
            .unwrap();
        let orders = campaign["own"]["orders"].as_f64().unwrap_or(0.0);
        assert!((row["own"]["orders"].as_f64().unwrap() - orders).abs() < 1e-9);
    }
    ad_sets_add_up(&owner, &told["campaigns"], &days).await;
    // Final days only, and of these those of losing campaigns.
    let waste = &told["waste"];
    let final_through: chrono::NaiveDate =
        waste["final_through"].as_str().unwrap().parse().unwrap();
    let rows = sandbox.ads_days("meta", from, final_through);
    let final_spend = sum(&rows["rows"], |row| row["spend"].as_i64().unwrap());
    assert_eq!(minor(&waste["final_spend"]), final_spend);
    let losing = sum(&waste["campaigns"], spent);
    assert_eq!(minor(&waste["below_break_even"]), losing);
    assert!(losing > 0 && losing <= final_spend);
    let lost = sum(&waste["campaigns"], |row| minor(&row["lost"]));
    assert_eq!(minor(&waste["lost"]), lost);
    // New customers are those of the customers' own page.
    let overview = owner.read(&format!("/v1/customers/overview?{days}")).await;
    let new = told["payback"]["new_customers"].as_u64().unwrap();
    assert_eq!(
        sum(&told["days"], |d| d["new_customers"].as_i64().unwrap()),
        i64::try_from(new).unwrap()
    );
    assert!(
        overview.to_string().contains(&new.to_string()),
        "{overview}"
    );
    let long = owner
        .get(&format!("/v1/ad-profit?from=2020-01-01&to={to}"))
        .await;
    assert_eq!(long.status(), 400);
}

/// Of each campaign: ad sets and what is not told are what the campaign sold.
async fn ad_sets_add_up(owner: &Client, campaigns: &Value, days: &str) {
    let mut reasons = std::collections::BTreeSet::new();
    let mut decided = 0;
    for campaign in campaigns.as_array().unwrap() {
        let id = campaign["campaign"]["id"].as_str().unwrap();
        let path = format!("/v1/campaigns/{id}/ad-sets?{days}");
        let told = owner.read(&path).await;
        assert_eq!(told["own"], campaign["own"], "{id}");
        assert_eq!(told["spent"], campaign["spent"], "{id}");
        let rows = told["ad_sets"].as_array().unwrap();
        assert_eq!(rows.len(), 2);
        let sets = rows.iter().map(|row| &row["own"]);
        let sets: Vec<&Value> = sets.filter(|own| !own.is_null()).collect();
        decided += sets.len();
        let others = told["not_told"].as_array().unwrap();
        let parts = sets.into_iter().chain(others.iter().map(|of| &of["own"]));
        let parts: Vec<&Value> = parts.collect();
        if !told["own"].is_null() {
            let orders = parts.iter().map(|own| own["orders"].as_i64().unwrap());
            assert_eq!(orders.sum::<i64>(), told["own"]["orders"].as_i64().unwrap());
            let sum: i64 = parts.iter().map(|own| minor(&own["net_revenue"])).sum();
            assert_eq!(sum, minor(&told["own"]["net_revenue"]), "{id}");
            // A part of which no cost is known leaves nothing that is known.
            let left = |own: &Value| {
                if own["cm2"].is_null() {
                    0
                } else {
                    minor(&own["cm2"])
                }
            };
            let sum: i64 = parts.into_iter().map(left).sum();
            assert_eq!(sum, left(&told["own"]), "{id}");
        }
        reasons.extend(others.iter().map(|of| of["reason"].to_string()));
    }
    assert!(decided > 0, "links of the sandbox name ad sets");
    let known = ["\"no_such\"".to_owned(), "\"no_words\"".to_owned()];
    assert_eq!(reasons, known.into());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_campaign_is_proposed_made_paused_at_both_platforms_and_taken_away() {
    let sandbox = sandbox(60).await;
    let server = server(&[("SANDBOX_URL", &sandbox.base_url)]).await;
    let owner = server.owner().await;
    owner.connect_sandbox().await;
    for platform in ["meta", "google_ads"] {
        let account = connect(&owner, platform).await;
        let propose = |name: &str, budget: &str| {
            let edit = json!({ "kind": "new_campaign", "account_id": account, "name": name, "daily_budget": budget });
            let body = json!({ "reason": "Winter comes", "edits": [edit] });
            let owner = &owner;
            async move { owner.post("/v1/change-sets", &body).await }
        };
        let problem = with_status(propose("Winter tents", "0.10").await, 422).await;
        assert_eq!(problem["errors"][0]["field"], "edits[0].daily_budget");
        let set = with_status(propose("Winter tents", "20").await, 201).await;
        let operation = &set["operations"][0];
        assert_eq!(operation["kind"], "new_campaign");
        let id = set["id"].as_str().unwrap();
        let approve = |id: &str, set: &Value| {
            let path = format!("/v1/change-sets/{id}/approve");
            let body = json!({ "digest": set["digest"] });
            let owner = &owner;
            async move { with_status(owner.post(&path, &body).await, 200).await }
        };
        approve(id, &set).await;
        assert_eq!(ended(&owner, id).await["status"], "applied");
        let named = |told: &Value| {
            let accounts = told["accounts"].as_array().unwrap().clone();
            let mut campaigns = accounts
                .iter()
                .flat_map(|a| a["campaigns"].as_array().unwrap());
            campaigns
                .rfind(|c| c["name"] == "Winter tents")
                .cloned()
                .unwrap()
        };
        let made = named(&sandbox.ads());
        assert_eq!(
            (&made["paused"], &made["deleted"]),
            (&json!(true), &json!(false))
        );
        let listed = owner.read("/v1/campaigns").await;
        let mut rows = listed["campaigns"].as_array().unwrap().iter();
        let row =
            rows.find(|row| row["name"] == "Winter tents" && row["account_id"] == account.as_str());
        assert_eq!(
            row.unwrap()["status"],
            "paused",
            "before the account is read again"
        );
        let undo = format!("/v1/change-sets/{id}/undo");
        let undo = with_status(owner.post(&undo, &json!({})).await, 201).await;
        let back = undo["id"].as_str().unwrap();
        approve(back, &undo).await;
        assert_eq!(ended(&owner, back).await["status"], "applied");
        assert_eq!(named(&sandbox.ads())["deleted"], true);
    }
}
