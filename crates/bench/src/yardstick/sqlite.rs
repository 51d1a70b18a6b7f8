//! SQLite: prepared inserts of many rows, all in one transaction, under the settings of the product's own connection.

use super::{Loaded, NOT_OURS};
use anyhow::Result;
use sqlx::query::Query;
use sqlx::sqlite::{
    Sqlite, SqliteArguments, SqliteConnectOptions, SqliteJournalMode, SqliteRow, SqliteSynchronous,
};
use sqlx::{
    AssertSqlSafe, ConnectOptions as _, Connection as _, Row as _, SqlSafeStr as _,
    SqliteConnection, TypeInfo as _, ValueRef as _,
};
use std::path::Path;
use std::time::{Duration, Instant};

/// Rows that are read ahead of the clock.
const CHUNK: usize = 20_000;
const ROWS_EACH: usize = 64;

/// A value that is ready to be bound.
enum Ready {
    Null,
    Int(i64),
    Real(f64),
    Text(String),
    Blob(Vec<u8>),
}

pub(super) async fn load(
    file: &Path,
    folder: &Path,
    progress: &(dyn Fn(&str) + Sync),
) -> Result<Loaded> {
    let mut from = SqliteConnectOptions::new()
        .filename(file)
        .read_only(true)
        .connect()
        .await?;
    let into = folder.join("yardstick.db");
    let mut to = SqliteConnectOptions::new()
        .filename(&into)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(false)
        .pragma("cache_size", "-4096")
        .pragma("temp_store", "FILE")
        .connect()
        .await?;
    let made = "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY type = 'index', name";
    let mut tables = Vec::new();
    for row in sqlx::query(made).fetch_all(&mut from).await? {
        let (kind, name, sql): (String, String, String) =
            (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut to).await?;
        if kind == "table" && !NOT_OURS.contains(&name.as_str()) {
            tables.push(name);
        }
    }
    let mut loaded = Loaded {
        rows: 0,
        took: Duration::ZERO,
    };
    let mut transaction = to.begin().await?;
    for table in tables {
        progress(&table);
        copy(&mut from, &mut transaction, &table, &mut loaded).await?;
    }
    let began = Instant::now();
    transaction.commit().await?;
    loaded.took += began.elapsed();
    to.close().await?;
    from.close().await?;
    for end in ["", "-wal", "-shm"] {
        let mut path = into.clone().into_os_string();
        path.push(end);
        let _ = std::fs::remove_file(path);
    }
    Ok(loaded)
}

async fn copy(
    from: &mut SqliteConnection,
    to: &mut SqliteConnection,
    table: &str,
    loaded: &mut Loaded,
) -> Result<()> {
    // Tables without a rowid are read by their key.
    let keys = keys(from, table).await?;
    let mut after: Option<Vec<Ready>> = None;
    loop {
        let rows = page(from, table, &keys, after.as_deref()).await?;
        let Some(last) = rows.last() else {
            return Ok(());
        };
        let columns = last.len();
        let next = keys.iter().map(|(_, place)| last[*place].copy()).collect();
        let texts: Vec<_> = [ROWS_EACH, 1].map(|n| insert(table, columns, n)).into();
        let count = rows.len();
        let began = Instant::now();
        let mut rows = rows.into_iter();
        loop {
            let left = rows.len();
            let (n, text) = if left >= ROWS_EACH {
                (ROWS_EACH, &texts[0])
            } else {
                (1, &texts[1])
            };
            if left == 0 {
                break;
            }
            let mut statement = sqlx::query(AssertSqlSafe(text.clone()).into_sql_str());
            for row in rows.by_ref().take(n) {
                statement = bind(statement, row);
            }
            statement.execute(&mut *to).await?;
        }
        loaded.took += began.elapsed();
        loaded.rows += count as u64;
        if keys.is_empty() || count < CHUNK {
            return Ok(());
        }
        after = Some(next);
    }
}

impl Ready {
    fn copy(&self) -> Self {
        match self {
            Self::Null => Self::Null,
            Self::Int(v) => Self::Int(*v),
            Self::Real(v) => Self::Real(*v),
            Self::Text(v) => Self::Text(v.clone()),
            Self::Blob(v) => Self::Blob(v.clone()),
        }
    }

    fn of(row: &SqliteRow, n: usize) -> Result<Self> {
        let value = row.try_get_raw(n)?;
        if value.is_null() {
            return Ok(Self::Null);
        }
        let kind = value.type_info().name().to_owned();
        drop(value);
        Ok(match kind.as_str() {
            "INTEGER" => Self::Int(row.try_get_unchecked(n)?),
            "REAL" => Self::Real(row.try_get_unchecked(n)?),
            "TEXT" => Self::Text(row.try_get_unchecked(n)?),
            _ => Self::Blob(row.try_get_unchecked(n)?),
        })
    }
}

fn bind<'q>(
    query: Query<'q, Sqlite, SqliteArguments>,
    row: Vec<Ready>,
) -> Query<'q, Sqlite, SqliteArguments> {
    row.into_iter().fold(query, |query, value| match value {
        Ready::Null => query.bind(None::<i64>),
        Ready::Int(v) => query.bind(v),
        Ready::Real(v) => query.bind(v),
        Ready::Text(v) => query.bind(v),
        Ready::Blob(v) => query.bind(v),
    })
}

/// The primary key's columns with their places.
async fn keys(from: &mut SqliteConnection, table: &str) -> Result<Vec<(String, usize)>> {
    let text =
        format!("SELECT name, cid, pk FROM pragma_table_info('{table}') WHERE pk > 0 ORDER BY pk");
    let rows = sqlx::query(AssertSqlSafe(text)).fetch_all(from).await?;
    rows.iter()
        .map(|row| {
            let place: i64 = row.try_get(1)?;
            Ok((row.try_get(0)?, usize::try_from(place)?))
        })
        .collect()
}

async fn page(
    from: &mut SqliteConnection,
    table: &str,
    keys: &[(String, usize)],
    after: Option<&[Ready]>,
) -> Result<Vec<Vec<Ready>>> {
    let names: Vec<&str> = keys.iter().map(|(name, _)| name.as_str()).collect();
    let names = names.join(", ");
    let place = match after {
        Some(after) => format!(" WHERE ({names}) > ({})", vec!["?"; after.len()].join(", ")),
        None => String::new(),
    };
    let order = if names.is_empty() {
        String::new()
    } else {
        format!(" ORDER BY {names}")
    };
    let limit = if names.is_empty() {
        String::new()
    } else {
        format!(" LIMIT {CHUNK}")
    };
    let text = format!("SELECT * FROM {table}{place}{order}{limit}");
    let mut query = sqlx::query(AssertSqlSafe(text).into_sql_str());
    if let Some(after) = after {
        query = bind(query, after.iter().map(Ready::copy).collect());
    }
    let rows = query.fetch_all(from).await?;
    rows.iter()
        .map(|row| (0..row.len()).map(|n| Ready::of(row, n)).collect())
        .collect()
}

fn insert(table: &str, columns: usize, rows: usize) -> String {
    let row = format!("({})", vec!["?"; columns].join(", "));
    format!("INSERT INTO {table} VALUES {}", vec![row; rows].join(", "))
}
