//! The tracker of issues and the warehouse, through the whole server: what goes wrong has an issue, and what is stored is outside.

use crate::support::{sandbox, server, until};
use serde_json::{Value, json};

/// Both of a sandbox.
pub(crate) fn settings(base: &str) -> Vec<(&'static str, String)> {
    let place = |path: &str| format!("{base}/{path}");
    vec![
        ("GITHUB_BASE_URL", place("github")),
        (
            "GITHUB_REPOSITORY",
            sandbox::github::GITHUB_REPOSITORY.to_owned(),
        ),
        ("GITHUB_TOKEN", sandbox::github::GITHUB_TOKEN.to_owned()),
        ("BIGQUERY_BASE_URL", place("bigquery")),
        ("BIGQUERY_UPLOAD_URL", place("bigquery-upload")),
        ("BIGQUERY_TOKEN_URL", place("bigquery-token")),
        ("BIGQUERY_PROJECT_ID", sandbox::bigquery::PROJECT.to_owned()),
        ("BIGQUERY_DATASET", sandbox::bigquery::DATASET.to_owned()),
        ("BIGQUERY_LOCATION", sandbox::bigquery::LOCATION.to_owned()),
        ("BIGQUERY_CREDENTIALS", sandbox::bigquery::credentials()),
    ]
}

#[tokio::test]
async fn both_are_tested_a_signal_is_sent_and_a_store_is_written_outside() {
    let sandbox = sandbox(12).await;
    let connected = settings(&sandbox.base_url);
    let mut settings = vec![("SANDBOX_URL", sandbox.base_url.as_str())];
    settings.extend(
        connected
            .iter()
            .map(|(name, value)| (*name, value.as_str())),
    );
    let server = server(&settings).await;
    let owner = server.owner().await;
    owner.connect_sandbox().await;
    let ask = async |path: &str, body: Value| {
        let answer = owner.post(path, &body).await;
        let status = answer.status().as_u16();
        (status, answer.json::<Value>().await.unwrap_or_default())
    };
    let (status, told) = ask("/v1/github/test", json!({})).await;
    assert_eq!((status, &told["works"]), (200, &json!(true)), "{told}");
    let (status, told) = ask("/v1/warehouse/test", json!({})).await;
    assert_eq!((status, &told["works"]), (200, &json!(true)), "{told}");
    let signal = json!({"event_type": "deploy", "client_payload": {"theme": "winter"}});
    assert_eq!(ask("/v1/github/dispatches", signal.clone()).await.0, 204);
    assert_eq!(sandbox.github()["dispatches"], json!([signal]));
    let store = owner.read("/v1/stores").await["stores"][0]["id"].clone();
    // A run that began before the orders were there is followed by one that has them.
    until(|| async {
        let (status, told) = ask("/v1/warehouse/runs", json!({ "store": store })).await;
        assert_eq!(status, 202, "{told}");
        let told = sandbox.bigquery();
        let mut tables = told["tables"].as_object()?.iter();
        let (_, days) = tables.find(|(name, _)| name.starts_with("orders_"))?;
        let days = days.as_object()?.values();
        let rows: usize = days.filter_map(|rows| Some(rows.as_array()?.len())).sum();
        (rows == 12).then_some(())
    })
    .await;
    let run = until(|| async {
        let told = owner.read("/v1/warehouse").await;
        let run = told["dataset"]["stores"][0]["run"].clone();
        (run["state"] == "done").then_some(run)
    })
    .await;
    assert_eq!(run["days"], run["loaded"]);
    let checks = owner.read("/v1/health").await.to_string();
    assert!(checks.contains("github/royal/operations/"), "{checks}");
}
