//! Bulk operations.

use serde_json::{Value, json};

use crate::client::{Shop, by_id, small};

const ORDERS: &str = "{ orders { edges { node { id name lineItems { edges { node { id quantity } } } agreements { edges { node { id sales { edges { node { id } } } } } } } } } }";

#[tokio::test]
async fn the_file_holds_every_row_once_and_children_find_their_parents_anywhere() {
    let shop = Shop::open(small()).await;
    let done = shop.bulk(ORDERS, false).await;
    assert_eq!(done["status"], "COMPLETED");
    let rows = shop.rows(&done).await;
    assert_eq!(done["objectCount"], json!(rows.len().to_string()));
    let count = shop.data("{ ordersCount { count } }").await["ordersCount"]["count"]
        .as_u64()
        .unwrap();
    assert_eq!(done["rootObjectCount"], json!(count.to_string()));
    let known = by_id(&rows);
    assert_eq!(known.len(), rows.len(), "no row twice");
    let parents = rows.iter().filter_map(|r| r["__parentId"].as_str());
    assert!(parents.clone().all(|p| known.contains_key(p)));
    let position: std::collections::BTreeMap<&str, usize> = rows
        .iter()
        .enumerate()
        .map(|(n, r)| (r["id"].as_str().unwrap(), n))
        .collect();
    let before = rows
        .iter()
        .enumerate()
        .filter(|(n, r)| r["__parentId"].as_str().is_some_and(|p| position[p] > *n))
        .count();
    assert!(before > 0, "some children come before their parents");
    assert_eq!(
        shop.http
            .get(done["url"].as_str().unwrap())
            .send()
            .await
            .unwrap()
            .headers()["content-type"],
        "application/jsonl"
    );
}

#[tokio::test]
async fn grouped_children_follow_their_parent() {
    let shop = Shop::open(small()).await;
    let done = shop
        .bulk(
            "{ orders { edges { node { id lineItems { edges { node { id } } } } } } }",
            true,
        )
        .await;
    let rows = shop.rows(&done).await;
    let mut parent = Value::Null;
    for row in rows {
        match row.get("__parentId") {
            None => parent = row["id"].clone(),
            Some(of) => assert_eq!(*of, parent),
        }
    }
}

#[tokio::test]
async fn a_range_goes_on_where_a_download_ended() {
    let shop = Shop::open(small()).await;
    let done = shop
        .bulk("{ products { edges { node { id title } } } }", false)
        .await;
    let url = done["url"].as_str().unwrap();
    let whole = shop.text(url).await;
    assert_eq!(done["fileSize"], json!(whole.len().to_string()));
    let rest = shop
        .http
        .get(url)
        .header("range", "bytes=100-")
        .send()
        .await
        .unwrap();
    assert_eq!(rest.status(), 206);
    assert_eq!(rest.text().await.unwrap(), whole[100..]);
}

#[tokio::test]
async fn no_rows_mean_no_url() {
    let shop = Shop::open(small()).await;
    let done = shop
        .bulk(
            "{ orders(query: \"tag:nobody\") { edges { node { id } } } }",
            false,
        )
        .await;
    assert_eq!(
        (&done["status"], &done["objectCount"], &done["url"]),
        (&json!("COMPLETED"), &json!("0"), &Value::Null)
    );
}

#[tokio::test]
async fn the_rules_are_those_of_real_shops() {
    let shop = Shop::open(small()).await;
    let cases = [
        (
            "{ orders { nodes { id } } }",
            "All connection fields in a bulk query must select their contents using 'edges' > 'node', e.g: 'orders { edges { node {'. Selecting via 'nodes' is not supported. Invalid connection fields: 'orders'.",
        ),
        (
            "{ node(id: \"gid://shopify/Product/0\") { id } }",
            "Bulk queries cannot contain a top level `node` field.",
        ),
        (
            "{ shop { name } }",
            "Bulk queries must contain at least one connection.",
        ),
        (
            "{ products { edges { node { title variants { edges { node { id } } } } } } }",
            "The parent 'node' field for a nested connection must select the 'id' field without an alias and must be of 'ID' return type. Connection fields without 'id': products.",
        ),
        (
            "{ orders { edges { node { id refunds { refundLineItems { edges { node { id } } } } } } } }",
            "Queries that contain a connection field within a list field are not currently supported.",
        ),
        (
            "mutation { bulkOperationCancel(id: \"1\") { bulkOperation { id } } }",
            "Invalid operation type. Only `query` operations are supported.",
        ),
    ];
    for (query, message) in cases {
        let refused = shop.run_bulk(query, false).await;
        assert_eq!(refused["bulkOperation"], Value::Null);
        assert_eq!(
            refused["userErrors"][0],
            json!({"field": ["query"], "message": message, "code": "INVALID"})
        );
    }
}

#[tokio::test]
async fn five_may_run_and_a_stalled_one_can_be_cancelled() {
    let shop = Shop::open(small()).await;
    shop.post("/__faults", json!({"bulk_stall": 1})).await;
    let mut ids = Vec::new();
    for _ in 0..5 {
        ids.push(
            shop.begin_bulk("{ products { edges { node { id } } } }", false)
                .await,
        );
    }
    let sixth = shop
        .run_bulk("{ products { edges { node { id } } } }", false)
        .await;
    let message = format!(
        "A bulk query operation for this app and shop is already in progress: {}.",
        ids.join(", ")
    );
    assert_eq!(
        sixth["userErrors"],
        json!([{"field": null, "message": message, "code": "OPERATION_IN_PROGRESS"}])
    );
    let cancel = "mutation($id: ID!) { bulkOperationCancel(id: $id) { bulkOperation { status } userErrors { message } } }";
    let answer = shop.ask(cancel, json!({"id": ids[2]})).await;
    assert_eq!(
        answer["data"]["bulkOperationCancel"]["bulkOperation"]["status"],
        "CANCELING"
    );
    assert_eq!(shop.wait_bulk(&ids[2]).await["status"], "CANCELED");
}

#[tokio::test]
async fn a_failed_one_leaves_what_it_has() {
    let shop = Shop::open(small()).await;
    shop.post("/__faults", json!({"bulk_fail": 1})).await;
    let failed = shop
        .bulk("{ orders { edges { node { id } } } }", false)
        .await;
    assert_eq!(
        (&failed["status"], &failed["errorCode"], &failed["url"]),
        (
            &json!("FAILED"),
            &json!("INTERNAL_SERVER_ERROR"),
            &Value::Null
        )
    );
    let rows = shop.rows(&failed).await;
    let count = shop.data("{ ordersCount { count } }").await["ordersCount"]["count"]
        .as_u64()
        .unwrap();
    assert_eq!(rows.len() as u64, count / 2);
}
