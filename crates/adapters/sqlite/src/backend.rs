//! The file and its connections.

use crate::copier::Copier;
use crate::errors::{PROVIDER, port_error};
use crate::link::Link;
use crate::migrations;
use crate::snapshot;
use crate::watch::Watch;
use async_trait::async_trait;
use ports::{PortError, PortResult};
use sql_kit::{Backend, Maintenance, Migration};
use sqlx::pool::PoolConnection;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{Connection, Row, Transaction};
use std::fs::{DirBuilder, OpenOptions};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// How long a statement waits for another process that writes, e.g. a command beside the server.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);
const READERS: u32 = 4;
/// `user_version` of a file in which no page holds what was deleted.
const WIPED: i64 = 1;

/// One connection writes, so that writers queue fairly instead of meeting `SQLITE_BUSY`; several read beside it (WAL).
#[derive(Debug)]
pub struct Sqlite {
    file: Arc<Path>,
    writer: SqlitePool,
    readers: SqlitePool,
    watch: Watch,
    copier: Copier,
}

impl Sqlite {
    /// Lets the file grow to this many pages (of 4 KiB) until it is closed: a quota of its own, below the disk's.
    pub async fn limit_pages(&self, pages: u32) -> PortResult<()> {
        let sql = format!("PRAGMA max_page_count = {pages}");
        let done = sqlx::query(sqlx::AssertSqlSafe(sql))
            .execute(&self.writer)
            .await;
        done.map_err(self.failed("limit_pages"))?;
        Ok(())
    }

    fn failed(&self, operation: &'static str) -> impl Fn(sqlx::Error) -> PortError + '_ {
        move |e| port_error(operation, e, &self.file)
    }
}

/// `synchronous=FULL`: what was committed survives a power cut. Caches are small, since a server idles in a few megabytes.
fn options(file: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(file)
        .create_if_missing(false)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(BUSY_TIMEOUT)
        .statement_cache_capacity(200)
        .pragma("journal_size_limit", "67108864")
        // Pages of 4 KiB: what the copier has not kept up with is copied by the commit that finds so many.
        .pragma("wal_autocheckpoint", "16000")
        .pragma("temp_store", "FILE")
        // What is deleted is overwritten, so that a person who was forgotten is not found in a free page.
        .pragma("secure_delete", "ON")
}

/// Only this user may read a database with customers and sealed secrets in it.
fn create(file: &Path) -> std::io::Result<()> {
    if let Some(folder) = file.parent().filter(|f| !f.as_os_str().is_empty()) {
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder)?;
    }
    OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(file)?;
    Ok(())
}

fn cannot_create(source: std::io::Error, file: &Path) -> PortError {
    let file_name = file.display();
    let (kind, remedy) = match source.kind() {
        std::io::ErrorKind::StorageFull => {
            (ports::Kind::StorageFull, "free some space on its disk")
        }
        _ => (
            ports::Kind::Configuration,
            "check that the data folder exists and that this user may write there",
        ),
    };
    let detail = format!("{file_name} cannot be opened ({source}); {remedy}");
    PortError::new(kind, ports::Retry::Never, PROVIDER, "open", detail).with_source(source)
}

#[async_trait]
impl Backend for Sqlite {
    type Location = Path;
    type Reader = Link<PoolConnection<sqlx::Sqlite>>;
    type Writer = Link<Transaction<'static, sqlx::Sqlite>>;

