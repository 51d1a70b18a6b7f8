//! The port: what is put can be got, and nothing else.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use adapter_secrets::Vault;
use chrono::{DateTime, Utc};
use ports::secrets::{ListedSecret, SealedSecret, SecretBlobs, SecretName, SecretVault};
use ports::{Kind, PortResult};
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

/// Before each of the first stores, somebody else stores the same version.
struct Rivals {
    database: Arc<FakeDatabase>,
    left: AtomicUsize,
}

#[async_trait::async_trait]
impl SecretBlobs for Rivals {
    async fn store(&self, sealed: &SealedSecret) -> PortResult<()> {
        let rival = self
            .left
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| {
                left.checked_sub(1)
            });
        if rival.is_ok() {
            let theirs = SealedSecret {
                blob: b"theirs".to_vec(),
                ..sealed.clone()
            };
            self.database.store(&theirs).await?;
        }
        self.database.store(sealed).await
    }

    async fn load(&self, name: &SecretName) -> PortResult<Option<SealedSecret>> {
        self.database.load(name).await
    }

    async fn erase(&self, name: &SecretName) -> PortResult<()> {
        self.database.erase(name).await
    }

    async fn replace(&self, sealed: &SealedSecret, old: &[u8]) -> PortResult<bool> {
        self.database.replace(sealed, old).await
    }

    async fn walk(&self, after: Option<&SecretName>, limit: u32) -> PortResult<Vec<ListedSecret>> {
        self.database.walk(after, limit).await
    }

    async fn used(&self, name: &SecretName, at: DateTime<Utc>) -> PortResult<()> {
        self.database.used(name, at).await
    }
}

#[tokio::test]
async fn a_writer_that_was_overtaken_writes_the_next_version() {
    let (folder, database) = (tempfile::tempdir().unwrap(), Arc::new(FakeDatabase::new()));
    let rivals = Arc::new(Rivals {
        database: Arc::clone(&database),
        left: AtomicUsize::new(3),
    });
    let vault = Vault::open(
        Arc::clone(&rivals) as _,
        Arc::clone(&database) as _,
        &source(folder.path(), Some(KEY_A)),
    )
    .await
    .unwrap();
    let token = name(1, "token");
    put(&vault, &token, "mine").await;
    assert_eq!(get(&vault, &token).await.as_deref(), Some("mine"));
    assert_eq!(database.load(&token).await.unwrap().unwrap().version, 4);

    rivals.left.store(usize::MAX, Ordering::SeqCst);
    let error = vault
        .put(&token, &SecretString::from("mine"), NOW)
        .await
        .unwrap_err();
    assert_eq!(error.kind, Kind::Conflict, "not for ever");
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
