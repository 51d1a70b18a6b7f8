//! Changes of the store by clients, with what is told about them.

use serde_json::{Value, json};

use crate::client::{Shop, small};

const PRICES: &str = "mutation($p: ID!, $v: [ProductVariantsBulkInput!]!, $partly: Boolean) { productVariantsBulkUpdate(productId: $p, variants: $v, allowPartialUpdates: $partly) { product { id updatedAt } productVariants { id price compareAtPrice } userErrors { field message code } } }";
const STOCK: &str = "mutation($i: InventorySetQuantitiesInput!, $k: String!) { inventorySetQuantities(input: $i) @idempotent(key: $k) { inventoryAdjustmentGroup { id reason } userErrors { field message code } } }";
const HOLD: &str = "mutation($id: ID!, $hold: FulfillmentOrderHoldInput!) { fulfillmentOrderHold(id: $id, fulfillmentHold: $hold) { fulfillmentHold { id handle displayReason } fulfillmentOrder { status order { displayFulfillmentStatus } } userErrors { field code } } }";

async fn product(shop: &Shop) -> Value {
    let mut data = shop
        .data("{ products(first: 1) { nodes { id updatedAt tags variants(first: 5) { nodes { id price inventoryItem { id inventoryLevel(locationId: \"gid://shopify/Location/86000000000\") { quantities(names: [\"available\"]) { quantity } } } } } } } }")
        .await;
    data["products"]["nodes"][0].take()
}

async fn writes(shop: &Shop) -> Vec<Value> {
    shop.get("/__writes").await["writes"]
        .as_array()
        .unwrap()
        .clone()
}

#[tokio::test]
async fn prices_are_set_whole_or_in_part_with_the_place_of_each_problem() {
    let shop = Shop::open(small()).await;
    let product = product(&shop).await;
    let variant = product["variants"]["nodes"][0]["id"].clone();
    let rows = json!([{"id": variant, "price": "12.5", "compareAtPrice": "15"}, {"id": "gid://shopify/ProductVariant/1", "price": "1"}, {"id": variant, "price": "-1"}]);
    let ask = async |partly: bool| {
        let variables = json!({"p": product["id"], "v": rows, "partly": partly});
        shop.ask(PRICES, variables).await["data"]["productVariantsBulkUpdate"].take()
    };
    let refused = ask(false).await;
    let expected = json!([
        {"field": ["variants", "1", "id"], "message": "Product variant does not exist", "code": "PRODUCT_VARIANT_DOES_NOT_EXIST"},
        {"field": ["variants", "2", "price"], "message": "Price must be greater than or equal to 0", "code": "GREATER_THAN_OR_EQUAL_TO"},
    ]);
    assert_eq!(refused["userErrors"], expected);
    assert_eq!(writes(&shop).await.len(), 0);
    let partly = ask(true).await;
    assert_eq!(partly["userErrors"], expected);
    assert_eq!(
        partly["productVariants"],
        json!([{"id": variant, "price": "12.50", "compareAtPrice": "15.00"}])
    );
    assert!(partly["product"]["updatedAt"].as_str() > product["updatedAt"].as_str());
    let made = writes(&shop).await;
    assert_eq!(made.len(), 2);
    assert_eq!(
        (&made[0]["target"], &made[0]["before"], &made[0]["after"]),
        (
            &variant,
            &product["variants"]["nodes"][0]["price"],
            &json!("12.50")
        )
    );
    let strange = json!({"p": "gid://shopify/Product/1", "v": rows});
    let unknown = shop.ask(PRICES, strange).await;
    assert_eq!(
        unknown["data"]["productVariantsBulkUpdate"]["userErrors"][0]["code"],
        "PRODUCT_DOES_NOT_EXIST"
    );
}

