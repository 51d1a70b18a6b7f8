//! Statements with their arguments, as this driver takes them.

use sql_kit::{Action, Arg, Bulk, Column, Sql};
use sqlx::query::Query;
use sqlx::sqlite::{Sqlite, SqliteArguments};
use sqlx::{AssertSqlSafe, SqlSafeStr, SqlStr};
use std::borrow::Cow;
use std::fmt::Write;
use std::sync::Arc;

type Statement<'q> = Query<'q, Sqlite, SqliteArguments>;

/// Texts are written in `sql-kit` and hold placeholders instead of values.
fn query<'q>(text: Cow<'static, str>) -> Statement<'q> {
    match text {
        Cow::Borrowed(text) => sqlx::query(text),
        Cow::Owned(text) => sqlx::query(AssertSqlSafe(text).into_sql_str()),
    }
}

pub(crate) fn statement<'q>(sql: Sql) -> Statement<'q> {
    sql.args
        .into_iter()
        .fold(query(sql.text), |query, arg| match arg {
            Arg::Int(v) => query.bind(v),
            Arg::Text(v) => query.bind(v),
            Arg::Bytes(v) => query.bind(v),
            Arg::Id(v) => query.bind(v),
            // Lists go through json_each.
            Arg::Ints(v) => query.bind(json_list(v.into_iter())),
            Arg::Texts(v) => query.bind(serde_json::Value::from(v).to_string()),
        })
}

fn json_list(values: impl Iterator<Item = i64>) -> String {
    let mut list = String::from("[");
    for (i, value) in values.enumerate() {
        let comma = if i == 0 { "" } else { "," };
        write!(list, "{comma}{value}").ok();
    }
    list.push(']');
    list
}

/// Sizes of multi-row statements: few different texts, so that they stay prepared. The largest has
/// 32 rows × 31 columns, far below SQLite's 32 766 parameters.
const SIZES: [usize; 4] = [32, 8, 2, 1];

/// Rows of the next statement. A delete takes one: SQLite searches no index for a list of row values. So does an update.
fn size(bulk: &Bulk, left: usize) -> usize {
    match bulk.action {
        Action::Insert(_) => SIZES.into_iter().find(|s| *s <= left).unwrap_or(1),
        Action::Delete(_) | Action::Update(..) => 1,
    }
}

/// The bulk as statements of a few rows each, made one by one: values are moved into them, texts are made once a size.
pub(crate) struct Statements {
    bulk: Bulk,
    row: usize,
    texts: Vec<(usize, Arc<str>)>,
}

impl Statements {
    pub(crate) fn of(bulk: Bulk) -> Self {
        Self {
            bulk,
            row: 0,
            texts: Vec::new(),
        }
    }

    fn text(&mut self, size: usize) -> SqlStr {
        if let Some((_, text)) = self.texts.iter().find(|(of, _)| *of == size) {
            return AssertSqlSafe(Arc::clone(text)).into_sql_str();
        }
        let text: Arc<str> = text(&self.bulk, size).into();
        self.texts.push((size, Arc::clone(&text)));
        AssertSqlSafe(text).into_sql_str()
    }

    /// `None` when all rows are in.
    pub(crate) fn make_next<'q>(&mut self) -> Option<Statement<'q>> {
        if self.row >= self.bulk.rows {
            return None;
        }
        let size = size(&self.bulk, self.bulk.rows - self.row);
        let mut statement: Statement<'q> = sqlx::query(self.text(size));
        for row in self.row..self.row + size {
            for (_, column) in &mut self.bulk.columns {
                statement = match column {
                    Column::Int(v) => statement.bind(v[row]),
                    Column::Text(v) => statement.bind(v[row].take()),
                    Column::Bytes(v) => statement.bind(v[row].take()),
                    Column::Id(v) => statement.bind(v[row]),
                    Column::SameId(v) => statement.bind(*v),
                    Column::SameInt(v) => statement.bind(*v),
                };
            }
        }
        self.row += size;
        Some(statement)
    }
}

fn text(bulk: &Bulk, rows: usize) -> String {
    let names: Vec<&str> = bulk.columns.iter().map(|(name, _)| *name).collect();
    let table = bulk.table;
    match bulk.action {
        Action::Insert(on_conflict) => {
            let row = format!("({})", vec!["?"; names.len()].join(", "));
            let (names, values) = (names.join(", "), vec![row; rows].join(", "));
            format!("INSERT INTO {table} ({names}) VALUES {values} {on_conflict}")
        }
        Action::Delete(condition) => {
            let equal: Vec<String> = names.iter().map(|name| format!("{name} = ?")).collect();
            format!(
                "DELETE FROM {table} WHERE {} AND {condition}",
                equal.join(" AND ")
            )
        }
        Action::Update(keys, condition) => {
            let equal = |(i, name): (usize, &&str)| format!("{name} = ?{}", i + 1);
            let equal: Vec<String> = names.iter().enumerate().map(equal).collect();
            let (which, set) = equal.split_at(keys);
            format!(
                "UPDATE {table} SET {} WHERE {} AND {condition}",
                set.join(", "),
                which.join(" AND ")
            )
        }
    }
}
