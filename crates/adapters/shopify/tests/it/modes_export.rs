//! Failure modes of exports, each named after its number in the README's table.

use crate::scripted::{Answer, Scripted, data, error, page, refused};
use crate::shop::{
    below, exports, gid, identity, line, operation, order, polled, rows, sale, started, with,
};
use crate::support::{Exported, all, export, open, open_with, token};
use domain::order::Order;
use domain::sync::FactKind;
use ports::source::{ExportRequest, Fact};
use ports::{Kind, Retry};
use serde_json::{Value, json};
use std::time::Duration;

async fn orders(shop: &Scripted) -> Exported {
    export(&*open(&shop.base).source, all(FactKind::Orders), None).await
}

fn ids(exported: &Exported) -> Vec<i64> {
    exported.orders().iter().map(|o| o.id.0).collect()
}

#[tokio::test]
async fn mode_01_a_file_with_fewer_rows_than_counted_is_no_success() {
    for (counts, what) in [((9, 2), "9 records"), ((8, 3), "3 top-level records")] {
        let lines = [rows(1), rows(2)].concat();
        let shop = Scripted::starting(|base| {
            move |asked| match asked.name.as_str() {
                "BulkPoll" => polled(operation(
                    1,
                    "COMPLETED",
                    counts,
                    Some(&format!("{base}/file")),
                )),
                _ => exports(&base, asked, &lines),
            }
        })
        .await;
        let exported = orders(&shop).await;
        let error = exported.error.unwrap();
        assert_eq!((error.kind, exported.end), (Kind::Corrupt, None));
        assert!(
            error.detail.contains(what) && error.is_transient(),
            "{error}"
        );
        assert!(exported.facts.is_empty(), "nothing of it counts");
    }
}

#[tokio::test]
async fn mode_04_a_failed_export_hands_over_what_is_whole_and_is_run_again() {
    // The file broke off: the second order has lost its sale, the third its line.
    let mut lines = rows(1);
    lines.extend(rows(2).into_iter().take(3));
    lines.extend(
        rows(3)
            .into_iter()
            .filter(|r| r["__typename"] != "LineItem"),
    );
    let shop = Scripted::starting(|base| {
        move |asked| match asked.name.as_str() {
            "BulkPoll" => {
                let mut failed = operation(1, "FAILED", (9, 3), None);
                failed["errorCode"] = json!("INTERNAL_SERVER_ERROR");
                failed["partialDataUrl"] = json!(format!("{base}/file"));
                polled(failed)
            }
            _ => exports(&base, asked, &lines),
        }
    })
    .await;
    let exported = orders(&shop).await;
    assert_eq!(ids(&exported), [1], "only what proves to be whole");
    let error = exported.error.unwrap();
    assert!(
        error.is_transient() && error.detail.contains("INTERNAL_SERVER_ERROR"),
        "{error}"
    );
    assert_eq!(exported.end, None, "the window is not done");
}

#[tokio::test]
async fn mode_07_refunds_come_with_their_lines_and_add_up() {
    let store = crate::sandbox_store::store(300).await;
    let exported = export(&*open(&store.base_url).source, all(FactKind::Orders), None)
        .await
        .whole();
    let orders: Vec<Order> = exported.orders();
    for order in &orders {
        let refunded: i64 = order.refunds.iter().map(|r| r.amount).sum();
        assert_eq!(refunded, order.totals.refunded, "{}", order.name);
    }
    let lines = orders
        .iter()
        .flat_map(|o| &o.refunds)
        .filter_map(|r| r.lines.as_ref());
    assert!(lines.flatten().count() > 5);
}

