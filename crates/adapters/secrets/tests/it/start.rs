//! Right and wrong keys at start.

use std::fs;
use std::sync::Arc;

use adapter_secrets::{EX_CONFIG, OpenError};
use chrono::DateTime;
use ports::secrets::{KeyRecords, SecretVault};
use secrecy::{ExposeSecret, SecretString};
use testkit::fakes::FakeDatabase;

use crate::{KEY_A, KEY_B, name, open, source};

async fn canaries(database: &FakeDatabase) -> Vec<(String, Vec<u8>)> {
    database.canaries().await.unwrap()
}

#[tokio::test]
async fn another_secret_key_ends_the_start_before_anything_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let database = Arc::new(FakeDatabase::new());
    open(&database, &source(folder.path(), Some(KEY_A)))
        .await
        .unwrap();
    let before = canaries(&database).await;
    assert_eq!(before.len(), 1);
    for wrong in [Some(KEY_B), None, Some("")] {
        let error = open(&database, &source(folder.path(), wrong))
            .await
            .unwrap_err();
        assert!(
            matches!(&error, OpenError::WrongKey { key_id, .. } if *key_id == before[0].0),
            "{error}"
        );
        assert_eq!(error.exit_code(), EX_CONFIG);
        assert!(error.to_string().contains("set the SECRET_KEY"), "{error}");
        assert_eq!(canaries(&database).await, before);
    }
    assert_eq!(
        fs::read_dir(folder.path()).unwrap().count(),
        0,
        "no new keyring for a database that has another's secrets"
    );
    assert!(
        open(&database, &source(folder.path(), Some(KEY_A)))
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn a_lost_keyring_is_not_replaced() {
    let (folder, database) = (tempfile::tempdir().unwrap(), Arc::new(FakeDatabase::new()));
    let source = source(folder.path(), None);
    open(&database, &source).await.unwrap();
    fs::remove_file(&source.file).unwrap();
    let error = open(&database, &source).await.unwrap_err();
    assert!(matches!(error, OpenError::WrongKey { .. }), "{error}");
    assert!(!source.file.exists());
}

#[tokio::test]
async fn a_damaged_canary_ends_the_start() {
    let (folder, database) = (tempfile::tempdir().unwrap(), Arc::new(FakeDatabase::new()));
    open(&database, &source(folder.path(), Some(KEY_A)))
        .await
        .unwrap();
    let (key_id, blob) = canaries(&database).await.remove(0);
    for damage in [
        blob[..blob.len() - 1].to_vec(),
        b"canary".to_vec(),
        [&blob[..100], &[!blob[100]], &blob[101..]].concat(),
    ] {
        let copy = Arc::new(FakeDatabase::new());
        copy.put_canary(&key_id, &damage).await.unwrap();
        let error = open(&copy, &source(folder.path(), Some(KEY_A)))
            .await
            .unwrap_err();
        assert!(matches!(error, OpenError::CanaryDamaged { .. }), "{error}");
        assert_eq!(error.exit_code(), EX_CONFIG);
    }
}

#[tokio::test]
async fn a_canary_under_another_keys_id_proves_nothing() {
    let (folder, database) = (tempfile::tempdir().unwrap(), Arc::new(FakeDatabase::new()));
    open(&database, &source(folder.path(), Some(KEY_A)))
        .await
        .unwrap();
    let (_, blob) = canaries(&database).await.remove(0);
    let copy = Arc::new(FakeDatabase::new());
    copy.put_canary(&"0".repeat(32), &blob).await.unwrap();
    assert!(
        open(&copy, &source(folder.path(), Some(KEY_A)))
            .await
            .is_err()
    );
}

/// From the file's key to one from the environment: both are needed from then on, and both are proved.
#[tokio::test]
async fn a_secret_key_beside_a_keyring_seals_and_the_keyring_still_opens() {
    let (folder, database) = (tempfile::tempdir().unwrap(), Arc::new(FakeDatabase::new()));
    let (only_file, both) = (
        source(folder.path(), None),
        source(folder.path(), Some(KEY_A)),
    );
    let (old, new, now) = (name(1, "old"), name(1, "new"), DateTime::UNIX_EPOCH);
    let value = SecretString::from("v");
    open(&database, &only_file)
        .await
        .unwrap()
        .put(&old, &value, now)
        .await
        .unwrap();

    let vault = open(&database, &both).await.unwrap();
    assert_eq!(vault.get(&old).await.unwrap().unwrap().expose_secret(), "v");
    // A mistyped key that sealed nothing leaves no trace.
    assert_eq!(canaries(&database).await.len(), 1);
    assert!(
        open(&database, &source(folder.path(), Some(KEY_B)))
            .await
            .is_ok()
    );
    assert!(open(&database, &only_file).await.is_ok());

    vault.put(&new, &value, now).await.unwrap();
    assert_eq!(canaries(&database).await.len(), 2);
    for missing in [&only_file, &source(folder.path(), Some(KEY_B))] {
        assert!(matches!(
            open(&database, missing).await.unwrap_err(),
            OpenError::WrongKey { .. }
        ));
    }
    let vault = open(&database, &both).await.unwrap();
    for name in [&old, &new] {
        assert_eq!(vault.get(name).await.unwrap().unwrap().expose_secret(), "v");
    }
    fs::remove_file(&both.file).unwrap();
    assert!(matches!(
        open(&database, &both).await.unwrap_err(),
        OpenError::WrongKey { .. }
    ));
}
