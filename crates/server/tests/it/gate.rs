//! Who may call what: the route table held against the running server.

use crate::support::{Client, server};
use domain::people::Role;
use reqwest::Method;
use serde_json::{Value, json};
use server::routes::{Entry, table};
use server::{Access, Permission};

const SOME_ID: &str = "0190b2f0-0000-7000-8000-000000000001";

fn path(entry: &Entry) -> String {
    let mut path = entry.documented_path();
    for name in ["{id}", "{connection}", "{file}", "{path}"] {
        path = path.replace(name, SOME_ID);
    }
    path
}

async fn call(client: &Client, entry: &Entry) -> reqwest::Response {
    client
        .request(entry.method.as_str().parse().unwrap(), &path(entry))
        .send()
        .await
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_open_answers_401_without_credentials() {
    let server = server(&[]).await;
    let client = server.anybody();
    let mut closed = 0;
    for entry in table() {
        let status = call(&client, &entry).await.status();
        match entry.access {
            Access::Needs(_) => {
                closed += 1;
                assert_eq!(status, 401, "{} {}", entry.method, entry.path);
            }
            _ => assert_ne!(status, 401, "{} {}", entry.method, entry.path),
        }
    }
    assert!(closed > 20, "the table is not what it was");
}

#[tokio::test(flavor = "multi_thread")]
async fn each_role_may_do_what_the_table_says() {
    let server = server(&[]).await;
    server.owner().await;
    for role in Role::ALL {
        let script = server.script(role).await;
        for entry in table() {
            let Access::Needs(permission) = entry.access else {
                continue;
            };
            let status = call(&script, &entry).await.status();
            let refused = status == 403 || status == 401;
            assert_eq!(
                refused,
                role < permission.role(),
                "{role}: {} {} gave {status}",
                entry.method,
                entry.path
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scope_limits_a_token() {
    let server = server(&[]).await;
    server.owner().await;
    let script = server.script_with(Role::Owner, &["reports:read"]).await;
    assert_ne!(script.get("/v1/metrics").await.status(), 403);
    let refused = script.get("/v1/orders").await;
    assert_eq!(refused.status(), 403);
    let problem: Value = refused.json().await.unwrap();
    assert!(
        problem["detail"]
            .as_str()
            .unwrap()
            .contains(Permission::OrdersRead.as_str()),
        "{problem}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_proves_that_its_own_page_asks() {
    let server = server(&[]).await;
    let mut owner = server.owner().await;
    let body = json!({ "connection_id": SOME_ID });
    let with = |name: &'static str, value: String| {
        let request = owner
            .request(Method::POST, "/v1/syncs")
            .json(&body)
            .header(name, value);
        async move { request.send().await.unwrap().status() }
    };
    // With the token it gets as far as the connection, which is not there.
    assert_eq!(with("sec-fetch-site", "same-origin".into()).await, 404);
    assert_eq!(with("origin", server.running.url().into()).await, 404);
    assert_eq!(with("sec-fetch-site", "cross-site".into()).await, 403);
    assert_eq!(with("origin", "https://evil.example.com".into()).await, 403);
    assert_eq!(with("origin", "null".into()).await, 403);

    let right = owner.csrf.clone();
    for wrong in [None, Some(String::new()), Some("x".repeat(43))] {
        owner.csrf = wrong;
        let refused = owner.post("/v1/syncs", &body).await;
        assert_eq!(refused.status(), 403);
        assert_eq!(
            refused.json::<Value>().await.unwrap()["type"],
            "/problems/csrf"
        );
    }
    owner.csrf = right;
    assert_eq!(owner.post("/v1/syncs", &body).await.status(), 404);
    owner.csrf = None;
    assert_eq!(
        owner.get("/v1/syncs").await.status(),
        200,
        "reading needs no proof"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn another_site_cannot_sign_anybody_in() {
    let server = server(&[]).await;
    let request = server
        .anybody()
        .request(Method::POST, "/v1/auth/login")
        .json(&json!({ "email": "a@b", "password": "12345678" }));
    let refused = request
        .header("sec-fetch-site", "cross-site")
        .send()
        .await
        .unwrap();
    assert_eq!(refused.status(), 403);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_there_is_404_and_says_no_more() {
    let server = server(&[]).await;
    let owner = server.owner().await;
    let orders = [
        format!("/v1/connections/{SOME_ID}"),
        "/v1/connections/nonsense".into(),
        format!("/v1/syncs/{SOME_ID}"),
    ];
    let facts = [
        "/v1/orders/1".into(),
        "/v1/orders/gid://shopify/Order/1".into(),
        "/v1/products/abc".into(),
    ];
    for path in orders.iter().chain(&facts) {
        let response = owner.get(path).await;
        assert_eq!(response.status(), 404, "{path}");
        assert_eq!(
            response.json::<Value>().await.unwrap()["type"],
            "/problems/not-found",
            "{path}"
        );
    }
    let report = owner.get("/v1/reports/profit").await;
    assert_eq!(report.status(), 404);
    assert_eq!(
        report.json::<Value>().await.unwrap()["type"],
        "/problems/no-store"
    );
}