#[tokio::test]
async fn mode_07_lines_of_refunds_are_paged_to_their_end() {
    let refund = json!({ "id": gid("Refund", 7), "processedAt": "2026-05-03T00:00:00Z", "totalRefundedSet": crate::shop::money("3.0") });
    let mut lines = rows(1);
    lines[0] = with(order(1), "refunds", json!([refund]));
    let refund_line = |quantity: i64| {
        json!({ "quantity": quantity, "restockType": "RETURN", "lineItem": { "id": gid("LineItem", 10) },
                "subtotalSet": crate::shop::money("1.0"), "totalTaxSet": crate::shop::money("0.0") })
    };
    let shop = Scripted::starting(|base| {
        move |asked| match asked.name.as_str() {
            "RefundLines" => {
                let first = crate::scripted::connection(vec![refund_line(1)], Some("a"));
                data(json!({ "nodes": [{ "id": gid("Refund", 7), "refundLineItems": first }] }))
            }
            "RefundLinesRest" => {
                let next = (asked.variables["after"] == "a").then_some("b");
                let items = crate::scripted::connection(vec![refund_line(2)], next);
                data(json!({ "node": { "items": items } }))
            }
            _ => exports(&base, asked, &lines),
        }
    })
    .await;
    let exported = orders(&shop).await.whole();
    let refund = &exported.orders()[0].refunds[0];
    let quantities: Vec<_> = refund
        .lines
        .as_ref()
        .unwrap()
        .iter()
        .map(|l| l.quantity)
        .collect();
    assert_eq!(quantities, [1, 2, 2]);
    assert_eq!(refund.amount, 300);
}

#[tokio::test]
async fn mode_08_counts_are_the_whole_ones_or_none() {
    let shop = Scripted::start(|asked| match asked.name.as_str() {
        "TotalOrders" => data(json!({ "ordersCount": { "count": 25_001, "precision": "AT_LEAST" }, "orders": { "nodes": [] } })),
        "TotalProducts" => data(json!({ "productsCount": { "count": 80, "precision": "EXACT" } })),
        _ => refused("ACCESS_DENIED", &["customersCount"]),
    })
    .await;
    let totals = open(&shop.base).source.totals().await.unwrap();
    assert_eq!(
        (totals.orders, totals.products, totals.customers),
        (None, Some(80), None)
    );
    assert!(
        shop.last("TotalOrders")
            .query
            .contains("ordersCount(limit: null)")
    );
}

#[tokio::test]
async fn mode_09_a_nested_list_that_was_cut_at_100_is_read_again() {
    // 120 sales of 0.10 make 12.00, but the file carries only the first 100 of them.
    let mut lines = rows(1);
    lines.truncate(3);
    lines[0] = with(order(1), "currentTotalPriceSet", crate::shop::money("12.0"));
    let sales = |range: std::ops::Range<i64>| range.map(|n| sale(n, 10, "0.1")).collect::<Vec<_>>();
    let parent = gid("OrderAgreement", 1);
    lines.extend(sales(0..100).into_iter().map(|s| below(s, &parent)));
    let shop = Scripted::starting(|base| {
        move |asked| match asked.name.as_str() {
            "OrderLines" => data(json!({ "node": { "items": crate::scripted::connection(vec![line(10)], None) } })),
            "OrderShipping" => data(json!({ "node": { "items": crate::scripted::connection(vec![], None) } })),
            "OrderAgreements" => {
                let sales = crate::scripted::connection(sales(0..120), None);
                let whole = with(crate::shop::agreement(1), "sales", sales);
                data(json!({ "node": { "agreements": crate::scripted::connection(vec![whole], None) } }))
            }
            _ => exports(&base, asked, &lines),
        }
    })
    .await;
    let exported = orders(&shop).await.whole();
    assert_eq!(exported.orders()[0].agreements[0].sales.len(), 120);
}

#[tokio::test]
async fn mode_12_orders_of_any_state_are_asked_for() {
    let shop = Scripted::starting(|base| move |asked| exports(&base, asked, &rows(1))).await;
    let window = ExportRequest {
        kind: FactKind::Orders,
        from: Some("2025-01-01T00:00:00Z".parse().unwrap()),
        until: Some("2026-01-01T00:00:00Z".parse().unwrap()),
    };
    export(&*open(&shop.base).source, window, None)
        .await
        .whole();
    let asked = shop.last("BulkStart").variables["query"]
        .as_str()
        .unwrap()
        .to_owned();
    let filter =
        r#"query: "created_at:>='2025-01-01T00:00:00Z' AND created_at:<'2026-01-01T00:00:00Z'""#;
    assert!(asked.contains(filter), "{asked}");
    assert!(!asked.contains("status:"), "no state is left out");
}

