//! Typed values of one row; what cannot be read is noted by column and reason, and reading goes on, so that a person sees all of it.

use super::date::parse_moment;
use super::mapping::Layout;
use super::number::parse_number;
use super::row::{Row, RowProblem};
use crate::calendar::Calendar;
use crate::money::Currency;
use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;

pub(super) struct Cells<'a> {
    pub row: &'a Row,
    pub layout: &'a Layout,
    pub problems: Vec<RowProblem>,
}

impl<'a> Cells<'a> {
    pub(super) fn new(row: &'a Row, layout: &'a Layout) -> Self {
        Self {
            row,
            layout,
            problems: Vec::new(),
        }
    }

    /// `None` when the field has no column or its cell is blank.
    pub(super) fn text(&self, field: &str) -> Option<&'a str> {
        let index = self.layout.index(field)?;
        Some(self.row.cell(index).trim()).filter(|t| !t.is_empty())
    }

    pub(super) fn refuse(&mut self, field: &str, reason: impl Into<String>) {
        let column = self.layout.header(field);
        let value = self.text(field);
        self.problems
            .push(RowProblem::refused(self.row, column, value, reason));
    }

    /// Says that it is missing when it is.
    pub(super) fn needed(&mut self, field: &str) -> Option<&'a str> {
        let text = self.text(field);
        if text.is_none() {
            self.refuse(field, "is empty");
        }
        text
    }

    pub(super) fn decimal(&mut self, field: &str) -> Option<Decimal> {
        let text = self.text(field)?;
        match parse_number(text, self.layout.number_style(field)) {
            Ok(number) => Some(number),
            Err(error) => {
                self.refuse(field, error.to_string());
                None
            }
        }
    }

    pub(super) fn positive(&mut self, field: &str) -> Option<Decimal> {
        let number = self.decimal(field)?;
        if number.is_sign_negative() && !number.is_zero() {
            self.refuse(field, "is negative");
            return None;
        }
        Some(number)
    }

    /// Minor units; never negative.
    pub(super) fn amount(&mut self, field: &str, currency: Currency) -> Option<i64> {
        let number = self.positive(field)?;
        let scaled = number.checked_mul(Decimal::from(10_i64.pow(currency.exponent())));
        match scaled
            .filter(|s| s.fract().is_zero())
            .and_then(|s| s.to_i64())
        {
            Some(minor) => Some(minor),
            None => {
                self.refuse(
                    field,
                    format!("has more decimals or digits than {currency} has"),
                );
                None
            }
        }
    }

    pub(super) fn whole(&mut self, field: &str) -> Option<i64> {
        let number = self.positive(field)?;
        match number.to_i64().filter(|n| Decimal::from(*n) == number) {
            Some(n) => Some(n),
            None => {
                self.refuse(field, "is not a whole number");
                None
            }
        }
    }

    pub(super) fn instant(&mut self, field: &str, calendar: &Calendar) -> Option<DateTime<Utc>> {
        let text = self.text(field)?;
        let read = parse_moment(text, self.layout.styles.dates).and_then(|m| m.instant(calendar));
        match read {
            Ok(at) => Some(at),
            Err(error) => {
                self.refuse(field, error.to_string());
                None
            }
        }
    }

    pub(super) fn day(&mut self, field: &str) -> Option<NaiveDate> {
        let text = self.text(field)?;
        match parse_moment(text, self.layout.styles.dates) {
            Ok(moment) => Some(moment.day),
            Err(error) => {
                self.refuse(field, error.to_string());
                None
            }
        }
    }

    /// The row's own currency, else `default`.
    pub(super) fn currency(&mut self, field: &str, default: Currency) -> Option<Currency> {
        let Some(text) = self.text(field) else {
            return Some(default);
        };
        match Currency::parse(text) {
            Ok(currency) => Some(currency),
            Err(_) => {
                self.refuse(field, "is no currency (three letters of ISO 4217)");
                None
            }
        }
    }

    pub(super) fn flag(&self, field: &str) -> Option<bool> {
        match self.text(field)?.to_ascii_lowercase().as_str() {
            "true" | "yes" | "1" | "y" => Some(true),
            "false" | "no" | "0" | "n" => Some(false),
            _ => None,
        }
    }
}
