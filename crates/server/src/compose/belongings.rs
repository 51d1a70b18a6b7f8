//! A workspace as a whole: where its rows are, and its uploaded files. Opened beside the use cases, which know no tables.

use super::ComposeError;
use crate::config::{DatabasePlace, Settings};
use adapter_files::ImportFolder;
use adapter_postgres::PostgresDatabase;
use adapter_sqlite::SqliteDatabase;
use ports::import_files::ImportFiles;
use secrecy::ExposeSecret as _;
use std::sync::Arc;

pub use adapter_backup::{ExportError, ExportManifest, ExportOrder, export};
pub use adapter_postgres::within_workspace;
pub use adapter_sqlite::Belongings;

/// The database as it is; nothing is migrated.
pub async fn belongings(settings: &Settings) -> Result<Arc<dyn Belongings>, ComposeError> {
    Ok(match &settings.database {
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
    })
}

#[must_use]
pub fn uploads(settings: &Settings) -> Arc<dyn ImportFiles> {
    Arc::new(ImportFolder::new(settings.data_dir.join("imports")))
}
