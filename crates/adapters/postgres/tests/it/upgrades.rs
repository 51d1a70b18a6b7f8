//! Migrations: once, by whoever comes first, and never backwards.

use crate::schema::{Schema, raw};
use adapter_postgres::{Belongings as _, Maintenance};
use domain::rollup::Measures;
use ports::Kind;
use sqlx::Row;

#[tokio::test]
async fn migrate_tells_what_it_did_and_does_it_once() {
    let schema = Schema::create().await;
    let database = schema.open().await;
    let applied = database.migrate().await.unwrap();
    assert_eq!(
        applied.first().map(|m| (m.version, m.name.as_str())),
        Some((1, "foundation"))
    );
    assert_eq!(database.migrate().await.unwrap(), []);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_replicas_migrate_at_once_and_one_does_it() {
    let schema = Schema::create().await;
    let mut tasks = Vec::new();
    for _ in 0..4 {
        let database = schema.open().await;
        tasks.push(tokio::spawn(
            async move { database.migrate().await.unwrap() },
        ));
    }
    let mut applied = 0;
    for task in tasks {
        applied += usize::from(!task.await.unwrap().is_empty());
    }
    assert_eq!(applied, 1);
}

#[tokio::test]
async fn a_newer_database_is_refused_by_name() {
    let schema = Schema::create().await;
    let database = schema.migrated().await;
    sqlx::query(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
         VALUES (9999, 'from the future', TRUE, '\\x00', 0)",
    )
    .execute(&mut raw(&schema.url).await)
    .await
    .unwrap();
    let error = database.migrate().await.unwrap_err();
    assert_eq!(error.kind, Kind::Configuration);
    assert!(error.detail.contains("newer release"), "{error}");
}

#[tokio::test]
async fn rollups_have_a_column_for_each_measure() {
    let schema = Schema::create().await;
    let _database = schema.migrated().await;
    let rows = sqlx::query(
        "SELECT column_name::text FROM information_schema.columns \
         WHERE table_schema = current_schema() AND table_name = 'rollups' ORDER BY ordinal_position",
    )
    .fetch_all(&mut raw(&schema.url).await)
    .await
    .unwrap();
    let names: Vec<String> = rows.iter().map(|r| r.get(0)).collect();
    assert_eq!(names[6..], *Measures::NAMES);
}

/// A table that is nobody's would be left out of exports, and would outlive its workspace.
#[tokio::test]
async fn every_table_is_somebodys() {
    let schema = Schema::create().await;
    let database = schema.migrated().await;
    assert_eq!(database.unowned().await.unwrap(), [""; 0]);
    let described = database.described().await.unwrap();
    for line in [
        "orders.content Bytes 0",
        "orders.workspace Id 1",
        "orders.id Int 3",
    ] {
        assert!(described.iter().any(|d| d == line), "{line}");
    }
}

/// So that processes of the release before go on while the schema is migrated already.
#[test]
fn every_migration_only_adds() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/migrations");
    testkit::expand::assert_migrations_only_add(std::path::Path::new(folder));
}
