//! From a shrinking stock to the new cover, over HTTP and a sandbox shop.

use crate::support::{Client, sandbox, server, until};
use domain::people::Role;
use reqwest::Method;
use serde_json::{Value, json};

async fn answered(client: &Client, method: Method, path: &str, body: &Value) -> (u16, Value) {
    let response = client
        .request(method, path)
        .json(body)
        .send()
        .await
        .unwrap();
    let status = response.status().as_u16();
    (status, response.json().await.unwrap_or(Value::Null))
}

async fn done(client: &Client, method: Method, path: &str, body: &Value) -> Value {
    let (status, answer) = answered(client, method, path, body).await;
    assert!((200..300).contains(&status), "{path}: {status} {answer}");
    answer
}

/// Forecasts that were made by somebody, whoever was first.
async fn forecast(owner: &Client) -> Value {
    let id = until(|| async {
        let (status, answer) =
            answered(owner, Method::POST, "/v1/forecasts/refresh", &json!({})).await;
        let id = if status == 202 {
            &answer["id"]
        } else {
            &answer["run_id"]
        };
        id.as_str().map(str::to_owned)
    })
    .await;
    let path = format!("/v1/forecasts/runs/{id}");
    let run = until(|| async {
        let run = owner.read(&path).await;
        let open = ["queued", "running"].contains(&run["status"].as_str().unwrap());
        (!open).then_some(run)
    })
    .await;
    assert_eq!(run["status"], "succeeded", "{run}");
    assert_eq!(run["done"], run["total"], "{run}");
    run
}

