//! Rows against the schema of their table, as the loader checks them.

use chrono::{DateTime, NaiveDate};
use rust_decimal::Decimal;
use serde_json::Value;

/// 29 digits before the point and 9 behind it.
fn is_numeric(text: &str) -> bool {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let digits = |text: &str| text.chars().all(|c| c.is_ascii_digit());
    let whole = whole.strip_prefix('-').unwrap_or(whole);
    !whole.is_empty()
        && whole.len() <= 29
        && part.len() <= 9
        && digits(whole)
        && digits(part)
        && text.parse::<Decimal>().is_ok()
}

fn is_of(kind: &str, value: &Value) -> bool {
    let text = value.as_str();
    match kind {
        "STRING" => text.is_some(),
        "INTEGER" | "INT64" => match value {
            // Larger ones are told as text, else readers of JSON lose digits.
            Value::Number(n) => n.as_i64().is_some_and(|n| n.unsigned_abs() < 1 << 53),
            _ => text.is_some_and(|text| text.parse::<i64>().is_ok()),
        },
        "NUMERIC" => text.is_some_and(is_numeric),
        "DATE" => text.is_some_and(|text| text.len() == 10 && text.parse::<NaiveDate>().is_ok()),
        "TIMESTAMP" => text.is_some_and(|text| DateTime::parse_from_rfc3339(text).is_ok()),
        "BOOLEAN" | "BOOL" => value.is_boolean(),
        _ => false,
    }
}

/// What is wrong with a row; `partition`: the day that all rows have to have in this column.
pub(super) fn check(row: &Value, schema: &Value, partition: (&str, &str)) -> Result<(), String> {
    let object = row.as_object().ok_or("a row is an object")?;
    let fields = schema["fields"].as_array().ok_or("no fields")?;
    for name in object.keys() {
        if !fields.iter().any(|field| field["name"] == name.as_str()) {
            return Err(format!("no such field: {name}."));
        }
    }
    for field in fields {
        let name = field["name"].as_str().unwrap_or_default();
        let value = object.get(name).unwrap_or(&Value::Null);
        let kind = field["type"].as_str().unwrap_or_default();
        if value.is_null() {
            if field["mode"] == "REQUIRED" {
                return Err(format!("Missing required field: {name}."));
            }
        } else if !is_of(kind, value) {
            return Err(format!(
                "Could not convert value to {kind}. Field: {name}; Value: {value}"
            ));
        }
    }
    let (column, day) = partition;
    let own = object
        .get(column)
        .and_then(Value::as_str)
        .unwrap_or_default();
    if own.replace('-', "") != day {
        return Err(format!(
            "Some rows belong to different partitions rather than destination partition {day}"
        ));
    }
    Ok(())
}
