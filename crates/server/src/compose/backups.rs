//! Backups: of which database, under which seal, where.

use super::ComposeError;
use crate::config::{BackupSettings, DatabasePlace, Settings};
use adapter_backup::{BackupFolder, Engine, Origin, Seal};
use adapter_postgres::PostgresDatabase;
use adapter_sqlite::{Maintenance, SqliteDatabase};
use ports::PortResult;
use ports::backups::BackupPlace;
use secrecy::ExposeSecret as _;
use std::path::Path;
use std::sync::Arc;

pub use adapter_backup::{
    ArchiveError, Manifest, Seal as BackupSeal, Unseal as BackupUnseal, unpack,
};

/// What a backup of this installation is made of. Opens the database as it is: a backup before an upgrade must not upgrade.
pub async fn backup_origin(settings: &Settings) -> Result<Origin, ComposeError> {
    let database: Arc<dyn Maintenance> = match &settings.database {
        DatabasePlace::Sqlite(path) if !path.exists() => {
            let path = path.display();
            return Err(ComposeError::Configuration(format!(
                "there is no database at {path}: check DATA_DIR and DATABASE_URL"
            )));
        }
        DatabasePlace::Sqlite(path) => Arc::new(SqliteDatabase::open(path.as_path()).await?),
        DatabasePlace::Postgres(url) => {
            Arc::new(PostgresDatabase::open(url.expose_secret()).await?)
        }
    };
    Ok(origin(settings, database))
}

fn origin(settings: &Settings, database: Arc<dyn Maintenance>) -> Origin {
    let keyring = settings.data_dir.join("keyring");
    Origin {
        database,
        engine: engine(settings),
        data_dir: settings.data_dir.clone(),
        keyring: settings.backups.with_keyring.then_some(keyring),
        version: crate::VERSION.to_owned(),
    }
}

#[must_use]
pub fn engine(settings: &Settings) -> Engine {
    match settings.database {
        DatabasePlace::Sqlite(_) => Engine::Sqlite,
        DatabasePlace::Postgres(_) => Engine::Postgresql,
    }
}

/// Name of the database's file within a backup.
#[must_use]
pub fn database_in_backup(settings: &Settings) -> &'static str {
    Origin::database_name(engine(settings))
}

/// `None` when the settings name nobody who could open it.
pub fn backup_seal(settings: &BackupSettings) -> Result<Option<Seal>, ComposeError> {
    let refused = |name: &str, why: String| ComposeError::Configuration(format!("{name}: {why}"));
    if let Some(text) = &settings.recipients {
        let seal = Seal::recipients(text).map_err(|e| refused("BACKUP_RECIPIENTS", e))?;
        return Ok(Some(seal));
    }
    let Some(words) = settings.passphrase.clone() else {
        return Ok(None);
    };
    let seal = Seal::passphrase(words).map_err(|e| refused("BACKUP_PASSPHRASE", e))?;
    Ok(Some(seal))
}

/// Where the server makes backups by itself.
pub(super) fn place(
    settings: &Settings,
    database: Arc<dyn Maintenance>,
) -> Result<Option<Arc<dyn BackupPlace>>, ComposeError> {
    let seal = backup_seal(&settings.backups)?;
    let Some(folder) = settings.backups.folder.clone() else {
        return Ok(None);
    };
    let seal = seal.ok_or_else(|| {
        ComposeError::Configuration(
            "BACKUP_DIR needs BACKUP_RECIPIENTS or BACKUP_PASSPHRASE: backups are encrypted"
                .to_owned(),
        )
    })?;
    let folder = BackupFolder::new(folder, origin(settings, database), seal);
    Ok(Some(Arc::new(folder)))
}

/// Newest migration that this release knows.
#[must_use]
pub fn newest_schema(settings: &Settings) -> i64 {
    match &settings.database {
        DatabasePlace::Sqlite(_) => adapter_sqlite::newest_schema(),
        DatabasePlace::Postgres(_) => adapter_postgres::newest_schema(),
    }
}

/// Loads a dump into an empty database.
pub async fn load_into_postgres(url: &str, dump: &Path) -> PortResult<()> {
    adapter_postgres::restore(url, dump).await
}
