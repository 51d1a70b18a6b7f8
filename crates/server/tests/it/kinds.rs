//! Kinds of changes that make or call off whole things: cancellations, discounts, drafts; over HTTP and against the sandbox.

use crate::changes::{World, edit, ended, states, variants, with_status};
use crate::support::Client;
use serde_json::{Value, json};

/// What the sandbox did, by the names of its mutations.
pub(crate) async fn kinds(world: &World) -> Vec<String> {
    let made = Client::new(&world.sandbox.base_url).read("/__writes").await;
    let made = made["writes"].as_array().unwrap().iter();
    made.map(|w| w["kind"].as_str().unwrap().to_owned())
        .collect()
}

/// Orders of which nothing was sent.
async fn open_orders(owner: &Client) -> Vec<Value> {
    let orders = owner
        .read("/v1/orders?limit=100&fulfillment_status=unfulfilled")
        .await;
    let all = orders["orders"].as_array().unwrap().iter();
    let open =
        all.filter(|o| o["fulfillment_status"] == "unfulfilled" && o["cancelled_at"].is_null());
    open.cloned().collect()
}

async fn sent_order(owner: &Client) -> Value {
    let orders = owner.read("/v1/orders?limit=100").await;
    let mut all = orders["orders"].as_array().unwrap().iter();
    all.find(|o| o["fulfillment_status"] == "fulfilled")
        .unwrap()
        .clone()
}

fn cancel(order: &Value) -> Value {
    json!({ "kind": "cancel_order", "order_id": order["id"], "reason": "customer", "note": "by mail" })
}

pub(crate) fn detail<'a>(set: &'a Value, label: &str) -> &'a str {
    let rows = set["operations"][0]["details"].as_array().unwrap().iter();
    let found = rows.into_iter().find(|row| row["label"] == label);
    found
        .and_then(|row| row["value"].as_str())
        .unwrap_or_default()
}

/// Refused when it is proposed, with its place.
pub(crate) async fn refused(world: &World, edit: Value, status: u16, field: &str, says: &str) {
    let body = json!({ "edits": [edit] });
    let problem = with_status(world.owner.post("/v1/change-sets", &body).await, status).await;
    assert_eq!(
        problem["errors"][0]["field"],
        format!("edits[0].{field}"),
        "{problem}"
    );
    let message = problem["errors"][0]["message"].as_str().unwrap();
    assert!(message.contains(says), "{message}");
}

