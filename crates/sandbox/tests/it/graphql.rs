//! Queries, paging, search, prices, errors, tokens.

use serde_json::{Value, json};

use crate::client::{NOW, Shop, cents, small};

#[tokio::test]
async fn the_same_seed_makes_the_same_store() {
    let query = "{ orders(first: 50, sortKey: UPDATED_AT) { nodes { id name updatedAt totalPriceSet { presentmentMoney { amount currencyCode } } } } }";
    let one = Shop::open(small()).await.data(query).await;
    let two = Shop::open(small()).await.data(query).await;
    let other = Shop::open(sandbox::Options { seed: 2, ..small() })
        .await
        .data(query)
        .await;
    assert_eq!(one, two);
    assert_ne!(one, other);
}

#[tokio::test]
async fn a_document_that_is_not_valid_gets_the_real_errors() {
    let shop = Shop::open(small()).await;
    let cases = [
        (
            "query Q { nonsense }",
            "undefinedField",
            "Field 'nonsense' doesn't exist on type 'QueryRoot'",
            json!(["query Q", "nonsense"]),
        ),
        (
            "{ shop }",
            "selectionMismatch",
            "Field must have selections (field 'shop' returns Shop but has no selections. Did you mean 'shop { ... }'?)",
            json!(["query", "shop"]),
        ),
        (
            "query Q { order { id } }",
            "missingRequiredArguments",
            "Field 'order' is missing required arguments: id",
            json!(["query Q", "order"]),
        ),
        (
            "query Q($a: Int) { shop { name } }",
            "variableNotUsed",
            "Variable $a is declared by Q but not used",
            Value::Null,
        ),
        (
            "{ node(id: \"1\") { ... on Nothing { id } } }",
            "undefinedType",
            "No such type Nothing, so it can't be a fragment condition",
            Value::Null,
        ),
    ];
    for (query, code, message, path) in cases {
        let answer = shop.ask(query, Value::Null).await;
        assert_eq!(answer.get("data"), None, "{query}");
        let first = &answer["errors"][0];
        assert_eq!(
            (&first["extensions"]["code"], &first["message"]),
            (&json!(code), &json!(message)),
            "{answer}"
        );
        if path != Value::Null {
            assert_eq!(first["path"], path);
        }
        assert!(first["locations"][0]["line"].is_u64());
    }
    let broken = shop.ask("{ shop {", Value::Null).await;
    assert_eq!(broken["errors"][0]["extensions"]["code"], "PARSE_ERROR");
    let missing = shop
        .ask("query($id: ID!) { order(id: $id) { id } }", json!({}))
        .await;
    assert_eq!(
        missing["errors"][0]["message"],
        "Variable $id of type ID! was provided invalid value"
    );
    assert_eq!(
        missing["errors"][0]["extensions"]["code"],
        "INVALID_VARIABLE"
    );
}

#[tokio::test]
async fn pages_hold_every_order_once_in_both_directions() {
    let shop = Shop::open(small()).await;
    let count = shop.data("{ ordersCount { count precision } }").await["ordersCount"]["count"]
        .as_u64()
        .unwrap();
    for (reverse, sort) in [(false, "PROCESSED_AT"), (true, "UPDATED_AT"), (false, "ID")] {
        let (mut after, mut seen, mut times) = (Value::Null, Vec::new(), Vec::new());
        loop {
            let query = format!(
                "query($after: String) {{ orders(first: 37, after: $after, sortKey: {sort}, reverse: {reverse}) {{ pageInfo {{ hasNextPage endCursor }} edges {{ cursor node {{ id updatedAt }} }} }} }}"
            );
            let page = shop.ask(&query, json!({"after": after})).await["data"]["orders"].take();
            for edge in page["edges"].as_array().unwrap() {
                seen.push(edge["node"]["id"].as_str().unwrap().to_owned());
                times.push(edge["node"]["updatedAt"].as_str().unwrap().to_owned());
            }
            if page["pageInfo"]["hasNextPage"] == false {
                break;
            }
            after = page["pageInfo"]["endCursor"].clone();
        }
        if sort == "UPDATED_AT" {
            assert!(times.is_sorted_by(|a, b| a >= b));
        }
        let unique: std::collections::BTreeSet<_> = seen.iter().collect();
        assert_eq!((seen.len() as u64, unique.len() as u64), (count, count));
    }
}

