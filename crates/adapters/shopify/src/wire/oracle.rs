//! The sales report, and orders without their lines.

use super::MoneyBag;
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::Value;

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct OrderHead {
    pub id: Option<String>,
    pub name: Option<String>,
    pub processed_at: Option<DateTime<Utc>>,
    pub updated_at: Option<DateTime<Utc>>,
    pub cancelled_at: Option<DateTime<Utc>>,
    pub test: Option<bool>,
    pub currency_code: Option<String>,
    pub current_total_price_set: Option<MoneyBag>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SalesReport {
    pub shopifyql_query: Option<Report>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Report {
    pub table_data: Option<Table>,
    pub parse_errors: Option<Vec<String>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Table {
    pub columns: Option<Vec<Column>>,
    pub rows: Value,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Column {
    pub name: Option<String>,
}
