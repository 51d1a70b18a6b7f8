//! Reading rows column by column.

use chrono::{DateTime, NaiveDate, Utc};
use domain::money::Currency;
use ports::{Kind, PortError, Retry};
use serde::de::DeserializeOwned;
use sqlx::{ColumnIndex, Database, Decode, Row, Type};
use uuid::Uuid;

/// A row of any driver, in the shapes of [`crate::Arg`].
pub trait SqlRow {
    fn int(&self, column: usize) -> Result<Option<i64>, sqlx::Error>;
    fn text(&self, column: usize) -> Result<Option<String>, sqlx::Error>;
    fn bytes(&self, column: usize) -> Result<Option<Vec<u8>>, sqlx::Error>;
    fn id(&self, column: usize) -> Result<Option<Uuid>, sqlx::Error>;
    fn database(&self) -> &'static str;
}

impl<R> SqlRow for R
where
    R: Row,
    usize: ColumnIndex<R>,
    i64: Type<R::Database> + for<'r> Decode<'r, R::Database>,
    String: Type<R::Database> + for<'r> Decode<'r, R::Database>,
    Vec<u8>: Type<R::Database> + for<'r> Decode<'r, R::Database>,
    Uuid: Type<R::Database> + for<'r> Decode<'r, R::Database>,
{
    fn int(&self, column: usize) -> Result<Option<i64>, sqlx::Error> {
        self.try_get(column)
    }

    fn text(&self, column: usize) -> Result<Option<String>, sqlx::Error> {
        self.try_get(column)
    }

    fn bytes(&self, column: usize) -> Result<Option<Vec<u8>>, sqlx::Error> {
        self.try_get(column)
    }

    fn id(&self, column: usize) -> Result<Option<Uuid>, sqlx::Error> {
        self.try_get(column)
    }

    fn database(&self) -> &'static str {
        match <R::Database as Database>::NAME {
            "PostgreSQL" => "postgres",
            _ => "sqlite",
        }
    }
}

/// A stored value that does not mean what this release understands.
#[derive(Debug, thiserror::Error)]
#[error("column {column} of a stored row cannot be read: {reason}")]
pub struct Undecodable {
    database: &'static str,
    column: usize,
    reason: String,
}

impl From<Undecodable> for PortError {
    fn from(error: Undecodable) -> Self {
        Self::new(
            Kind::Corrupt,
            Retry::Never,
            error.database,
            "decode",
            format!("{error}. Check the database with `royal doctor`, or restore a backup"),
        )
    }
}

/// Takes the columns of a row from left to right.
#[derive(Debug)]
pub struct Cells<'r, R> {
    row: &'r R,
    next: usize,
}

impl<'r, R: SqlRow> Cells<'r, R> {
    #[must_use]
    pub fn of(row: &'r R) -> Self {
        Self { row, next: 0 }
    }

    fn read<T>(
        &mut self,
        get: impl FnOnce(&R, usize) -> Result<Option<T>, sqlx::Error>,
    ) -> Result<Option<T>, Undecodable> {
        self.next += 1;
        get(self.row, self.next - 1).map_err(|e| self.bad(e.to_string()))
    }

    pub(crate) fn bad(&self, reason: String) -> Undecodable {
        Undecodable {
            database: self.row.database(),
            column: self.next,
            reason,
        }
    }

    fn there<T>(&self, value: Option<T>) -> Result<T, Undecodable> {
        value.ok_or_else(|| self.bad("it is empty".to_owned()))
    }

    pub fn int(&mut self) -> Result<i64, Undecodable> {
        let value = self.int_or_none()?;
        self.there(value)
    }

    pub fn int_or_none(&mut self) -> Result<Option<i64>, Undecodable> {
        self.read(R::int)
    }

    /// A number that is never negative.
    pub fn count(&mut self) -> Result<u64, Undecodable> {
        let value = self.int()?;
        u64::try_from(value).map_err(|e| self.bad(e.to_string()))
    }

    pub fn bool(&mut self) -> Result<bool, Undecodable> {
        self.int().map(|v| v != 0)
    }

    pub fn text(&mut self) -> Result<String, Undecodable> {
        let value = self.text_or_none()?;
        self.there(value)
    }

    pub fn text_or_none(&mut self) -> Result<Option<String>, Undecodable> {
        self.read(R::text)
    }

    pub fn bytes(&mut self) -> Result<Vec<u8>, Undecodable> {
        let value = self.bytes_or_none()?;
        self.there(value)
    }

    pub fn bytes_or_none(&mut self) -> Result<Option<Vec<u8>>, Undecodable> {
        self.read(R::bytes)
    }

    pub fn hash(&mut self) -> Result<[u8; 32], Undecodable> {
        let bytes = self.bytes()?;
        bytes
            .try_into()
            .map_err(|_| self.bad("it is no SHA-256".to_owned()))
    }

    pub fn id(&mut self) -> Result<Uuid, Undecodable> {
        let value = self.id_or_none()?;
        self.there(value)
    }

    pub fn id_or_none(&mut self) -> Result<Option<Uuid>, Undecodable> {
        self.read(R::id)
    }

    pub fn at(&mut self) -> Result<DateTime<Utc>, Undecodable> {
        let value = self.at_or_none()?;
        self.there(value)
    }

    pub fn at_or_none(&mut self) -> Result<Option<DateTime<Utc>>, Undecodable> {
        self.int_or_none()?
            .map(|micros| {
                DateTime::from_timestamp_micros(micros)
                    .ok_or_else(|| self.bad(format!("{micros} is no instant")))
            })
            .transpose()
    }

    pub fn day(&mut self) -> Result<NaiveDate, Undecodable> {
        let value = self.day_or_none()?;
        self.there(value)
    }

    pub fn day_or_none(&mut self) -> Result<Option<NaiveDate>, Undecodable> {
        self.text_or_none()?
            .map(|text| text.parse().map_err(|e| self.bad(format!("{text:?}: {e}"))))
            .transpose()
    }

    pub fn currency(&mut self) -> Result<Currency, Undecodable> {
        let text = self.text()?;
        Currency::parse(&text).map_err(|e| self.bad(e.to_string()))
    }

    /// Anything that parses from its text.
    pub fn parsed<T: std::str::FromStr<Err: std::fmt::Display>>(
        &mut self,
    ) -> Result<T, Undecodable> {
        let text = self.text()?;
        text.parse()
            .map_err(|e: T::Err| self.bad(format!("{text:?}: {e}")))
    }

    pub fn json<T: DeserializeOwned>(&mut self) -> Result<T, Undecodable> {
        let text = self.text()?;
        serde_json::from_str(&text).map_err(|e| self.bad(e.to_string()))
    }

    /// An enum by its word.
    pub fn word<T: DeserializeOwned>(&mut self) -> Result<T, Undecodable> {
        let text = self.text()?;
        serde_json::from_value(serde_json::Value::String(text)).map_err(|e| self.bad(e.to_string()))
    }
}
