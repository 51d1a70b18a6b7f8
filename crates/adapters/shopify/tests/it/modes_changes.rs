//! Failure modes of incremental reading and of reading by id.

use crate::scripted::{Answer, Scripted, connection, data, error, page, refused};
use crate::shop::{agreement, gid, identity, line, nested, order, sale, with};
use crate::support::{open, open_with, token};
use chrono::{DateTime, Utc};
use domain::ids::{CustomerId, OrderId, ProductId};
use domain::sync::FactKind;
use ports::source::{ChangeCursor, ChangePage, Fact, FactRef, Fetched, StoreSource};
use ports::{Kind, PortResult};
use serde_json::{Value, json};

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn since(text: &str) -> ChangeCursor {
    ChangeCursor {
        since: at(text),
        page: None,
    }
}

/// Follows the cursors to the end; refuses one that comes twice.
async fn read(
    source: &dyn StoreSource,
    kind: FactKind,
    from: ChangeCursor,
) -> PortResult<(ChangePage, Vec<ChangeCursor>)> {
    let (mut all, mut cursors, mut next) = (ChangePage::default(), Vec::new(), Some(from));
    while let Some(cursor) = next {
        assert!(!cursors.contains(&cursor), "an endless loop at {cursor:?}");
        let page = source.changes(kind, &cursor).await?;
        cursors.push(cursor);
        all.facts.extend(page.facts);
        all.deleted.extend(page.deleted);
        all.warnings.extend(page.warnings);
        next = page.next;
    }
    Ok((all, cursors))
}

fn order_ids(page: &ChangePage) -> Vec<i64> {
    page.facts
        .iter()
        .map(|f| match f {
            Fact::Order(o) => o.id.0,
            other => panic!("{other:?}"),
        })
        .collect()
}

fn updated(id: i64, at: &str) -> Value {
    with(nested(id), "updatedAt", json!(at))
}

#[tokio::test]
async fn mode_02_only_the_order_s_own_time_moves_the_cursor() {
    // A refund much later than the order's own change must not carry the cursor past the orders in between.
    let late = json!([{ "id": gid("Refund", 1), "processedAt": "2026-12-31T00:00:00Z",
        "totalRefundedSet": crate::shop::money("1.0"), "refundLineItems": { "nodes": [] } }]);
    let first = with(updated(1, "2026-05-02T00:00:00Z"), "refunds", late);
    let shop = Scripted::start(
        move |asked| match asked.variables["query"].as_str().unwrap() {
            "updated_at:>='2026-05-01T00:00:00Z'" => page("orders", vec![first.clone()], Some("x")),
            "updated_at:>='2026-05-02T00:00:00Z'" => {
                page("orders", vec![updated(2, "2026-06-01T00:00:00Z")], None)
            }
            other => panic!("{other}"),
        },
    )
    .await;
    let opened = open_with(&shop.base, token("t"), |c| c.deep_paging = 1);
    let (page, cursors) = read(
        &*opened.source,
        FactKind::Orders,
        since("2026-05-01T00:00:00Z"),
    )
    .await
    .unwrap();
    assert_eq!(order_ids(&page), [1, 2]);
    assert_eq!(cursors[1], since("2026-05-02T00:00:00Z"));
}

#[tokio::test]
async fn mode_03_more_rows_of_one_instant_than_a_window_holds_are_read_by_id() {
    const INSTANT: &str = "2026-05-01T00:00:00Z";
    let shop = Scripted::start(|asked| {
        let query = asked.variables["query"].as_str().unwrap();
        let above = query
            .split("id:>")
            .nth(1)
            .map(|n| n.parse::<i64>().unwrap());
        match above {
            Some(id) => {
                assert!(
                    query.contains("updated_at:<'2026-05-01T00:00:01Z'")
                        && asked.variables["sort"] == "ID",
                    "{query}"
                );
                let rows: Vec<_> = (id + 1..=9).take(2).map(|n| updated(n, INSTANT)).collect();
                page("orders", rows, (id + 2 < 9).then_some("more"))
            }
            None if query.contains("00:00:01Z") => {
                page("orders", vec![updated(10, "2026-05-03T00:00:00Z")], None)
            }
            None => {
                let done = asked.variables["after"]
                    .as_str()
                    .map_or(0, |a| a.parse().unwrap());
                let rows = vec![updated(done + 1, INSTANT), updated(done + 2, INSTANT)];
                page("orders", rows, Some(&(done + 2).to_string()))
            }
        }
    })
    .await;
    let opened = open_with(&shop.base, token("t"), |c| c.deep_paging = 4);
    let (page, _) = read(&*opened.source, FactKind::Orders, since(INSTANT))
        .await
        .unwrap();
    let mut ids = order_ids(&page);
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids, (1..=10).collect::<Vec<_>>());
}

