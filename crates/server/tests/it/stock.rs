//! The agent over stock, over HTTP and a sandbox shop: from a night to an order that the inventory knows of, and back.

use crate::agents::{World, with_status};
use crate::changes::ended;
use crate::support::{Client, until};
use domain::people::Role;
use reqwest::Method;
use serde_json::{Value, json};

const STOCK: &str = "/v1/agents/inventory_forecasting";

async fn put(client: &Client, path: &str, body: &Value) -> Value {
    let request = client.request(Method::PUT, path).json(body);
    with_status(request.send().await.unwrap(), 200).await
}

/// Forecasts that were made by somebody, whoever was first.
async fn forecast(owner: &Client) {
    let path = "/v1/forecasts/refresh";
    let id = until(|| async {
        let answer = owner.post(path, &json!({})).await.json::<Value>().await;
        let answer = answer.unwrap_or_default();
        let id = answer["id"].as_str().or(answer["run_id"].as_str());
        id.map(str::to_owned)
    })
    .await;
    until(|| async {
        let run = owner.read(&format!("/v1/forecasts/runs/{id}")).await;
        let status = run["status"].as_str().unwrap();
        assert_ne!(status, "failed", "{run}");
        (status == "succeeded").then_some(())
    })
    .await;
}

/// A variant whose cost is known, as the inventory shows it: the one that sells most of what is there, since how much that is depends on
/// the day of the shop.
async fn seller(owner: &Client) -> Value {
    let list = owner.read("/v1/inventory?sort=-units&limit=250").await;
    let items = list["items"].as_array().unwrap().iter();
    let sold = |item: &Value| item["demand"]["sold_28"].as_i64().unwrap_or(0);
    let there = |item: &Value| item["position"].as_i64().unwrap_or(0);
    let known = items.filter(|item| {
        sold(item) > 0 && there(item) > 0 && item["reorder"]["unit_cost"].is_string()
    });
    let quickest = known.max_by_key(|item| sold(item) * 10_000 / there(item));
    quickest.unwrap().clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_runs_out_is_proposed_approved_on_order_and_taken_back() {
    let world = World::new().await;
    let owner = &world.owner;
    forecast(owner).await;
    let item = seller(owner).await;
    let id = item["variant_id"].as_str().unwrap();
    let acme = json!({ "name": "Acme", "currency": "USD" });
    let acme = with_status(owner.post("/v1/suppliers", &acme).await, 201).await;

    // Goods that take so long that all of it is too little; any order needs an admin.
    let mut settings = owner.read("/v1/inventory-settings").await;
    for told in ["store_id", "currency", "updated_at", "updated_by"] {
        settings.as_object_mut().unwrap().remove(told);
    }
    settings["lead_time"] = json!({ "mean_days": 300.0, "sd_days": 30.0 });
    settings["approval_limit"] = json!("1.00");
    settings["admin_limit"] = json!("2.00");
    settings["variants"] = json!([{
        "variant_id": id, "lead_time": null, "pack": 5, "minimum": null, "supplier_id": acme["id"],
    }]);
    put(owner, "/v1/inventory-settings", &settings).await;
    let autonomy = json!({ "version": 0, "autonomy": "propose" });
    put(owner, STOCK, &autonomy).await;

    let run = world.ran(STOCK).await;
    let planned = owner.read(&format!("/v1/inventory/{id}")).await;
    assert_eq!(run["status"], "waiting_approval", "{run}\n{planned}");
    assert_eq!(run["change_sets"].as_array().unwrap().len(), 1, "{run}");
    let set_id = run["change_sets"][0].as_str().unwrap();
    let path = format!("/v1/change-sets/{set_id}");
    let set = owner.read(&path).await;
    let operation = &set["operations"][0];
    assert_eq!(
        (&operation["kind"], &set["reversibility"]),
        (&json!("purchase_order"), &json!("compensating"))
    );
    let details = operation["details"].as_array().unwrap();
    assert_eq!(details[0], json!({ "label": "Supplier", "value": "Acme" }));
    assert!(set["evidence"].as_array().unwrap().len() >= 2, "{set}");
    let quantity = owner.read(&format!("/v1/inventory/{id}")).await["reorder"]["quantity"].clone();
    assert_eq!(quantity.as_i64().unwrap() % 5, 0, "in packs");

    // The limits of orders hold for whoever approves the change.
    let approval = json!({ "digest": set["digest"] });
    let operator = world.server.script(Role::Operator).await;
    let refused = operator.post(&format!("{path}/approve"), &approval).await;
    let refused = with_status(refused, 403).await;
    assert_eq!(refused["type"], "/problems/needs-admin", "{refused}");
    with_status(owner.post(&format!("{path}/approve"), &approval).await, 200).await;
    let set = ended(owner, set_id).await;
    assert_eq!(set["status"], "applied", "{set}");

    let orders = owner.read("/v1/purchase-orders").await;
    let order = &orders["purchase_orders"][0];
    assert_eq!(
        (&orders["total"], &order["status"]),
        (&json!(1), &json!("approved")),
        "{orders}"
    );
    let detail = owner.read(&format!("/v1/inventory/{id}")).await;
    assert_eq!(detail["on_order"], quantity);
    let outlook = owner.read("/v1/purchase-orders/outlook?days=365").await;
    let arriving = outlook["days"].as_array().unwrap().iter();
    let arriving: i64 = arriving
        .map(|d| d["arriving_units"].as_i64().unwrap())
        .sum();
    assert_eq!(json!(arriving), quantity, "{outlook}");
    let again = world.ran(STOCK).await;
    assert_eq!(again["change_sets"], json!([]), "{again}");

    let undo = owner.post(&format!("{path}/undo"), &json!({})).await;
    let undo = with_status(undo, 201).await;
    let undo_id = undo["id"].as_str().unwrap();
    let approval = json!({ "digest": undo["digest"] });
    let path = format!("/v1/change-sets/{undo_id}/approve");
    with_status(owner.post(&path, &approval).await, 200).await;
    let undo = ended(owner, undo_id).await;
    assert_eq!(undo["status"], "applied", "{undo}");
    let detail = owner.read(&format!("/v1/inventory/{id}")).await;
    assert_eq!(detail["on_order"], 0);
    let orders = owner.read("/v1/purchase-orders").await;
    assert_eq!(
        orders["purchase_orders"][0]["status"], "cancelled",
        "{orders}"
    );
}
