//! Statements with their arguments, as this driver takes them.

use sql_kit::{Action, Arg, Bulk, Column, Sql};
use sqlx::postgres::{PgArguments, Postgres};
use sqlx::query::Query;
use sqlx::{AssertSqlSafe, SqlSafeStr};
use std::borrow::Cow;

type Statement<'q> = Query<'q, Postgres, PgArguments>;

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
            Arg::Ints(v) => query.bind(v),
            Arg::Texts(v) => query.bind(v),
        })
}

/// One statement for all rows: each column is one array, or one value for all.
pub(crate) fn bulk_statement<'q>(bulk: Bulk) -> Statement<'q> {
    let text = bulk_text(&bulk);
    bulk.columns
        .into_iter()
        .fold(query(Cow::Owned(text)), |query, (_, column)| match column {
            Column::Int(v) => query.bind(v),
            Column::Text(v) => query.bind(v),
            Column::Bytes(v) => query.bind(v),
            Column::Id(v) => query.bind(v),
            Column::SameId(v) => query.bind(v),
            Column::SameInt(v) => query.bind(v),
        })
}

fn bulk_text(bulk: &Bulk) -> String {
    let mut names = Vec::new();
    let mut values = Vec::new();
    let mut arrays = Vec::new();
    let mut columns = Vec::new();
    for (i, (name, column)) in bulk.columns.iter().enumerate() {
        let n = i + 1;
        names.push(*name);
        let (array, value) = match column {
            Column::Int(_) => (Some("bigint[]"), format!("given.c{n}")),
            Column::Text(_) => (Some("text[]"), format!("given.c{n}")),
            Column::Bytes(_) => (Some("bytea[]"), format!("given.c{n}")),
            Column::Id(_) => (Some("uuid[]"), format!("given.c{n}")),
            Column::SameId(_) => (None, format!("${n}::uuid")),
            Column::SameInt(_) => (None, format!("${n}::bigint")),
        };
        values.push(value);
        if let Some(array) = array {
            arrays.push(format!("${n}::{array}"));
            columns.push(format!("c{n}"));
        }
    }
    let table = bulk.table;
    let given = format!(
        "UNNEST({}) AS given({})",
        arrays.join(", "),
        columns.join(", ")
    );
    match bulk.action {
        Action::Insert(on_conflict) => format!(
            "INSERT INTO {table} ({}) SELECT {} FROM {given} {on_conflict}",
            names.join(", "),
            values.join(", ")
        ),
        Action::Delete(condition) => {
            let equal: Vec<String> = names
                .iter()
                .zip(&values)
                .map(|(name, value)| format!("{table}.{name} = {value}"))
                .collect();
            format!(
                "DELETE FROM {table} USING {given} WHERE {} AND {condition}",
                equal.join(" AND ")
            )
        }
        Action::Update(keys, condition) => {
            let pairs = || names.iter().zip(&values);
            let equal = |(name, value): (&&str, &String)| format!("{table}.{name} = {value}");
            let which: Vec<String> = pairs().take(keys).map(equal).collect();
            let set = |(name, value): (&&str, &String)| format!("{name} = {value}");
            let set: Vec<String> = pairs().skip(keys).map(set).collect();
            format!(
                "UPDATE {table} SET {} FROM {given} WHERE {} AND {condition}",
                set.join(", "),
                which.join(" AND ")
            )
        }
    }
}