#[tokio::test]
async fn stock_needs_a_key_and_what_it_changes_from() {
    let shop = Shop::open(small()).await;
    let product = product(&shop).await;
    let item = &product["variants"]["nodes"][0]["inventoryItem"];
    let there = item["inventoryLevel"]["quantities"][0]["quantity"]
        .as_i64()
        .unwrap();
    let input = |from: Value, to: i64| {
        let mut row = json!({"inventoryItemId": item["id"], "locationId": "gid://shopify/Location/86000000000", "quantity": to});
        if from != json!("left out") {
            row["changeFromQuantity"] = from;
        }
        json!({"name": "available", "reason": "correction", "quantities": [row]})
    };
    let without = STOCK
        .replace(" @idempotent(key: $k)", "")
        .replace(", $k: String!", "");
    let answer = shop
        .ask(&without, json!({"i": input(json!(there), 5)}))
        .await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_REQUEST");
    assert_eq!(answer["data"], json!({"inventorySetQuantities": null}));
    let ask = async |key: &str, input: Value| shop.ask(STOCK, json!({"i": input, "k": key})).await;
    let answer = ask("a", input(json!("left out"), 5)).await;
    assert_eq!(
        answer["errors"][0]["extensions"]["code"],
        "INVALID_FIELD_ARGUMENTS"
    );
    let code =
        |answer: &Value| answer["data"]["inventorySetQuantities"]["userErrors"][0]["code"].clone();
    let stale = ask("b", input(json!(there + 1), 5)).await;
    assert_eq!(code(&stale), "CHANGE_FROM_QUANTITY_STALE");
    assert_eq!(
        stale["data"]["inventorySetQuantities"]["userErrors"][0]["field"],
        json!(["input", "quantities", "0", "changeFromQuantity"])
    );
    let first = ask("c", input(json!(there), there + 5)).await;
    assert_eq!(code(&first), Value::Null);
    // Somebody else changes it; the repeat is answered as before and changes nothing.
    ask("d", input(Value::Null, there + 9)).await;
    let again = ask("c", input(json!(there), there + 5)).await;
    assert_eq!(again["data"], first["data"]);
    let other = ask("c", input(json!(there), there + 6)).await;
    assert_eq!(code(&other), "IDEMPOTENCY_KEY_PARAMETER_MISMATCH");
    let made = writes(&shop).await;
    let seen: Vec<_> = made
        .iter()
        .map(|w| (w["key"].clone(), w["before"].as_i64(), w["after"].as_i64()))
        .collect();
    let expected = [
        (json!("c"), Some(there), Some(there + 5)),
        (json!("d"), Some(there + 5), Some(there + 9)),
    ];
    assert_eq!(seen, expected);
    let replays = shop.get("/__writes").await["replays"].clone();
    assert_eq!(
        replays,
        json!([{"kind": "inventorySetQuantities", "key": "c"}])
    );
}

#[tokio::test]
async fn tags_are_trimmed_and_compared_without_case() {
    let shop = Shop::open(small()).await;
    let product = product(&shop).await;
    let change = |name: &str| {
        format!(
            "mutation($id: ID!, $tags: [String!]!) {{ {name}(id: $id, tags: $tags) {{ node {{ ... on Order {{ tags updatedAt }} ... on Product {{ tags }} }} userErrors {{ message }} }} }}"
        )
    };
    let order = shop
        .data("{ orders(first: 1, query: \"tag_not:vip tag_not:international\") { nodes { id tags updatedAt } } }")
        .await["orders"]["nodes"][0]
        .take();
    let ask = async |name: &str, id: &Value, tags: Value| {
        shop.ask(&change(name), json!({"id": id, "tags": tags}))
            .await["data"][name]["node"]
            .take()
    };
    let added = ask(
        "tagsAdd",
        &order["id"],
        json!([" Zebra ", "zebra", "apple, Pear"]),
    )
    .await;
    assert_eq!(added["tags"], json!(["apple", "Pear", "Zebra"]));
    assert!(added["updatedAt"].as_str() > order["updatedAt"].as_str());
    let found = shop
        .data("{ orders(first: 1, query: \"tag:pear\") { nodes { id } } }")
        .await;
    assert_eq!(found["orders"]["nodes"][0]["id"], order["id"]);
    let left = ask("tagsRemove", &order["id"], json!(["ZEBRA", "nothing"])).await;
    assert_eq!(left["tags"], json!(["apple", "Pear"]));
    let before = product["tags"].as_array().unwrap().len();
    let added = ask("tagsAdd", &product["id"], json!(["Zebra"])).await;
    assert_eq!(added["tags"].as_array().unwrap().len(), before + 1);
    let unknown = shop
        .ask(
            &change("tagsAdd"),
            json!({"id": "gid://shopify/Location/86000000000", "tags": ["a"]}),
        )
        .await;
    assert_eq!(
        unknown["errors"][0]["extensions"]["code"],
        "RESOURCE_NOT_FOUND"
    );
}

