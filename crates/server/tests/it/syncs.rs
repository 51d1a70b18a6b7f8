//! From a store to facts: connect, watch, ask again.

use crate::support::{sandbox, server};
use domain::people::Role;
use reqwest::Method;
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread")]
async fn a_store_is_connected_read_and_taken_away() {
    let sandbox = sandbox(60).await;
    let server = server(&[("SANDBOX_URL", &sandbox.base_url)]).await;
    let owner = server.owner().await;
    assert_eq!(owner.read("/v1/setup").await["sandbox_available"], true);
    let id = owner.connect_sandbox().await;

    let connection = owner.read(&format!("/v1/connections/{id}")).await;
    assert_eq!(
        (&connection["state"], &connection["is_sandbox"]),
        (&json!("sandbox"), &json!(true))
    );
    assert_eq!(
        (&connection["currency"], &connection["timezone"]),
        (&json!("USD"), &json!("America/New_York"))
    );
    assert_eq!(connection["webhooks"]["state"], "ok");
    assert_eq!(connection["breaker"]["read"]["state"], "closed");
    assert!(
        !connection.to_string().contains("shpat_"),
        "credentials are never shown"
    );
    let orders = connection["facts"]
        .as_array()
        .unwrap()
        .iter()
        .find(|f| f["kind"] == "orders")
        .unwrap();
    assert!(orders["count"].as_u64().unwrap() > 40, "{orders}");

    let twice = owner
        .post(
            "/v1/connections",
            &json!({ "provider": "shopify", "kind": "sandbox" }),
        )
        .await;
    assert_eq!(twice.status(), 409);
    let checked = owner
        .post(&format!("/v1/connections/{id}/check"), &json!({}))
        .await;
    assert_eq!(checked.status(), 200);

    let syncs = owner.read(&format!("/v1/syncs?connection_id={id}")).await;
    let run = &syncs["syncs"][0];
    assert_eq!(
        (&run["kind"], &run["progress"], &run["error"]),
        (&json!("backfill"), &json!(1.0), &Value::Null)
    );
    let keys: Vec<_> = run["steps"]
        .as_array()
        .unwrap()
        .iter()
        .map(|s| s["key"].as_str().unwrap())
        .collect();
    assert_eq!(
        keys,
        [
            "shop",
            "locations",
            "products",
            "orders",
            "inventory",
            "customers",
            "payouts"
        ]
    );
    let ended = run["id"].as_str().unwrap();
    assert_eq!(
        owner
            .post(&format!("/v1/syncs/{ended}/cancel"), &json!({}))
            .await
            .status(),
        409
    );
    assert_eq!(
        owner
            .post(&format!("/v1/syncs/{ended}/resume"), &json!({}))
            .await
            .status(),
        409
    );

    assert_eq!(
        owner
            .request(Method::DELETE, &format!("/v1/connections/{id}?purge=true"))
            .send()
            .await
            .unwrap()
            .status(),
        204
    );
    assert_eq!(
        owner.get(&format!("/v1/connections/{id}")).await.status(),
        404
    );
    assert_eq!(owner.read("/v1/stores").await["stores"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn one_sync_at_a_time_and_the_answer_names_it() {
    let sandbox = sandbox(60).await;
    let server = server(&[("SANDBOX_URL", &sandbox.base_url)]).await;
    let owner = server.owner().await;
    // The provider prepares its files for ever, so that the run stays under way.
    sandbox.fault("bulk_stall", 1.0).unwrap();
    let body = json!({ "provider": "shopify", "kind": "sandbox", "start_sync": true });
    let connection: Value = owner
        .post("/v1/connections", &body)
        .await
        .json()
        .await
        .unwrap();
    let running = connection["current_sync_id"].as_str().unwrap();

    let second = owner
        .post("/v1/syncs", &json!({ "connection_id": connection["id"] }))
        .await;
    assert_eq!(second.status(), 409);
    assert_eq!(second.json::<Value>().await.unwrap()["sync_id"], running);

    let cancelled = owner
        .post(&format!("/v1/syncs/{running}/cancel"), &json!({}))
        .await;
    assert_eq!(cancelled.status(), 202);
    let path = format!("/v1/syncs/{running}");
    crate::support::until(|| async {
        (owner.read(&path).await["status"] == "cancelled").then_some(())
    })
    .await;
    sandbox.fault("bulk_stall", 0.0).unwrap();
    let resumed = owner
        .post(&format!("/v1/syncs/{running}/resume"), &json!({}))
        .await;
    assert_eq!(resumed.status(), 202);
    let ended = crate::support::until(|| async {
        let run = owner.read(&path).await;
        (run["status"] == "succeeded").then_some(run)
    });
    assert!(ended.await["resumed_times"].as_i64().unwrap() >= 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shop_in_the_environment_is_connected_and_read_by_itself() {
    let sandbox = sandbox(40).await;
    let settings = [
        ("SHOPIFY_SHOP", "sandbox"),
        ("SHOPIFY_ACCESS_TOKEN", "shpat_sandbox"),
        ("SHOPIFY_API_SECRET", "sandbox"),
        ("SHOPIFY_BASE_URL", sandbox.base_url.as_str()),
    ];
    let server = server(&settings).await;
    let owner = server.owner().await;
    let orders = crate::support::until(|| async {
        let stores = owner.read("/v1/stores").await;
        let store = &stores["stores"][0];
        (store["orders"].as_i64()? > 30 && store["sync"].is_null())
            .then(|| store["orders"].as_i64().unwrap())
    });
    assert!(orders.await > 30);
    let viewer = server.script(Role::Viewer).await;
    assert_eq!(viewer.get("/v1/reports/profit").await.status(), 200);
}
