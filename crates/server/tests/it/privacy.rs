//! What people ask about their own data, end to end: asked at the shop, acted on here, and nothing of it left in any file.

use crate::support::{Client, TestServer, sandbox, server, until};
use serde_json::{Value, json};
use std::path::Path;

async fn connected(orders: usize) -> (sandbox::Running, TestServer, Client) {
    let sandbox = sandbox(orders).await;
    let server = server(&[("SANDBOX_URL", &sandbox.base_url)]).await;
    let owner = server.owner().await;
    owner.connect_sandbox().await;
    (sandbox, server, owner)
}

async fn ask(sandbox: &sandbox::Running, path: &str, body: &Value) -> Value {
    let url = format!("{}{path}", sandbox.base_url);
    let answer = reqwest::Client::new()
        .post(url)
        .json(body)
        .send()
        .await
        .unwrap();
    let status = answer.status();
    let body: Value = answer.json().await.unwrap();
    assert!(status.is_success(), "{body}");
    body
}

fn gid(id: &str) -> String {
    format!("gid://shopify/Customer/{id}")
}

/// Where the text stands in any file below the folder, without regard to case.
fn found_in(folder: &Path, text: &str) -> Vec<String> {
    let needle = text.to_lowercase().into_bytes();
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let path = entry.path();
        if path.is_dir() {
            found.extend(found_in(&path, text));
        } else if let Ok(bytes) = std::fs::read(&path) {
            let lower = bytes.to_ascii_lowercase();
            if lower.windows(needle.len()).any(|w| w == needle) {
                found.push(path.display().to_string());
            }
        }
    }
    found
}

/// The newest request of a kind, once it is in the state.
async fn request(owner: &Client, kind: &str, state: &str) -> Value {
    until(|| async {
        let list = owner.read("/v1/privacy/requests").await;
        let all = list["requests"].as_array().unwrap().clone();
        all.into_iter()
            .find(|r| r["kind"] == kind && r["state"] == state)
    })
    .await
}

