//! A supplier of the sandbox over HTTP: connected, read, judged, and read again after its prices moved.

use crate::support::{Client, sandbox, server, until};
use reqwest::Method;
use serde_json::{Value, json};

pub(crate) async fn answer(response: reqwest::Response) -> (u16, Value) {
    let status = response.status().as_u16();
    let text = response.text().await.unwrap();
    (status, serde_json::from_str(&text).unwrap_or(Value::Null))
}

fn wanted(most: u32) -> Value {
    let watch = json!({ "searches": ["camping lantern", "mug"], "most_products": most });
    json!({ "platform": "cjdropshipping", "sandbox": true, "watch": watch })
}

/// Waits until the account has been read, whatever came of it.
pub(crate) async fn read(owner: &Client, id: &str) -> Value {
    let path = format!("/v1/supplier-accounts/{id}");
    until(|| async {
        let account = owner.read(&path).await;
        let status = account["last_sync"]["status"].as_str();
        let open = matches!(status, None | Some("queued" | "running"));
        (!open).then_some(account)
    })
    .await
}

async fn again(owner: &Client, id: &str) -> Value {
    let path = format!("/v1/supplier-accounts/{id}/sync");
    let (status, run) = answer(owner.post(&path, &json!({})).await).await;
    assert_eq!(status, 202, "{run}");
    read(owner, id).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connected_supplier_is_read_into_opportunities_and_tells_what_changed() {
    let sandbox = sandbox(60).await;
    let server = server(&[("SANDBOX_URL", sandbox.base_url.as_str())]).await;
    let owner = server.owner().await;
    owner.connect_sandbox().await;
    let (status, account) = answer(owner.post("/v1/supplier-accounts", &wanted(12)).await).await;
    assert_eq!(status, 201, "{account}");
    let id = account["id"].as_str().unwrap().to_owned();
    let account = read(&owner, &id).await;
    assert_eq!(account["last_sync"]["status"], "succeeded", "{account}");
    assert_eq!(account["last_sync"]["products"], 12, "{account}");
    assert_eq!(
        (&account["state"], &account["is_sandbox"]),
        (&json!("ok"), &json!(true))
    );
    assert_eq!(account["balance"]["amount"], "5000.00");
    let left = account["quota"]["left"].as_u64().unwrap();
    let told = sandbox.cj();
    assert_eq!(told["points_left"].as_u64(), Some(left));
    assert_eq!(told["logins"], 1, "the tokens are kept");
    assert!(
        !account.to_string().contains("CJ1000@api"),
        "the key is told"
    );

    let list = owner
        .read("/v1/supplier-products?platform=cjdropshipping&limit=100")
        .await;
    assert_eq!(list["total"], 12);
    let product = &list["supplier_products"][0];
    assert!(product["source"].as_str().unwrap().starts_with("api:"));
    assert_eq!(product["import_id"], Value::Null);
    let all = list["supplier_products"].as_array().unwrap();
    let variants = all.iter().flat_map(|p| p["variants"].as_array().unwrap());
    let sent = variants.filter(|v| !v["shipping"].as_array().unwrap().is_empty());
    assert!(
        sent.count() > 0,
        "what sending costs is not known of anything"
    );
    let found = owner.read("/v1/opportunities?limit=100").await;
    assert_eq!(found["total"], 12);
    assert_eq!(found["opportunities"][0]["platform"], "cjdropshipping");
    let jobs = owner.read("/jobs?kind=supplier_sync").await;
    assert_eq!(jobs["jobs"][0]["name"], "CJdropshipping", "{jobs}");

    // Overnight one becomes dearer, one is sold out by name, one vanishes.
    let pids: Vec<_> = all
        .iter()
        .map(|p| p["external_id"].as_str().unwrap())
        .collect();
    let change = |body: Value| sandbox.cj_change(&body).unwrap();
    change(json!({ "product": pids[0], "price": 9_999 }));
    change(json!({ "product": pids[1], "delist": true }));
    change(json!({ "product": pids[2], "remove": true }));
    let account = again(&owner, &id).await;
    assert_eq!(account["last_sync"]["status"], "succeeded", "{account}");
    let changes = owner.read("/v1/supplier-changes?limit=100").await;
    let kinds = |kind: &str| {
        let all = changes["changes"].as_array().unwrap();
        all.iter()
            .filter(|c| c["kind"] == kind)
            .cloned()
            .collect::<Vec<_>>()
    };
    let prices = kinds("price");
    assert!(!prices.is_empty(), "{changes}");
    assert_eq!(
        prices[0]["price_to"],
        json!({ "low": "99.99", "high": "99.99", "currency": "USD" })
    );
    let gone = kinds("gone");
    let of = |c: &Value| c["supplier_product_id"].clone();
    assert!(
        gone.iter().any(|c| of(c) == all[1]["id"]) && gone.iter().any(|c| of(c) == all[2]["id"])
    );
    let one = owner
        .read(&format!(
            "/v1/supplier-products/{}",
            all[0]["id"].as_str().unwrap()
        ))
        .await;
    assert_eq!(one["price_history"][0]["price"]["low"], "99.99");
    let only = owner.read("/v1/supplier-changes?kind=price&limit=1").await;
    assert_eq!(only["changes"][0]["kind"], "price");
    assert_eq!(sandbox.cj()["logins"], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn points_that_end_are_told_and_what_is_wrong_is_refused_by_its_field() {
    let sandbox = sandbox(20).await;
    let server = server(&[("SANDBOX_URL", sandbox.base_url.as_str())]).await;
    let owner = server.owner().await;
    owner.connect_sandbox().await;
    let refused = async |body: Value| {
        let (status, problem) = answer(owner.post("/v1/supplier-accounts", &body).await).await;
        assert_eq!(status, 422, "{problem}");
        problem["errors"][0]["field"].clone()
    };
    let mut body = wanted(5);
    body["platform"] = json!("spocket");
    assert_eq!(refused(body).await, "platform");
    let mut body = wanted(5);
    body["platform"] = json!("autods");
    assert_eq!(refused(body).await, "login");
    let mut body = wanted(5);
    body["watch"]["searches"] = json!([]);
    assert_eq!(refused(body).await, "searches");
    let mut body = wanted(5);
    body["sandbox"] = json!(false);
    assert_eq!(refused(body).await, "api_key");
    sandbox.fault("cj_key", 1.0).unwrap();
    assert_eq!(refused(wanted(5)).await, "api_key");
    sandbox.fault("cj_key", 0.0).unwrap();
    sandbox.cj_change(&json!({ "points_left": 2_100 })).unwrap();
    let (_, account) = answer(owner.post("/v1/supplier-accounts", &wanted(50)).await).await;
    let id = account["id"].as_str().unwrap();
    let account = read(&owner, id).await;
    assert_eq!(account["last_sync"]["status"], "failed", "{account}");
    assert_eq!(account["state"], "degraded");
    let error = account["last_sync"]["error"].as_str().unwrap();
    assert!(error.contains("kept for orders"), "{error}");
    let stopped = account["last_sync"]["products"].as_u64().unwrap();
    assert!(stopped > 0, "what was read before stays: {account}");
    let (status, _) = answer(owner.post("/v1/supplier-accounts", &wanted(5)).await).await;
    assert_eq!(status, 409);
    sandbox
        .cj_change(&json!({ "points_left": 50_000 }))
        .unwrap();
    let account = again(&owner, id).await;
    assert_eq!(account["last_sync"]["status"], "succeeded", "{account}");
    let list = owner.read("/v1/supplier-products?limit=1").await;
    assert_eq!(list["total"], 48, "all that is found, each once");
    let gone = owner
        .request(Method::DELETE, &format!("/v1/supplier-accounts/{id}"))
        .send()
        .await
        .unwrap();
    assert_eq!(gone.status(), 204);
    let list = owner.read("/v1/supplier-products?limit=1").await;
    assert_eq!(list["total"], 48, "what it told stays");
}
