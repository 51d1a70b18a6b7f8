//! What an operator reads when the database cannot be used. A password is in none of it.

use crate::schema::{Schema, base_url};
use adapter_postgres::{Maintenance, PostgresDatabase};
use chrono::{DateTime, Utc};
use domain::ids::WorkspaceId;
use ports::connections::ConnectionStore;
use ports::events::{EventLog, NewEvent};
use ports::{Kind, PortError};
use std::error::Error;
use uuid::Uuid;

const SECRET: &str = "hunter2secret";

async fn refusal(url: &str) -> PortError {
    PostgresDatabase::open(url).await.unwrap_err()
}

/// Everything of an error that could reach a person or a log.
fn whole(error: &PortError) -> String {
    let mut text = format!("{error} {error:?}");
    let mut cause = error.source();
    while let Some(e) = cause {
        text.push_str(&format!(" {e} {e:?}"));
        cause = e.source();
    }
    text
}

/// The test database's host and port.
fn address() -> String {
    let url = base_url();
    let rest = url.split_once("://").unwrap().1;
    let rest = rest.split(['/', '?']).next().unwrap();
    rest.rsplit('@').next().unwrap().to_owned()
}

#[tokio::test]
async fn what_is_no_url_is_refused_without_repeating_it() {
    for url in [
        format!("mysql://root:{SECRET}@localhost/x"),
        format!("postgres://root:{SECRET}@localhost:port/x"),
        SECRET.to_owned(),
    ] {
        let error = refusal(&url).await;
        assert_eq!(error.kind, Kind::Configuration);
        assert!(error.detail.contains("DATABASE_URL"));
        assert!(!whole(&error).contains(SECRET), "{error:?}");
    }
}

#[tokio::test]
async fn a_server_that_is_not_there_is_named() {
    // A port that was free a moment ago, and that nobody listens on.
    let port = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.local_addr().unwrap().port()
    };
    let error = refusal(&format!("postgres://royal:{SECRET}@127.0.0.1:{port}/x")).await;
    assert_eq!(error.kind, Kind::Unavailable);
    assert!(error.is_transient());
    assert!(
        error.detail.contains(&format!("127.0.0.1:{port}")),
        "{error}"
    );
    assert!(error.detail.contains("refused"), "{error}");
    assert!(!whole(&error).contains(SECRET), "{error:?}");
}

#[tokio::test]
async fn an_unknown_user_or_wrong_password_is_named_without_the_password() {
    let url = format!("postgres://nobody_here:{SECRET}@{}/postgres", address());
    let error = refusal(&url).await;
    assert_eq!(error.kind, Kind::Unauthorized, "{error:?}");
    assert!(error.detail.contains("nobody_here"), "{error}");
    assert!(error.detail.contains("DATABASE_URL"), "{error}");
    assert!(!whole(&error).contains(SECRET), "{error:?}");
}

#[tokio::test]
async fn a_database_that_is_not_there_is_named() {
    let url = base_url();
    let (server, _) = url.rsplit_once('/').unwrap();
    let error = refusal(&format!("{server}/royal_is_not_here")).await;
    assert_eq!(error.kind, Kind::Configuration, "{error:?}");
    assert!(error.detail.contains("royal_is_not_here"), "{error}");
}

#[tokio::test]
async fn without_a_schema_the_remedy_is_to_migrate() {
    let schema = Schema::create().await;
    let database = schema.open().await;
    database.health().await.unwrap();
    let error = database.list(None).await.unwrap_err();
    assert_eq!(error.kind, Kind::Configuration);
    assert!(error.detail.contains("royal migrate"), "{error}");
}

#[tokio::test]
async fn a_broken_connection_is_replaced() {
    let schema = Schema::create().await;
    let database = schema.migrated().await;
    assert_eq!(database.latest().await.unwrap(), 0);
    // What an administrator, or a restart, does to the connections of this test.
    let mut other = crate::schema::raw(&schema.url).await;
    sqlx::query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
         WHERE application_name = 'royal' AND query LIKE '%event_head%' AND pid <> pg_backend_pid() \
         AND state = 'idle'",
    )
    .execute(&mut other)
    .await
    .unwrap();
    assert_eq!(database.latest().await.unwrap(), 0);
    assert!(database.size_bytes().await.unwrap() > 0);
    assert_eq!(database.integrity_check().await.unwrap(), [""; 0]);
}

/// Many writers commit in any order; a reader that goes on from the last number it saw misses none.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn numbers_of_events_commit_in_their_order() {
    let schema = Schema::create().await;
    let database = std::sync::Arc::new(schema.migrated().await);
    let workspace = WorkspaceId(Uuid::from_u128(1));
    let event = |n: u32| NewEvent {
        workspace,
        kind: "test".into(),
        entity_kind: "test".into(),
        entity_id: n.to_string(),
        version: None,
        at: DateTime::<Utc>::UNIX_EPOCH,
        data: serde_json::Value::Null,
    };
    let mut writers = Vec::new();
    for writer in 0..8 {
        let database = database.clone();
        let events: Vec<_> = (0..40).map(|n| event(writer * 40 + n)).collect();
        writers.push(tokio::spawn(async move {
            for event in events {
                database.append(&[event]).await.unwrap();
            }
        }));
    }
    let mut seen = std::collections::BTreeSet::new();
    let mut last = 0;
    while seen.len() < 320 {
        for event in database.since(workspace, last, 7).await.unwrap() {
            assert!(event.seq > last);
            last = event.seq;
            seen.insert(event.event.entity_id);
        }
        if writers.iter().all(tokio::task::JoinHandle::is_finished)
            && database.latest().await.unwrap() == last
        {
            break;
        }
    }
    assert_eq!(seen.len(), 320);
}
