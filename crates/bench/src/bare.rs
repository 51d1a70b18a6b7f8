//! What the product's report is held against: an actix-web handler that makes one indexed query, of the rows that the report needs, and
//! writes them out. No session, no figures, no names.

use crate::product::Place;
use actix_web::dev::ServerHandle;
use actix_web::{App, HttpResponse, HttpServer, web};
use anyhow::{Context as _, Result};
use sqlx::postgres::PgPoolOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};
use sqlx::{Column as _, PgPool, Row as _, SqlitePool};
use std::net::TcpListener;
use uuid::Uuid;

enum Pool {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

/// The query, and what it is asked with.
pub(crate) struct Shared {
    pool: Pool,
    pub(crate) text: &'static str,
    measures: usize,
    pub(crate) workspace: Uuid,
    pub(crate) store: Uuid,
    from: String,
    to: String,
}

/// A bare server on loopback.
pub struct Bare {
    pub(crate) address: String,
    handle: ServerHandle,
}

impl Bare {
    /// Answers `/` with the sums of each day of the range.
    pub async fn start(place: &Place, from: &str, to: &str) -> Result<Self> {
        let shared = web::Data::new(Shared::connected(place, from, to).await?);
        let listener = TcpListener::bind(("127.0.0.1", 0))?;
        let address = listener.local_addr()?.to_string();
        let server = HttpServer::new(move || {
            App::new()
                .app_data(shared.clone())
                .route("/", web::get().to(handle))
        })
        .disable_signals()
        .shutdown_timeout(1)
        .listen(listener)?
        .run();
        let handle = server.handle();
        tokio::spawn(server);
        Ok(Self { address, handle })
    }

    pub(crate) async fn stop(&self) {
        self.handle.stop(false).await;
    }
}

impl Shared {
    pub(crate) async fn connected(place: &Place, from: &str, to: &str) -> Result<Self> {
        let pool = match place {
            Place::Sqlite(file) => {
                let options = SqliteConnectOptions::new()
                    .filename(file)
                    .read_only(true)
                    .pragma("cache_size", "-2048");
                Pool::Sqlite(
                    SqlitePoolOptions::new()
                        .max_connections(4)
                        .connect_with(options)
                        .await?,
                )
            }
            Place::Postgres(url) => Pool::Postgres(
                PgPoolOptions::new()
                    .max_connections(16)
                    .connect(url)
                    .await?,
            ),
        };
        Self::of(pool, from, to).await
    }

    async fn of(pool: Pool, from: &str, to: &str) -> Result<Self> {
        const FIRST: &str = "SELECT * FROM rollups WHERE dimension = 'total' LIMIT 1";
        let keys = ["workspace", "store", "currency", "dimension", "day", "key"];
        let (names, workspace, store): (Vec<String>, Uuid, Uuid) = match &pool {
            Pool::Sqlite(pool) => {
                let row = sqlx::query(FIRST)
                    .fetch_one(pool)
                    .await
                    .context("no rollups")?;
                let names = row.columns().iter().map(|c| c.name().to_owned()).collect();
                (names, row.try_get("workspace")?, row.try_get("store")?)
            }
            Pool::Postgres(pool) => {
                let row = sqlx::query(FIRST)
                    .fetch_one(pool)
                    .await
                    .context("no rollups")?;
                let names = row.columns().iter().map(|c| c.name().to_owned()).collect();
                (names, row.try_get("workspace")?, row.try_get("store")?)
            }
        };
        let measures: Vec<String> = names
            .into_iter()
            .filter(|n| !keys.contains(&n.as_str()))
            .collect();
        let text = format!(
            "SELECT day, {} FROM rollups WHERE workspace = $1 AND store = $2 AND currency = 'USD' AND dimension = 'total' \
             AND key = '' AND day BETWEEN $3 AND $4 ORDER BY day",
            measures.join(", ")
        );
        Ok(Self {
            pool,
            // One text for the life of the process.
            text: Box::leak(text.into_boxed_str()),
            measures: measures.len(),
            workspace,
            store,
            from: from.to_owned(),
            to: to.to_owned(),
        })
    }

    async fn rows(&self) -> sqlx::Result<Vec<(String, Vec<i64>)>> {
        macro_rules! read {
            ($pool:expr) => {
                sqlx::query(self.text)
                    .bind(self.workspace)
                    .bind(self.store)
                    .bind(&self.from)
                    .bind(&self.to)
                    .fetch_all($pool)
                    .await?
                    .iter()
                    .map(|row| {
                        let measures = (1..=self.measures)
                            .map(|n| row.try_get(n))
                            .collect::<sqlx::Result<_>>()?;
                        Ok((row.try_get(0)?, measures))
                    })
                    .collect()
            };
        }
        match &self.pool {
            Pool::Sqlite(pool) => read!(pool),
            Pool::Postgres(pool) => read!(pool),
        }
    }
}

async fn handle(shared: web::Data<Shared>) -> HttpResponse {
    match shared.rows().await {
        Ok(rows) => HttpResponse::Ok().json(rows),
        Err(error) => HttpResponse::InternalServerError().body(error.to_string()),
    }
}
