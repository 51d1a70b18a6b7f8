//! From a supplier's product to a draft in the shop, a sale, an order at the supplier, its parcel in the shop and the true cost of the sale.

use crate::changes::{ended, with_status};
use crate::support::{Client, sandbox, server, until};
use serde_json::{Value, json};

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

async fn connected(owner: &Client) -> String {
    let watch = json!({ "searches": ["camping lantern", "mug"], "most_products": 12 });
    let wanted = json!({ "platform": "cjdropshipping", "sandbox": true, "watch": watch });
    let account = with_status(owner.post("/v1/supplier-accounts", &wanted).await, 201).await;
    let id = text(&account["id"]);
    until(|| async {
        let account = owner.read(&format!("/v1/supplier-accounts/{id}")).await;
        (account["last_sync"]["status"] == "succeeded").then_some(())
    })
    .await;
    id
}

/// Approved and applied.
async fn approved(owner: &Client, id: &str) -> Value {
    let set = owner.read(&format!("/v1/change-sets/{id}")).await;
    let yes = json!({ "digest": set["digest"] });
    let path = format!("/v1/change-sets/{id}/approve");
    with_status(owner.post(&path, &yes).await, 200).await;
    let set = ended(owner, id).await;
    assert_eq!(set["status"], "applied", "{set}");
    set
}

async fn sandbox_post(base: &str, path: &str, body: &Value) -> Value {
    let client = reqwest::Client::new();
    let answer = client.post(format!("{base}{path}")).json(body).send().await;
    let answer = answer.unwrap();
    let status = answer.status();
    let text = answer.text().await.unwrap();
    assert!(status.is_success(), "{path}: {text}");
    serde_json::from_str(&text).unwrap()
}

