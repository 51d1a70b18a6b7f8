//! Rows of a made-up shop, as Shopify writes them; and a script for bulk exports of them.

use crate::scripted::{Answer, Asked, data};
use serde_json::{Value, json};

pub(crate) fn gid(kind: &str, id: i64) -> String {
    format!("gid://shopify/{kind}/{id}")
}

pub(crate) fn money(amount: &str) -> Value {
    json!({ "shopMoney": { "amount": amount, "currencyCode": "USD" } })
}

/// An order worth 10.00, without its connections.
pub(crate) fn order(id: i64) -> Value {
    json!({
        "__typename": "Order", "id": gid("Order", id), "name": format!("#{id}"), "currencyCode": "USD",
        "taxesIncluded": false, "test": false, "processedAt": "2026-05-01T10:00:00Z",
        "createdAt": "2026-05-01T10:00:00Z", "updatedAt": "2026-05-02T10:00:00Z", "cancelledAt": null,
        "sourceName": "web", "displayFinancialStatus": "PAID", "displayFulfillmentStatus": "FULFILLED",
        "edited": false, "tags": [], "attribution": null, "app": null, "customer": null,
        "shippingAddress": { "countryCodeV2": "US" }, "billingAddress": null,
        "subtotalPriceSet": money("10.0"), "totalDiscountsSet": money("0.0"), "totalShippingPriceSet": money("0.0"),
        "totalTaxSet": money("0.0"), "originalTotalDutiesSet": null, "totalTipReceivedSet": money("0.0"),
        "totalPriceSet": money("10.0"), "currentTotalPriceSet": money("10.0"), "totalRefundedSet": money("0.0"),
        "transactions": [], "refunds": []
    })
}

pub(crate) fn line(id: i64) -> Value {
    json!({
        "__typename": "LineItem", "id": gid("LineItem", id), "title": "Pen", "variantTitle": null, "sku": "P",
        "quantity": 1, "currentQuantity": 1, "isGiftCard": false, "product": { "id": gid("Product", 5) },
        "variant": { "id": gid("ProductVariant", 6) }, "originalUnitPriceSet": money("10.0"),
        "discountAllocations": [], "taxLines": []
    })
}

pub(crate) fn agreement(id: i64) -> Value {
    json!({ "__typename": "OrderAgreement", "id": gid("OrderAgreement", id), "happenedAt": "2026-05-01T10:00:00Z", "reason": "ORDER" })
}

pub(crate) fn sale(id: i64, line: i64, amount: &str) -> Value {
    json!({
        "__typename": "ProductSale", "id": gid("ProductSale", id), "actionType": "ORDER", "lineType": "PRODUCT",
        "quantity": 1, "totalAmount": money(amount), "totalDiscountAmountBeforeTaxes": money("0.0"),
        "totalTaxAmount": money("0.0"), "lineItem": { "id": gid("LineItem", line) }
    })
}

/// With a field changed or added.
pub(crate) fn with(mut row: Value, field: &str, value: Value) -> Value {
    row[field] = value;
    row
}

pub(crate) fn below(row: Value, parent: &str) -> Value {
    with(row, "__parentId", json!(parent))
}

/// An order's rows of a result file: the order, its line, its agreement, its sale.
pub(crate) fn rows(id: i64) -> Vec<Value> {
    let own = gid("Order", id);
    vec![
        order(id),
        below(line(id * 10), &own),
        below(agreement(id), &own),
        below(sale(id * 10, id * 10, "10.0"), &gid("OrderAgreement", id)),
    ]
}

/// An order as nested reads have it.
pub(crate) fn nested(id: i64) -> Value {
    let sales = json!({ "nodes": [sale(id * 10, id * 10, "10.0")] });
    let agreements = json!({ "nodes": [with(agreement(id), "sales", sales)] });
    let order = with(order(id), "lineItems", json!({ "nodes": [line(id * 10)] }));
    let order = with(order, "shippingLines", json!({ "nodes": [] }));
    with(order, "agreements", agreements)
}

/// An operation as Shopify tells it.
pub(crate) fn operation(id: i64, status: &str, counts: (usize, usize), url: Option<&str>) -> Value {
    json!({
        "id": gid("BulkOperation", id), "status": status, "errorCode": null,
        "createdAt": "2026-05-08T00:00:00Z", "completedAt": null,
        "objectCount": counts.0.to_string(), "rootObjectCount": counts.1.to_string(),
        "fileSize": "1000", "url": url, "partialDataUrl": null
    })
}

pub(crate) fn started(operation: Value) -> Answer {
    data(json!({ "bulkOperationRunQuery": { "bulkOperation": operation, "userErrors": [] } }))
}

pub(crate) fn polled(operation: Value) -> Answer {
    data(json!({ "bulkOperation": operation }))
}

/// A bulk export that works: started, ready at the second look, its file at `/file`.
pub(crate) fn exports(base: &str, asked: &Asked, lines: &[Value]) -> Answer {
    let roots = lines
        .iter()
        .filter(|l| l.get("__parentId").is_none())
        .count();
    let counts = (lines.len(), roots);
    match asked.name.as_str() {
        "BulkStart" => started(operation(1, "CREATED", (0, 0), None)),
        "BulkPoll" if asked.nth == 0 => polled(operation(1, "RUNNING", (1, 0), None)),
        "BulkPoll" => {
            let file = format!("{base}/file");
            polled(operation(1, "COMPLETED", counts, Some(&file)))
        }
        "GET /file" => Answer::Lines(lines.to_vec()),
        other => panic!("not expected: {other}"),
    }
}

pub(crate) fn identity(scopes: &[&str]) -> Answer {
    let handles: Vec<_> = scopes.iter().map(|s| json!({ "handle": s })).collect();
    data(json!({
        "shop": { "name": "Acme", "myshopifyDomain": "acme.myshopify.com", "currencyCode": "USD", "ianaTimezone": "UTC" },
        "currentAppInstallation": { "accessScopes": handles }
    }))
}
