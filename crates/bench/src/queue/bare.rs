//! The yardstick of the queue: rows that are committed one by one, with nothing around them.

use crate::product::Place;
use anyhow::Result;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions as _, Connection as _, PgConnection};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;
use uuid::Uuid;

const TABLE: &str = "CREATE TABLE bare (id TEXT NOT NULL PRIMARY KEY, text TEXT NOT NULL)";
const INSERT: &str = "INSERT INTO bare (id, text) VALUES ($1, $2)";
/// About as long as a run's document.
const LENGTH: usize = 1_000;
/// As many as the product's pool has.
const CONNECTIONS: usize = 16;

/// So many commits a second, of as many commits: over one connection where one writes, else over as many as the product opens.
pub(super) async fn commits(place: &Place, count: u64) -> Result<f64> {
    let seconds = match place {
        Place::Sqlite(file) => {
            // The settings of the product's own connection.
            let mut connection = SqliteConnectOptions::new()
                .filename(file)
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(SqliteSynchronous::Full)
                .pragma("cache_size", "-4096")
                .connect()
                .await?;
            sqlx::query(TABLE).execute(&mut connection).await?;
            let began = Instant::now();
            for _ in 0..count {
                let row = sqlx::query(INSERT).bind(Uuid::now_v7().to_string());
                let row = row.bind("x".repeat(LENGTH));
                row.execute(&mut connection).await?;
            }
            let took = began.elapsed();
            connection.close().await?;
            took
        }
        Place::Postgres(url) => {
            let mut connection = PgConnection::connect(url).await?;
            sqlx::query(TABLE).execute(&mut connection).await?;
            connection.close().await?;
            let done = Arc::new(AtomicU64::new(0));
            let mut connections = Vec::new();
            for _ in 0..CONNECTIONS {
                connections.push(PgConnection::connect(url).await?);
            }
            let began = Instant::now();
            let tasks: Vec<_> = connections
                .into_iter()
                .map(|mut connection| {
                    let done = Arc::clone(&done);
                    tokio::spawn(async move {
                        while done.fetch_add(1, Ordering::Relaxed) < count {
                            let row = sqlx::query(INSERT).bind(Uuid::now_v7().to_string());
                            let row = row.bind("x".repeat(LENGTH));
                            row.execute(&mut connection).await?;
                        }
                        connection.close().await
                    })
                })
                .collect();
            for task in tasks {
                task.await??;
            }
            began.elapsed()
        }
    };
    Ok(count as f64 / seconds.as_secs_f64())
}
