//! Rows of the sales report.

use super::amounts::{Amounts, Of, Unreadable};
use chrono::NaiveDate;
use domain::ids::OrderId;
use domain::money::Currency;
use domain::reconciliation::Sales;
use serde_json::{Map, Value};

/// One row of the answer, by the names of its columns.
#[derive(Debug, Clone, Copy)]
pub struct ReportRow<'a> {
    pub row: &'a Map<String, Value>,
    pub currency: Currency,
}

impl ReportRow<'_> {
    const OF: Of<'static> = Of {
        what: "sales report",
        name: "",
        id: "shopifyqlQuery",
    };

    fn value(&self, column: &'static str) -> Result<&Value, Unreadable> {
        self.row
            .get(column)
            .filter(|v| !v.is_null())
            .ok_or_else(|| Self::OF.missing(column))
    }

    fn money(&self, column: &'static str) -> Result<i64, Unreadable> {
        let value = self.value(column)?;
        let amounts = Amounts {
            of: Self::OF,
            currency: self.currency,
        };
        // A number's own text: amounts never pass through a float.
        match value {
            Value::String(text) => amounts.text(column, text),
            Value::Number(number) => amounts.text(column, &number.to_string()),
            other => Err(Self::OF.refuse(column, format!("{other} is no amount"))),
        }
    }

    fn count(&self, column: &'static str) -> Result<i64, Unreadable> {
        let value = self.value(column)?;
        let text = value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned);
        text.parse()
            .map_err(|_| Self::OF.refuse(column, format!("{text} is no count")))
    }

    /// What is taken off is negative in the report and positive here.
    ///
    /// # Errors
    /// Names the column that cannot be understood.
    pub fn sales(&self) -> Result<Sales, Unreadable> {
        Ok(Sales {
            orders: Some(self.count("orders")?),
            gross_sales: Some(self.money("gross_sales")?),
            discounts: Some(-self.money("discounts")?),
            reversals: Some(-self.money("sales_reversals")?),
            net_sales: Some(self.money("net_sales")?),
            shipping: Some(self.money("shipping_charges")?),
            taxes: Some(self.money("taxes")?),
            total_sales: self.money("total_sales")?,
        })
    }

    /// `2026-07-17`, or an instant that begins with it.
    ///
    /// # Errors
    /// When it is no day.
    pub fn day(&self) -> Result<NaiveDate, Unreadable> {
        let value = self.value("day")?;
        let text = value.as_str().unwrap_or_default();
        text.get(..10)
            .and_then(|day| day.parse().ok())
            .ok_or_else(|| Self::OF.refuse("day", format!("{value} is no day")))
    }

    /// `None` for amounts that belong to no order.
    ///
    /// # Errors
    /// When it is no id.
    pub fn order(&self) -> Result<Option<OrderId>, Unreadable> {
        let Some(value) = self.row.get("order_id").filter(|v| !v.is_null()) else {
            return Ok(None);
        };
        let text = value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned);
        if text.is_empty() || text == "0" {
            return Ok(None);
        }
        text.parse()
            .map(Some)
            .map_err(|_| Self::OF.refuse("order_id", format!("{text} is no id")))
    }
}