#[tokio::test]
async fn a_part_is_held_under_a_handle_and_released() {
    let shop = Shop::open(small()).await;
    let query = "{ orders(first: 200, query: \"fulfillment_status:unfulfilled status:open\") { nodes { fulfillmentOrders(first: 5) { nodes { id status supportedActions { action } fulfillmentHolds { id handle heldByRequestingApp } } } } } }";
    let part = async || {
        let data = shop.data(query).await;
        let orders = data["orders"]["nodes"].as_array().unwrap().clone();
        let parts = orders
            .into_iter()
            .map(|o| o["fulfillmentOrders"]["nodes"][0].clone());
        parts.into_iter().find(|p| p.is_object()).unwrap()
    };
    let open = part().await;
    assert_eq!(open["status"], "OPEN");
    let ask = async |handle: &str| {
        let hold = json!({"handle": handle, "reason": "HIGH_RISK_OF_FRAUD", "reasonNotes": "why"});
        shop.ask(HOLD, json!({"id": open["id"], "hold": hold}))
            .await["data"]["fulfillmentOrderHold"]
            .take()
    };
    let held = ask("mine").await;
    assert_eq!(held["userErrors"], json!([]));
    assert_eq!(held["fulfillmentOrder"]["status"], "ON_HOLD");
    assert_eq!(
        held["fulfillmentHold"]["displayReason"],
        "High risk of fraud"
    );
    let again = ask("mine").await;
    assert_eq!(
        again["userErrors"],
        json!([{"field": ["fulfillmentHold", "handle"], "code": "DUPLICATE_FULFILLMENT_HOLD_HANDLE"}])
    );
    assert_eq!(
        ask(&"x".repeat(65)).await["userErrors"][0]["field"],
        json!(["fulfillmentHold", "handle"])
    );
    assert_eq!(ask("other").await["userErrors"], json!([]));
    let seen = part().await;
    assert_eq!(seen["fulfillmentHolds"].as_array().unwrap().len(), 2);
    let release = "mutation($id: ID!, $holds: [ID!]) { fulfillmentOrderReleaseHold(id: $id, holdIds: $holds) { fulfillmentOrder { status } userErrors { code } } }";
    let holds = json!([seen["fulfillmentHolds"][0]["id"]]);
    let left = shop
        .ask(release, json!({"id": open["id"], "holds": holds}))
        .await;
    assert_eq!(
        left["data"]["fulfillmentOrderReleaseHold"]["fulfillmentOrder"]["status"],
        "ON_HOLD"
    );
    assert_eq!(part().await["fulfillmentHolds"][0]["handle"], "other");
    shop.ask(release, json!({"id": open["id"]})).await;
    assert_eq!(part().await, open);
}