async fn sync(owner: &Client) {
    let connection = owner.read("/v1/connections").await["connections"][0]["id"].clone();
    let answer = owner
        .post("/v1/syncs", &json!({ "connection_id": connection }))
        .await;
    let run: Value = answer.json().await.unwrap();
    let id = run["id"].as_str().unwrap_or_default().to_owned();
    until(|| async {
        let run = owner.read(&format!("/v1/syncs/{id}")).await;
        (run["status"] == "succeeded").then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_forgotten_is_in_no_file_and_does_not_come_back() {
    let (sandbox, server, owner) = connected(150).await;
    let list = owner.read("/v1/customers?limit=1").await;
    let customer = list["customers"][0].clone();
    let (id, mail) = (
        customer["id"].as_str().unwrap(),
        customer["email"].as_str().unwrap(),
    );
    let folder = server.folder.path();
    assert!(
        !found_in(folder, mail).is_empty(),
        "the search finds what is there"
    );

    let words = "the brown one has a scratch";
    let ticket = json!({ "from": mail, "subject": "A scratch", "text": words });
    let opened = owner.post("/v1/support/tickets", &ticket).await;
    assert_eq!(opened.status(), 201);

    // What is held can be told first.
    ask(
        &sandbox,
        "/__people",
        &json!({"kind": "data_request", "customer": gid(id)}),
    )
    .await;
    let asked = request(&owner, "data_request", "ready").await;
    let path = format!(
        "/v1/privacy/requests/{}/answer",
        asked["id"].as_str().unwrap()
    );
    let told = owner.post(&path, &json!({})).await;
    assert_eq!(told.status(), 200);
    let told: Value = told.json().await.unwrap();
    assert_eq!(told["customer"]["email"], mail);
    assert_eq!(
        told["orders"].as_array().unwrap().len() as i64,
        customer["orders"].as_i64().unwrap()
    );
    let said = &told["tickets"][0]["messages"][0]["text"];
    assert_eq!((said, &told["outreach"]), (&json!(words), &json!([])));
    request(&owner, "data_request", "done").await;

    let redact = json!({"kind": "redact", "customer": gid(id)});
    ask(&sandbox, "/__people", &redact).await;
    request(&owner, "customer_redact", "done").await;
    assert_eq!(found_in(folder, mail), [""; 0]);
    assert_eq!(found_in(folder, words), [""; 0]);

    let after = owner.read(&format!("/v1/customers/{id}")).await["customer"].clone();
    assert_eq!(after["redacted"], true);
    assert!(after["name"].is_null() && after["email"].is_null());
    for kept in ["orders", "net_revenue", "margin", "first_order_on"] {
        assert_eq!(after[kept], customer[kept], "{kept}");
    }
    assert_eq!(
        owner.post(&path, &json!({})).await.status(),
        409,
        "nothing is left to tell"
    );

    // The shop still knows the person: neither its webhooks nor a sync bring them back.
    let order = told["orders"][0]["name"].as_str().unwrap();
    ask(
        &sandbox,
        "/__events",
        &json!({"kind": "edit_add", "order": order}),
    )
    .await;
    sync(&owner).await;
    let inbox = &server.running.composed().ports.inbox;
    until(|| async { (inbox.state(None).await.unwrap().pending == 0).then_some(()) }).await;
    assert_eq!(found_in(folder, mail), [""; 0]);
    let search = owner.read(&format!("/v1/customers?q={mail}")).await;
    assert_eq!(search["customers"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_merged_customer_s_history_goes_to_the_one_who_is_left() {
    let (sandbox, _server, owner) = connected(200).await;
    let list = owner
        .read("/v1/customers?limit=2&sort=-last_order_on")
        .await;
    let (gone, kept) = (list["customers"][0].clone(), list["customers"][1].clone());
    let orders = |c: &Value| c["orders"].as_i64().unwrap();
    let (gone_id, kept_id) = (gone["id"].as_str().unwrap(), kept["id"].as_str().unwrap());
    let body = json!({"kind": "merge", "customer": gid(gone_id), "into": gid(kept_id)});
    ask(&sandbox, "/__people", &body).await;
    let merged = until(|| async {
        let found = owner.read(&format!("/v1/customers/{kept_id}")).await;
        (orders(&found["customer"]) == orders(&gone) + orders(&kept)).then_some(found)
    })
    .await;
    let earlier = |c: &Value| c["first_order_on"].as_str().unwrap().to_owned();
    assert_eq!(
        earlier(&merged["customer"]),
        earlier(&gone).min(earlier(&kept))
    );
    let by_old_number = owner.read(&format!("/v1/customers/{gone_id}")).await;
    assert_eq!(by_old_number["customer"]["id"], kept_id);
    let total = owner.read("/v1/customers/overview").await["lifetime"]["customers"].clone();
    let cohorts = owner.read("/v1/cohorts?months=60").await;
    let sizes: u64 = cohorts["cohorts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|c| c["customers"].as_u64().unwrap())
        .sum();
    assert_eq!(total, sizes);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shop_that_asks_to_be_forgotten_is_gone_with_everything() {
    let (sandbox, server, owner) = connected(60).await;
    let mail = owner.read("/v1/customers?limit=1").await["customers"][0]["email"]
        .as_str()
        .unwrap()
        .to_owned();
    let title = owner.read("/v1/products?limit=1").await["products"][0]["title"]
        .as_str()
        .unwrap()
        .to_owned();
    ask(&sandbox, "/__people", &json!({"kind": "shop_redact"})).await;
    request(&owner, "shop_redact", "done").await;
    assert_eq!(owner.read("/v1/stores").await["stores"], json!([]));
    assert_eq!(
        owner.read("/v1/connections").await["connections"],
        json!([])
    );
    for text in [&mail, &title] {
        assert_eq!(found_in(server.folder.path(), text), [""; 0], "{text}");
    }
}
