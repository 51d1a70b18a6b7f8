//! Shopify's own figures: the sales report by `ShopifyQL`, and orders without their lines.
//!
//! The report needs `read_reports` and access to protected customer data of level 2. Column names are those of 2026:
//! `sales_reversals` was `returns`.

use crate::client::Client;
use crate::documents::{ORDER_HEADS, ORDER_HEADS_BY_ID, SALES_REPORT};
use crate::identity;
use crate::map::{self, ReportRow};
use crate::notes::Notes;
use crate::times;
use crate::wire::{Connection, Nodes, OrderHead, SalesReport};
use chrono::{DateTime, NaiveDate, Utc};
use domain::calendar::DayRange;
use domain::ids::OrderId;
use domain::money::Currency;
use domain::reconciliation::{Presence, Sales};
use ports::oracle::HeadPage;
use ports::{Kind, PortResult, Retry};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

const FIGURES: &str = "orders, gross_sales, discounts, sales_reversals, net_sales, shipping_charges, taxes, total_sales";
/// More rows than a report answers by default; a day with more orders than this is cut, which the sums then show.
const ORDERS_OF_A_DAY: u32 = 10_000;
const HEADS_AT_ONCE: u32 = 100;

pub(crate) async fn sales_by_day(
    client: &Client,
    range: DayRange,
    currency: Currency,
) -> PortResult<BTreeMap<NaiveDate, Sales>> {
    let DayRange { from, to } = range;
    let query = format!(
        "FROM sales SHOW {FIGURES} TIMESERIES day SINCE {from} UNTIL {to} ORDER BY day LIMIT 10000"
    );
    let mut days = BTreeMap::new();
    for row in report(client, &query).await? {
        let row = ReportRow {
            row: &row,
            currency,
        };
        let unreadable = |e| client.unreadable(SALES_REPORT.operation, &e);
        let sales = row.sales().map_err(unreadable)?;
        let sum: &mut Sales = days
            .entry(row.day().map_err(unreadable)?)
            .or_insert(Sales::ZERO);
        *sum = sum.plus(sales);
    }
    Ok(days)
}

pub(crate) async fn sales_by_order(
    client: &Client,
    day: NaiveDate,
    currency: Currency,
) -> PortResult<BTreeMap<OrderId, Sales>> {
    let query = format!(
        "FROM sales SHOW {FIGURES} GROUP BY order_id SINCE {day} UNTIL {day} ORDER BY order_id LIMIT {ORDERS_OF_A_DAY}"
    );
    let mut orders = BTreeMap::new();
    for row in report(client, &query).await? {
        let row = ReportRow {
            row: &row,
            currency,
        };
        let unreadable = |e| client.unreadable(SALES_REPORT.operation, &e);
        // What belongs to no order cannot be laid at an order's door: it stays unexplained.
        if let Some(order) = row.order().map_err(unreadable)? {
            let sales = row.sales().map_err(unreadable)?;
            let sum: &mut Sales = orders.entry(order).or_insert(Sales::ZERO);
            *sum = sum.plus(sales);
        }
    }
    Ok(orders)
}

async fn report(client: &Client, query: &str) -> PortResult<Vec<Map<String, Value>>> {
    let operation = SALES_REPORT.operation;
    let mut notes = Notes::default();
    let answer: SalesReport = client
        .read(&SALES_REPORT, json!({ "query": query }), &mut notes)
        .await?;
    let Some(answer) = answer.shopifyql_query else {
        let needed = "read_reports, and access to protected customer data of level 2";
        return Err(client.not_granted(operation, "shopifyqlQuery", needed));
    };
    let shop = &client.shop.domain;
    if let Some(error) = answer.parse_errors.unwrap_or_default().first() {
        // A column that this API version does not know makes the report useless, not the shop.
        let detail = format!("{shop} does not understand our sales report: {error}");
        return Err(client.error(Kind::Unsupported, Retry::Never, operation, detail));
    }
    let Some(table) = answer.table_data else {
        let detail = format!("{shop} answered a sales report without a table.");
        return Err(client.error(Kind::Corrupt, Retry::Never, operation, detail));
    };
    let columns: Vec<String> = table
        .columns
        .unwrap_or_default()
        .into_iter()
        .filter_map(|c| c.name)
        .collect();
    rows(&columns, table.rows).ok_or_else(|| {
        let detail = format!("{shop} answered a sales report of another shape than the schema's.");
        client.error(Kind::Corrupt, Retry::Never, operation, detail)
    })
}

