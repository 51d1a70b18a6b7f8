//! API tokens over HTTP: shown once, limited, taken back.

use crate::support::server;
use domain::people::Role;
use reqwest::Method;
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_shown_once_and_lets_in_until_it_is_taken_back() {
    let server = server(&[]).await;
    let owner = server.owner().await;
    let wanted = json!({ "name": "Nightly", "scopes": ["reports:read"], "expires_in_days": 30 });
    let made = owner.post("/v1/tokens", &wanted).await;
    assert_eq!(made.status(), 201);
    assert_eq!(made.headers()["cache-control"], "no-store");
    let made: Value = made.json().await.unwrap();
    let secret = made["secret"].as_str().unwrap().to_owned();
    assert!(secret.starts_with("royal_"), "{secret}");

    let listed = owner.read("/v1/tokens").await;
    assert!(
        !listed.to_string().contains(&secret),
        "it is not shown again"
    );
    assert_eq!(listed["tokens"][0]["last_used_at"], Value::Null);

    let mut script = server.anybody();
    script.token = Some(secret);
    assert_eq!(
        script.get("/v1/metrics").await.status(),
        200,
        "without a store, figures are null with their reason"
    );
    assert_eq!(script.get("/v1/orders").await.status(), 403);
    assert_eq!(script.get("/v1/tokens").await.status(), 403);
    let listed = owner.read("/v1/tokens").await;
    assert!(listed["tokens"][0]["last_used_at"].is_string(), "{listed}");

    let path = format!("/v1/tokens/{}", made["token"]["id"].as_str().unwrap());
    let revoke = async || {
        owner
            .request(Method::DELETE, &path)
            .send()
            .await
            .unwrap()
            .status()
    };
    assert_eq!(revoke().await, 204);
    assert_eq!(revoke().await, 404);
    assert_eq!(script.get("/v1/metrics").await.status(), 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_limited_token_makes_none_that_may_more() {
    let server = server(&[]).await;
    server.owner().await;
    let scopes = ["profile:write", "reports:read"];
    let script = server.script_with(Role::Owner, &scopes).await;
    let create = async |scopes: Value| {
        let wanted = json!({ "name": "child", "scopes": scopes });
        script.post("/v1/tokens", &wanted).await.status()
    };
    assert_eq!(create(json!(["reports:read"])).await, 201);
    assert_eq!(create(json!(["orders:read"])).await, 403);
    assert_eq!(create(json!([])).await, 403);
    assert_eq!(create(json!(["nonsense"])).await, 400);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_account_has_tokens_and_cannot_sign_in() {
    let server = server(&[]).await;
    let owner = server.owner().await;
    let wanted = json!({ "name": "Warehouse", "role": "viewer" });
    let made = owner.post("/v1/service-accounts", &wanted).await;
    assert_eq!(made.status(), 201);
    let account: Value = made.json().await.unwrap();
    assert_eq!(account["email"], Value::Null);
    let id = account["id"].as_str().unwrap();

    let wanted = json!({ "name": "display", "service_account_id": id });
    let made = owner.post("/v1/tokens", &wanted).await;
    assert_eq!(made.status(), 201);
    let made: Value = made.json().await.unwrap();
    assert_eq!(made["token"]["user"], "Warehouse");
    let mut script = server.anybody();
    script.token = Some(made["secret"].as_str().unwrap().to_owned());
    let me = script.read("/v1/auth/me").await;
    assert_eq!(me["user"]["role"], "viewer");
    assert_eq!(script.get("/v1/users").await.status(), 403);

    let body = json!({ "email": format!("{id}@service.invalid"), "password": "!" });
    let refused = server.anybody().post("/v1/auth/login", &body).await;
    assert_eq!(refused.status(), 401);

    let off = json!({ "disabled": true });
    let path = format!("/v1/users/{id}");
    let patch = owner.request(Method::PATCH, &path).json(&off).send().await;
    assert_eq!(patch.unwrap().status(), 200);
    assert_eq!(script.get("/v1/auth/me").await.status(), 401);
}