#[tokio::test]
async fn faults_of_changes_strike_the_one_that_was_named() {
    let shop = Shop::open(small()).await;
    let product = product(&shop).await;
    let tag = "mutation($id: ID!, $tags: [String!]!) { tagsAdd(id: $id, tags: $tags) { userErrors { message } } }";
    let ask = async |name: &str| {
        let variables = json!({"id": product["id"], "tags": [name]});
        let Ok(answer) = shop.try_send(tag, variables).await else {
            return "lost".to_owned();
        };
        let answer: Value =
            serde_json::from_str(&answer.text().await.unwrap_or_default()).unwrap_or_default();
        match (
            &answer["errors"][0]["extensions"]["code"],
            &answer["data"]["tagsAdd"]["userErrors"],
        ) {
            (Value::String(code), _) => code.clone(),
            (_, Value::Array(errors)) if errors.is_empty() => "made".to_owned(),
            (_, Value::Array(_)) => "refused".to_owned(),
            _ => "lost".to_owned(),
        }
    };
    for (fault, end, effects) in [
        ("write_lost", "lost", 3),
        ("write_unsent", "lost", 2),
        ("write_refused", "refused", 2),
        ("write_throttle", "THROTTLED", 2),
    ] {
        let before = writes(&shop).await.len();
        shop.post(
            "/__faults",
            json!({"reset": true, (fault): 1, "write_nth": 2}),
        )
        .await;
        let mut ends = Vec::new();
        for name in ["one", "two", "three"] {
            ends.push(ask(name).await);
            // A drained bucket fills again.
            shop.post("/__faults", json!({})).await;
            if ends.last().is_some_and(|e| e == "THROTTLED") {
                tokio::time::sleep(std::time::Duration::from_millis(300)).await;
            }
        }
        assert_eq!(ends, ["made", end, "made"], "{fault}");
        assert_eq!(writes(&shop).await.len(), before + effects, "{fault}");
    }
}

#[tokio::test]
async fn the_answer_of_each_kind_of_change_can_be_lost_once() {
    let shop = Shop::open(small()).await;
    let product = product(&shop).await;
    let parts = shop.data("{ orders(first: 250, query: \"fulfillment_status:unfulfilled\") { nodes { fulfillmentOrders(first: 1) { nodes { id status } } } } }").await;
    let parts = parts["orders"]["nodes"].as_array().unwrap();
    let open = parts
        .iter()
        .map(|o| &o["fulfillmentOrders"]["nodes"][0])
        .find(|p| p["status"] == "OPEN")
        .unwrap();
    let tag = "mutation($id: ID!, $tags: [String!]!) { tagsAdd(id: $id, tags: $tags) { userErrors { message } } }";
    let row = json!([{"id": product["variants"]["nodes"][0]["id"], "price": "77.70"}]);
    let hold = json!({"handle": "mine", "reason": "HIGH_RISK_OF_FRAUD"});
    let changes = [
        (
            "productVariantsBulkUpdate",
            PRICES,
            json!({"p": product["id"], "v": row}),
        ),
        (
            "tagsAdd",
            tag,
            json!({"id": product["id"], "tags": ["lost"]}),
        ),
        (
            "fulfillmentOrderHold",
            HOLD,
            json!({"id": open["id"], "hold": hold}),
        ),
    ];
    for (kind, query, variables) in changes {
        shop.post("/__faults", json!({"write_lost": 1, "write_nth": 1}))
            .await;
        let lost = shop.try_send(query, variables.clone()).await;
        let lost = match lost {
            Ok(answer) => answer.text().await.is_err(),
            Err(_) => true,
        };
        assert!(lost, "{kind} is not answered");
        let made = writes(&shop).await;
        assert_eq!(made.last().unwrap()["kind"], kind, "and was made");
        let again = shop.ask(query, variables).await;
        assert!(again["data"][kind].is_object(), "{again}");
    }
}

#[tokio::test]
async fn a_scope_to_read_is_none_to_write() {
    let shop = Shop::open(small()).await;
    let product = product(&shop).await;
    let reading = json!({"scopes": ["read_products", "read_orders", "read_inventory"]});
    shop.post("/__faults", reading).await;
    let row = json!([{"id": product["variants"]["nodes"][0]["id"], "price": "1"}]);
    let answer = shop
        .ask(PRICES, json!({"p": product["id"], "v": row}))
        .await;
    assert_eq!(answer["data"], json!({"productVariantsBulkUpdate": null}));
    assert_eq!(
        answer["errors"][0]["extensions"]["requiredAccess"],
        "`write_products` access scope."
    );
    assert_eq!(writes(&shop).await.len(), 0);
}