#[tokio::test]
async fn mode_14_rows_that_come_twice_count_once() {
    let mut lines = rows(1);
    lines.extend(rows(1).into_iter().skip(1));
    let shop = Scripted::starting(|base| move |asked| exports(&base, asked, &lines)).await;
    let exported = orders(&shop).await.whole();
    let order = &exported.orders()[0];
    assert_eq!(
        (
            order.lines.len(),
            order.agreements.len(),
            order.agreements[0].sales.len()
        ),
        (1, 1, 1)
    );
}

#[tokio::test]
async fn mode_15_taken_slots_are_waited_for_and_named() {
    let busy = || {
        let message = "A bulk query operation for this app and shop is already in progress: gid://shopify/BulkOperation/77.";
        data(
            json!({ "bulkOperationRunQuery": { "bulkOperation": null, "userErrors": [
            { "field": null, "message": message, "code": "OPERATION_IN_PROGRESS" }] } }),
        )
    };
    let foreign = || {
        let mut other = operation(77, "RUNNING", (5, 5), None);
        other["query"] = json!("{ products { edges { node { id } } } }");
        page("bulkOperations", vec![other], None)
    };
    let shop = Scripted::starting(|base| {
        move |asked| match asked.name.as_str() {
            "BulkStart" if asked.nth < 3 => busy(),
            "BulkList" => foreign(),
            _ => exports(&base, asked, &rows(1)),
        }
    })
    .await;
    let exported = orders(&shop).await.whole();
    let warning = &exported.warnings[0];
    assert_eq!(
        (warning.code.as_str(), exported.warnings.len()),
        ("bulk_slots_taken", 1)
    );
    assert!(warning.message.contains("BulkOperation/77"), "{warning:?}");

    let shop = Scripted::start(move |asked| {
        if asked.name == "BulkStart" {
            busy()
        } else {
            foreign()
        }
    })
    .await;
    let opened = open_with(&shop.base, token("t"), |c| {
        c.slot_wait = Duration::from_millis(120)
    });
    let error = export(&*opened.source, all(FactKind::Orders), None)
        .await
        .error
        .unwrap();
    assert!(
        error.kind == Kind::RateLimited && error.detail.contains("BulkOperation/77"),
        "{error}"
    );
}

#[tokio::test]
async fn mode_15_our_own_running_export_is_adopted() {
    let shop = Scripted::starting(|base| {
        let query = std::sync::Mutex::new(Value::Null);
        move |asked| match asked.name.as_str() {
            "BulkStart" => {
                *query.lock().unwrap() = asked.variables["query"].clone();
                data(
                    json!({ "bulkOperationRunQuery": { "bulkOperation": null, "userErrors": [
                    { "field": null, "message": "busy", "code": "OPERATION_IN_PROGRESS" }] } }),
                )
            }
            "BulkList" => {
                let mut own = operation(1, "RUNNING", (1, 1), None);
                own["query"] = query.lock().unwrap().clone();
                page("bulkOperations", vec![own], None)
            }
            _ => exports(&base, asked, &rows(1)),
        }
    })
    .await;
    let exported = orders(&shop).await.whole();
    assert_eq!((ids(&exported), shop.times("BulkStart")), (vec![1], 1));
}

#[tokio::test]
async fn mode_16_an_export_that_never_gets_on_is_cancelled() {
    let shop = Scripted::start(|asked| match asked.name.as_str() {
        "BulkStart" => started(operation(1, "CREATED", (0, 0), None)),
        "BulkCancel" => data(json!({ "bulkOperationCancel": { "bulkOperation": { "id": gid("BulkOperation", 1) }, "userErrors": [] } })),
        _ => polled(operation(1, "RUNNING", (40, 10), None)),
    })
    .await;
    for (stalled, deadline) in [(80, 60_000), (60_000, 80)] {
        let opened = open_with(&shop.base, token("t"), |c| {
            c.stalled_after = Duration::from_millis(stalled);
            c.bulk_deadline = Duration::from_millis(deadline);
        });
        let error = export(&*opened.source, all(FactKind::Orders), None)
            .await
            .error
            .unwrap();
        assert_eq!(error.kind, Kind::Cancelled);
        assert!(
            matches!(error.retry, Retry::After(_)) && error.detail.contains("40 records"),
            "{error}"
        );
        assert_eq!(
            shop.last("BulkCancel").variables["id"],
            gid("BulkOperation", 1)
        );
    }
}