/// An opportunity of which a draft can be made: every variant has a single price, and what sending it costs is known.
async fn drafted(owner: &Client) -> (String, String) {
    let found = owner.read("/v1/opportunities?limit=100").await;
    for one in found["opportunities"].as_array().unwrap() {
        let id = text(&one["id"]);
        let path = format!("/v1/opportunities/{id}/approve");
        let yes = json!({ "version": one["version"], "price": "249.00" });
        let answer = owner.post(&path, &yes).await;
        if answer.status() != 200 {
            continue;
        }
        let approval = with_status(answer, 200).await;
        let set = approved(owner, &text(&approval["decision"]["change_set_id"])).await;
        return (id, text(&set["id"]));
    }
    panic!("no draft can be made of anything: {found}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_product_of_a_supplier_is_drafted_sold_ordered_sent_and_its_cost_known() {
    let sandbox = sandbox(120).await;
    let base = sandbox.base_url.clone();
    let server = server(&[("SANDBOX_URL", base.as_str())]).await;
    let owner = server.owner().await;
    let connection = owner.connect_sandbox().await;
    let account = connected(&owner).await;
    drafted(&owner).await;

    // What was drafted is mapped by itself.
    let mapping = until(|| async {
        let list = owner.read("/v1/supplier-mappings").await;
        list["mappings"].as_array().unwrap().first().cloned()
    })
    .await;
    assert_eq!(
        (&mapping["origin"], &mapping["is_offered"]),
        (&json!("draft"), &json!(true)),
        "{mapping}"
    );

    // A sale of it.
    let variant = text(&mapping["variant_id"]);
    let sale = json!({ "kind": "order_create", "variant": format!("gid://shopify/ProductVariant/{variant}"), "units": 2 });
    let sale = sandbox_post(&base, "/__events", &sale).await;
    let order = text(&sale["id"]).rsplit('/').next().unwrap().to_owned();
    let path = format!("/v1/orders/{order}");
    let sync = json!({ "connection_id": connection });
    let started = owner.post("/v1/syncs", &sync).await;
    assert!(
        started.status().is_success(),
        "{}",
        started.text().await.unwrap()
    );
    until(|| async {
        let answer = owner.get(&path).await;
        (answer.status() == 200).then_some(())
    })
    .await;

    let offers = owner
        .read(&format!("/v1/supplier-offers?order_id={order}"))
        .await;
    let route = &offers["lines"][0]["routes"][0];
    assert_eq!(route["supplier"], "CJdropshipping", "{offers}");
    assert!(
        route["score"].as_f64().unwrap() > 0.99,
        "the only way is the best: {route}"
    );
    let proposed = owner
        .post("/v1/supplier-orders", &json!({ "order_id": order }))
        .await;
    let proposed = with_status(proposed, 201).await;
    let set = text(&proposed["change_set_id"]);
    assert_eq!(
        sandbox.cj()["orders"],
        json!([]),
        "nothing leaves before it is approved"
    );
    approved(&owner, &set).await;
    let told = sandbox.cj();
    assert_eq!(told["payments"].as_array().unwrap().len(), 1, "{told}");
    assert_eq!(told["orders"][0]["state"], "UNSHIPPED");

    // Its cost stands at the sale.
    let placed = until(|| async {
        let list = owner
            .read(&format!("/v1/supplier-orders?order_id={order}"))
            .await;
        let first = list["supplier_orders"][0].clone();
        (first["booked"] == true).then_some(first)
    })
    .await;
    assert_eq!(placed["state"], "paid", "{placed}");
    let total: f64 = placed["total"]["amount"].as_str().unwrap().parse().unwrap();
    let cents = told["payments"][0]["cents"].as_f64().unwrap();
    assert!((total * 100.0 - cents).abs() < 0.5, "{placed} {told}");
    until(|| async {
        let answer = owner.read(&path).await;
        let totals = &answer["ledger_totals"];
        let of = |name: &str| totals[name].as_str().and_then(|t| t.parse::<f64>().ok());
        let costs = of("cost_of_goods")?.abs() + of("shipping_cost")?.abs();
        ((costs * 100.0 - cents).abs() < 0.5).then_some(())
    })
    .await;

    // A message that nobody signed says nothing; one of the supplier has the order looked at.
    let hook = format!("/v1/webhooks/cjdropshipping/{account}");
    let anybody = server.anybody();
    let unsigned = anybody
        .post(&hook, &json!({ "messageId": "1", "type": "ORDER" }))
        .await;
    assert_eq!(unsigned.status(), 401);
    let number = text(&placed["our_ref"]);
    let address = format!("{}{hook}", owner.base());
    sandbox_post(&base, "/__cj", &json!({ "webhook": address })).await;
    sandbox_post(&base, "/__cj", &json!({ "ship": number })).await;
    let sent = until(|| async {
        let list = owner
            .read(&format!("/v1/supplier-orders?order_id={order}"))
            .await;
        let first = list["supplier_orders"][0].clone();
        let is_told = first["parcels"][0]["told"] == true;
        is_told.then_some(first)
    })
    .await;
    assert_eq!(sent["state"], "shipped", "{sent}");
    until(|| async {
        let answer = owner.read(&path).await;
        (answer["order"]["fulfillment_status"] == "fulfilled").then_some(())
    })
    .await;
    let writes = sandbox.writes();
    let made = writes["writes"].as_array().unwrap().iter();
    let shipped = made.filter(|w| w["kind"] == "fulfillmentCreate").count();
    assert_eq!(shipped, 1, "told once: {writes}");

    // It is not had again.
    let again = owner
        .post("/v1/supplier-orders", &json!({ "order_id": order }))
        .await;
    let refused = with_status(again, 422).await;
    assert!(refused.to_string().contains("already"), "{refused}");
    assert_eq!(sandbox.cj()["payments"].as_array().unwrap().len(), 1);
    let audit = owner.read("/v1/audit?action=supplier_order.open").await;
    assert_eq!(audit["entries"].as_array().unwrap().len(), 1, "{audit}");
}
