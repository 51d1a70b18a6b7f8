//! Suppliers beside CJdropshipping over HTTP: one that prints on demand, and one that has no keys to enter.

use crate::suppliers::{answer, read};
use crate::support::{Client, sandbox, server};
use serde_json::{Value, json};

async fn products(owner: &Client, platform: &str) -> Vec<Value> {
    let found = owner.read("/v1/supplier-products?limit=100").await;
    let all = found["supplier_products"].as_array().unwrap().iter();
    all.filter(|p| p["platform"] == platform).cloned().collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_printer_is_read_with_its_designs_and_told_where_its_messages_go() {
    let sandbox = sandbox(20).await;
    let settings = [
        ("SANDBOX_URL", sandbox.base_url.as_str()),
        ("PUBLIC_URL", "https://royal.example.com"),
    ];
    let server = server(&settings).await;
    let owner = server.owner().await;
    owner.connect_sandbox().await;
    let first = sandbox.printful()["products"][0].clone();
    let design = json!({ "name": "wolf", "product": first["id"].to_string(), "template": first["template"].to_string() });
    let watch = json!({ "searches": ["enamel mug"], "most_products": 3, "designs": [design] });
    let body = json!({ "platform": "printful", "sandbox": true, "watch": watch });
    let (status, account) = answer(owner.post("/v1/supplier-accounts", &body).await).await;
    assert_eq!(status, 201, "{account}");
    assert!(
        !account.to_string().contains("pf_sandbox"),
        "the token is told"
    );
    let id = account["id"].as_str().unwrap().to_owned();
    let account = read(&owner, &id).await;
    assert_eq!(account["last_sync"]["status"], "succeeded", "{account}");
    assert_eq!(account["last_sync"]["products"], 3, "{account}");
    assert_eq!(account["watch"]["designs"][0]["name"], "wolf");
    let names = products(&owner, "printful").await;
    let numbered = format!("{}:wolf", first["id"]);
    assert!(
        names.iter().any(|p| p["external_id"] == numbered),
        "{names:?}"
    );
    let told = sandbox.printful();
    let there = format!("https://royal.example.com/v1/webhooks/printful/{id}");
    assert_eq!(told["listens"], json!(there));

    // What it signs is taken, and nothing else.
    let path = format!("/v1/webhooks/printful/{id}");
    let message = r#"{"type":"order_updated","retries":0,"data":{"order":{"id":1}}}"#;
    let send = async |signature: &str| {
        let request = owner.request(reqwest::Method::POST, &path);
        let request = request.header("x-pf-webhook-signature", signature);
        let request = request.header("content-type", "application/json");
        request
            .body(message)
            .send()
            .await
            .unwrap()
            .status()
            .as_u16()
    };
    assert_eq!(
        send(&sandbox.printful_signature(message.as_bytes())).await,
        200
    );
    assert_eq!(send("00").await, 401);
    let mut wrong = body.clone();
    wrong["watch"]["designs"][0]["name"] = json!("No Name");
    wrong["platform"] = json!("cjdropshipping");
    let (status, problem) = answer(owner.post("/v1/supplier-accounts", &wrong).await).await;
    assert_eq!(
        (status, &problem["errors"][0]["field"]),
        (422, &json!("designs"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_supplier_without_keys_is_logged_in_at_and_read() {
    let sandbox = sandbox(20).await;
    let server = server(&[("SANDBOX_URL", sandbox.base_url.as_str())]).await;
    let owner = server.owner().await;
    owner.connect_sandbox().await;
    let begin = async |platform: &str| {
        let body = json!({ "platform": platform, "sandbox": true });
        answer(owner.post("/v1/supplier-logins", &body).await).await
    };
    let (status, problem) = begin("cjdropshipping").await;
    assert_eq!(
        (status, &problem["errors"][0]["field"]),
        (422, &json!("platform"))
    );
    let (status, login) = begin("autods").await;
    assert_eq!(status, 201, "{login}");
    // As a browser that stops where nothing answers.
    let browser = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap();
    let address = login["address"].as_str().unwrap();
    let came = browser.get(address).send().await.unwrap();
    let came_to = came.headers()["location"].to_str().unwrap().to_owned();
    let connect = async |came_to: &str| {
        let watch = json!({ "searches": ["headlamp"], "most_products": 3 });
        let login = json!({ "id": login["id"], "came_to": came_to });
        let body = json!({ "platform": "autods", "sandbox": true, "watch": watch, "login": login });
        answer(owner.post("/v1/supplier-accounts", &body).await).await
    };
    let (status, problem) = connect("http://localhost:2048/callback?code=x&state=y").await;
    assert_eq!(
        (status, &problem["errors"][0]["field"]),
        (422, &json!("came_to"))
    );
    let (status, account) = connect(&came_to).await;
    assert_eq!(status, 201, "{account}");
    let id = account["id"].as_str().unwrap().to_owned();
    let account = read(&owner, &id).await;
    assert_eq!(account["last_sync"]["status"], "succeeded", "{account}");
    assert_eq!(products(&owner, "autods").await.len(), 3);
    assert_eq!(account["off"], json!([]));
    // A login holds once.
    let (status, problem) = connect(&came_to).await;
    assert_eq!(
        (status, &problem["errors"][0]["field"]),
        (422, &json!("came_to"))
    );

    sandbox
        .autods_change(&json!({"without_tool": "get_product_by_id"}))
        .unwrap();
    let path = format!("/v1/supplier-accounts/{id}/sync");
    assert_eq!(answer(owner.post(&path, &json!({})).await).await.0, 202);
    let account = read(&owner, &id).await;
    let off = account["off"][0].as_str().unwrap();
    assert!(off.contains("get_product_by_id"), "{account}");
}
