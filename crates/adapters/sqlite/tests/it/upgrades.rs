//! Migrations: once, by whoever comes first, and never backwards.

use adapter_sqlite::{Belongings as _, Maintenance, SqliteDatabase};
use domain::rollup::Measures;
use ports::Kind;
use sqlx::{Connection, Row, SqliteConnection};
use std::path::Path;

async fn raw(path: &Path) -> SqliteConnection {
    let url = format!("sqlite://{}", path.display());
    SqliteConnection::connect(&url).await.unwrap()
}

#[tokio::test]
async fn migrate_tells_what_it_did_and_does_it_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("royal.db");
    let database = SqliteDatabase::open(&path).await.unwrap();
    let applied = database.migrate().await.unwrap();
    assert_eq!(
        applied.first().map(|m| (m.version, m.name.as_str())),
        Some((1, "foundation"))
    );
    assert_eq!(database.migrate().await.unwrap(), []);
    assert_eq!(database.integrity_check().await.unwrap(), [""; 0]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_migrate_at_once_and_one_does_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("royal.db");
    let mut tasks = Vec::new();
    for _ in 0..4 {
        let database = SqliteDatabase::open(&path).await.unwrap();
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
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("royal.db");
    super::open(&path).await.close().await;
    sqlx::query(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
         VALUES (9999, 'from the future', 1, x'00', 0)",
    )
    .execute(&mut raw(&path).await)
    .await
    .unwrap();
    let database = SqliteDatabase::open(&path).await.unwrap();
    let error = database.migrate().await.unwrap_err();
    assert_eq!(error.kind, Kind::Configuration);
    assert!(error.detail.contains("newer release"), "{error}");
    assert!(error.detail.contains("royal.db"), "{error}");
}

#[tokio::test]
async fn rollups_have_a_column_for_each_measure() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("royal.db");
    let _database = super::open(&path).await;
    let rows = sqlx::query("SELECT name FROM pragma_table_info('rollups') ORDER BY cid")
        .fetch_all(&mut raw(&path).await)
        .await
        .unwrap();
    let names: Vec<String> = rows.iter().map(|r| r.get(0)).collect();
    assert_eq!(names[6..], *Measures::NAMES);
}

#[tokio::test]
async fn every_table_is_somebodys() {
    let folder = tempfile::tempdir().unwrap();
    let database = super::open(&folder.path().join("royal.db")).await;
    assert_eq!(database.unowned().await.unwrap(), [""; 0]);
    let described = database.described().await.unwrap();
    // Ids and bytes are one type here; which is which is told by their names.
    for line in [
        "orders.content Bytes 0",
        "orders.workspace Id 1",
        "orders.id Int 3",
    ] {
        assert!(described.iter().any(|d| d == line), "{line}");
    }
    assert_keyed(&described);
}

/// A table without a key could not be walked.
fn assert_keyed(described: &[String]) {
    let table = |line: &str| line.split('.').next().unwrap_or("").to_owned();
    let keyed: std::collections::BTreeSet<_> = described
        .iter()
        .filter(|d| !d.ends_with(" 0"))
        .map(|d| table(d))
        .collect();
    for line in described {
        assert!(keyed.contains(&table(line)), "{line}");
    }
}

/// So that processes of the release before go on while the schema is migrated already.
#[test]
fn every_migration_only_adds() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/migrations");
    testkit::expand::assert_migrations_only_add(std::path::Path::new(folder));
}
