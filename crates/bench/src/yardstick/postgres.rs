//! PostgreSQL: binary files by `COPY … TO`, read back by `COPY … FROM`, a transaction a table.

use super::{Loaded, NOT_OURS};
use anyhow::Result;
use futures::TryStreamExt as _;
use sqlx::postgres::{PgConnection, PgPoolCopyExt as _};
use sqlx::{AssertSqlSafe, Connection as _, PgPool, Row as _};
use std::path::Path;
use std::time::{Duration, Instant};
use tokio::fs::File;
use tokio::io::AsyncWriteExt as _;

pub(super) async fn load(
    url: &str,
    folder: &Path,
    progress: &(dyn Fn(&str) + Sync),
) -> Result<Loaded> {
    let pool = PgPool::connect(url).await?;
    run(
        &pool,
        "DROP SCHEMA IF EXISTS yardstick CASCADE; CREATE SCHEMA yardstick",
    )
    .await?;
    let mut loaded = Loaded {
        rows: 0,
        took: Duration::ZERO,
    };
    for table in tables(&pool).await? {
        let path = folder.join(format!("{table}.copy"));
        let mut file = File::create(&path).await?;
        let mut rows = pool
            .copy_out_raw(&format!("COPY {table} TO STDOUT (FORMAT binary)"))
            .await?;
        while let Some(piece) = rows.try_next().await? {
            file.write_all(&piece).await?;
        }
        file.flush().await?;
        drop(rows);
        run(
            &pool,
            &format!("CREATE TABLE yardstick.{table} (LIKE {table} INCLUDING ALL)"),
        )
        .await?;
        progress(&table);
        let mut connection = PgConnection::connect(url).await?;
        let began = Instant::now();
        let mut into = connection
            .copy_in_raw(&format!(
                "COPY yardstick.{table} FROM STDIN (FORMAT binary)"
            ))
            .await?;
        into.read_from(File::open(&path).await?).await?;
        loaded.rows += into.finish().await?;
        loaded.took += began.elapsed();
        connection.close().await?;
        tokio::fs::remove_file(&path).await?;
    }
    run(&pool, "DROP SCHEMA yardstick CASCADE").await?;
    pool.close().await;
    Ok(loaded)
}

async fn run(pool: &PgPool, text: &str) -> Result<()> {
    sqlx::raw_sql(AssertSqlSafe(text.to_owned()))
        .execute(pool)
        .await?;
    Ok(())
}

/// Those of the product that hold something.
async fn tables(pool: &PgPool) -> Result<Vec<String>> {
    let named = sqlx::query(
        "SELECT tablename::text FROM pg_tables WHERE schemaname = current_schema() ORDER BY 1",
    )
    .fetch_all(pool)
    .await?;
    let mut tables = Vec::new();
    for row in named {
        let table: String = row.try_get(0)?;
        if !NOT_OURS.contains(&table.as_str()) {
            let any = AssertSqlSafe(format!("SELECT 1 FROM {table} LIMIT 1"));
            if sqlx::query(any).fetch_optional(pool).await?.is_some() {
                tables.push(table);
            }
        }
    }
    Ok(tables)
}
