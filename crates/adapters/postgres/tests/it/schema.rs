//! A schema of its own for each test, dropped at its end.

use adapter_postgres::{Maintenance, PostgresDatabase};
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use std::sync::atomic::{AtomicU32, Ordering};

pub(crate) fn base_url() -> String {
    std::env::var("TEST_DATABASE_URL")
        .expect("TEST_DATABASE_URL names a PostgreSQL database for tests, e.g. postgres://royal@127.0.0.1:5432/royal_test")
}

pub(crate) async fn raw(url: &str) -> PgConnection {
    PgConnection::connect(url).await.unwrap()
}

pub(crate) struct Schema {
    name: String,
    pub url: String,
}

impl Schema {
    pub(crate) async fn create() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let n = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("test_{}_{n}", std::process::id());
        let base = base_url();
        let sql = format!("DROP SCHEMA IF EXISTS {name} CASCADE; CREATE SCHEMA {name}");
        let mut connection = raw(&base).await;
        sqlx::raw_sql(AssertSqlSafe(sql))
            .execute(&mut connection)
            .await
            .unwrap();
        connection.close().await.unwrap();
        let separator = if base.contains('?') { '&' } else { '?' };
        let url = format!("{base}{separator}options=-c%20search_path%3D{name}");
        Self { name, url }
    }

    pub(crate) async fn open(&self) -> PostgresDatabase {
        PostgresDatabase::open(&self.url).await.unwrap()
    }

    pub(crate) async fn migrated(&self) -> PostgresDatabase {
        let database = self.open().await;
        database.migrate().await.unwrap();
        database
    }
}

/// The runtime of the test is ending, so another one does the dropping.
impl Drop for Schema {
    fn drop(&mut self) {
        let sql = format!("DROP SCHEMA IF EXISTS {} CASCADE", self.name);
        let dropping = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap();
            runtime.block_on(async move {
                let mut connection = raw(&base_url()).await;
                sqlx::raw_sql(AssertSqlSafe(sql))
                    .execute(&mut connection)
                    .await
                    .unwrap();
            });
        });
        dropping.join().ok();
    }
}
