//! What is bought together, and what if, over HTTP and a sandbox store.

use crate::support::{sandbox, server, until};
use domain::people::Role;
use serde_json::{Value, json};

const AGENT: &str = "/v1/agents/product_recommendation";

#[tokio::test(flavor = "multi_thread")]
async fn what_is_bought_together_is_found_by_a_run_and_exported() {
    let sandbox = sandbox(400).await;
    let server = server(&[("SANDBOX_URL", sandbox.base_url.as_str())]).await;
    let owner = server.owner().await;
    owner.connect_sandbox().await;
    let before = owner.read("/v1/recommendations").await;
    assert_eq!(
        (&before["found"], &before["pairs"]),
        (&Value::Null, &json!([]))
    );
    let viewer = server.script(Role::Viewer).await;
    let csv = async || {
        let answer = viewer.get("/v1/recommendations/export").await;
        answer.text().await.unwrap()
    };
    assert_eq!(csv().await.lines().count(), 1);
    let started = owner.post(&format!("{AGENT}/run"), &json!({})).await;
    assert!(started.status().is_success(), "{started:?}");
    let told = until(async || {
        let told = viewer.read("/v1/recommendations").await;
        told["found"].is_object().then_some(told)
    })
    .await;
    let found = &told["found"];
    assert!(found["orders"].as_u64().unwrap() > 0, "{found}");
    assert!(found["pair_tests"].as_u64().unwrap() > 0, "{found}");
    let pairs = told["pairs"].as_array().unwrap();
    assert_eq!(
        pairs.len() as u64,
        found["pairs"].as_u64().unwrap().min(200)
    );
    let text = csv().await;
    let rows = 1 + found["pairs"].as_u64().unwrap() + found["bundles"].as_u64().unwrap();
    assert_eq!(text.lines().count() as u64, rows);
    assert!(text.contains("kind,product_a,title_a"));
    let run = format!("/v1/runs/{}", found["run_id"].as_str().unwrap());
    assert_eq!(owner.read(&run).await["agent_id"], "product_recommendation");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_cost_would_mean_is_told_and_what_cannot_be_told_says_why() {
    let sandbox = sandbox(400).await;
    let server = server(&[("SANDBOX_URL", sandbox.base_url.as_str())]).await;
    let owner = server.owner().await;
    owner.connect_sandbox().await;
    let told = owner.read("/v1/what-if").await;
    let choices = told["choices"].as_array().unwrap();
    assert!(!choices.is_empty(), "{told}");
    assert_eq!(
        (&told["answer"], &told["change"]),
        (&Value::Null, &Value::Null)
    );
    let mut is_told = false;
    for choice in choices {
        let id = choice["variant_id"].as_str().unwrap();
        let told = owner.read(&format!("/v1/what-if?variant_id={id}")).await;
        let variant = &told["variant"];
        assert_eq!(variant["label"], choice["label"]);
        let Some(cost) = variant["unit_cost"]
            .as_str()
            .filter(|_| variant["why"].is_null())
        else {
            assert!(variant["why"].is_string(), "{variant}");
            continue;
        };
        // A unit that costs nothing leaves more by what it costs, of as many as are sold.
        let free = owner
            .read(&format!("/v1/what-if?variant_id={id}&unit_cost=0"))
            .await;
        let mean = |of: &Value| of["mean"].as_str().unwrap().parse::<f64>().unwrap();
        let answer = &free["answer"];
        let units = answer["units_now"].as_f64().unwrap();
        let more = cost.parse::<f64>().unwrap() * units;
        assert!(
            (mean(&answer["change"]) - more).abs() < 0.02,
            "{answer} {more}"
        );
        assert_eq!(free["change"], answer["change"]);
        is_told = true;
        break;
    }
    assert!(is_told, "nothing could be told of any: {choices:?}");
    let status = async |path: &str| owner.get(path).await.status().as_u16();
    assert_eq!(status("/v1/what-if?price=1").await, 400);
    assert_eq!(status("/v1/what-if?variant_id=x&price=1").await, 404);
    assert_eq!(status("/v1/what-if?spend_change=-10").await, 400);
    assert_eq!(status("/v1/what-if?variant_id=1&price=-1").await, 400);
    // What is not offered has no figures.
    let gone = owner.read("/v1/what-if?variant_id=1&price=5").await;
    assert_eq!(gone["variant"], Value::Null);
    assert!(gone["answer"]["why"].is_string());
    let viewer = server.script(Role::Viewer).await;
    assert_eq!(viewer.get("/v1/what-if").await.status(), 200);
}
