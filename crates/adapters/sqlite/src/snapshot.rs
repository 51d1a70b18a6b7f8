//! A copy of the file as of one moment, while others go on writing.

use crate::errors::{PROVIDER, port_error};
use ports::{Kind, PortError, PortResult, Retry};
use sqlx::sqlite::{SqliteConnectOptions, SqlitePool};
use sqlx::{ConnectOptions as _, Connection as _, Row as _};
use std::fs::OpenOptions;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

const OPERATION: &str = "snapshot";

/// `VACUUM INTO` reads within one transaction and writes what is in use only, so that the copy is also the smallest.
pub(crate) async fn write(pool: &SqlitePool, file: &Path, into: &Path) -> PortResult<()> {
    let failed = |e| port_error(OPERATION, e, file);
    // SQLite fills an empty file, and makes a new one readable to others.
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(into)
        .map_err(|e| failed(sqlx::Error::Io(e)))?;
    let path = into.to_str().ok_or_else(|| {
        let detail = format!("{} is no path in UTF-8", into.display());
        PortError::new(
            Kind::Configuration,
            Retry::Never,
            PROVIDER,
            OPERATION,
            detail,
        )
    })?;
    let done = sqlx::query("VACUUM INTO $1").bind(path).execute(pool).await;
    done.map_err(failed)?;
    let damage = check(into).await.map_err(failed)?;
    if damage.is_empty() {
        return Ok(());
    }
    let detail = format!("{} is damaged: {}", file.display(), damage.join("; "));
    Err(PortError::new(
        Kind::Corrupt,
        Retry::Never,
        PROVIDER,
        OPERATION,
        detail,
    ))
}

async fn check(copy: &Path) -> Result<Vec<String>, sqlx::Error> {
    let options = SqliteConnectOptions::new().filename(copy).read_only(true);
    let mut connection = options.connect().await?;
    let rows = sqlx::query("PRAGMA integrity_check")
        .fetch_all(&mut connection)
        .await?;
    connection.close().await?;
    let texts: Result<Vec<String>, _> = rows.iter().map(|row| row.try_get(0)).collect();
    Ok(texts?.into_iter().filter(|t| t != "ok").collect())
}
