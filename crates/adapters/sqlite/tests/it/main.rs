//! The laws of the storage ports over a real file, and what is SQLite's alone.

#![expect(clippy::unwrap_used, reason = "tests")]

mod audited;
mod files;
mod laws;
mod marks;
mod upgrades;

use adapter_sqlite::{Maintenance, SqliteDatabase};
use std::path::Path;

async fn open(path: &Path) -> SqliteDatabase {
    let database = SqliteDatabase::open(path).await.unwrap();
    database.migrate().await.unwrap();
    database
}
