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
    Id(Vec<Uuid>),
    SameId(Uuid),
    SameInt(i64),
}

#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// What stands after the values: `ON CONFLICT …`, or nothing.
    Insert(&'static str),
    /// Deletes the rows whose columns equal the given ones and for which the condition holds.
    Delete(&'static str),
    /// Sets the columns after the first so many, which name the rows, where the condition holds.
    Update(usize, &'static str),
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

    /// The first `keys` columns say which rows.
    #[must_use]
    pub fn update(table: &'static str, keys: usize, condition: &'static str) -> Self {
        Self {
            action: Action::Update(keys, condition),
            ..Self::insert(table, "")
        }
    }

    #[must_use]
    pub fn ids(mut self, name: &'static str, values: impl IntoIterator<Item = Uuid>) -> Self {
        let values: Vec<_> = values.into_iter().collect();
        self.rows = values.len();
        self.columns.push((name, Column::Id(values)));
        self
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

    /// The same rows in their order, in pieces that hold about so many bytes of texts each. A driver keeps what it encodes a
    /// statement into, so that one large statement would cost its size for every connection that ever ran one.
    #[must_use]
    pub fn pieces(mut self, bytes: usize) -> Vec<Self> {
        let mut starts = Vec::new();
        let mut held = usize::MAX;
        for row in 0..self.rows {
            let size: usize = self.columns.iter().map(|(_, c)| c.size(row)).sum();
            if held.saturating_add(size) > bytes {
                starts.push(row);
                held = 0;
            }
            held += size;
        }
        let mut pieces = Vec::with_capacity(starts.len());
        // From the end, so that no row is moved twice.
        for start in starts.into_iter().skip(1).rev() {
            let columns = self.columns.iter_mut();
            pieces.push(Self {
                table: self.table,
                action: self.action.clone(),
                columns: columns.map(|(n, c)| (*n, c.split_off(start))).collect(),
                rows: self.rows - start,
            });
            self.rows = start;
        }
        pieces.push(self);
        pieces.reverse();
        pieces
    }
}

impl Column {
    fn size(&self, row: usize) -> usize {
        match self {
            Self::Text(all) => all[row].as_ref().map_or(0, String::len),
            Self::Bytes(all) => all[row].as_ref().map_or(0, Vec::len),
            Self::Int(_) => size_of::<i64>(),
            Self::Id(_) => size_of::<Uuid>(),
            Self::SameId(_) | Self::SameInt(_) => 0,
        }
    }

    fn split_off(&mut self, row: usize) -> Self {
        match self {
            Self::Int(all) => Self::Int(all.split_off(row)),
            Self::Text(all) => Self::Text(all.split_off(row)),
            Self::Bytes(all) => Self::Bytes(all.split_off(row)),
            Self::Id(all) => Self::Id(all.split_off(row)),
            Self::SameId(id) => Self::SameId(*id),
            Self::SameInt(value) => Self::SameInt(*value),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bulk(texts: &[&str]) -> Bulk {
        let ids = 0..i64::try_from(texts.len()).unwrap();
        Bulk::insert("t", "")
            .same_int("s", 7)
            .ints("id", ids)
            .texts("text", texts.iter().map(|t| (*t).to_owned()))
    }

    #[test]
    fn pieces_hold_all_rows_once_and_in_order() {
        let whole = bulk(&["aa", "bbbbbbbbbbbbbbbbbbbbbbbb", "c", "d", "e"]);
        let pieces = whole.clone().pieces(20);
        let rows: Vec<usize> = pieces.iter().map(|p| p.rows).collect();
        assert_eq!(rows, [1, 1, 2, 1], "one that is too large stands alone");
        let ids = pieces.iter().flat_map(|p| match &p.columns[1].1 {
            Column::Int(ids) => ids.clone(),
            other => panic!("{other:?}"),
        });
        assert!(ids.eq((0..5).map(Some)));
        assert!(pieces.iter().all(|p| p.columns[0].1 == Column::SameInt(7)));
        assert_eq!(whole.clone().pieces(1 << 20), [whole]);
    }

    #[test]
    fn nothing_is_one_piece_of_nothing() {
        assert_eq!(bulk(&[]).pieces(10), [bulk(&[])]);
    }
}
