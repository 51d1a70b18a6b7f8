//! What a driver brings: connections, transactions, the words in which its SQL differs.

use crate::runs::Line;
use crate::{Bulk, Sql, SqlRow};
use async_trait::async_trait;
use ports::{Kind, PortError, PortResult, Retry};
use std::path::Path;
use std::sync::Arc;

/// A connection that was taken for one operation of a port. Failures come back as that operation's.
#[async_trait]
pub trait Session: Send {
    type Row: SqlRow + Send + Sync;
    /// Answers how many rows were touched.
    async fn run(&mut self, sql: Sql) -> PortResult<u64>;
    async fn rows(&mut self, sql: Sql) -> PortResult<Vec<Self::Row>>;
    /// Nothing happens for no rows.
    async fn bulk(&mut self, bulk: Bulk) -> PortResult<u64>;

    async fn one(&mut self, sql: Sql) -> PortResult<Option<Self::Row>> {
        Ok(self.rows(sql).await?.into_iter().next())
    }
}

/// A session inside a transaction, undone when it is dropped.
#[async_trait]
pub trait Writer: Session {
    /// Waits until nobody else holds this name, and holds it to the end of the transaction.
    async fn lock(&mut self, name: &str) -> PortResult<()>;
    async fn commit(self) -> PortResult<()>;
    /// Undone when it returns, whereas a dropped one may keep its rows a moment longer.
    async fn undo(self) -> PortResult<()>;
}

/// A migration that was applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Migration {
    pub version: i64,
    pub name: String,
}

/// What the operator does with a database as a whole.
#[async_trait]
pub trait Maintenance: Send + Sync {
    /// Brings the schema to this release and answers what was applied now; many at once are safe. A database that a newer
    /// release has migrated is refused with `Configuration`.
    async fn migrate(&self) -> PortResult<Vec<Migration>>;
    /// Cheap: whether the database answers.
    async fn health(&self) -> PortResult<()>;
    async fn size_bytes(&self) -> PortResult<u64>;
    /// Sentences about damage that was found; none when all is well. May take long.
    async fn integrity_check(&self) -> PortResult<Vec<String>>;
    /// Makes sure that nothing of deleted or replaced rows can be read out of the files. May take long, and is tried again when
    /// somebody is reading.
    async fn wipe_deleted(&self) -> PortResult<()>;
    /// Writes a copy of how everything is at one moment into a new file, while others read and write. What is damaged is refused
    /// with `Corrupt`.
    async fn snapshot(&self, into: &Path) -> PortResult<()>;
    /// Newest migration that was applied; `None` before the first. Touches nothing.
    async fn schema(&self) -> PortResult<Option<i64>>;
    /// Lets go of all connections, after the ones in use have ended.
    async fn close(&self);
}

#[async_trait]
pub trait Backend: Maintenance + 'static {
    /// Where the database is: a path, a URL.
    type Location: ?Sized + Sync;
    type Reader: Session;
    type Writer: Writer;

    const PROVIDER: &'static str;
    /// After a `SELECT` in a transaction: keeps the rows for this transaction.
    const FOR_UPDATE: &'static str;
    /// As [`Backend::FOR_UPDATE`], passing over rows that another transaction keeps.
    const SKIP_LOCKED: &'static str;
    /// How many transactions of one program get on beside each other where most of them lock different rows.
    const WRITERS: usize;
    /// Tells every table's columns: table, column, type, place in the primary key from 1 or 0; by table, then as they stand in it.
    const COLUMNS: &'static str;
    /// Said first in a transaction that may take long.
    const PATIENT: &'static [&'static str];

    /// Opens it, without touching the schema.
    async fn open(location: &Self::Location) -> PortResult<Self>
    where
        Self: Sized;
    async fn read(&self, operation: &'static str) -> PortResult<Self::Reader>;
    async fn write(&self, operation: &'static str) -> PortResult<Self::Writer>;
    /// As [`Backend::write`], for tables that grow from nothing within a minute: each statement is planned for the size that they have then,
    /// not for the one that they had when it was first used.
    async fn write_to_growing(&self, operation: &'static str) -> PortResult<Self::Writer> {
        self.write(operation).await
    }
    /// A transaction that only reads, for as long as it takes, and sees everything as it was at its first statement.
    async fn frozen(&self, operation: &'static str) -> PortResult<Self::Writer>;
    /// A text that differs after every commit, by whatever connection.
    async fn mark(&self) -> PortResult<String>;

    /// `IN` the list that is argument `n`.
    fn in_list(n: usize) -> String;
    /// After a table's name: read it by this index, for planners that cannot know better.
    fn by_index(name: &str) -> String;
    /// Whether the column contains the text that is argument `n`.
    fn contains(column: &str, n: usize) -> String;
}

/// Implements every storage port over a backend.
#[derive(Debug)]
pub struct Database<B>(pub(crate) Arc<B>, pub(crate) Arc<Line>);

impl<B: Backend> Database<B> {
    /// Opens it, without touching the schema: call [`Maintenance::migrate`] before use.
    pub async fn open(location: &B::Location) -> PortResult<Self> {
        let backend = B::open(location).await?;
        Ok(Self(Arc::new(backend), Arc::default()))
    }

    #[must_use]
    pub fn backend(&self) -> &B {
        &self.0
    }

    pub(crate) fn refuse(
        kind: Kind,
        operation: &'static str,
        detail: impl Into<String>,
    ) -> PortError {
        PortError::new(kind, Retry::Never, B::PROVIDER, operation, detail)
    }
}

#[async_trait]
impl<B: Backend> Maintenance for Database<B> {
    async fn migrate(&self) -> PortResult<Vec<Migration>> {
        self.0.migrate().await
    }

    async fn health(&self) -> PortResult<()> {
        self.0.health().await
    }

    async fn size_bytes(&self) -> PortResult<u64> {
        self.0.size_bytes().await
    }

    async fn integrity_check(&self) -> PortResult<Vec<String>> {
        self.0.integrity_check().await
    }

    async fn wipe_deleted(&self) -> PortResult<()> {
        self.0.wipe_deleted().await
    }

    async fn snapshot(&self, into: &Path) -> PortResult<()> {
        self.0.snapshot(into).await
    }

    async fn schema(&self) -> PortResult<Option<i64>> {
        self.0.schema().await
    }

    async fn close(&self) {
        self.0.close().await;
    }
}
