//! A refused sign-in says nothing about whether there is such an address. Its time is measured by `cargo xtask bench`.

use crate::support::{EMAIL, server};
use reqwest::Response;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Everything but what names the very answer.
async fn told(response: Response) -> (u16, BTreeMap<String, String>, Value) {
    let status = response.status().as_u16();
    let headers = response.headers().iter();
    let headers =
        headers.map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()));
    let mut headers: BTreeMap<_, _> = headers.collect();
    for own in ["x-request-id", "date"] {
        headers.remove(own);
    }
    let mut body: Value = response.json().await.unwrap();
    assert!(body["request_id"].is_string());
    body["request_id"] = Value::Null;
    (status, headers, body)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_address_is_answered_like_a_wrong_password() {
    let server = server(&[]).await;
    server.owner().await;
    let anybody = server.anybody();
    let refused = async |email: &str| {
        let body = json!({ "email": email, "password": "not the password" });
        told(anybody.post("/v1/auth/login", &body).await).await
    };
    let known = refused(EMAIL).await;
    assert_eq!(known.0, 401);
    assert_eq!(refused("nobody@example.com").await, known);
    assert_eq!(refused("no address at all").await, known);
}
