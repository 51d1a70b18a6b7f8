//! A database of its own for each law, copied from one whose tables were made once: making them takes longer than most laws.

use crate::schema::{base_url, raw};
use adapter_postgres::{Maintenance, PostgresDatabase};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::atomic::{AtomicU32, Ordering};
use tokio::sync::OnceCell;
use url::Url;

/// Of who makes the template; the others wait.
const LOCK: i64 = 0x6c61_7773;

pub(crate) struct Copy {
    name: String,
    pub(crate) url: String,
}

impl Copy {
    pub(crate) async fn create() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        static TEMPLATE: OnceCell<String> = OnceCell::const_new();
        let template = TEMPLATE.get_or_init(template).await;
        let n = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("law_{}_{n}", std::process::id());
        let mut admin = raw(&base_url()).await;
        run(&mut admin, format!("DROP DATABASE IF EXISTS {name}")).await;
        run(
            &mut admin,
            format!("CREATE DATABASE {name} TEMPLATE {template}"),
        )
        .await;
        admin.close().await.unwrap();
        let url = url_of(&name);
        Self { name, url }
    }

    pub(crate) async fn open(&self) -> PostgresDatabase {
        PostgresDatabase::open(&self.url).await.unwrap()
    }
}

/// Beside the runtime of the test, which is ending.
impl Drop for Copy {
    fn drop(&mut self) {
        let sql = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name);
        let dropping = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap();
            runtime.block_on(async move { run(&mut raw(&base_url()).await, sql).await });
        });
        dropping.join().ok();
    }
}

/// Named by the migrations, so that the next run finds it; what others made before goes.
async fn template() -> String {
    let name = format!("laws_{:016x}", fingerprint());
    let mut admin = raw(&base_url()).await;
    run(&mut admin, format!("SELECT pg_advisory_lock({LOCK})")).await;
    let known = databases_like_laws(&mut admin).await;
    if known.contains(&name) {
        return name;
    }
    for old in known {
        let sql = format!("DROP DATABASE IF EXISTS {old} WITH (FORCE)");
        run(&mut admin, sql).await;
    }
    // Under its name there is only a whole one.
    let half = format!("{name}_half");
    run(&mut admin, format!("CREATE DATABASE {half}")).await;
    let database = PostgresDatabase::open(&url_of(&half)).await.unwrap();
    database.migrate().await.unwrap();
    drop(database);
    let others = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname";
    run(&mut admin, format!("{others} = '{half}'")).await;
    run(
        &mut admin,
        format!("ALTER DATABASE {half} RENAME TO {name}"),
    )
    .await;
    admin.close().await.unwrap();
    name
}

async fn databases_like_laws(admin: &mut PgConnection) -> Vec<String> {
    let sql = r"SELECT datname::text FROM pg_database WHERE datname LIKE 'laws\_%'";
    sqlx::query_scalar(sql).fetch_all(admin).await.unwrap()
}

fn fingerprint() -> u64 {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/migrations");
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().path())
        .collect();
    files.sort();
    let mut hasher = DefaultHasher::new();
    for file in files {
        std::fs::read(file).unwrap().hash(&mut hasher);
    }
    hasher.finish()
}

fn url_of(database: &str) -> String {
    let mut url: Url = base_url().parse().unwrap();
    url.set_path(database);
    url.to_string()
}

/// The names are made here.
async fn run(connection: &mut PgConnection, sql: String) {
    sqlx::raw_sql(AssertSqlSafe(sql))
        .execute(connection)
        .await
        .unwrap();
}