#[tokio::test]
async fn mode_05_what_changes_while_reading_is_read_again() {
    // The filter is open to the right and inclusive to the left: an order that changes while pages are read shows up at the end.
    let shop = Scripted::start(|asked| match asked.variables["after"].as_str() {
        None => page(
            "orders",
            vec![updated(1, "2026-05-01T00:00:00Z")],
            Some("a"),
        ),
        Some(_) => page("orders", vec![updated(1, "2026-05-09T00:00:00Z")], None),
    })
    .await;
    let (page, _) = read(
        &*open(&shop.base).source,
        FactKind::Orders,
        since("2026-05-01T00:00:00Z"),
    )
    .await
    .unwrap();
    assert_eq!(order_ids(&page), [1, 1]);
    let Fact::Order(last) = &page.facts[1] else {
        panic!()
    };
    assert_eq!(last.updated_at, at("2026-05-09T00:00:00Z"));
}

#[tokio::test]
async fn mode_06_changes_are_found_by_time_and_not_by_id() {
    for (kind, name, root) in [
        (FactKind::Orders, "OrdersPage", "orders"),
        (FactKind::Customers, "CustomersPage", "customers"),
        (FactKind::Products, "ProductsPage", "products"),
    ] {
        let shop = Scripted::start(move |asked| match asked.name.as_str() {
            "ItemsPage" => page("inventoryItems", vec![], None),
            "Deletions" => page("events", vec![], None),
            _ => page(root, vec![], None),
        })
        .await;
        read(
            &*open(&shop.base).source,
            kind,
            since("2026-05-01T00:00:00Z"),
        )
        .await
        .unwrap();
        let asked = shop.last(name).variables;
        assert_eq!(asked["sort"], "UPDATED_AT");
        assert_eq!(asked["query"], "updated_at:>='2026-05-01T00:00:00Z'");
    }
}

#[tokio::test]
async fn mode_10_nested_connections_are_read_to_their_end() {
    let sales = connection(vec![sale(1, 10, "1.0")], Some("s1"));
    let first = with(agreement(1), "sales", sales);
    let whole = with(
        order(1),
        "lineItems",
        connection(vec![line(10)], Some("l1")),
    );
    let whole = with(whole, "shippingLines", connection(vec![], None));
    let whole = with(whole, "agreements", connection(vec![first], Some("a1")));
    let shop = Scripted::start(move |asked| {
        let after = |name: &str| asked.variables[name].as_str().map(str::to_owned);
        match asked.name.as_str() {
            "OrdersById" => data(json!({ "nodes": [whole.clone()] })),
            "OrderLines" => {
                let next = (after("after").as_deref() == Some("l1")).then_some("l2");
                let id = if next.is_some() { 11 } else { 12 };
                data(json!({ "node": { "items": connection(vec![line(id)], next) } }))
            }
            "OrderAgreements" => {
                let (id, place) = if after("agreement").is_none() {
                    (1, Some("a1"))
                } else {
                    (2, None)
                };
                let (number, next) = if after("sale").is_none() {
                    (1, Some("s1"))
                } else {
                    (2, None)
                };
                let sales = connection(vec![sale(id * 10 + number, 10, "1.0")], next);
                let row = with(agreement(id), "sales", sales);
                data(json!({ "node": { "agreements": connection(vec![row], place) } }))
            }
            other => panic!("{other}"),
        }
    })
    .await;
    let fetched = open(&shop.base)
        .source
        .fetch(&[FactRef::Order(OrderId(1))])
        .await
        .unwrap();
    let Fetched::Found(Fact::Order(order)) = &fetched[0] else {
        panic!("{fetched:?}")
    };
    let lines: Vec<_> = order.lines.iter().map(|l| l.id.0).collect();
    assert_eq!(lines, [10, 11, 12]);
    let sales: Vec<Vec<i64>> = order
        .agreements
        .iter()
        .map(|a| a.sales.iter().map(|s| s.id.0).collect())
        .collect();
    assert_eq!(sales, [[11, 12], [21, 22]]);
}

