//! A database of its own on a PostgreSQL, for one measurement.

use anyhow::{Context as _, Result};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};

/// Makes it and answers its URL. One of that name that an earlier run left behind goes first.
pub async fn create(server: &str, name: &str) -> Result<String> {
    let mut connection = PgConnection::connect(server)
        .await
        .context("the PostgreSQL does not answer")?;
    for text in [
        format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"),
        format!("CREATE DATABASE {name}"),
    ] {
        sqlx::raw_sql(AssertSqlSafe(text))
            .execute(&mut connection)
            .await?;
    }
    connection.close().await?;
    let (head, _) = server
        .rsplit_once('/')
        .context("a URL without a database")?;
    Ok(format!("{head}/{name}"))
}

pub async fn drop(server: &str, url: &str) -> Result<()> {
    let (_, name) = url.rsplit_once('/').context("a URL without a database")?;
    let mut connection = PgConnection::connect(server).await?;
    let text = AssertSqlSafe(format!("DROP DATABASE {name} WITH (FORCE)"));
    sqlx::raw_sql(text).execute(&mut connection).await?;
    Ok(connection.close().await?)
}