#[tokio::test]
async fn mode_17_a_failed_or_expired_export_does_not_block_the_next() {
    for left in ["FAILED", "CANCELED", "EXPIRED", "CANCELING", "gone"] {
        let shop = Scripted::starting(|base| {
            move |asked| {
                let old = asked.variables["id"] == gid("BulkOperation", 99);
                match asked.name.as_str() {
                    "BulkPoll" if old && left == "gone" => polled(Value::Null),
                    "BulkPoll" if old => polled(operation(99, left, (1, 1), None)),
                    _ => exports(&base, asked, &rows(1)),
                }
            }
        })
        .await;
        let saved = json!({ "operation": gid("BulkOperation", 99), "kind": "orders", "from": null, "until": null });
        let opened = open(&shop.base);
        let exported = export(
            &*opened.source,
            all(FactKind::Orders),
            Some(saved.to_string()),
        )
        .await
        .whole();
        assert_eq!(ids(&exported), [1], "{left}");
        assert!(
            exported.tokens[0].contains("BulkOperation/1\""),
            "{left}: {:?}",
            exported.tokens
        );
    }
}

#[tokio::test]
async fn mode_18_a_file_in_any_order_is_joined_part_by_part() {
    // Everything before its parent, far from it, and more parts than one round of dealing makes.
    let mut lines: Vec<Value> = (1..=1_500).flat_map(rows).collect();
    lines.reverse();
    let shop = Scripted::starting(|base| move |asked| exports(&base, asked, &lines)).await;
    let opened = open_with(&shop.base, token("t"), |c| c.partition_bytes = 2_000);
    let exported = export(&*opened.source, all(FactKind::Orders), None)
        .await
        .whole();
    assert_eq!(ids(&exported), (1..=1_500).collect::<Vec<_>>());
    let whole = |o: &Order| {
        o.lines.len() == 1 && o.agreements.len() == 1 && o.agreements[0].sales.len() == 1
    };
    assert!(exported.orders().iter().all(whole));
    assert_eq!(std::fs::read_dir(opened.folder.path()).unwrap().count(), 0);
}

#[tokio::test]
async fn mode_20_the_finish_webhook_is_not_relied_on() {
    let reader = open("http://127.0.0.1:1").sources;
    let body = br#"{"admin_graphql_api_id":"gid:\/\/shopify\/BulkOperation\/1","completed_at":null,"error_code":"internal_server_error","status":"failed"}"#;
    let reader = ports::source::StoreSources::reader(&reader);
    let meaning = reader.reread("bulk_operations/finish", body).unwrap();
    assert_eq!(meaning, ports::source::NotificationMeaning::Ignored);
    // An operation that is over without saying when counts by its state.
    let shop = Scripted::starting(|base| move |asked| exports(&base, asked, &rows(1))).await;
    assert_eq!(ids(&orders(&shop).await.whole()), [1]);
}

#[tokio::test]
async fn mode_39_a_field_that_is_refused_costs_one_column() {
    let shop = Scripted::starting(|base| {
        move |asked| match asked.name.as_str() {
            "BulkStart" => started(operation(1 + asked.nth as i64, "CREATED", (0, 0), None)),
            // Bulk only says that something is denied; the page says what.
            "BulkPoll" if asked.variables["id"] == gid("BulkOperation", 1) => {
                let mut failed = operation(1, "FAILED", (0, 0), None);
                failed["errorCode"] = json!("ACCESS_DENIED");
                polled(failed)
            }
            "OrdersPage" => Answer::Json(json!({
                "data": { "orders": { "nodes": [], "pageInfo": { "hasNextPage": false } } },
                "errors": [error("ACCESS_DENIED", &["orders", "nodes", "customer"])]
            })),
            "BulkPoll" => polled(operation(
                2,
                "COMPLETED",
                (4, 1),
                Some(&format!("{base}/file")),
            )),
            _ => exports(&base, asked, &rows(1)),
        }
    })
    .await;
    let exported = orders(&shop).await.whole();
    assert_eq!(ids(&exported), [1]);
    let asked = shop.last("BulkStart").variables["query"].to_string();
    assert!(
        !asked.contains("customer {") && asked.contains("shippingAddress"),
        "{asked}"
    );
    assert!(
        exported
            .warnings
            .iter()
            .any(|w| w.code == "scope_missing" && w.message.contains("read_customers"))
    );
}