#[tokio::test]
async fn mode_12_without_read_all_orders_a_missing_order_is_not_taken_for_deleted() {
    for (scopes, gone) in [
        (vec!["read_orders"], false),
        (vec!["read_orders", "read_all_orders"], true),
    ] {
        let shop = Scripted::start(move |asked| match asked.name.as_str() {
            "Identity" => identity(&scopes),
            _ => data(json!({ "nodes": [null] })),
        })
        .await;
        let opened = open(&shop.base);
        let fetched = opened
            .source
            .fetch(&[FactRef::Order(OrderId(1))])
            .await
            .unwrap();
        assert_eq!(!fetched.is_empty(), gone);
        let identity = opened.source.identify().await.unwrap();
        let named = identity
            .scopes
            .missing
            .iter()
            .any(|m| m.scope == "read_all_orders" && m.costs.contains("60 days"));
        assert_eq!(named, !gone);
    }
}

#[tokio::test]
async fn mode_13_deleted_products_are_found_in_the_shop_s_events() {
    let shop = Scripted::start(|asked| match asked.name.as_str() {
        "ProductsPage" => page("products", vec![], None),
        "ItemsPage" => page("inventoryItems", vec![], None),
        "Deletions" if asked.nth == 0 => {
            let gone = |id| json!({ "action": "destroy", "subjectId": gid("Product", id), "subjectType": "PRODUCT" });
            let others = json!({ "action": "destroy", "subjectId": gid("Collection", 9), "subjectType": "COLLECTION" });
            page("events", vec![gone(1), others, json!({})], Some("e1"))
        }
        "Deletions" => {
            assert_eq!(asked.variables["after"], "e1");
            let gone = json!({ "action": "destroy", "subjectId": gid("Product", 2), "subjectType": "PRODUCT" });
            page("events", vec![gone], None)
        }
        other => panic!("{other}"),
    })
    .await;
    let (page, _) = read(
        &*open(&shop.base).source,
        FactKind::Products,
        since("2026-05-01T00:00:00Z"),
    )
    .await
    .unwrap();
    assert_eq!(
        page.deleted,
        [1, 2].map(|id| FactRef::Product(ProductId(id)))
    );
    let query = shop.last("Deletions").variables["query"].clone();
    assert_eq!(
        query,
        "action:destroy AND subject_type:PRODUCT AND created_at:>='2026-05-01T00:00:00Z'"
    );
}

#[tokio::test]
async fn mode_14_an_empty_window_ends() {
    let shop = Scripted::start(|_| page("orders", vec![], None)).await;
    let (page, cursors) = read(
        &*open(&shop.base).source,
        FactKind::Orders,
        since("2026-05-01T00:00:00Z"),
    )
    .await
    .unwrap();
    assert_eq!((page.facts.len(), cursors.len()), (0, 1));
}

#[tokio::test]
async fn mode_19_pages_that_are_too_heavy_are_asked_for_smaller() {
    for fault in ["500", "lost", "dear"] {
        let shop = Scripted::start(move |asked| {
            let first = asked.variables["first"].as_u64().unwrap();
            match fault {
                _ if first <= 5 => page("orders", vec![updated(1, "2026-05-02T00:00:00Z")], None),
                "500" => Answer::Status(500, &[]),
                "lost" => Answer::Lost,
                _ => refused("MAX_COST_EXCEEDED", &[]),
            }
        })
        .await;
        let opened = open(&shop.base);
        let cursor = since("2026-05-01T00:00:00Z");
        let page = opened
            .source
            .changes(FactKind::Orders, &cursor)
            .await
            .unwrap();
        assert_eq!(order_ids(&page), [1], "{fault}");
        assert_eq!(shop.last("OrdersPage").variables["first"], 5);
        // It is remembered, and grows again once it works.
        opened
            .source
            .changes(FactKind::Orders, &cursor)
            .await
            .unwrap();
        assert!(
            shop.asked()
                .iter()
                .rev()
                .any(|a| a.variables["first"] == 10)
        );
    }
}

#[tokio::test]
async fn mode_19_a_shop_that_fails_on_every_page_is_an_error() {
    let shop = Scripted::start(|_| Answer::Status(503, &[])).await;
    let error = open(&shop.base)
        .source
        .changes(FactKind::Orders, &since("2026-05-01T00:00:00Z"))
        .await
        .unwrap_err();
    assert!(
        error.kind == Kind::Unavailable && error.is_transient(),
        "{error}"
    );
    assert_eq!(shop.last("OrdersPage").variables["first"], 1);
}

#[tokio::test]
async fn mode_32_a_thing_that_is_named_often_is_read_once() {
    let shop = Scripted::start(|asked| {
        let ids = asked.variables["ids"].as_array().unwrap();
        data(json!({ "nodes": ids.iter().map(|_| nested(1)).collect::<Vec<_>>() }))
    })
    .await;
    let refs = vec![FactRef::Order(OrderId(1)); 50];
    assert_eq!(open(&shop.base).source.fetch(&refs).await.unwrap().len(), 1);
    assert_eq!(
        shop.last("OrdersById").variables["ids"],
        json!([gid("Order", 1)])
    );
}