/// Rows come as objects by column, or as lists in the order of the columns, or either as text: `JSON` promises nothing.
fn rows(columns: &[String], rows: Value) -> Option<Vec<Map<String, Value>>> {
    let rows = match rows {
        Value::String(text) => serde_json::from_str(&text).ok()?,
        other => other,
    };
    let Value::Array(rows) = rows else {
        return rows.is_null().then(Vec::new);
    };
    let row = |row: Value| match row {
        Value::Object(row) => Some(row),
        Value::Array(cells) if cells.len() == columns.len() => {
            Some(columns.iter().cloned().zip(cells).collect())
        }
        _ => None,
    };
    rows.into_iter().map(row).collect()
}

#[derive(Debug, Deserialize)]
struct Heads {
    orders: Option<Connection<OrderHead>>,
}

pub(crate) async fn heads(
    client: &Client,
    from: DateTime<Utc>,
    until: DateTime<Utc>,
    page: Option<&str>,
) -> PortResult<HeadPage> {
    let mut notes = Notes::default();
    let (since, before) = (times::text(from), times::text(until));
    let query = format!("processed_at:>='{since}' AND processed_at:<'{before}' AND status:any");
    let variables = json!({ "first": HEADS_AT_ONCE, "after": page, "query": query });
    let answer: Heads = client.read(&ORDER_HEADS, variables, &mut notes).await?;
    let orders = answer
        .orders
        .ok_or_else(|| client.not_granted(ORDER_HEADS.operation, "orders", "read_orders"))?;
    let next = orders.next();
    let heads: Result<Vec<_>, _> = orders.iter().map(map::head).collect();
    Ok(HeadPage {
        heads: heads.map_err(|e| client.unreadable(ORDER_HEADS.operation, &e))?,
        next,
    })
}

pub(crate) async fn look_up(
    client: &Client,
    ids: &[OrderId],
) -> PortResult<BTreeMap<OrderId, Presence>> {
    let mut notes = Notes::default();
    let mut found = BTreeMap::new();
    for ids in ids.chunks(HEADS_AT_ONCE as usize) {
        let gids: Vec<String> = ids
            .iter()
            .map(|id| format!("gid://shopify/Order/{id}"))
            .collect();
        let answer: Nodes<OrderHead> = client
            .read(&ORDER_HEADS_BY_ID, json!({ "ids": gids }), &mut notes)
            .await?;
        let rows = answer.nodes.filter(|rows| rows.len() == ids.len());
        let rows = rows.ok_or_else(|| {
            let detail = format!(
                "{} answered fewer orders than were looked up.",
                client.shop.domain
            );
            client.error(
                Kind::Corrupt,
                Retry::Never,
                ORDER_HEADS_BY_ID.operation,
                detail,
            )
        })?;
        for (id, row) in ids.iter().zip(rows) {
            let presence = match row.filter(|row| row.id.is_some()) {
                Some(row) => Presence::Found(
                    map::head(&row)
                        .map_err(|e| client.unreadable(ORDER_HEADS_BY_ID.operation, &e))?,
                ),
                // Orders older than 60 days are invisible without the scope: null does not prove that it was deleted.
                None if identity::sees_all_orders(client, &mut notes).await? => Presence::Gone,
                None => Presence::Unknown,
            };
            found.insert(*id, presence);
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(answered: Value, expected: Option<Value>) {
        let columns = ["day".to_owned(), "net_sales".to_owned()];
        let read = rows(&columns, answered);
        let read = read.map(|rows| Value::Array(rows.into_iter().map(Value::Object).collect()));
        assert_eq!(read, expected);
    }

    #[test]
    fn rows_are_read_in_every_shape_and_never_guessed() {
        let expected = json!([{ "day": "2026-07-17", "net_sales": "4246.26" }]);
        check(expected.clone(), Some(expected.clone()));
        check(json!([["2026-07-17", "4246.26"]]), Some(expected.clone()));
        check(json!(expected.to_string()), Some(expected));
        check(Value::Null, Some(json!([])));
        check(json!([["2026-07-17"]]), None);
        check(json!({ "day": 1 }), None);
    }
}