#[tokio::test]
async fn mode_39_a_kind_that_is_refused_says_so_and_nothing_else_fails() {
    let shop = Scripted::starting(|base| {
        move |asked| {
            let customers = asked.variables["query"].as_str().is_some_and(|q| q.contains("BulkCustomers"));
            match asked.name.as_str() {
                "BulkStart" if customers => data(json!({ "bulkOperationRunQuery": { "bulkOperation": null, "userErrors": [
                    { "field": ["query"], "message": "Access denied for customers field.", "code": "INVALID" }] } })),
                "CustomersPage" => refused("ACCESS_DENIED", &["customers"]),
                "Payouts" => Answer::Json(json!({ "data": { "shopifyPaymentsAccount": null },
                    "errors": [error("ACCESS_DENIED", &["shopifyPaymentsAccount"])] })),
                _ => exports(&base, asked, &rows(1)),
            }
        }
    })
    .await;
    let opened = open(&shop.base);
    for kind in [FactKind::Customers, FactKind::Payouts] {
        let exported = export(&*opened.source, all(kind), None).await;
        let error = exported.error.unwrap();
        assert_eq!(
            (error.kind, error.retry),
            (Kind::Forbidden, Retry::Never),
            "{error}"
        );
    }
    let orders = export(&*opened.source, all(FactKind::Orders), None)
        .await
        .whole();
    assert_eq!(orders.facts.len(), 1);
}

#[tokio::test]
async fn a_result_file_that_breaks_off_is_resumed_where_it_was_cut() {
    let lines: Vec<Value> = (1..=200).flat_map(rows).collect();
    let shop = Scripted::starting(|base| {
        move |asked| match asked.name.as_str() {
            "GET /file" => Answer::CutLines(lines.clone(), 100_001),
            _ => exports(&base, asked, &lines),
        }
    })
    .await;
    let exported = orders(&shop).await.whole();
    assert_eq!(exported.facts.len(), 200);
    assert_eq!(
        shop.last("GET /file").range.as_deref(),
        Some("bytes=100001-")
    );
}

#[tokio::test]
async fn a_start_whose_answer_was_lost_is_looked_up_and_not_repeated() {
    let shop = Scripted::starting(|base| {
        let query = std::sync::Mutex::new(Value::Null);
        move |asked| match asked.name.as_str() {
            "BulkStart" => {
                *query.lock().unwrap() = asked.variables["query"].clone();
                Answer::Lost
            }
            "BulkList" => {
                let mut own = operation(1, "CREATED", (0, 0), None);
                own["query"] = query.lock().unwrap().clone();
                page("bulkOperations", vec![own], None)
            }
            _ => exports(&base, asked, &rows(1)),
        }
    })
    .await;
    assert_eq!(ids(&orders(&shop).await.whole()), [1]);
    assert_eq!(shop.times("BulkStart"), 1);
}

#[tokio::test]
async fn an_export_that_somebody_cancelled_is_run_again() {
    let shop = Scripted::starting(|base| {
        move |asked| match asked.name.as_str() {
            "BulkPoll" => polled(operation(1, "CANCELED", (0, 0), None)),
            _ => exports(&base, asked, &rows(1)),
        }
    })
    .await;
    let error = orders(&shop).await.error.unwrap();
    assert!(
        error.is_transient() && error.detail.contains("cancelled"),
        "{error}"
    );
}

#[tokio::test]
async fn an_empty_window_has_no_file_and_is_complete() {
    let shop = Scripted::start(|asked| match asked.name.as_str() {
        "BulkStart" => started(operation(1, "CREATED", (0, 0), None)),
        _ => polled(operation(1, "COMPLETED", (0, 0), None)),
    })
    .await;
    assert_eq!(orders(&shop).await.whole().facts.len(), 0);
}

#[tokio::test]
async fn nonsense_in_a_result_file_is_refused_by_its_line() {
    for (broken, words) in [
        (json!("only a text"), "line 5"),
        (json!({ "title": "nobody's" }), "line 5"),
        (
            below(sale(1, 1, "1.0"), &gid("OrderAgreement", 404)),
            "OrderAgreement/404",
        ),
        (below(line(1), &gid("Order", 404)), "Order/404"),
    ] {
        let mut lines = rows(1);
        lines.push(broken);
        let shop = Scripted::starting(|base| move |asked| exports(&base, asked, &lines)).await;
        let error = orders(&shop).await.error.unwrap();
        assert!(
            error.kind == Kind::Corrupt && error.detail.contains(words),
            "{error}"
        );
    }
}

