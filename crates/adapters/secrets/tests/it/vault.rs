//! The port: what is put can be got, and nothing else.

use std::sync::Arc;

use adapter_secrets::Vault;
use chrono::{DateTime, Utc};
use ports::Kind;
use ports::secrets::{SealedSecret, SecretBlobs, SecretName, SecretVault};
use secrecy::{ExposeSecret, SecretString};
use testkit::fakes::FakeDatabase;

use crate::{KEY_A, name, open, source};

const NOW: DateTime<Utc> = DateTime::UNIX_EPOCH;

async fn vault() -> (Vault, Arc<FakeDatabase>, tempfile::TempDir) {
    let (folder, database) = (tempfile::tempdir().unwrap(), Arc::new(FakeDatabase::new()));
    let vault = open(&database, &source(folder.path(), Some(KEY_A)))
        .await
        .unwrap();
    (vault, database, folder)
}

async fn put(vault: &Vault, name: &SecretName, value: &str) {
    vault
        .put(name, &SecretString::from(value), NOW)
        .await
        .unwrap();
}

async fn get(vault: &Vault, name: &SecretName) -> Option<String> {
    vault
        .get(name)
        .await
        .unwrap()
        .map(|value| value.expose_secret().to_owned())
}

#[tokio::test]
async fn the_last_value_is_the_one() {
    let (vault, database, _folder) = vault().await;
    let token = name(1, "connection/1/token");
    assert_eq!(get(&vault, &token).await, None);
    for value in ["shpat_1", "", "grün 🔑", "shpat_2"] {
        put(&vault, &token, value).await;
        assert_eq!(get(&vault, &token).await.as_deref(), Some(value));
    }
    assert_eq!(database.load(&token).await.unwrap().unwrap().version, 4);
    vault.delete(&token).await.unwrap();
    vault.delete(&token).await.unwrap();
    assert_eq!(get(&vault, &token).await, None);
    put(&vault, &token, "again").await;
    assert_eq!(get(&vault, &token).await.as_deref(), Some("again"));
}

#[tokio::test]
async fn names_and_workspaces_are_apart() {
    let (vault, _database, _folder) = vault().await;
    let names = [name(1, "a"), name(1, "b"), name(2, "a"), name(1, "")];
    for (i, name) in names.iter().enumerate() {
        put(&vault, name, &i.to_string()).await;
    }
    for (i, name) in names.iter().enumerate() {
        assert_eq!(get(&vault, name).await, Some(i.to_string()));
    }
}

#[tokio::test]
async fn the_database_holds_nothing_that_can_be_read() {
    let (vault, database, _folder) = vault().await;
    let token = name(1, "token");
    put(&vault, &token, "shpat_in_the_clear").await;
    let blob = database.load(&token).await.unwrap().unwrap().blob;
    assert!(
        !blob
            .windows(8)
            .any(|w| b"shpat_in_the_clear".windows(8).any(|s| s == w))
    );
}

#[tokio::test]
async fn a_blob_that_was_moved_or_changed_is_corrupt_never_absent() {
    let (vault, database, _folder) = vault().await;
    let (mine, yours, later) = (name(1, "token"), name(2, "token"), name(1, "later"));
    put(&vault, &mine, "shpat_1").await;
    let sealed = database.load(&mine).await.unwrap().unwrap();
    let moved = SealedSecret {
        name: yours.clone(),
        ..sealed.clone()
    };
    let mut changed = SealedSecret {
        name: later.clone(),
        ..sealed
    };
    changed.blob[170] ^= 1;
    for forged in [moved, changed] {
        database.store(&forged).await.unwrap();
        let error = vault.get(&forged.name).await.unwrap_err();
        assert_eq!(error.kind, Kind::Corrupt);
        let shown = format!("{error} {error:?}");
        assert!(
            error.detail.contains("does not open") && !shown.contains("shpat"),
            "{shown}"
        );
    }
}

#[tokio::test]
async fn an_older_version_under_a_newer_number_does_not_open() {
    let (vault, database, _folder) = vault().await;
    let token = name(1, "token");
    put(&vault, &token, "revoked").await;
    let first = database.load(&token).await.unwrap().unwrap();
    put(&vault, &token, "current").await;
    database
        .store(&SealedSecret {
            version: 3,
            ..first
        })
        .await
        .unwrap();
    assert_eq!(vault.get(&token).await.unwrap_err().kind, Kind::Corrupt);
}

#[tokio::test]
async fn writers_of_one_name_at_the_same_moment_all_come_through() {
    let (vault, database, _folder) = vault().await;
    let vault = Arc::new(vault);
    let token = name(1, "token");
    let writers: Vec<_> = (0..8)
        .map(|i| {
            let (vault, token) = (Arc::clone(&vault), token.clone());
            tokio::spawn(async move { put(&vault, &token, &i.to_string()).await })
        })
        .collect();
    for writer in writers {
        writer.await.unwrap();
    }
    assert_eq!(database.load(&token).await.unwrap().unwrap().version, 8);
    assert!(get(&vault, &token).await.is_some());
}

#[tokio::test]
async fn a_value_too_long_for_a_credential_is_refused() {
    let (vault, _database, _folder) = vault().await;
    let most = "x".repeat(64 * 1024);
    put(&vault, &name(1, "most"), &most).await;
    let error = vault
        .put(
            &name(1, "more"),
            &SecretString::from(format!("{most}x")),
            NOW,
        )
        .await
        .unwrap_err();
    assert_eq!(error.kind, Kind::Rejected);
}

#[tokio::test]
async fn the_vault_shows_no_key() {
    let (vault, _database, _folder) = vault().await;
    let shown = format!("{vault:?}");
    assert!(
        shown.contains("[secret]") && !shown.contains(KEY_A),
        "{shown}"
    );
}
