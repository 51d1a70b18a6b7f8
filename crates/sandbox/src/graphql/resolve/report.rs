//! The sales report by `ShopifyQL`: of the language as much as a reconciliation asks for. What is not understood is a parse error,
//! as on a real shop.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde_json::{Map, json};

use super::super::argument::Arguments;
use super::super::value::{Object, Value};
use super::Context;
use crate::money::fixed;
use crate::store::ids;
use crate::truth::{Day, report_of};

const METRICS: [&str; 8] = [
    "orders",
    "gross_sales",
    "discounts",
    "sales_reversals",
    "net_sales",
    "shipping_charges",
    "taxes",
    "total_sales",
];

#[derive(Debug, PartialEq)]
struct Query {
    show: Vec<String>,
    by_order: bool,
    by_day: bool,
    since: NaiveDate,
    until: NaiveDate,
    limit: usize,
}

pub(super) fn answer<'a>(context: &'a Context<'a>, arguments: &Arguments) -> Value<'a> {
    let text = arguments.text("query").unwrap_or_default();
    let (errors, table) = match parse(text) {
        Ok(query) => (Vec::new(), table(context, &query)),
        Err(error) => (vec![Value::text(error)], Value::Null),
    };
    Value::made(
        "ShopifyqlQueryResponse",
        vec![
            ("parseErrors", Value::List(errors)),
            ("parseWarnings", Value::List(Vec::new())),
            ("tableData", table),
        ],
    )
}

/// `FROM sales SHOW a, b [GROUP BY order_id] [TIMESERIES day] SINCE day UNTIL day [ORDER BY column] [LIMIT n]`.
fn parse(text: &str) -> Result<Query, String> {
    let words: Vec<&str> = text
        .split(|c: char| c.is_whitespace() || c == ',')
        .filter(|w| !w.is_empty())
        .collect();
    let keyword = |n: usize| words.get(n).map(|w| w.to_uppercase()).unwrap_or_default();
    if keyword(0) != "FROM" || words.get(1) != Some(&"sales") || keyword(2) != "SHOW" {
        return Err("Syntax error: expected FROM sales SHOW".to_owned());
    }
    let mut query = Query {
        show: Vec::new(),
        by_order: false,
        by_day: false,
        since: NaiveDate::MIN,
        until: NaiveDate::MAX,
        limit: 1_000,
    };
    let mut n = 3;
    while let Some(word) = words.get(n) {
        let next = |step: usize| words.get(n + step).copied().unwrap_or_default();
        match keyword(n).as_str() {
            "GROUP" if next(2) == "order_id" => (query.by_order, n) = (true, n + 3),
            "TIMESERIES" if next(1) == "day" => (query.by_day, n) = (true, n + 2),
            "SINCE" => (query.since, n) = (date(next(1))?, n + 2),
            "UNTIL" => (query.until, n) = (date(next(1))?, n + 2),
            "ORDER" => n += 3,
            "LIMIT" => {
                query.limit = next(1)
                    .parse()
                    .map_err(|_| "Syntax error: LIMIT".to_owned())?;
                n += 2;
            }
            _ if METRICS.contains(word) => {
                query.show.push((*word).to_owned());
                n += 1;
            }
            _ => {
                return Err(format!(
                    "Column Not Found: Column '{word}' not found in table."
                ));
            }
        }
    }
    Ok(query)
}

fn date(text: &str) -> Result<NaiveDate, String> {
    text.parse()
        .map_err(|_| format!("Syntax error: {text:?} is no date"))
}

fn table<'a>(context: &'a Context<'a>, query: &Query) -> Value<'a> {
    let store = context.store;
    let mut rows: BTreeMap<(String, i64), Day> = BTreeMap::new();
    if query.by_day {
        for day in query.since.iter_days().take_while(|d| *d <= query.until) {
            rows.insert((day.to_string(), 0), Day::default());
        }
    }
    let (since, until) = (query.since.to_string(), query.until.to_string());
    for order in store.live_orders() {
        for (day, sums) in report_of(store, order) {
            if day < since || day > until {
                continue;
            }
            let day = if query.by_day { day } else { String::new() };
            let id = if query.by_order {
                ids::ORDER + i64::from(order.index)
            } else {
                0
            };
            rows.entry((day, id)).or_default().add(&sums);
        }
    }
    let rows: Vec<_> = rows
        .into_iter()
        .take(query.limit)
        .map(|((day, id), sums)| row(query, &day, id, &sums, store.shop.exponent))
        .collect();
    let names = [
        ("day", query.by_day, "DAY_TIMESTAMP"),
        ("order_id", query.by_order, "IDENTITY"),
    ];
    let mut columns: Vec<(&str, &'static str)> = names
        .iter()
        .filter(|(_, there, _)| *there)
        .map(|(name, _, ty)| (*name, *ty))
        .collect();
    columns.extend(query.show.iter().map(|name| {
        let ty = if name == "orders" { "INTEGER" } else { "MONEY" };
        (name.as_str(), ty)
    }));
    let columns = columns.into_iter().map(|(name, ty)| {
        Object::Made(
            "ShopifyqlTableDataColumn",
            std::sync::Arc::new(vec![
                ("dataType", Value::text(ty)),
                ("displayName", Value::text(name.replace('_', " "))),
                ("name", Value::text(name.to_owned())),
            ]),
        )
    });
    Value::made(
        "ShopifyqlTableData",
        vec![
            ("columns", Value::list(columns)),
            ("rows", Value::Raw(json!(rows).to_string())),
        ],
    )
}

fn row(
    query: &Query,
    day: &str,
    id: i64,
    sums: &Day,
    exponent: u32,
) -> Map<String, serde_json::Value> {
    let mut row = Map::new();
    if query.by_day {
        row.insert("day".to_owned(), json!(day));
    }
    if query.by_order {
        row.insert("order_id".to_owned(), json!(id.to_string()));
    }
    for name in &query.show {
        let amount = match name.as_str() {
            "orders" => {
                row.insert(name.clone(), json!(sums.orders.to_string()));
                continue;
            }
            "gross_sales" => sums.gross_sales,
            "discounts" => -sums.discounts,
            "sales_reversals" => sums.adjustments - sums.returns,
            "net_sales" => sums.net_sales() + sums.adjustments,
            "shipping_charges" => sums.shipping,
            "taxes" => sums.taxes,
            _ => sums.total_sales(),
        };
        row.insert(name.clone(), json!(fixed(amount, exponent)));
    }
    row
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_understood_is_a_parse_error() {
        assert!(
            parse("FROM sales SHOW net_sales TIMESERIES day SINCE 2026-01-01 UNTIL 2026-01-31")
                .is_ok()
        );
        for wrong in [
            "SHOW net_sales FROM sales",
            "FROM orders SHOW orders",
            "FROM sales SHOW returns",
            "FROM sales SHOW net_sales SINCE yesterday",
        ] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }
}
