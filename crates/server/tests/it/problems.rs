//! How refusals look, and the id that every answer carries.

use crate::support::server;
use reqwest::Method;
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread")]
async fn every_refusal_has_the_old_and_the_new_members() {
    let server = server(&[]).await;
    let owner = server.owner().await;
    let text = |body: &'static str| {
        owner
            .request(Method::POST, "/v1/syncs")
            .header("content-type", "application/json")
            .body(body)
    };
    let answers = [
        (404, owner.get("/nowhere").await),
        (
            405,
            owner
                .request(Method::PUT, "/v1/syncs")
                .send()
                .await
                .unwrap(),
        ),
        (400, owner.get("/v1/orders?limit=0").await),
        (400, owner.get("/v1/orders?sort=price").await),
        (400, owner.get("/v1/orders?cursor=zzz&limit=5000").await),
        (400, text("{not json").send().await.unwrap()),
        (400, text("{}").send().await.unwrap()),
        (
            415,
            owner
                .request(Method::POST, "/v1/syncs")
                .body("connection_id=1")
                .send()
                .await
                .unwrap(),
        ),
        (401, server.anybody().get("/v1/orders").await),
    ];
    for (status, answer) in answers {
        assert_eq!(answer.status(), status);
        assert_eq!(answer.headers()["content-type"], "application/problem+json");
        let id = answer.headers()["x-request-id"]
            .to_str()
            .unwrap()
            .to_owned();
        let path = answer.url().path().to_owned();
        let problem: Value = answer.json().await.unwrap();
        for member in [
            "type",
            "title",
            "detail",
            "instance",
            "error",
            "message",
            "path",
            "request_id",
        ] {
            assert!(
                problem[member].as_str().is_some_and(|t| !t.is_empty()),
                "{status}: {member} of {problem}"
            );
        }
        assert_eq!(problem["status"], status);
        assert_eq!(problem["request_id"], id);
        assert_eq!(problem["path"], path);
        assert_eq!(
            (&problem["error"], &problem["message"]),
            (&problem["title"], &problem["detail"])
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sane_request_id_is_taken_over() {
    let server = server(&[]).await;
    let ask = |id: &'static str| {
        let request = server
            .anybody()
            .request(Method::GET, "/healthz")
            .header("x-request-id", id);
        async move {
            request.send().await.unwrap().headers()["x-request-id"]
                .to_str()
                .unwrap()
                .to_owned()
        }
    };
    assert_eq!(ask("shop-42.a").await, "shop-42.a");
    assert_ne!(ask("a b<c>").await, "a b<c>");
    assert_ne!(ask("").await, ask("").await, "a new one each time");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_is_too_large_is_refused() {
    let server = server(&[]).await;
    let owner = server.owner().await;
    let answer = owner
        .post(
            "/v1/syncs",
            &json!({ "connection_id": "x".repeat(300 * 1024) }),
        )
        .await;
    assert_eq!(answer.status(), 413);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_work_out_there_names_the_field_and_the_remedy() {
    let server = server(&[]).await;
    let owner = server.owner().await;
    let connect = async |body: Value| owner.post("/v1/connections", &body).await;
    let sandbox = connect(json!({ "provider": "shopify", "kind": "sandbox" })).await;
    assert_eq!(sandbox.status(), 422);
    let problem: Value = sandbox.json().await.unwrap();
    assert!(
        problem["errors"][0]["message"]
            .as_str()
            .unwrap()
            .contains("SANDBOX_URL"),
        "{problem}"
    );

    let nameless =
        connect(json!({ "provider": "shopify", "kind": "shopify", "access_token": "t" })).await;
    assert_eq!(nameless.status(), 400);
    assert_eq!(
        nameless.json::<Value>().await.unwrap()["errors"][0]["field"],
        "shop"
    );
    let secretless = connect(
        json!({ "provider": "shopify", "kind": "shopify", "shop": "acme", "client_id": "i" }),
    )
    .await;
    assert_eq!(secretless.status(), 400);
    assert_eq!(
        secretless.json::<Value>().await.unwrap()["errors"][0]["field"],
        "client_secret"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_token_is_told_with_its_field_and_nothing_is_kept() {
    let sandbox = crate::support::sandbox(20).await;
    let server = server(&[("SHOPIFY_BASE_URL", &sandbox.base_url)]).await;
    let owner = server.owner().await;
    let body = json!({ "provider": "shopify", "kind": "shopify", "shop": "sandbox", "access_token": "shpat_wrong" });
    let answer = owner.post("/v1/connections", &body).await;
    assert_eq!(answer.status(), 422);
    let problem: Value = answer.json().await.unwrap();
    assert_eq!(problem["errors"][0]["field"], "access_token", "{problem}");
    assert!(!problem.to_string().contains("shpat_wrong"));
    assert_eq!(
        owner.read("/v1/connections").await["connections"],
        json!([])
    );
}
