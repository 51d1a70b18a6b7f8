//! The server and its connections.

use crate::errors::{PROVIDER, Place, port_error};
use crate::link::Link;
use crate::migrations;
use crate::snapshot::{self, Access};
use async_trait::async_trait;
use ports::{Kind, PortError, PortResult, Retry};
use sql_kit::{Backend, Maintenance, Migration, workspace_now};
use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgConnectOptions, PgConnection, PgPool, PgPoolOptions};
use sqlx::{ConnectOptions, Connection, Row, Transaction};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

const MAX_CONNECTIONS: u32 = 16;
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// Nothing that a request asks for takes this long in a healthy database.
const STATEMENT_TIMEOUT: &str = "60s";

#[derive(Debug)]
pub struct Postgres {
    place: Arc<Place>,
    options: PgConnectOptions,
    access: Access,
    pool: PgPool,
}

impl Postgres {
    fn failed(&self, operation: &'static str) -> impl Fn(sqlx::Error) -> PortError + '_ {
        move |e| port_error(operation, e, &self.place)
    }

    async fn text_rows(
        &self,
        operation: &'static str,
        sql: &'static str,
    ) -> PortResult<Vec<String>> {
        let rows = sqlx::query(sql).fetch_all(&self.pool).await;
        let rows = rows.map_err(self.failed(operation))?;
        let text = |row: &sqlx::postgres::PgRow| row.try_get(0);
        let texts: Result<_, _> = rows.iter().map(text).collect();
        texts.map_err(self.failed(operation))
    }
}

/// The URL is not repeated: it holds a password.
pub(crate) fn parse(url: &str) -> PortResult<PgConnectOptions> {
    let fits = url.starts_with("postgres://") || url.starts_with("postgresql://");
    let options = url.parse::<PgConnectOptions>().ok().filter(|_| fits);
    options.ok_or_else(|| {
        let detail = "DATABASE_URL is no PostgreSQL URL; it looks like postgres://user:password@host:5432/database";
        PortError::new(Kind::Configuration, Retry::Never, PROVIDER, "open", detail)
    })
}

pub(crate) fn place(options: &PgConnectOptions) -> Place {
    let user = options.get_username().to_owned();
    Place {
        host: format!("{}:{}", options.get_host(), options.get_port()),
        // As PostgreSQL itself does, the user's name stands in for a missing one.
        database: options.get_database().unwrap_or(&user).to_owned(),
        user,
    }
}

/// Says whose rows may be seen, to policies of row-level security; without them nobody asks.
async fn said(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    let workspace = workspace_now().map(|id| id.0.to_string());
    sqlx::query("SELECT set_config('royal.workspace', $1, false)")
        .bind(workspace.unwrap_or_default())
        .execute(connection)
        .await?;
    Ok(())
}

/// Of the schema that ours would be in.
pub(crate) async fn tables(options: &PgConnectOptions, place: &Place) -> PortResult<i64> {
    let failed = |e| port_error("restore", e, place);
    let mut connection = options.connect().await.map_err(failed)?;
    let sql = "SELECT count(*) FROM pg_tables WHERE schemaname = current_schema()";
    let count = sqlx::query_scalar(sql).fetch_one(&mut connection).await;
    connection.close().await.ok();
    count.map_err(failed)
}

#[async_trait]
impl Backend for Postgres {
    type Location = str;
    type Reader = Link<PoolConnection<sqlx::Postgres>>;
    type Writer = Link<Transaction<'static, sqlx::Postgres>>;

    const PROVIDER: &'static str = PROVIDER;
    const FOR_UPDATE: &'static str = " FOR UPDATE";
    const SKIP_LOCKED: &'static str = " FOR UPDATE SKIP LOCKED";
    /// While one waits for the disk, the next one writes its rows; a third would only wait for the row that numbers events.
    const WRITERS: usize = 2;
    const COLUMNS: &'static str = "SELECT c.relname::text COLLATE \"C\", a.attname::text, t.typname::text, \
         COALESCE(array_position(i.indkey::int2[], a.attnum) + 1, 0)::bigint \
         FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
         JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped \
         JOIN pg_type t ON t.oid = a.atttypid \
         LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary \
         WHERE n.nspname = current_schema() AND c.relkind = 'r' AND c.relname <> '_sqlx_migrations' \
         ORDER BY 1, a.attnum";
    const PATIENT: &'static [&'static str] = &[
        "SET LOCAL statement_timeout = 0",
        "SET LOCAL idle_in_transaction_session_timeout = 0",
    ];

    /// Connects once at once, so that a wrong URL shows here and not at the first request.
    async fn open(url: &str) -> PortResult<Self> {
        let options = parse(url)?
            .application_name("royal")
            .statement_cache_capacity(200)
            .options([
                ("statement_timeout", STATEMENT_TIMEOUT),
                ("idle_in_transaction_session_timeout", STATEMENT_TIMEOUT),
            ]);
        let place = Arc::new(place(&options));
        let first = tokio::time::timeout(CONNECT_TIMEOUT, options.connect()).await;
        let first = first.unwrap_or_else(|_| {
            let silent = std::io::Error::from(std::io::ErrorKind::TimedOut);
            Err(sqlx::Error::Io(silent))
        });
        let first = first.map_err(|e| port_error("open", e, &place))?;
        first.close().await.ok();
        let pool = PgPoolOptions::new()
            .max_connections(MAX_CONNECTIONS)
            .acquire_timeout(CONNECT_TIMEOUT)
            .idle_timeout(Duration::from_secs(300))
            // Each time it is taken a connection is told whose work it does, which also shows whether it is still there.
            .test_before_acquire(false)
            .before_acquire(|connection, _| {
                Box::pin(async move { said(connection).await.map(|()| true) })
            })
            .after_connect(|connection, _| Box::pin(said(connection)))
            .connect_lazy_with(options.clone());
        Ok(Self {
            place,
            options,
            access: Access::of(url),
            pool,
        })
    }

