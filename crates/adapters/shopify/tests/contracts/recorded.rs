//! Answers recorded from real shops, read by the same types and mapped by the same functions as live ones.

use adapter_shopify::errors::{About, Said, translate};
use adapter_shopify::{Notes, map, wire};
use ports::Kind;
use serde_json::{Map, Value, json};

fn walk(value: &Value, visit: &mut impl FnMut(&Map<String, Value>)) {
    match value {
        Value::Object(object) => {
            visit(object);
            object.values().for_each(|v| walk(v, visit));
        }
        Value::Array(all) => all.iter().for_each(|v| walk(v, visit)),
        _ => {}
    }
}

fn is_a(object: &Map<String, Value>, kind: &str) -> bool {
    let id = object.get("id").and_then(Value::as_str).unwrap_or_default();
    id.starts_with(&format!("gid://shopify/{kind}/"))
}

/// What the recording did not ask for, but our documents do.
fn completed(order: &Map<String, Value>) -> Option<Value> {
    let total = order.get("currentTotalPriceSet")?;
    let currency = total.pointer("/shopMoney/currencyCode")?;
    let zero = json!({"shopMoney": {"amount": "0.0", "currencyCode": currency}});
    let mut whole = json!({
        "currencyCode": currency,
        "taxesIncluded": false,
        "createdAt": "2026-05-08T02:34:17Z",
        "updatedAt": "2026-05-08T02:34:17Z",
        "totalPriceSet": zero,
    });
    let given = whole.as_object_mut()?;
    for (key, value) in order {
        given.insert(key.clone(), value.clone());
    }
    for (list, field, value) in [
        ("transactions", "processedAt", json!("2026-05-08T02:34:17Z")),
        ("refunds", "processedAt", json!("2026-05-08T02:34:17Z")),
        ("refunds", "totalRefundedSet", zero.clone()),
    ] {
        for row in given
            .get_mut(list)
            .and_then(Value::as_array_mut)
            .into_iter()
            .flatten()
        {
            if let Some(row) = row.as_object_mut() {
                row.entry(field).or_insert(value.clone());
            }
        }
    }
    for line in given
        .get_mut("lineItems")
        .and_then(|c| c.get_mut("nodes"))
        .and_then(Value::as_array_mut)
        .into_iter()
        .flatten()
        .filter_map(Value::as_object_mut)
    {
        line.entry("originalUnitPriceSet").or_insert(zero.clone());
        line.entry("quantity").or_insert(json!(1));
        line.entry("id")
            .or_insert(json!("gid://shopify/LineItem/1"));
    }
    for line in given
        .get_mut("shippingLines")
        .and_then(|c| c.get_mut("nodes"))
        .and_then(Value::as_array_mut)
        .into_iter()
        .flatten()
        .filter_map(Value::as_object_mut)
    {
        for field in ["originalPriceSet", "discountedPriceSet"] {
            line.entry(field).or_insert(zero.clone());
        }
    }
    // Lists that the recording asked for with other fields than ours are not ours to read.
    let foreign = |v: &Value| {
        v.as_array()
            .is_some_and(|a| a.iter().any(|r| r.get("id").is_none()))
    };
    for list in ["transactions", "refunds"] {
        if given.get(list).is_some_and(foreign) {
            given.remove(list);
        }
    }
    Some(whole)
}

