//! Limits on requests over HTTP. The window is a day, so that no test depends on how fast it runs.

use crate::support::{Client, EMAIL, PASSWORD, server};
use domain::people::Role;
use reqwest::{Response, StatusCode};
use serde_json::{Value, json};

const DAY: (&str, &str) = ("RATE_LIMIT_WINDOW", "86400");

fn told(response: &Response) -> (String, String) {
    let text = |name: &str| response.headers()[name].to_str().unwrap().to_owned();
    (text("ratelimit-policy"), text("ratelimit"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caller_is_told_what_is_left_and_then_put_off() {
    let server = server(&[("RATE_LIMIT_REQUESTS", "3"), DAY]).await;
    // Whoever comes first owns it.
    server.owner().await;
    let first = server.script(Role::Viewer).await;
    let second = server.script(Role::Viewer).await;
    for left in [2, 1, 0] {
        let answer = first.get("/v1/syncs").await;
        assert_eq!(answer.status(), 200);
        let (policy, standing) = told(&answer);
        assert_eq!(policy, "\"caller\";q=3;w=86400");
        assert!(
            standing.starts_with(&format!("\"caller\";r={left};t=")),
            "{standing}"
        );
    }
    let refused = first.get("/v1/syncs").await;
    assert_eq!(refused.status(), StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(
        refused.headers()["content-type"],
        "application/problem+json"
    );
    let wait: u64 = refused.headers()["retry-after"]
        .to_str()
        .unwrap()
        .parse()
        .unwrap();
    assert!((1..=28_800).contains(&wait), "a third of a day: {wait}");
    assert!(told(&refused).1.starts_with("\"caller\";r=0;t="));
    let problem: Value = refused.json().await.unwrap();
    assert_eq!(problem["type"], "/problems/too-many-requests");
    // Each token for itself, and what is refused for other reasons counts too.
    assert_eq!(second.get("/v1/users").await.status(), 403);
    assert_eq!(second.get("/v1/syncs").await.status(), 200);
    assert_eq!(second.get("/v1/users").await.status(), 403);
    assert_eq!(second.get("/v1/users").await.status(), 429);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_without_credentials_is_put_off_and_probes_pages_and_people_are_not() {
    let settings = [
        ("RATE_LIMIT_ANONYMOUS_REQUESTS", "2"),
        ("TRUSTED_PROXIES", "127.0.0.1"),
        DAY,
    ];
    let server = server(&settings).await;
    let owner = server.owner().await;
    let nobody = server.anybody();
    let from = |client: &Client, address: &str, path: &str| {
        let request = client.request(reqwest::Method::GET, path);
        request.header("x-forwarded-for", address).send()
    };
    let (here, elsewhere) = ("203.0.113.5", "203.0.113.6");
    for expected in [401, 401, 429, 429] {
        let answer = from(&nobody, here, "/v1/syncs").await.unwrap();
        assert_eq!(answer.status(), expected);
        assert!(told(&answer).0.starts_with("\"address\";q=2;"));
    }
    let mut guessing = server.anybody();
    guessing.token = Some("royal_guess".to_owned());
    assert_eq!(
        from(&guessing, here, "/v1/syncs").await.unwrap().status(),
        429
    );
    assert_eq!(
        from(&nobody, elsewhere, "/v1/syncs")
            .await
            .unwrap()
            .status(),
        401
    );
    assert_eq!(
        from(&owner, here, "/v1/syncs").await.unwrap().status(),
        200,
        "who is known is counted by name"
    );
    for path in [
        "/healthz",
        "/v1/healthz",
        "/readyz",
        "/v1/readyz",
        "/openapi.json",
        "/docs",
    ] {
        for _ in 0..3 {
            let answer = from(&nobody, here, path).await.unwrap();
            assert_eq!(answer.status(), 200, "{path}");
            assert!(!answer.headers().contains_key("ratelimit"), "{path}");
        }
    }
    // Signing in has limits of its own.
    let request = nobody.request(reqwest::Method::POST, "/v1/auth/login");
    let body = json!({ "email": EMAIL, "password": PASSWORD });
    let request = request.header("x-forwarded-for", here).json(&body);
    assert_eq!(request.send().await.unwrap().status(), 200);
}