    async fn read(&self, operation: &'static str) -> PortResult<Self::Reader> {
        let connection = self.pool.acquire().await;
        Ok(Link {
            connection: connection.map_err(self.failed(operation))?,
            operation,
            place: self.place.clone(),
        })
    }

    async fn write(&self, operation: &'static str) -> PortResult<Self::Writer> {
        let connection = self.pool.begin().await;
        Ok(Link {
            connection: connection.map_err(self.failed(operation))?,
            operation,
            place: self.place.clone(),
        })
    }

    async fn write_to_growing(&self, operation: &'static str) -> PortResult<Self::Writer> {
        let begin = "BEGIN; SET LOCAL plan_cache_mode = force_custom_plan";
        let connection = self.pool.begin_with(begin).await;
        Ok(Link {
            connection: connection.map_err(self.failed(operation))?,
            operation,
            place: self.place.clone(),
        })
    }

    async fn frozen(&self, operation: &'static str) -> PortResult<Self::Writer> {
        let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; \
             SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0";
        let connection = self.pool.begin_with(begin).await;
        Ok(Link {
            connection: connection.map_err(self.failed(operation))?,
            operation,
            place: self.place.clone(),
        })
    }

    /// The visible transactions: equal ones see the same rows.
    async fn mark(&self) -> PortResult<String> {
        let row = sqlx::query("SELECT pg_current_snapshot()::text")
            .fetch_one(&self.pool)
            .await;
        let text = row.and_then(|row| row.try_get(0));
        text.map_err(self.failed("mark"))
    }

    fn in_list(n: usize) -> String {
        format!("= ANY(${n})")
    }

    /// PostgreSQL knows its tables by statistics.
    fn by_index(_name: &str) -> String {
        String::new()
    }

    fn contains(column: &str, n: usize) -> String {
        format!("strpos({column}, ${n}) > 0")
    }
}

#[async_trait]
impl Maintenance for Postgres {
    async fn migrate(&self) -> PortResult<Vec<Migration>> {
        migrations::migrate(&self.options, &self.place).await
    }

    async fn health(&self) -> PortResult<()> {
        let answer = sqlx::query("SELECT 1").execute(&self.pool).await;
        answer.map_err(self.failed("health"))?;
        Ok(())
    }

    async fn size_bytes(&self) -> PortResult<u64> {
        let row = sqlx::query("SELECT pg_database_size(current_database())")
            .fetch_one(&self.pool)
            .await
            .map_err(self.failed("size_bytes"))?;
        let size: i64 = row.try_get(0).map_err(self.failed("size_bytes"))?;
        Ok(u64::try_from(size).unwrap_or(0))
    }

    /// Indexes that PostgreSQL itself holds to be broken, and orders without their documents. Checksums of pages are
    /// PostgreSQL's own affair.
    async fn integrity_check(&self) -> PortResult<Vec<String>> {
        let operation = "integrity_check";
        let invalid = self.text_rows(
            operation,
            "SELECT c.relname::text FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid \
             JOIN pg_namespace n ON n.oid = c.relnamespace \
             WHERE NOT i.indisvalid AND n.nspname = current_schema() ORDER BY 1",
        );
        let torn = self.text_rows(
            operation,
            "SELECT o.id::text FROM orders o LEFT JOIN order_documents d \
             ON d.workspace = o.workspace AND d.store = o.store AND d.id = o.id \
             WHERE d.id IS NULL ORDER BY 1 LIMIT 100",
        );
        let invalid = invalid.await?;
        let invalid = invalid
            .iter()
            .map(|name| format!("index {name} is not valid; run REINDEX INDEX {name}"));
        let torn = torn.await?;
        let torn = torn
            .iter()
            .map(|id| format!("order {id} has lost its document"));
        Ok(invalid.chain(torn).collect())
    }

    /// Dead rows go; archives of the write-ahead log and backups are PostgreSQL's operator's own affair.
    async fn wipe_deleted(&self) -> PortResult<()> {
        for table in [
            "facts",
            "customer_profiles",
            "orders",
            "order_documents",
            "order_items",
            "inbox",
        ] {
            sqlx::query(sqlx::AssertSqlSafe(format!("VACUUM {table}")))
                .execute(&self.pool)
                .await
                .map_err(self.failed("wipe_deleted"))?;
        }
        Ok(())
    }

    async fn snapshot(&self, into: &Path) -> PortResult<()> {
        snapshot::write(&self.access, &self.place, into).await
    }

    async fn schema(&self) -> PortResult<Option<i64>> {
        let failed = self.failed("schema");
        let known = sqlx::query("SELECT to_regclass('_sqlx_migrations')::text")
            .fetch_one(&self.pool)
            .await
            .map_err(&failed)?;
        let known: Option<String> = known.try_get(0).map_err(&failed)?;
        if known.is_none() {
            return Ok(None);
        }
        let newest = sqlx::query_scalar("SELECT max(version) FROM _sqlx_migrations");
        newest.fetch_one(&self.pool).await.map_err(&failed)
    }

    async fn close(&self) {
        self.pool.close().await;
    }
}
