//! The file itself: who may read it, what survives a crash, what a full or broken disk says.

use adapter_sqlite::{Maintenance, SqliteDatabase};
use chrono::DateTime;
use domain::ids::{ConnectionId, WorkspaceId};
use ports::Kind;
use ports::events::{EventLog, NewEvent};
use ports::inbox::{Accepted, Delivery, Inbox};
use sqlx::{Connection, SqliteConnection};
use std::os::unix::fs::PermissionsExt;
use uuid::Uuid;

fn delivery(n: usize, size: usize) -> Delivery {
    Delivery {
        connection: ConnectionId(Uuid::from_u128(1)),
        topic: "orders/create".into(),
        dedupe_key: n.to_string(),
        trace: None,
        delivery_id: None,
        triggered_at: None,
        received_at: DateTime::UNIX_EPOCH,
        body: vec![b'x'; size],
    }
}

#[tokio::test]
async fn folder_and_file_are_made_for_this_user_only() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("data/deep/royal.db");
    let database = super::open(&path).await;
    database.accept(&delivery(1, 10)).await.unwrap();
    let mode = |path: &std::path::Path| path.metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(path.parent().unwrap()), 0o700);
    for entry in std::fs::read_dir(path.parent().unwrap()).unwrap() {
        let entry = entry.unwrap().path();
        assert_eq!(mode(&entry), 0o600, "{}", entry.display());
    }
    database.health().await.unwrap();
    assert!(database.size_bytes().await.unwrap() > 0);
}

/// What a `kill -9` leaves behind: the files as they are, without anybody closing them.
#[tokio::test]
async fn what_was_acknowledged_survives_a_kill() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("royal.db");
    let database = super::open(&path).await;
    for n in 0..50 {
        assert_eq!(
            database.accept(&delivery(n, 500)).await.unwrap(),
            Accepted::New
        );
    }
    let event = NewEvent {
        workspace: WorkspaceId(Uuid::from_u128(1)),
        kind: "test".into(),
        entity_kind: "test".into(),
        entity_id: "1".into(),
        version: None,
        at: DateTime::UNIX_EPOCH,
        data: serde_json::Value::Null,
    };
    database.append(&[event]).await.unwrap();

    let after = tempfile::tempdir().unwrap();
    let copy = after.path().join("royal.db");
    std::fs::copy(&path, &copy).unwrap();
    std::fs::copy(
        folder.path().join("royal.db-wal"),
        after.path().join("royal.db-wal"),
    )
    .unwrap();
    let revived = super::open(&copy).await;
    assert_eq!(revived.state(None).await.unwrap().pending, 50);
    assert_eq!(revived.latest().await.unwrap(), 1);
    assert_eq!(revived.integrity_check().await.unwrap(), [""; 0]);
    assert_eq!(
        revived.accept(&delivery(7, 500)).await.unwrap(),
        Accepted::Duplicate
    );
}

#[tokio::test]
async fn a_full_disk_is_named_and_what_was_there_stays() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("royal.db");
    let database = SqliteDatabase::open(&path).await.unwrap();
    database.migrate().await.unwrap();
    database.accept(&delivery(0, 100)).await.unwrap();
    database.backend().limit_pages(150).await.unwrap();
    let mut refused = None;
    for n in 1..200 {
        match database.accept(&delivery(n, 20_000)).await {
            Ok(_) => {}
            Err(error) => {
                refused = Some((n, error));
                break;
            }
        }
    }
    let (n, error) = refused.expect("150 pages are soon used up");
    assert_eq!(error.kind, Kind::StorageFull, "{error:?}");
    assert!(
        error.detail.contains("royal.db") && error.detail.contains("free some space"),
        "{error}"
    );
    let state = database.state(None).await.unwrap();
    assert_eq!(
        state.pending, n as u64,
        "what was acknowledged, and nothing else"
    );
    // With room again, work goes on over the same connections.
    database.backend().limit_pages(100_000).await.unwrap();
    assert_eq!(
        database.accept(&delivery(n, 20_000)).await.unwrap(),
        Accepted::New
    );
}

#[tokio::test]
async fn a_file_that_is_no_database_is_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("royal.db");
    std::fs::write(&path, vec![b'?'; 8192]).unwrap();
    let error = SqliteDatabase::open(&path).await.unwrap_err();
    assert_eq!(error.kind, Kind::Corrupt, "{error:?}");
    assert!(error.detail.contains("royal.db"), "{error}");
}

#[tokio::test]
async fn a_place_that_cannot_be_is_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let blocked = folder.path().join("file");
    std::fs::write(&blocked, "").unwrap();
    let error = SqliteDatabase::open(&blocked.join("royal.db"))
        .await
        .unwrap_err();
    assert_eq!(error.kind, Kind::Configuration);
    assert!(error.detail.contains("file/royal.db"), "{error}");
}

#[tokio::test]
async fn damage_is_found_by_the_check() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("royal.db");
    super::open(&path).await.close().await;
    let url = format!("sqlite://{}", path.display());
    let mut raw = SqliteConnection::connect(&url).await.unwrap();
    // A user of a workspace that is not there, as a damaged file might hold it.
    for sql in [
        "PRAGMA foreign_keys = OFF",
        "INSERT INTO users (id, workspace, email, role, password_hash, created_at) \
         VALUES (x'01', x'02', 'a@b', 'owner', '', 0)",
    ] {
        sqlx::query(sql).execute(&mut raw).await.unwrap();
    }
    let database = SqliteDatabase::open(&path).await.unwrap();
    let found = database.integrity_check().await.unwrap();
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].contains("users"), "{found:?}");
}
