//! A connection that was taken for one operation.

use crate::bind::{bulk_statement, statement};
use crate::errors::{Place, port_error};
use async_trait::async_trait;
use ports::{PortError, PortResult};
use sql_kit::{Bulk, Session, Sql, Writer};
use sqlx::Transaction;
use sqlx::postgres::{PgConnection, PgRow, Postgres};
use std::ops::DerefMut;
use std::sync::Arc;

/// Of one statement with many rows. The pool's connections keep buffers of the size of the largest.
const STATEMENT_BYTES: usize = 1 << 20;

pub struct Link<C> {
    pub(crate) connection: C,
    pub(crate) operation: &'static str,
    pub(crate) place: Arc<Place>,
}

impl<C> Link<C> {
    fn failed(&self, source: sqlx::Error) -> PortError {
        port_error(self.operation, source, &self.place)
    }
}

#[async_trait]
impl<C> Session for Link<C>
where
    C: DerefMut<Target = PgConnection> + Send,
{
    type Row = PgRow;

    async fn run(&mut self, sql: Sql) -> PortResult<u64> {
        let done = statement(sql).execute(&mut *self.connection).await;
        Ok(done.map_err(|e| self.failed(e))?.rows_affected())
    }

    async fn rows(&mut self, sql: Sql) -> PortResult<Vec<PgRow>> {
        let rows = statement(sql).fetch_all(&mut *self.connection).await;
        rows.map_err(|e| self.failed(e))
    }

    async fn bulk(&mut self, bulk: Bulk) -> PortResult<u64> {
        if bulk.rows == 0 {
            return Ok(0);
        }
        let mut touched = 0;
        for piece in bulk.pieces(STATEMENT_BYTES) {
            let done = bulk_statement(piece).execute(&mut *self.connection).await;
            touched += done.map_err(|e| self.failed(e))?.rows_affected();
        }
        Ok(touched)
    }
}

#[async_trait]
impl Writer for Link<Transaction<'static, Postgres>> {
    /// An advisory lock, given back by the end of the transaction.
    async fn lock(&mut self, name: &str) -> PortResult<()> {
        let sql = "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))";
        self.run(Sql::new(sql).bind(name)).await?;
        Ok(())
    }

    async fn commit(self) -> PortResult<()> {
        let Self {
            connection,
            operation,
            place,
        } = self;
        let done = connection.commit().await;
        done.map_err(|e| port_error(operation, e, &place))
    }

    async fn undo(self) -> PortResult<()> {
        let Self {
            connection,
            operation,
            place,
        } = self;
        let done = connection.rollback().await;
        done.map_err(|e| port_error(operation, e, &place))
    }
}
