//! A PostgreSQL database for one test, beside the embedded one.

use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};

/// Both databases: the embedded one, and a new one on the server that `TEST_DATABASE_URL` names.
pub(crate) enum Place {
    Embedded,
    Postgres { admin: String, name: String },
}

impl Place {
    pub(crate) async fn postgres() -> Self {
        let admin = std::env::var("TEST_DATABASE_URL")
            .expect("TEST_DATABASE_URL names a PostgreSQL server: cargo xtask test starts one");
        let name = format!("it_{}", uuid::Uuid::now_v7().simple());
        run(&admin, format!("CREATE DATABASE {name}")).await;
        Self::Postgres { admin, name }
    }

    pub(crate) fn settings(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Embedded => Vec::new(),
            Self::Postgres { admin, name } => {
                let mut url: reqwest::Url = admin.parse().unwrap();
                url.set_path(name);
                vec![("DATABASE_URL", url.to_string())]
            }
        }
    }

    /// Ends every connection of a PostgreSQL's database and takes no new one for so long.
    pub(crate) async fn cut_off(&self, away: std::time::Duration) {
        let Self::Postgres { admin, name } = self else {
            panic!("an embedded database is the process itself");
        };
        run(
            admin,
            format!("ALTER DATABASE {name} ALLOW_CONNECTIONS false"),
        )
        .await;
        let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname";
        run(admin, format!("{end} = '{name}'")).await;
        tokio::time::sleep(away).await;
        run(
            admin,
            format!("ALTER DATABASE {name} ALLOW_CONNECTIONS true"),
        )
        .await;
    }

    /// How many migrations were made.
    #[cfg(feature = "earlier-release")]
    pub(crate) async fn migrations(&self) -> i64 {
        let settings = self.settings();
        let (_, url) = settings.first().expect("a PostgreSQL");
        let mut connection = PgConnection::connect(url).await.unwrap();
        let count = "SELECT COUNT(*) FROM _sqlx_migrations WHERE success";
        let count = sqlx::query_scalar(count);
        count.fetch_one(&mut connection).await.unwrap()
    }

    pub(crate) async fn remove(self) {
        if let Self::Postgres { admin, name } = self {
            run(&admin, format!("DROP DATABASE {name} WITH (FORCE)")).await;
        }
    }
}

async fn run(admin: &str, statement: String) {
    let mut connection = PgConnection::connect(admin).await.unwrap();
    // The name is made here.
    connection.execute(AssertSqlSafe(statement)).await.unwrap();
}