pub(crate) async fn settle(world: &World, set: &Value, body: Value) -> Value {
    with_status(world.decide(set, "settle", body).await, 200).await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_is_cancelled_after_a_look_and_nothing_takes_it_back() {
    let world = World::with(400).await;
    let owner = &world.owner;
    let open = open_orders(owner).await;
    let order = &open[0];
    let set = world.propose(vec![cancel(order)]).await;
    assert_eq!(set["reversibility"], "irreversible");
    assert_eq!(set["risk"]["band"], "high");
    assert_eq!(detail(&set, "Payment"), "given back the way it came");
    assert_eq!(detail(&set, "Stock"), "can be sold again");
    assert_eq!(detail(&set, "Customer"), "not told");
    assert_eq!(set["evidence"][0]["rows"][1]["label"], "Total");
    world.approve(&set).await;
    let set = ended(owner, set["id"].as_str().unwrap()).await;
    assert_eq!(set["status"], "applied", "{set}");
    assert_eq!(set["may_undo"], false);
    let undo = world
        .decide(&set, "undo", json!({ "reason": "sorry" }))
        .await;
    with_status(undo, 409).await;
    let path = format!("/v1/orders/{}", order["id"].as_str().unwrap());
    let read = owner.read(&path).await;
    assert!(read["order"]["cancelled_at"].is_string(), "{read}");
    assert_eq!(kinds(&world).await, ["orderCancel"]);

    refused(&world, cancel(order), 422, "order_id", "cancelled already").await;
    let sent = sent_order(owner).await;
    refused(&world, cancel(&sent), 422, "order_id", "was sent").await;
    let mut strange = cancel(order);
    strange["order_id"] = json!("1");
    refused(&world, strange, 422, "order_id", "not known").await;
    let mut long = cancel(&open[1]);
    long["note"] = json!("x".repeat(256));
    refused(&world, long, 422, "note", "255").await;
    let bad = json!({ "edits": [{ "kind": "cancel_order", "order_id": order["id"], "reason": "boredom" }] });
    with_status(owner.post("/v1/change-sets", &bad).await, 400).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancellation_whose_answer_is_lost_is_never_sent_twice() {
    let world = World::with(400).await;
    let open = open_orders(&world.owner).await;
    world.faults(json!({ "write_lost": 1, "limit": 1 })).await;
    let set = world.applied(vec![cancel(&open[0])]).await;
    assert_eq!(set["status"], "applied", "{set}");
    world
        .faults(json!({ "reset": true, "write_unsent": 1, "limit": 1 }))
        .await;
    let set = world.applied(vec![cancel(&open[1])]).await;
    assert_eq!(set["status"], "unknown", "{set}");
    assert_eq!(kinds(&world).await, ["orderCancel"]);
    // Whoever looks again finds that it never arrived.
    let set = settle(&world, &set, json!({})).await;
    assert_eq!(
        (&set["status"], states(&set)),
        (&json!("failed"), vec!["failed"])
    );
    world
        .faults(json!({ "reset": true, "write_refused": 1, "limit": 1 }))
        .await;
    let set = world.applied(vec![cancel(&open[1])]).await;
    assert_eq!(set["status"], "failed", "{set}");
    assert!(
        set["error"].as_str().unwrap().contains("told to refuse"),
        "{set}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_discount_is_given_within_the_limits_and_taken_back() {
    let world = World::new().await;
    let product = world.owner.read("/v1/products?limit=1").await["products"][0]["id"].clone();
    let discount = |percent: &str| json!({ "kind": "discount", "code": "spring-10", "percent": percent, "product_ids": [product], "ends_at": "2100-01-01T00:00:00Z" });
    let set = world.propose(vec![discount("12.5")]).await;
    assert_eq!(set["title"], "Discount SPRING-10");
    assert_eq!(set["operations"][0]["after"]["text"], "12.5 % off");
    assert_eq!(detail(&set, "How"), "with the code SPRING-10");
    assert_eq!(detail(&set, "On"), "one product");
    world.approve(&set).await;
    let set = ended(&world.owner, set["id"].as_str().unwrap()).await;
    assert_eq!(set["status"], "applied", "{set}");
    // The code is taken: by ours with the same terms nothing is left to do, with others it is another one.
    let again = world.applied(vec![discount("10")]).await;
    assert_eq!(
        (&again["status"], states(&again)),
        (&json!("failed"), vec!["drifted"])
    );
    let undo = world
        .decide(&set, "undo", json!({ "reason": "sold out" }))
        .await;
    let undo = with_status(undo, 201).await;
    world.approve(&undo).await;
    let undo = ended(&world.owner, undo["id"].as_str().unwrap()).await;
    assert_eq!(undo["status"], "applied", "{undo}");
    let everywhere = json!({ "kind": "discount", "title": "Clearance", "percent": "5" });
    let set = world.applied(vec![everywhere]).await;
    assert_eq!(set["status"], "applied", "{set}");
    let made = [
        "discountCodeBasicCreate",
        "discountCodeDelete",
        "discountAutomaticBasicCreate",
    ];
    assert_eq!(kinds(&world).await, made);

    refused(&world, discount("20.01"), 422, "percent", "at most 20 %").await;
    refused(&world, discount("12.345"), 400, "percent", "two decimals").await;
    refused(&world, discount("0"), 422, "percent", "above 0").await;
    let mut edit = discount("5");
    edit["product_ids"] = json!(["1"]);
    refused(&world, edit.clone(), 422, "product_ids", "not known").await;
    edit["collection_ids"] = json!(["1"]);
    refused(&world, edit, 400, "collection_ids", "together").await;
    let mut edit = discount("5");
    edit["ends_at"] = json!("2020-01-01T00:00:00Z");
    refused(&world, edit, 422, "ends_at", "after").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_is_made_seen_among_the_products_and_removed() {
    let world = World::new().await;
    let owner = &world.owner;
    let draft = json!({
        "kind": "product_draft", "title": "Blue Mug", "description_html": "<p>Holds tea.</p>",
        "options": [{ "name": "Size", "values": ["S", "L"] }],
        "variants": [
            { "values": ["S"], "price": "19.00", "unit_cost": "7.00", "sku": "BM-S" },
            { "values": ["L"], "price": "22.00" },
        ],
        "images": [{ "url": "https://example.com/mug.jpg", "alt": "A blue mug" }],
    });
    let set = world.propose(vec![draft.clone()]).await;
    assert_eq!(set["operations"][0]["entity"], "handle:blue-mug");
    assert!(detail(&set, "Variant").starts_with("S: 19.00"), "{set}");
    world.approve(&set).await;
    let set = ended(owner, set["id"].as_str().unwrap()).await;
    assert_eq!(set["status"], "applied", "{set}");
    let found = owner.read("/v1/products?q=Blue%20Mug").await;
    assert_eq!(found["products"][0]["title"], "Blue Mug", "{found}");
    assert_eq!(found["products"][0]["status"], "draft");
    refused(&world, draft.clone(), 422, "handle", "another product").await;
    let undo = world
        .decide(&set, "undo", json!({ "reason": "not now" }))
        .await;
    let undo = with_status(undo, 201).await;
    world.approve(&undo).await;
    let undo = ended(owner, undo["id"].as_str().unwrap()).await;
    assert_eq!(undo["status"], "applied", "{undo}");
    assert_eq!(kinds(&world).await, ["productSet", "productDelete"]);

    let mut odd = draft.clone();
    (odd["handle"], odd["variants"][0]["values"]) = (json!("odd"), json!(["XL"]));
    refused(&world, odd, 422, "variants", "one value of each").await;
    let mut odd = draft;
    (odd["handle"], odd["images"][0]["url"]) = (json!("odd"), json!("http://x"));
    refused(&world, odd, 422, "images", "https").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_somebody_else_changed_after_a_lost_answer_waits_for_a_person() {
    let world = World::new().await;
    let variants = variants(&world.owner, 2).await;
    world
        .faults(json!({ "write_overtaken": 1, "limit": 1 }))
        .await;
    let set = world.applied(vec![edit(&variants[0], 105)]).await;
    assert_eq!(set["status"], "unknown", "{set}");
    let error = set["operations"][0]["error"].as_str().unwrap();
    assert!(error.contains("the answer was lost"), "{error}");
    // The shop shows a third price: looking again tells nothing.
    let still = settle(&world, &set, json!({})).await;
    assert_eq!(
        (&still["status"], states(&still)),
        (&json!("unknown"), vec!["unknown"])
    );
    let told = json!({ "outcomes": [{ "no": 1, "in_effect": true }] });
    let unsaid = world.decide(&set, "settle", told.clone()).await;
    assert_eq!(with_status(unsaid, 422).await["errors"][0]["field"], "note");
    let mut told = told;
    told["note"] = json!("the history of the shop shows both");
    let settled = settle(&world, &set, told.clone()).await;
    assert_eq!(settled["status"], "applied", "{settled}");
    assert_eq!(
        with_status(world.decide(&set, "settle", told).await, 409).await["status"],
        409
    );

    // What was overtaken and set to the planned price by somebody is settled by looking.
    world
        .faults(json!({ "reset": true, "write_overtaken": 1, "limit": 1 }))
        .await;
    let set = world.applied(vec![edit(&variants[1], 105)]).await;
    assert_eq!(set["status"], "unknown", "{set}");
    let (id, price) = &variants[1];
    let shop = Client::new(&world.sandbox.base_url);
    set_price(&shop, id, price * 105 / 100).await;
    let settled = settle(&world, &set, json!({})).await;
    assert_eq!(
        (&settled["status"], states(&settled)),
        (&json!("applied"), vec!["applied"])
    );
}

/// As the shop's own staff does it.
async fn set_price(shop: &Client, variant: &str, minor: i64) {
    let gid = format!("gid://shopify/ProductVariant/{variant}");
    let ask = async |query: &str, variables: Value| {
        let body = json!({ "query": query, "variables": variables });
        let url = "/admin/api/2026-10/graphql.json";
        let request = shop.keyless(reqwest::Method::POST, url);
        let request = request.header("x-shopify-access-token", "shpat_sandbox");
        with_status(request.json(&body).send().await.unwrap(), 200).await
    };
    let query = "query($id: ID!) { productVariant(id: $id) { product { id } } }";
    let found = ask(query, json!({ "id": gid })).await;
    let product = &found["data"]["productVariant"]["product"]["id"];
    let query = "mutation($p: ID!, $v: [ProductVariantsBulkInput!]!) { productVariantsBulkUpdate(productId: $p, variants: $v) { userErrors { message } } }";
    let price = crate::changes::amount(minor);
    let made = ask(
        query,
        json!({ "p": product, "v": [{ "id": gid, "price": price }] }),
    )
    .await;
    let errors = &made["data"]["productVariantsBulkUpdate"]["userErrors"];
    assert_eq!(errors, &json!([]), "{made}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_notice_of_what_waits_ends_when_somebody_decided() {
    let world = World::new().await;
    let variant = variants(&world.owner, 1).await.remove(0);
    let set = world.propose(vec![edit(&variant, 105)]).await;
    let notice = async |is_over: fn(&Value) -> bool| {
        crate::support::until(|| async {
            let list = world.owner.read("/v1/notifications").await;
            let mut all = list["notifications"].as_array()?.iter();
            let found = all.find(|n| n["kind"] == "proposal_waiting")?.clone();
            is_over(&found["settled_at"]).then_some(found)
        })
        .await
    };
    let told = notice(Value::is_null).await;
    assert_eq!(told["is_read"], false, "{told}");
    with_status(world.decide(&set, "reject", json!({})).await, 200).await;
    let over = notice(Value::is_string).await;
    assert_eq!((&over["id"], &over["is_read"]), (&told["id"], &json!(true)));
    let unread = world.owner.read("/v1/notifications?unread=true").await;
    assert_eq!(unread["notifications"], json!([]));
}
