//! The laws of what is written most, again, over the schema of a newer release: a process that runs while another one migrates goes on as before.
//!
//! A newer release adds columns with defaults, tables and indexes, and nothing else (`every_migration_only_adds`); here each table
//! has got such a column while the database was open.

use crate::copies::Copy;
use crate::schema::{Schema, raw};
use adapter_postgres::Maintenance as _;
use ports::Kind;
use sqlx::{AssertSqlSafe, Connection as _};
use std::sync::Arc;
use testkit::Stores;

/// What stands for the migration of a newer release.
const WIDEN: &str = "DO $$ DECLARE t text; BEGIN \
     FOR t IN SELECT tablename FROM pg_tables WHERE schemaname = current_schema() AND tablename <> '_sqlx_migrations' LOOP \
         EXECUTE format('ALTER TABLE %I ADD COLUMN of_a_newer_release BIGINT NOT NULL DEFAULT 7', t); \
     END LOOP; END $$; \
     CREATE TABLE newer_things (id BIGINT NOT NULL PRIMARY KEY); \
     INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
     VALUES (9999, 'of a newer release', TRUE, '\\x00', 0)";

async fn widen(url: &str) {
    let mut connection = raw(url).await;
    sqlx::raw_sql(AssertSqlSafe(WIDEN))
        .execute(&mut connection)
        .await
        .unwrap();
    connection.close().await.unwrap();
}

async fn make() -> Stores {
    let copy = Copy::create().await;
    let database = copy.open().await;
    widen(&copy.url).await;
    Stores::of(Arc::new(database), copy)
}

// What writes most columns and what works while somebody else migrates; the other ports use the same few ways to write.
testkit::order_laws!(make);
testkit::store_facts_laws!(make);
testkit::sync_laws!(make);
testkit::inbox_laws!(make);
testkit::event_laws!(make);
testkit::change_set_laws!(make);
testkit::run_laws!(make);
testkit::job_laws!(make);

/// It runs on, and it does not start again: what a newer release wrote it may not understand.
#[tokio::test]
async fn who_runs_goes_on_and_who_starts_is_refused() {
    let schema = Schema::create().await;
    let running = schema.migrated().await;
    widen(&schema.url).await;
    running.health().await.unwrap();
    assert_eq!(running.schema().await.unwrap(), Some(9999));
    let started = schema.open().await;
    let refused = started.migrate().await.unwrap_err();
    assert_eq!(refused.kind, Kind::Configuration);
    assert!(refused.detail.contains("newer release"), "{refused}");
}
