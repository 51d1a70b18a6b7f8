//! A connection that never writes and only looks whether others did.

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions as _, Connection as _, Row as _};
use tokio::sync::Mutex;

/// `PRAGMA data_version` counts what other connections committed, and only within one connection: so it is always the same one, and a
/// new one begins a new count.
#[derive(Debug)]
pub(crate) struct Watch {
    options: SqliteConnectOptions,
    open: Mutex<Open>,
}

#[derive(Debug, Default)]
struct Open {
    connection: Option<SqliteConnection>,
    opened: u64,
}

impl Watch {
    pub(crate) fn of(options: SqliteConnectOptions) -> Self {
        Self {
            options,
            open: Mutex::default(),
        }
    }

    pub(crate) async fn mark(&self) -> sqlx::Result<String> {
        let mut open = self.open.lock().await;
        let Open { connection, opened } = &mut *open;
        let connection = match connection {
            Some(connection) => connection,
            None => {
                *opened += 1;
                connection.insert(self.options.connect().await?)
            }
        };
        let row = sqlx::query("PRAGMA data_version")
            .fetch_one(connection)
            .await;
        match row.and_then(|row| row.try_get::<i64, _>(0)) {
            Ok(version) => Ok(format!("{opened}/{version}")),
            Err(error) => {
                open.connection = None;
                Err(error)
            }
        }
    }

    pub(crate) async fn close(&self) {
        if let Some(connection) = self.open.lock().await.connection.take() {
            // The file stays as it is, however this one ends.
            let _ = connection.close().await;
        }
    }
}
