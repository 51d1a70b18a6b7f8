//! Bringing a file's schema to this release.

use crate::errors::{PROVIDER, port_error};
use ports::{Kind, PortError, PortResult, Retry};
use sql_kit::Migration;
use sqlx::SqlitePool;
use sqlx::migrate::{Migrate, MigrateError, Migrator};
use std::path::Path;

static MIGRATOR: Migrator = sqlx::migrate!();
const OPERATION: &str = "migrate";

/// All in one transaction that takes the right to write first: of several processes one migrates, the others find it done.
pub(crate) async fn migrate(pool: &SqlitePool, file: &Path) -> PortResult<Vec<Migration>> {
    let failed = |e| port_error(OPERATION, e, file);
    let mut tx = pool.begin_with("BEGIN IMMEDIATE").await.map_err(failed)?;
    let table = &MIGRATOR.table_name;
    tx.ensure_migrations_table(table)
        .await
        .map_err(|e| refused(e, file))?;
    let before = tx
        .list_applied_migrations(table)
        .await
        .map_err(|e| refused(e, file))?;
    MIGRATOR
        .run_direct(None, &mut *tx, false)
        .await
        .map_err(|e| refused(e, file))?;
    if before.is_empty() {
        // A new file has overwritten whatever it deleted from its first row on; see `wipe_deleted`.
        sqlx::query("PRAGMA user_version = 1")
            .execute(&mut *tx)
            .await
            .map_err(failed)?;
    }
    tx.commit().await.map_err(failed)?;
    let applied = MIGRATOR
        .iter()
        .filter(|m| before.iter().all(|b| b.version != m.version));
    Ok(applied
        .map(|m| Migration {
            version: m.version,
            name: m.description.to_string(),
        })
        .collect())
}

/// Newest migration of this release.
#[must_use]
pub fn newest_schema() -> i64 {
    MIGRATOR.iter().map(|m| m.version).max().unwrap_or(0)
}

pub(crate) async fn newest_applied(pool: &SqlitePool, file: &Path) -> PortResult<Option<i64>> {
    let failed = |e| port_error("schema", e, file);
    let known = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = '_sqlx_migrations'";
    let known = sqlx::query(known).fetch_optional(pool).await;
    if known.map_err(failed)?.is_none() {
        return Ok(None);
    }
    let newest = sqlx::query_scalar("SELECT max(version) FROM _sqlx_migrations");
    newest.fetch_one(pool).await.map_err(failed)
}

fn refused(error: MigrateError, file: &Path) -> PortError {
    let file_name = file.display();
    let detail = match &error {
        MigrateError::VersionMissing(version) => format!(
            "{file_name} was written by a newer release (this one does not know migration {version}); \
             start the newer release, or restore a backup from before the upgrade"
        ),
        MigrateError::VersionMismatch(version) => format!(
            "{file_name} was migrated by another build (migration {version} differs); \
             start the build that made it, or restore a backup"
        ),
        _ => match error {
            MigrateError::Execute(e) | MigrateError::ExecuteMigration(e, _) => {
                return port_error(OPERATION, e, file);
            }
            _ => format!("{file_name} cannot be migrated; the log has the reason"),
        },
    };
    PortError::new(
        Kind::Configuration,
        Retry::Never,
        PROVIDER,
        OPERATION,
        detail,
    )
    .with_source(error)
}
