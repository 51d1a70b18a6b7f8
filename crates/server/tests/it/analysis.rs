//! Unusual days and briefs over HTTP.

use crate::support::{TestServer, sandbox, server, until};
use domain::analysis::{Anomaly, Watched};
use domain::calendar::DayRange;
use domain::people::Role;
use reqwest::Method;
use serde_json::{Value, json};

/// One of the first store of the first workspace; answers its id.
pub(crate) async fn unusual_day(server: &TestServer) -> String {
    let ports = &server.running.composed().ports;
    let workspace = ports.accounts.workspaces().await.unwrap()[0].id;
    let store = ports.connections.stores(workspace).await.unwrap().remove(0);
    // Long before anything that a morning looks at again.
    let day = "2020-02-01".parse().unwrap();
    let found = Anomaly {
        id: Anomaly::id_of(store.scope, Watched::RefundRate, day),
        scope: store.scope,
        figure: Watched::RefundRate,
        day,
        currency: store.currency,
        value: 1_250,
        expected: 400,
        low: -100,
        high: 900,
        score: 512,
        over_two_days: false,
        history: 84,
        may_move: false,
        found_at: ports.clock.now(),
    };
    let days = DayRange::new(day, day).unwrap();
    let now = ports.clock.now();
    let saved = ports
        .analysis
        .save_anomalies(store.scope, days, std::slice::from_ref(&found), now);
    saved.await.unwrap();
    found.id.to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unusual_day_is_shown_and_dismissed_with_a_reason_by_who_may() {
    let sandbox = sandbox(60).await;
    let server = server(&[("SANDBOX_URL", sandbox.base_url.as_str())]).await;
    let owner = server.owner().await;
    owner.connect_sandbox().await;
    let id = unusual_day(&server).await;
    let listed = owner.read("/v1/anomalies?status=open").await;
    let one = &listed["anomalies"][0];
    let told = ["value", "expected", "low", "high", "kind", "status"].map(|f| one[f].clone());
    let expected = ["0.1250", "0.0400", "0.0000", "0.0900", "ratio", "open"];
    assert_eq!(told, expected.map(Value::from), "{one}");
    let mark = |body: Value| {
        let request = owner.request(Method::POST, &format!("/v1/anomalies/{id}/mark"));
        async move { request.json(&body).send().await.unwrap().status().as_u16() }
    };
    let dismissed = |version: i64, reason: &str| json!({ "version": version, "status": "dismissed", "reason": reason });
    assert_eq!(mark(dismissed(0, "")).await, 422);
    assert_eq!(mark(dismissed(7, "a recall")).await, 409);
    assert_eq!(mark(dismissed(0, "a recall")).await, 200);
    assert_eq!(owner.read("/v1/anomalies?status=open").await["total"], 0);
    let one = &owner.read("/v1/anomalies").await["anomalies"][0];
    assert_eq!(one["mark"]["reason"], "a recall");
    let viewer = server.script(Role::Viewer).await;
    let request = viewer.request(Method::POST, &format!("/v1/anomalies/{id}/mark"));
    let refused = request.json(&dismissed(1, "x")).send().await.unwrap();
    assert_eq!(refused.status(), 403);
    assert!(viewer.read("/v1/briefs").await["briefs"].is_array());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fresh_store_has_its_first_brief_from_a_run_that_it_names() {
    let sandbox = sandbox(60).await;
    let server = server(&[("SANDBOX_URL", sandbox.base_url.as_str())]).await;
    let owner = server.owner().await;
    owner.connect_sandbox().await;
    let brief = until(|| async {
        let briefs = owner.read("/v1/briefs").await;
        briefs["briefs"].as_array().unwrap().first().cloned()
    })
    .await;
    let path = format!("/v1/runs/{}", brief["run_id"].as_str().unwrap());
    let run = until(|| async {
        let run = owner.read(&path).await;
        (run["status"] == "succeeded").then_some(run)
    })
    .await;
    assert_eq!(
        (&run["agent_id"], &run["trigger"]["by"]),
        (&json!("analytics"), &json!("schedule"))
    );
    assert_eq!(run["parameters"]["day"], brief["day"]);
    assert_eq!(
        (&brief["version"], &brief["moved"]),
        (&json!(1), &json!([]))
    );
    let again = owner.post("/v1/agents/analytics/run", &json!({})).await;
    let again: Value = again.json().await.unwrap();
    let path = format!("/v1/runs/{}", again["session_id"].as_str().unwrap());
    let again = until(|| async {
        let run = owner.read(&path).await;
        (run["status"] == "succeeded").then_some(run)
    })
    .await;
    assert!(
        again["summary"].as_str().unwrap().contains("stands"),
        "{again}"
    );
    assert_eq!(owner.read("/v1/briefs").await["total"], 1);
    let body = json!({ "version": 0, "autonomy": "act", "reason": "x" });
    let request = owner
        .request(Method::PUT, "/v1/agents/analytics")
        .json(&body);
    let refused = request.send().await.unwrap();
    assert_eq!(refused.status(), 422);
    let refused: Value = refused.json().await.unwrap();
    assert_eq!(refused["errors"][0]["field"], "autonomy");
}