#[tokio::test]
async fn products_know_their_variants_and_a_cut_list_is_read_again() {
    let variant = |id: i64| {
        json!({ "__typename": "ProductVariant", "id": gid("ProductVariant", id), "title": "S", "sku": "", "barcode": "4006381333931", "price": "5.00",
        "compareAtPrice": null, "inventoryQuantity": 3, "updatedAt": "2026-01-01T00:00:00Z",
        "inventoryItem": { "id": gid("InventoryItem", id), "tracked": true, "unitCost": { "amount": "1.2345", "currencyCode": "USD" } } })
    };
    let product = json!({ "__typename": "Product", "id": gid("Product", 1), "title": "Pen", "vendor": "", "productType": "", "status": "ACTIVE",
        "handle": "pen", "tags": [], "createdAt": "2026-01-01T00:00:00Z", "updatedAt": "2026-01-01T00:00:00Z",
        "featuredMedia": null, "variantsCount": { "count": 2 } });
    let lines = [product, below(variant(1), &gid("Product", 1))];
    let shop = Scripted::starting(|base| {
        move |asked| match asked.name.as_str() {
            "ProductVariants" => data(json!({ "node": { "items": crate::scripted::connection(vec![variant(1), variant(2)], None) } })),
            "Identity" => identity(&[]),
            _ => exports(&base, asked, &lines),
        }
    })
    .await;
    let exported = export(&*open(&shop.base).source, all(FactKind::Products), None)
        .await
        .whole();
    let Fact::Product(product) = &exported.facts[0] else {
        panic!("{:?}", exported.facts)
    };
    assert_eq!(product.variants.len(), 2);
    let variant = &product.variants[0];
    assert_eq!(
        (
            variant.price,
            variant.unit_cost.unwrap().amount.to_string().as_str()
        ),
        (500, "1.2345")
    );
    assert_eq!(variant.sku, None);
    assert_eq!(variant.barcode.as_deref(), Some("4006381333931"));
}

#[tokio::test]
async fn what_an_earlier_run_left_in_the_spool_is_swept() {
    let folder = tempfile::tempdir().unwrap();
    let left = folder.path().join("royal-shopify-bulk-4194305-dead-1");
    let own = folder.path().join(format!(
        "royal-shopify-bulk-{}-earlier-1",
        std::process::id()
    ));
    let foreign = folder.path().join("something-else");
    for path in [&left, &own, &foreign] {
        std::fs::create_dir(path).unwrap();
    }
    let registry = adapter_kit::Registry::new(crate::support::quick());
    let _sources =
        adapter_shopify::ShopifySources::new(registry, crate::support::config(folder.path()));
    assert_eq!(
        (left.exists(), own.exists(), foreign.exists()),
        (false, false, true)
    );
}

#[tokio::test]
async fn an_export_can_be_given_up() {
    let shop =
        Scripted::start(|_| data(json!({ "bulkOperationCancel": { "userErrors": [] } }))).await;
    let opened = open(&shop.base);
    let saved = json!({ "operation": gid("BulkOperation", 5), "kind": "orders", "from": null, "until": null });
    opened.source.abandon(&saved.to_string()).await.unwrap();
    assert_eq!(
        shop.last("BulkCancel").variables["id"],
        gid("BulkOperation", 5)
    );
    opened.source.abandon("no token of ours").await.unwrap();
    assert_eq!(shop.times("BulkCancel"), 1);
}

#[tokio::test]
async fn a_spool_folder_that_cannot_be_used_is_named() {
    let shop = Scripted::starting(|base| move |asked| exports(&base, asked, &rows(1))).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("no-folder");
    std::fs::write(&file, "").unwrap();
    let opened = open_with(&shop.base, token("t"), |c| c.spool.clone_from(&file));
    let error = export(&*opened.source, all(FactKind::Orders), None)
        .await
        .error
        .unwrap();
    assert!(
        error.kind == Kind::Configuration && error.detail.contains("no-folder"),
        "{error}"
    );
}