/// The variant that sold most.
async fn best(owner: &Client) -> Value {
    let list = owner.read("/v1/inventory?sort=-units&limit=1").await;
    list["items"][0].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stock_that_shrinks_is_ordered_again() {
    let sandbox = sandbox(400).await;
    let server = server(&[("SANDBOX_URL", sandbox.base_url.as_str())]).await;
    let owner = server.owner().await;
    owner.connect_sandbox().await;
    forecast(&owner).await;

    let list = owner.read("/v1/inventory?limit=250").await;
    assert_eq!(list["forecast"]["state"], "fresh", "{}", list["forecast"]);
    let items = list["items"].as_array().unwrap();
    assert_eq!(list["total"], items.len());
    let counted: u64 = ["out", "critical", "high", "medium", "low", "unknown"]
        .iter()
        .map(|u| list["summary"][u].as_u64().unwrap())
        .sum();
    assert_eq!(counted, list["summary"]["variants"].as_u64().unwrap());
    assert_eq!(
        list["summary"]["reorder"], 0,
        "nobody said how long goods take"
    );
    assert!(
        list["stock_history"]["since"].is_string(),
        "the sync wrote it down"
    );

    let item = best(&owner).await;
    let id = item["variant_id"].as_str().unwrap();
    assert!(item["demand"]["per_day"].as_f64().unwrap() > 0.0, "{item}");
    assert!(item["unavailable"]["lead_time"].is_string(), "{item}");
    let detail = owner.read(&format!("/v1/inventory/{id}")).await;
    assert_eq!(detail["forecast"]["steps"].as_array().unwrap().len(), 28);
    assert_eq!(detail["cover"].as_array().unwrap().len(), 28, "{detail}");
    let told = owner.read(&format!("/v1/forecasts?variant={id}")).await;
    assert_eq!(told["steps"], detail["forecast"]["steps"]);
    let store = owner.read("/v1/forecasts").await;
    let sum = |day: usize| store["steps"][day]["mean"].as_f64().unwrap();
    let mut parts = [0.0; 28];
    for item in items {
        let id = item["variant_id"].as_str().unwrap();
        let told = owner.read(&format!("/v1/forecasts?variant={id}")).await;
        for (at, step) in told["steps"].as_array().unwrap().iter().enumerate() {
            parts[at] += step["mean"].as_f64().unwrap();
        }
    }
    for (at, part) in parts.iter().enumerate() {
        assert!(
            (sum(at) - part).abs() < 1e-6,
            "day {at}: {} {part}",
            sum(at)
        );
    }
    let accuracy = owner.read("/v1/forecasts/accuracy").await;
    assert_eq!(accuracy["total"], Value::Null);
    assert!(accuracy["unavailable"]["total"].is_string());

    // How long goods take: long enough that some has to be ordered.
    let mut settings = owner.read("/v1/inventory-settings").await;
    for told in ["store_id", "currency", "updated_at", "updated_by"] {
        settings.as_object_mut().unwrap().remove(told);
    }
    settings["lead_time"] = json!({ "mean_days": 300.0, "sd_days": 30.0 });
    let path = "/v1/inventory-settings";
    done(&owner, Method::PUT, path, &settings).await;
    let (status, _) = answered(&owner, Method::PUT, path, &settings).await;
    assert_eq!(status, 409, "of a version that is over");
    settings["version"] = json!(1);
    settings["service_level"] = json!(1.5);
    let (status, refused) = answered(&owner, Method::PUT, path, &settings).await;
    assert_eq!(
        (status, &refused["errors"][0]["field"]),
        (422, &json!("service_level"))
    );

    let item = best(&owner).await;
    assert_eq!(item["lead_time"]["source"], "store");
    let quantity = item["reorder"]["quantity"].as_i64().unwrap();
    order(&owner, &server, id, quantity.max(5)).await;
}

async fn order(owner: &Client, server: &crate::support::TestServer, id: &str, quantity: i64) {
    let supplier = json!({ "name": "Acme", "currency": "USD" });
    let supplier = done(owner, Method::POST, "/v1/suppliers", &supplier).await;
    let today = owner.read("/v1/inventory?limit=1").await["today"].clone();
    let lines = json!([{ "variant_id": id, "quantity": quantity, "unit_cost": "1.25" }]);
    let draft = json!({ "supplier_id": supplier["id"], "expected_on": today, "lines": lines });
    let orders = "/v1/purchase-orders";
    let made = done(owner, Method::POST, orders, &draft).await;
    assert_eq!(
        (&made["number"], &made["needs"]),
        (&json!("PO-0001"), &json!("nothing"))
    );
    let path = format!("{orders}/{}", made["id"].as_str().unwrap());
    let step = |what: &str| format!("{path}/{what}");
    let viewer = server.script(Role::Viewer).await;
    let (status, _) = answered(
        &viewer,
        Method::POST,
        &step("approve"),
        &json!({ "version": 1 }),
    )
    .await;
    assert_eq!(status, 403);
    let before = owner.read(&format!("/v1/inventory/{id}")).await;
    done(
        owner,
        Method::POST,
        &step("approve"),
        &json!({ "version": 1 }),
    )
    .await;
    let after = owner.read(&format!("/v1/inventory/{id}")).await;
    assert_eq!(after["on_order"], quantity);
    let left = |detail: &Value| detail["cover"][27]["expected"].as_f64().unwrap();
    assert!(
        left(&after) > left(&before),
        "{} {}",
        left(&before),
        left(&after)
    );
    let outlook = owner.read("/v1/purchase-orders/outlook").await;
    assert_eq!(outlook["days"][0]["arriving_units"], quantity, "{outlook}");

    let csv = owner.get(&step("file")).await.text().await.unwrap();
    assert!(csv.contains("PO-0001,Acme"), "{csv}");
    let pdf = owner
        .get(&step("file?format=pdf"))
        .await
        .bytes()
        .await
        .unwrap();
    assert!(pdf.starts_with(b"%PDF"));
    let by_mail = json!({ "version": 2, "by": "mail" });
    let (status, refused) = answered(owner, Method::POST, &step("send"), &by_mail).await;
    assert_eq!(
        (status, &refused["type"]),
        (409, &json!("/problems/no-mail")),
        "{refused}"
    );
    done(
        owner,
        Method::POST,
        &step("send"),
        &json!({ "version": 2, "by": "file" }),
    )
    .await;
    let part = json!({ "version": 3, "lines": [{ "line": 0, "quantity": quantity - 2, "note": "2 missing" }] });
    let part = done(owner, Method::POST, &step("receive"), &part).await;
    assert_eq!(part["status"], "received_partly");
    let closed = done(
        owner,
        Method::POST,
        &step("close"),
        &json!({ "version": 4 }),
    )
    .await;
    assert_eq!(closed["lines"][0]["difference"], -2);
    let ended = owner.read(&format!("/v1/inventory/{id}")).await;
    assert_eq!(ended["on_order"], 0);
}