#[test]
fn recorded_orders_are_mapped() {
    let (mut mapped, mut transactions, mut refunds) = (0, 0, 0);
    for file in crate::files("captured", ".json") {
        walk(&crate::json(&file), &mut |object| {
            if !is_a(object, "Order") {
                return;
            }
            let Some(order) = completed(object) else {
                return;
            };
            let wire: wire::Order = serde_json::from_value(order.clone())
                .unwrap_or_else(|e| panic!("{}: {e}: {order}", file.display()));
            let mut notes = Notes::default();
            let order =
                map::order(&wire, &mut notes).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
            let written = object["currentTotalPriceSet"]["shopMoney"]["amount"]
                .as_str()
                .unwrap();
            let read = domain::money::format_minor(order.totals.current_total, order.currency);
            let as_number = |s: &str| s.parse::<f64>().unwrap();
            assert!(
                (as_number(written) - as_number(&read)).abs() < 1e-9,
                "{written} {read}"
            );
            assert!(
                notes.take().is_empty(),
                "{}: an unknown word",
                file.display()
            );
            transactions += order.transactions.len();
            refunds += order.refunds.len();
            mapped += 1;
        });
    }
    assert!(
        mapped > 20 && transactions > 5 && refunds > 1,
        "{mapped} {transactions} {refunds}"
    );
}

#[test]
fn recorded_variants_and_their_products_are_read() {
    let mut read = 0;
    for file in crate::files("captured", ".json") {
        walk(&crate::json(&file), &mut |object| {
            if is_a(object, "ProductVariant") {
                let value = Value::Object(object.clone());
                let variant: wire::Variant = serde_json::from_value(value)
                    .unwrap_or_else(|e| panic!("{}: {e}", file.display()));
                read += usize::from(variant.id.is_some());
            }
        });
    }
    assert!(read > 20, "{read}");
}

#[test]
fn recorded_bulk_operations_are_read() {
    let mut read = 0;
    for file in crate::files("captured", ".json") {
        walk(&crate::json(&file), &mut |object| {
            if !is_a(object, "BulkOperation") {
                return;
            }
            let value = Value::Object(object.clone());
            let operation: wire::Operation =
                serde_json::from_value(value).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
            if let Some(count) = &operation.object_count {
                count.parse::<u64>().unwrap();
                read += 1;
            }
        });
    }
    assert!(read > 10, "{read}");
}

#[test]
fn recorded_costs_are_read() {
    let mut read = 0;
    for file in crate::files("captured", ".json") {
        walk(&crate::json(&file), &mut |object| {
            if let Some(cost) = object.get("extensions").filter(|e| e.get("cost").is_some()) {
                let extensions: wire::Extensions = serde_json::from_value(cost.clone())
                    .unwrap_or_else(|e| panic!("{}: {e}", file.display()));
                let status = extensions.cost.and_then(|c| c.throttle_status);
                read += usize::from(status.is_some_and(|s| s.maximum_available > 0.0));
            }
        });
    }
    assert!(read > 50, "{read}");
}

#[test]
fn recorded_errors_are_understood() {
    let observed = crate::json(&crate::shopify().join("graphql_errors_observed.json"));
    let about = About {
        shop: "acme.myshopify.com",
        version: "2026-10",
    };
    let observed = observed.as_array().unwrap();
    for entry in observed {
        let error: wire::GraphError = serde_json::from_value(entry["example"].clone()).unwrap();
        let trouble = translate(
            Said::Graph {
                code: error.code(),
                message: &error.message,
                field: error.field().unwrap_or("a field"),
                required: None,
            },
            about,
        );
        let expected = match error.code() {
            "ACCESS_DENIED" => Kind::Forbidden,
            "INTERNAL_SERVER_ERROR" => Kind::Unavailable,
            "NOT_FOUND" | "RESOURCE_NOT_FOUND" => Kind::NotFound,
            code if code.starts_with(char::is_lowercase) => Kind::Configuration,
            _ => Kind::Rejected,
        };
        assert_eq!(trouble.kind, expected, "{error:?}");
    }
    assert!(observed.len() >= 30);
}

#[test]
fn recorded_rows_of_result_files_are_read() {
    for file in crate::files("captured", ".jsonl") {
        let text = crate::text(&file);
        assert!(text.lines().count() > 0);
        for line in text.lines() {
            let row: wire::Ref = serde_json::from_str(line).unwrap();
            assert!(row.id.is_some());
        }
    }
}
