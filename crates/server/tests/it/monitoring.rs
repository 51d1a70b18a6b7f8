//! What a deployment looks at.

use crate::support::server;
use reqwest::Method;
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread")]
async fn alive() {
    let server = server(&[]).await;
    let client = server.anybody();
    let answer = client.get("/healthz").await;
    assert!(
        answer.headers()["content-type"]
            .to_str()
            .unwrap()
            .starts_with("text/plain")
    );
    assert_eq!(answer.text().await.unwrap(), "ok");
    assert_eq!(client.read("/v1/healthz").await["status"], "ok");
    let head = client
        .request(Method::HEAD, "/healthz")
        .send()
        .await
        .unwrap();
    assert_eq!(head.status(), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn health_is_for_people_who_are_signed_in() {
    let server = server(&[]).await;
    let owner = server.owner().await;
    let health = owner.read("/health").await;
    assert_eq!(health["status"], "healthy");
    assert_eq!(
        health["agents"],
        json!({ "active": 0, "total": 0, "degraded": 0 })
    );
    assert!(health["uptime"]["startedAt"].is_string() && health["uptime"]["seconds"].is_number());
    assert_eq!(
        (
            &health["components"]["database"],
            &health["recommendations"]
        ),
        (&json!("healthy"), &json!([]))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn figures_in_three_forms() {
    let server = server(&[]).await;
    let client = server.anybody();
    client.get("/v1/setup").await;
    client.get("/nowhere").await;
    let text = client.get("/metrics").await;
    assert!(
        text.headers()["content-type"]
            .to_str()
            .unwrap()
            .starts_with("text/plain; version=0.0.4")
    );
    let text = text.text().await.unwrap();
    assert!(
        text.contains(r#"http_requests_total{method="GET",route="/v1/setup",status="200"}"#),
        "{text}"
    );

    let open = client
        .request(Method::GET, "/metrics")
        .header("accept", "application/openmetrics-text");
    let open = open.send().await.unwrap();
    assert!(
        open.headers()["content-type"]
            .to_str()
            .unwrap()
            .starts_with("application/openmetrics-text")
    );
    assert!(open.text().await.unwrap().ends_with("# EOF\n"));

    let json = client
        .request(Method::GET, "/metrics")
        .header("accept", "application/json")
        .send()
        .await
        .unwrap();
    let json: Value = json.json().await.unwrap();
    assert_eq!(json["ok"], true);
    assert_eq!(
        (
            &json["active_sessions"],
            &json["total_messages"],
            &json["total_errors"]
        ),
        (&json!(0), &json!(0), &json!(0))
    );
    assert!(json["total_requests"].as_u64().unwrap() >= 4);
    assert!(
        json["circuit_breakers"].is_object()
            && json["timestamp"].is_string()
            && json["uptime_seconds"].is_number()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn from_elsewhere_figures_need_a_token() {
    let server = server(&[("METRICS_TOKEN", "scrape-me")]).await;
    let proxied = |token: Option<&'static str>| {
        let mut request = server
            .anybody()
            .request(Method::GET, "/metrics")
            .header("x-forwarded-for", "203.0.113.9");
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        async move { request.send().await.unwrap().status() }
    };
    assert_eq!(proxied(None).await, 401);
    assert_eq!(proxied(Some("guess")).await, 401);
    assert_eq!(proxied(Some("scrape-me")).await, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn figures_can_be_switched_off() {
    let server = server(&[("ENABLE_METRICS", "false")]).await;
    assert_eq!(server.anybody().get("/metrics").await.status(), 503);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_root_sends_people_on_and_tells_programs() {
    let server = server(&[]).await;
    let client = server.anybody();
    let page = client.get("/").await;
    assert_eq!(
        (
            page.status().as_u16(),
            page.headers()["location"].to_str().unwrap()
        ),
        (302, "/command-center/")
    );
    for old in ["/control-center", "/dashboard"] {
        let moved = client.get(old).await;
        assert_eq!(
            (
                moved.status().as_u16(),
                moved.headers()["location"].to_str().unwrap()
            ),
            (307, "/command-center/")
        );
    }
    let info = client
        .request(Method::GET, "/")
        .header("accept", "application/json")
        .send()
        .await
        .unwrap();
    let info: Value = info.json().await.unwrap();
    assert!(
        info["service"].is_string() && info["status"].is_string() && info["version"].is_string()
    );
    assert_eq!(info["endpoints"]["docs"], "/docs");
}

#[tokio::test(flavor = "multi_thread")]
async fn other_sites_are_allowed_by_name_only() {
    let server = server(&[("CORS_ALLOWED_ORIGINS", "https://ops.example.com")]).await;
    let ask = |origin: &'static str| {
        let request = server
            .anybody()
            .request(Method::OPTIONS, "/v1/orders")
            .header("origin", origin)
            .header("access-control-request-method", "GET");
        async move { request.send().await.unwrap() }
    };
    let allowed = ask("https://ops.example.com").await;
    assert_eq!(allowed.status(), 204);
    assert_eq!(
        allowed.headers()["access-control-allow-origin"],
        "https://ops.example.com"
    );
    assert!(
        !allowed
            .headers()
            .contains_key("access-control-allow-credentials")
    );
    assert!(
        !ask("https://evil.example.com")
            .await
            .headers()
            .contains_key("access-control-allow-origin")
    );
}
