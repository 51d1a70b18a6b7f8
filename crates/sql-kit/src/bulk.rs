//! Many rows at once, column by column; each database writes them in its own fastest way.

use crate::sql::{micros, storable};
use chrono::{DateTime, Utc};
use uuid::Uuid;

/// Values of one column, one a row, or one for all rows.
#[derive(Debug, Clone, PartialEq)]
pub enum Column {
    Int(Vec<Option<i64>>),
    Text(Vec<Option<String>>),
    Bytes(Vec<Option<Vec<u8>>>),
    SameId(Uuid),
    SameInt(i64),
}

#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// What stands after the values: `ON CONFLICT …`, or nothing.
    Insert(&'static str),
    /// Deletes the rows whose columns equal the given ones and for which the condition holds.
    Delete(&'static str),
}

#[derive(Debug, Clone, PartialEq)]
pub struct Bulk {
    pub table: &'static str,
    pub action: Action,
    pub columns: Vec<(&'static str, Column)>,
    pub rows: usize,
}

impl Bulk {
    #[must_use]
    pub fn insert(table: &'static str, on_conflict: &'static str) -> Self {
        Self {
            table,
            action: Action::Insert(on_conflict),
            columns: Vec::new(),
            rows: 0,
        }
    }

    #[must_use]
    pub fn delete(table: &'static str, condition: &'static str) -> Self {
        Self {
            action: Action::Delete(condition),
            ..Self::insert(table, "")
        }
    }

    #[must_use]
    pub fn same_id(mut self, name: &'static str, id: Uuid) -> Self {
        self.columns.push((name, Column::SameId(id)));
        self
    }

    #[must_use]
    pub fn same_int(mut self, name: &'static str, value: i64) -> Self {
        self.columns.push((name, Column::SameInt(value)));
        self
    }

    #[must_use]
    pub fn ints<T: Into<Option<i64>>>(
        mut self,
        name: &'static str,
        values: impl IntoIterator<Item = T>,
    ) -> Self {
        let values: Vec<_> = values.into_iter().map(Into::into).collect();
        self.rows = values.len();
        self.columns.push((name, Column::Int(values)));
        self
    }

    #[must_use]
    pub fn instants(
        self,
        name: &'static str,
        values: impl IntoIterator<Item = DateTime<Utc>>,
    ) -> Self {
        self.ints(name, values.into_iter().map(micros))
    }

    #[must_use]
    pub fn texts<T: Into<Option<String>>>(
        mut self,
        name: &'static str,
        values: impl IntoIterator<Item = T>,
    ) -> Self {
        let values: Vec<_> = values.into_iter().map(|v| v.into().map(storable)).collect();
        self.rows = values.len();
        self.columns.push((name, Column::Text(values)));
        self
    }

    #[must_use]
    pub fn bytes(mut self, name: &'static str, values: impl IntoIterator<Item = Vec<u8>>) -> Self {
        let values: Vec<_> = values.into_iter().map(Some).collect();
        self.rows = values.len();
        self.columns.push((name, Column::Bytes(values)));
        self
    }
}
