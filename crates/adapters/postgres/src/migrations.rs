//! Bringing a database's schema to this release.

use crate::errors::{PROVIDER, Place, port_error};
use ports::{Kind, PortError, PortResult, Retry};
use sql_kit::Migration;
use sqlx::migrate::{Migrate, MigrateError, Migrator};
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{ConnectOptions, Connection};

static MIGRATOR: Migrator = sqlx::migrate!();
const OPERATION: &str = "migrate";

/// Over a connection of its own, which takes its lock away with it whatever happens: of several replicas one migrates, the
/// others wait and find it done.
pub(crate) async fn migrate(
    options: &PgConnectOptions,
    place: &Place,
) -> PortResult<Vec<Migration>> {
    let mut connection = options
        .connect()
        .await
        .map_err(|e| port_error(OPERATION, e, place))?;
    let applied = run(&mut connection).await;
    connection.close().await.ok();
    applied.map_err(|e| refused(e, place))
}

async fn run(connection: &mut PgConnection) -> Result<Vec<Migration>, MigrateError> {
    sqlx::query("SET statement_timeout = 0")
        .execute(&mut *connection)
        .await?;
    let table = &MIGRATOR.table_name;
    if !may_change(connection).await? {
        return compare(connection, table).await.map(|()| Vec::new());
    }
    connection.lock().await?;
    connection.ensure_migrations_table(table).await?;
    let before = connection.list_applied_migrations(table).await?;
    MIGRATOR.run_direct(None, connection, false).await?;
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

/// Whether this role may make tables here; one that only works with them may not.
async fn may_change(connection: &mut PgConnection) -> Result<bool, MigrateError> {
    let sql = "SELECT has_schema_privilege(current_schema(), 'CREATE')";
    Ok(sqlx::query_scalar(sql).fetch_one(connection).await?)
}

/// Nothing is to be applied, and nothing was that this release does not know.
async fn compare(connection: &mut PgConnection, table: &str) -> Result<(), MigrateError> {
    let applied = connection.list_applied_migrations(table).await?;
    for one in &applied {
        match MIGRATOR.iter().find(|m| m.version == one.version) {
            None => return Err(MigrateError::VersionMissing(one.version)),
            Some(known) if known.checksum != one.checksum => {
                return Err(MigrateError::VersionMismatch(one.version));
            }
            Some(_) => {}
        }
    }
    let is_missing = |m: &&sqlx::migrate::Migration| applied.iter().all(|a| a.version != m.version);
    match MIGRATOR.iter().find(is_missing) {
        Some(missing) => Err(MigrateError::VersionNotPresent(missing.version)),
        None => Ok(()),
    }
}

/// Newest migration of this release.
#[must_use]
pub fn newest_schema() -> i64 {
    MIGRATOR.iter().map(|m| m.version).max().unwrap_or(0)
}

fn refused(error: MigrateError, place: &Place) -> PortError {
    let database = &place.database;
    let detail = match error {
        MigrateError::Execute(e) | MigrateError::ExecuteMigration(e, _) => {
            return port_error(OPERATION, e, place);
        }
        MigrateError::VersionMissing(version) => format!(
            "database {database} was written by a newer release (this one does not know migration {version}); \
             start the newer release, or restore a backup from before the upgrade"
        ),
        MigrateError::VersionMismatch(version) => format!(
            "database {database} was migrated by another build (migration {version} differs); \
             start the build that made it, or restore a backup"
        ),
        MigrateError::VersionNotPresent(version) => format!(
            "database {database} lacks migration {version}, and this role may not make tables: run `royal migrate` as their owner"
        ),
        _ => format!("database {database} cannot be migrated; the log has the reason"),
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