#[tokio::test]
async fn filters_narrow_and_unknown_ones_warn() {
    let shop = Shop::open(small()).await;
    let all = shop
        .data("{ orders(first: 250, sortKey: UPDATED_AT) { nodes { id name updatedAt test } } }")
        .await;
    let nodes = all["orders"]["nodes"].as_array().unwrap();
    let middle = nodes[100]["updatedAt"].as_str().unwrap();
    let later = nodes
        .iter()
        .filter(|n| n["updatedAt"].as_str().unwrap() >= middle)
        .count();
    let query = format!(
        "{{ orders(first: 250, sortKey: UPDATED_AT, query: \"updated_at:>='{middle}' AND status:any\") {{ nodes {{ id updatedAt }} }} }}"
    );
    let found = shop.data(&query).await;
    let found = found["orders"]["nodes"].as_array().unwrap();
    assert!(
        found.len() >= later
            && found
                .iter()
                .all(|n| n["updatedAt"].as_str().unwrap() >= middle)
    );
    let number = nodes[5]["id"].as_str().unwrap().rsplit('/').next().unwrap();
    let one = shop
        .data(&format!(
            "{{ orders(first: 5, query: \"id:{number}\") {{ nodes {{ name }} }} }}"
        ))
        .await;
    assert_eq!(one["orders"]["nodes"], json!([{"name": nodes[5]["name"]}]));
    let odd = shop
        .ask(
            "{ orders(first: 5, query: \"colour:blue\") { nodes { id } } }",
            Value::Null,
        )
        .await;
    assert_eq!(odd["data"]["orders"]["nodes"].as_array().unwrap().len(), 5);
    assert_eq!(
        odd["extensions"]["search"][0]["warnings"][0]["code"],
        "invalid_field"
    );
}

#[tokio::test]
async fn tokens_are_asked_for_and_scopes_strike_out_fields() {
    let mut shop = Shop::open(small()).await;
    shop.token = "wrong".to_owned();
    assert_eq!(
        shop.send("{ shop { name } }", Value::Null).await.status(),
        401
    );
    let given = shop.post("/admin/oauth/access_token", json!({"client_id": "sandbox", "client_secret": "sandbox", "grant_type": "client_credentials"})).await;
    assert_eq!(given["expires_in"], 86_399);
    assert!(given["scope"].as_str().unwrap().contains("read_orders"));
    shop.token = given["access_token"].as_str().unwrap().to_owned();
    assert_eq!(
        shop.data("{ shop { name } }").await["shop"]["name"],
        "Royal Equips Sandbox"
    );
    shop.post(
        "/__faults",
        json!({"scopes": ["read_orders", "read_all_orders"]}),
    )
    .await;
    let answer = shop
        .ask(
            "{ orders(first: 1) { nodes { id customer { id } } } }",
            Value::Null,
        )
        .await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "ACCESS_DENIED");
    assert_eq!(
        answer["errors"][0]["extensions"]["requiredAccess"],
        "`read_customers` access scope."
    );
    assert_eq!(
        answer["data"]["orders"]["nodes"][0]["customer"],
        Value::Null
    );
    let nothing = shop
        .ask("{ products(first: 1) { nodes { id } } }", Value::Null)
        .await;
    assert_eq!(
        nothing["data"],
        Value::Null,
        "a field that cannot be null takes its parent with it"
    );
    shop.post("/__faults", json!({"scopes": ["read_orders"]}))
        .await;
    let recent = shop
        .data("{ orders(first: 1) { nodes { createdAt } } }")
        .await;
    let first = recent["orders"]["nodes"][0]["createdAt"].as_str().unwrap();
    let since = chrono::DateTime::from_timestamp(NOW - 61 * 86_400, 0)
        .unwrap()
        .to_rfc3339();
    assert!(
        first > since.as_str(),
        "without read_all_orders the last 60 days are seen"
    );
}

