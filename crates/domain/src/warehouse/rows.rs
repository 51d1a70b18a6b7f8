//! Facts as rows.

use super::tables::is_count;
use super::{MirrorTable, Row};
use crate::calendar::Calendar;
use crate::ids::StoreId;
use crate::ledger::Ledger;
use crate::money::Currency;
use crate::order::Order;
use crate::rollup::Measures;
use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use rust_decimal::Decimal;
use serde_json::{Map, Value, json};

/// `12.34`, with as many decimals as the currency has.
fn amount(minor: i64, currency: Currency) -> String {
    Decimal::new(minor, currency.exponent()).to_string()
}

/// Numbers of a provider have up to 19 digits, which not every reader of JSON keeps.
fn id(number: i64) -> String {
    number.to_string()
}

fn time(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Micros, true)
}

/// The order on the day of its sale, and its entries, each on its own day.
#[must_use]
pub fn order_rows(store: StoreId, order: &Order, ledger: &Ledger, calendar: &Calendar) -> Vec<Row> {
    let day = calendar.day_of(order.processed_at);
    let money = |minor| amount(minor, order.currency);
    let totals = &order.totals;
    let value = json!({
        "store": store, "day": day, "order_id": id(order.id.0), "currency": order.currency, "test": order.test,
        "processed_at": time(order.processed_at), "updated_at": time(order.updated_at),
        "cancelled_at": order.cancelled_at.map(time), "channel": order.channel, "country": order.country,
        "financial_status": order.financial_status, "fulfillment_status": order.fulfillment_status,
        "edited": order.edited, "lines": order.lines.len(),
        "subtotal": money(totals.subtotal), "discounts": money(totals.discounts),
        "shipping": money(totals.shipping), "tax": money(totals.tax), "duties": money(totals.duties),
        "tips": money(totals.tips), "total": money(totals.total),
        "current_total": money(totals.current_total), "refunded": money(totals.refunded),
    });
    let mut rows = vec![Row {
        table: MirrorTable::Orders,
        day,
        value,
    }];
    rows.extend(ledger.entries.iter().enumerate().map(|(place, entry)| Row {
        table: MirrorTable::LedgerEntries,
        day: entry.day,
        value: json!({
            "store": store, "day": entry.day, "order_id": id(order.id.0), "entry": place, "at": time(entry.at),
            "kind": entry.kind, "reason": entry.reason, "currency": order.currency,
            "amount": money(entry.amount), "quantity": entry.quantity, "line_id": entry.line.map(|line| id(line.0)),
            "product_id": entry.product.map(|p| id(p.0)), "variant_id": entry.variant.map(|v| id(v.0)), "cost_basis": entry.cost,
        }),
    }));
    rows
}

/// All measures of a day, as reports add them up.
#[must_use]
pub fn profit_row(store: StoreId, currency: Currency, day: NaiveDate, measures: &Measures) -> Row {
    let mut value = Map::new();
    value.insert("store".to_owned(), json!(store));
    value.insert("day".to_owned(), json!(day));
    value.insert("currency".to_owned(), json!(currency));
    for (name, number) in Measures::NAMES.iter().zip(measures.values()) {
        let number = if is_count(name) {
            json!(number)
        } else {
            json!(amount(number, currency))
        };
        value.insert((*name).to_owned(), number);
    }
    Row {
        table: MirrorTable::ProfitDays,
        day,
        value: Value::Object(value),
    }
}

/// What an account spent on a day of its own. `micros`: millionths of its currency.
#[must_use]
pub fn spend_row(
    store: StoreId,
    (account, platform): (&str, &str),
    currency: Currency,
    day: NaiveDate,
    micros: i64,
) -> Row {
    Row {
        table: MirrorTable::AdSpend,
        day,
        value: json!({
            "store": store, "day": day, "account": account, "platform": platform, "currency": currency,
            "spend": Decimal::new(micros, 6).normalize().to_string(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::warehouse::ColumnType;
    use uuid::Uuid;

    /// Every column that a row must have is there with its type, and nothing else.
    fn fits(row: &Row) {
        let columns = row.table.columns();
        let object = row.value.as_object().unwrap();
        assert_eq!(object.len(), columns.len(), "{object:?}");
        for column in columns {
            let value = &object[column.name];
            let is_right = match column.kind {
                ColumnType::Text => value.is_string(),
                ColumnType::Whole => {
                    value.is_i64()
                        || value.is_u64()
                        || value
                            .as_str()
                            .is_some_and(|text| text.parse::<i64>().is_ok())
                }
                ColumnType::Decimal => value.as_str().unwrap().parse::<Decimal>().is_ok(),
                ColumnType::Day => value.as_str().unwrap().parse::<NaiveDate>().is_ok(),
                ColumnType::Time => DateTime::parse_from_rfc3339(value.as_str().unwrap()).is_ok(),
                ColumnType::Truth => value.is_boolean(),
            };
            assert!(
                is_right || (!column.required && value.is_null()),
                "{column:?}: {value}"
            );
        }
    }

    #[test]
    fn amounts_keep_the_decimals_of_their_currency() {
        let currency = |code| Currency::parse(code).unwrap();
        assert_eq!(amount(-1_205, currency("EUR")), "-12.05");
        assert_eq!(amount(1_205, currency("JPY")), "1205");
        assert_eq!(amount(1_205, currency("KWD")), "1.205");
        assert_eq!(amount(i64::MIN, currency("EUR")), "-92233720368547758.08");
    }

    #[test]
    fn rows_have_the_columns_of_their_tables() {
        let (store, day) = (
            StoreId(Uuid::from_u128(1)),
            NaiveDate::MIN.max("2026-02-01".parse().unwrap()),
        );
        let currency = Currency::parse("EUR").unwrap();
        let mut measures = Measures::default();
        (measures.orders, measures.gross_sales) = (3, 1_999);
        let row = profit_row(store, currency, day, &measures);
        fits(&row);
        assert_eq!(
            (&row.value["orders"], &row.value["gross_sales"]),
            (&json!(3), &json!("19.99"))
        );
        let spend = spend_row(store, ("1", "meta"), currency, day, 12_345_678);
        fits(&spend);
        assert_eq!(spend.value["spend"], json!("12.345678"));
    }
}