    const PROVIDER: &'static str = PROVIDER;
    const FOR_UPDATE: &'static str = "";
    const SKIP_LOCKED: &'static str = "";
    /// There is one at a time.
    const WRITERS: usize = 1;
    const COLUMNS: &'static str = "SELECT m.name, p.name, p.type, p.pk FROM sqlite_schema m JOIN pragma_table_info(m.name) p \
         WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND m.name <> '_sqlx_migrations' ORDER BY m.name, p.cid";
    const PATIENT: &'static [&'static str] = &[];

    /// Creates folder (0700) and file (0600) when they are not there.
    async fn open(path: &Path) -> PortResult<Self> {
        create(path).map_err(|e| cannot_create(e, path))?;
        let file: Arc<Path> = Arc::from(PathBuf::from(path));
        let failed = |e| port_error("open", e, path);
        let writer = SqlitePoolOptions::new()
            .max_connections(1)
            .idle_timeout(None)
            .max_lifetime(None)
            .acquire_timeout(Duration::from_secs(60))
            // SQLite itself ends a transaction that meets a full disk; the driver goes on counting it, and would refuse
            // every later one on this connection.
            .before_acquire(|connection, _| {
                let clean = !connection.is_in_transaction();
                Box::pin(async move { Ok(clean) })
            })
            .connect_with(options(path).pragma("cache_size", "-4096"))
            .await
            .map_err(failed)?;
        // Readers come when they are needed and go again.
        let readers = SqlitePoolOptions::new()
            .max_connections(READERS)
            .idle_timeout(Duration::from_secs(60))
            .acquire_timeout(Duration::from_secs(30))
            .connect_lazy_with(options(path).pragma("cache_size", "-2048"));
        Ok(Self {
            watch: Watch::of(options(path).pragma("cache_size", "-64")),
            copier: Copier::start(options(path).pragma("cache_size", "-64")),
            file,
            writer,
            readers,
        })
    }

    async fn read(&self, operation: &'static str) -> PortResult<Self::Reader> {
        let connection = self.readers.acquire().await;
        Ok(Link {
            connection: connection.map_err(self.failed(operation))?,
            operation,
            file: self.file.clone(),
        })
    }

    async fn write(&self, operation: &'static str) -> PortResult<Self::Writer> {
        self.copier.expect();
        let connection = self.writer.begin_with("BEGIN IMMEDIATE").await;
        Ok(Link {
            connection: connection.map_err(self.failed(operation))?,
            operation,
            file: self.file.clone(),
        })
    }

    async fn frozen(&self, operation: &'static str) -> PortResult<Self::Writer> {
        let connection = self.readers.begin().await;
        Ok(Link {
            connection: connection.map_err(self.failed(operation))?,
            operation,
            file: self.file.clone(),
        })
    }

    async fn mark(&self) -> PortResult<String> {
        self.watch.mark().await.map_err(self.failed("mark"))
    }

    fn in_list(n: usize) -> String {
        format!("IN (SELECT value FROM json_each(${n}))")
    }

    /// Without statistics SQLite prefers the primary key, whatever the other index would spare.
    fn by_index(name: &str) -> String {
        format!(" INDEXED BY {name}")
    }

    fn contains(column: &str, n: usize) -> String {
        format!("instr({column}, ${n}) > 0")
    }
}

#[async_trait]
impl Maintenance for Sqlite {
    async fn migrate(&self) -> PortResult<Vec<Migration>> {
        migrations::migrate(&self.writer, &self.file).await
    }

    async fn health(&self) -> PortResult<()> {
        let answer = sqlx::query("SELECT 1").execute(&self.readers).await;
        answer.map_err(self.failed("health"))?;
        Ok(())
    }

    /// The file with its log.
    async fn size_bytes(&self) -> PortResult<u64> {
        let mut log = self.file.as_os_str().to_owned();
        log.push("-wal");
        let size = |path: &Path| std::fs::metadata(path).map_or(0, |m| m.len());
        Ok(size(&self.file) + size(Path::new(&log)))
    }

    async fn integrity_check(&self) -> PortResult<Vec<String>> {
        let failed = self.failed("integrity_check");
        let mut found = Vec::new();
        let rows = sqlx::query("PRAGMA integrity_check")
            .fetch_all(&self.readers)
            .await
            .map_err(&failed)?;
        for row in rows {
            let text: String = row.try_get(0).map_err(&failed)?;
            if text != "ok" {
                found.push(text);
            }
        }
        let broken = sqlx::query("PRAGMA foreign_key_check")
            .fetch_all(&self.readers)
            .await
            .map_err(&failed)?;
        for row in broken {
            let table: String = row.try_get(0).map_err(&failed)?;
            found.push(format!("a row of {table} belongs to one that is not there"));
        }
        Ok(found)
    }

    /// A file of a release that did not overwrite what it deleted is rebuilt once; then the log, which holds earlier pages, is
    /// emptied into the file.
    async fn wipe_deleted(&self) -> PortResult<()> {
        let failed = self.failed("wipe_deleted");
        let row = sqlx::query("PRAGMA user_version")
            .fetch_one(&self.writer)
            .await
            .map_err(&failed)?;
        let version: i64 = row.try_get(0).map_err(&failed)?;
        if version < WIPED {
            for statement in ["VACUUM", "PRAGMA user_version = 1"] {
                sqlx::query(statement)
                    .execute(&self.writer)
                    .await
                    .map_err(&failed)?;
            }
        }
        let row = sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)")
            .fetch_one(&self.writer)
            .await
            .map_err(&failed)?;
        let busy: i64 = row.try_get(0).map_err(&failed)?;
        if busy == 0 {
            return Ok(());
        }
        let detail = format!(
            "{} is being read, so its log could not be emptied; it is tried again",
            self.file.display()
        );
        let retry = ports::Retry::After(Duration::from_secs(5));
        let kind = ports::Kind::Unavailable;
        Err(PortError::new(
            kind,
            retry,
            PROVIDER,
            "wipe_deleted",
            detail,
        ))
    }

    async fn snapshot(&self, into: &Path) -> PortResult<()> {
        snapshot::write(&self.readers, &self.file, into).await
    }

    async fn schema(&self) -> PortResult<Option<i64>> {
        migrations::newest_applied(&self.readers, &self.file).await
    }

    async fn close(&self) {
        self.copier.close().await;
        self.watch.close().await;
        self.readers.close().await;
        self.writer.close().await;
    }
}