#[tokio::test]
async fn queries_are_priced_throttled_and_limited() {
    let shop = Shop::open(sandbox::Options {
        bucket: 40,
        restore: 10,
        ..small()
    })
    .await;
    let query = "{ products(first: 250) { nodes { id } } }";
    let answer = shop.ask(query, Value::Null).await;
    let cost = &answer["extensions"]["cost"];
    assert_eq!(cost["requestedQueryCost"], 13);
    assert!(cost["actualQueryCost"].as_u64().unwrap() <= 13);
    assert_eq!(cost["throttleStatus"]["maximumAvailable"], 40.0);
    let mut throttled = Value::Null;
    for _ in 0..10 {
        let answer = shop.ask(query, Value::Null).await;
        if answer.get("errors").is_some() {
            throttled = answer;
            break;
        }
    }
    assert_eq!(throttled["errors"][0]["extensions"]["code"], "THROTTLED");
    assert_eq!(throttled.get("data"), None);
    assert_eq!(
        throttled["extensions"]["cost"]["actualQueryCost"],
        Value::Null
    );
    let deep = "{ orders(first: 250) { nodes { lineItems(first: 250) { nodes { product { variants(first: 250) { nodes { inventoryItem { inventoryLevels(first: 250) { nodes { id } } } } } } } } } } }";
    let refused = shop.ask(deep, Value::Null).await;
    assert_eq!(
        refused["errors"][0]["extensions"]["code"],
        "MAX_COST_EXCEEDED"
    );
}

#[tokio::test]
async fn an_old_version_is_answered_by_the_oldest_supported_one() {
    let shop = Shop::open(small()).await;
    let body = json!({"query": "{ shop { name } }"}).to_string();
    for (asked, answered) in [("2026-10", "2026-10"), ("2024-01", "2025-10")] {
        let request = shop
            .http
            .post(shop.url(&format!("/admin/api/{asked}/graphql.json")))
            .header("X-Shopify-Access-Token", "shpat_sandbox");
        let answer = request
            .header("content-type", "application/json")
            .body(body.clone())
            .send()
            .await
            .unwrap();
        assert_eq!(answer.headers()["x-shopify-api-version"], answered);
    }
}

#[tokio::test]
async fn nodes_keep_their_order_and_inventory_is_read() {
    let shop = Shop::open(small()).await;
    let first = shop.data("{ productVariants(first: 2) { nodes { id sku inventoryItem { id unitCost { amount currencyCode } tracked inventoryLevels(first: 5) { nodes { id location { name } quantities(names: [\"available\"]) { name quantity } } } } } } }").await;
    let variants = first["productVariants"]["nodes"].as_array().unwrap();
    let level = &variants[0]["inventoryItem"]["inventoryLevels"]["nodes"][0];
    assert_eq!(level["quantities"][0]["name"], "available");
    let ids = json!([variants[1]["id"], "gid://shopify/Order/1", level["id"]]);
    let nodes = shop
        .ask(
            "query($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }",
            json!({"ids": ids}),
        )
        .await;
    let expected = json!([{"__typename": "ProductVariant", "id": variants[1]["id"]}, null, {"__typename": "InventoryLevel", "id": level["id"]}]);
    assert_eq!(nodes["data"]["nodes"], expected);
}

#[tokio::test]
async fn payouts_are_the_balance_by_day_and_can_be_narrowed() {
    let shop = Shop::open(small()).await;
    let all = shop.data("{ shopifyPaymentsAccount { payouts(first: 250) { nodes { id issuedAt net { amount } } } } }").await;
    let payouts = all["shopifyPaymentsAccount"]["payouts"]["nodes"]
        .as_array()
        .unwrap();
    assert!(payouts.len() > 20);
    let since = payouts[10]["issuedAt"].as_str().unwrap();
    let query = format!(
        "{{ shopifyPaymentsAccount {{ payouts(first: 250, query: \"issued_at:>='{since}'\") {{ nodes {{ id }} }} }} }}"
    );
    let later = shop.data(&query).await;
    let later = later["shopifyPaymentsAccount"]["payouts"]["nodes"]
        .as_array()
        .unwrap();
    assert_eq!(later.len(), payouts.len() - 10);
    let number = payouts[10]["id"]
        .as_str()
        .unwrap()
        .rsplit('/')
        .next()
        .unwrap();
    let query = format!(
        "{{ shopifyPaymentsAccount {{ balanceTransactions(first: 250, query: \"payments_transfer_id:{number}\") {{ nodes {{ net {{ amount }} associatedPayout {{ id }} }} }} }} }}"
    );
    let moved = shop.data(&query).await;
    let moved = moved["shopifyPaymentsAccount"]["balanceTransactions"]["nodes"]
        .as_array()
        .unwrap();
    let sum: i64 = moved.iter().map(|m| cents(&m["net"]["amount"])).sum();
    assert_eq!(sum, cents(&payouts[10]["net"]["amount"]));
    assert!(
        moved
            .iter()
            .all(|m| m["associatedPayout"]["id"] == payouts[10]["id"])
    );
}