#[tokio::test]
async fn a_changed_cost_is_found_though_the_product_did_not_change() {
    let product = json!({ "id": gid("Product", 3), "title": "Pen", "createdAt": "2026-01-01T00:00:00Z", "updatedAt": "2026-01-01T00:00:00Z",
        "variants": { "nodes": [{ "id": gid("ProductVariant", 4), "price": "5.0",
            "inventoryItem": { "id": gid("InventoryItem", 5), "tracked": false, "unitCost": { "amount": "2.5", "currencyCode": "USD" } } }] } });
    let shop = Scripted::start(move |asked| match asked.name.as_str() {
        "ProductsPage" => page("products", vec![], None),
        "ItemsPage" => {
            let variant = json!({ "product": { "id": gid("Product", 3) } });
            page(
                "inventoryItems",
                vec![json!({ "id": gid("InventoryItem", 5), "variants": { "nodes": [variant] } })],
                None,
            )
        }
        "ProductsById" => data(json!({ "nodes": [product.clone()] })),
        "Identity" => identity(&[]),
        _ => page("events", vec![], None),
    })
    .await;
    let (page, _) = read(
        &*open(&shop.base).source,
        FactKind::Products,
        since("2026-05-01T00:00:00Z"),
    )
    .await
    .unwrap();
    let Fact::Product(product) = &page.facts[0] else {
        panic!("{page:?}")
    };
    let variant = &product.variants[0];
    assert_eq!(
        (variant.inventory_quantity, variant.tracked),
        (None, Some(false))
    );
    assert!(variant.unit_cost.is_some());
}

#[tokio::test]
async fn a_filter_that_was_not_understood_is_an_error() {
    let shop = Scripted::start(|_| {
        Answer::Json(json!({
            "data": { "orders": { "nodes": [], "pageInfo": { "hasNextPage": false } } },
            "extensions": { "search": [{ "path": ["orders"], "query": "updated_at:x", "warnings": [{ "field": "updated_at", "code": "invalid_field" }] }] }
        }))
    })
    .await;
    let error = open(&shop.base)
        .source
        .changes(FactKind::Orders, &since("2026-05-01T00:00:00Z"))
        .await
        .unwrap_err();
    assert!(
        error.kind == Kind::Corrupt && error.detail.contains("invalid_field"),
        "{error}"
    );
}

#[tokio::test]
async fn data_with_an_inner_failure_beside_it_are_not_whole() {
    let shop = Scripted::start(|_| {
        Answer::Json(
            json!({ "data": { "orders": { "nodes": [null], "pageInfo": { "hasNextPage": false } } },
            "errors": [error("INTERNAL_SERVER_ERROR", &["orders", "nodes"])] }),
        )
    })
    .await;
    let error = open(&shop.base)
        .source
        .changes(FactKind::Orders, &since("2026-05-01T00:00:00Z"))
        .await
        .unwrap_err();
    assert!(
        error.kind == Kind::Unavailable && error.is_transient(),
        "{error}"
    );
}

#[tokio::test]
async fn what_is_asked_for_by_id_is_answered_thing_by_thing() {
    let customer = json!({ "id": gid("Customer", 2), "createdAt": "2026-01-01T00:00:00Z", "updatedAt": "2026-01-01T00:00:00Z",
        "numberOfOrders": "3", "displayName": "A B", "defaultEmailAddress": { "emailAddress": "a@example.org" }, "defaultAddress": { "countryCodeV2": "de" } });
    let shop = Scripted::start(move |asked| match asked.name.as_str() {
        "CustomersById" => data(json!({ "nodes": [customer.clone(), null] })),
        "Identity" => identity(&["read_all_orders"]),
        _ => data(json!({ "nodes": [null] })),
    })
    .await;
    let refs = [
        FactRef::Customer(CustomerId(3)),
        FactRef::Customer(CustomerId(2)),
        FactRef::Product(ProductId(4)),
        FactRef::Order(OrderId(5)),
    ];
    let fetched = open(&shop.base).source.fetch(&refs).await.unwrap();
    assert_eq!(fetched.len(), 4);
    let Some(Fetched::Found(Fact::Customer(found))) =
        fetched.iter().find(|f| matches!(f, Fetched::Found(_)))
    else {
        panic!("{fetched:?}")
    };
    assert_eq!(
        (found.orders_count, found.country.as_deref()),
        (Some(3), Some("DE"))
    );
    for gone in [refs[0], refs[2], refs[3]] {
        assert!(fetched.contains(&Fetched::Gone(gone)), "{gone:?}");
    }
}
