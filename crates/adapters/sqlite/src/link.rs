//! A connection that was taken for one operation.

use crate::bind::{Statements, statement};
use crate::errors::port_error;
use async_trait::async_trait;
use ports::{PortError, PortResult};
use sql_kit::{Bulk, Session, Sql, Writer};
use sqlx::Transaction;
use sqlx::sqlite::{Sqlite, SqliteConnection, SqliteRow};
use std::ops::DerefMut;
use std::path::Path;
use std::sync::Arc;

pub struct Link<C> {
    pub(crate) connection: C,
    pub(crate) operation: &'static str,
    pub(crate) file: Arc<Path>,
}

impl<C> Link<C> {
    fn failed(&self, source: sqlx::Error) -> PortError {
        port_error(self.operation, source, &self.file)
    }
}

#[async_trait]
impl<C> Session for Link<C>
where
    C: DerefMut<Target = SqliteConnection> + Send,
{
    type Row = SqliteRow;

    async fn run(&mut self, sql: Sql) -> PortResult<u64> {
        let done = statement(sql).execute(&mut *self.connection).await;
        Ok(done.map_err(|e| self.failed(e))?.rows_affected())
    }

    async fn rows(&mut self, sql: Sql) -> PortResult<Vec<SqliteRow>> {
        let rows = statement(sql).fetch_all(&mut *self.connection).await;
        rows.map_err(|e| self.failed(e))
    }

    async fn bulk(&mut self, bulk: Bulk) -> PortResult<u64> {
        let mut touched = 0;
        let mut statements = Statements::of(bulk);
        while let Some(statement) = statements.make_next() {
            let done = statement.execute(&mut *self.connection).await;
            touched += done.map_err(|e| self.failed(e))?.rows_affected();
        }
        Ok(touched)
    }
}

#[async_trait]
impl Writer for Link<Transaction<'static, Sqlite>> {
    /// The transaction holds the only right to write already.
    async fn lock(&mut self, _name: &str) -> PortResult<()> {
        Ok(())
    }

    async fn commit(self) -> PortResult<()> {
        let Self {
            connection,
            operation,
            file,
        } = self;
        let done = connection.commit().await;
        done.map_err(|e| port_error(operation, e, &file))
    }

    async fn undo(self) -> PortResult<()> {
        let Self {
            connection,
            operation,
            file,
        } = self;
        let done = connection.rollback().await;
        done.map_err(|e| port_error(operation, e, &file))
    }
}
