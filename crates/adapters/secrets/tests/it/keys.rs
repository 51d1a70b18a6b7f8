//! Rotation, sealing again, destruction, and keys from a passphrase.

use std::fs;
use std::sync::Arc;

use adapter_secrets::{EX_CONFIG, KeySource, OpenError};
use chrono::DateTime;
use ports::Kind;
use ports::secrets::{KeyRecords, SecretBlobs, SecretKeys, SecretName, SecretVault};
use secrecy::{ExposeSecret, SecretString};
use testkit::fakes::FakeDatabase;

use crate::{KEY_A, KEY_B, name, open, source};

async fn put(vault: &dyn SecretVault, name: &SecretName, value: &str) {
    let value = SecretString::from(value);
    vault.put(name, &value, DateTime::UNIX_EPOCH).await.unwrap();
}

async fn get(vault: &dyn SecretVault, name: &SecretName) -> String {
    let value = vault.get(name).await.unwrap().unwrap();
    value.expose_secret().to_owned()
}

#[tokio::test]
async fn after_a_rotation_old_and_new_open_in_every_process() {
    let (folder, database) = (tempfile::tempdir().unwrap(), Arc::new(FakeDatabase::new()));
    let source = source(folder.path(), None);
    let one = open(&database, &source).await.unwrap();
    let other = open(&database, &source).await.unwrap();
    put(&one, &name(1, "old"), "before").await;

    let key = one.rotate().await.unwrap();
    put(&one, &name(1, "new"), "after").await;
    // The other process has the old keyring in memory, and finds the new one in the file.
    assert_eq!(get(&other, &name(1, "new")).await, "after");
    assert_eq!(get(&other, &name(1, "old")).await, "before");
    let check = other.check().await.unwrap();
    assert!(
        check.keys[0].primary && check.keys[0].id == key,
        "{check:?}"
    );
    assert!(check.damaged.is_empty());

    let again = open(&database, &source).await.unwrap();
    for (what, value) in [("old", "before"), ("new", "after")] {
        assert_eq!(get(&again, &name(1, what)).await, value);
    }
}

#[tokio::test]
async fn sealing_again_goes_on_where_it_was_stopped_and_loses_no_write() {
    let (folder, database) = (tempfile::tempdir().unwrap(), Arc::new(FakeDatabase::new()));
    let vault = open(&database, &source(folder.path(), None)).await.unwrap();
    let names: Vec<_> = (0..25).map(|n| name(n % 3, &format!("s{n:02}"))).collect();
    for name in &names {
        put(&vault, name, &name.name).await;
    }
    let old = vault.check().await.unwrap().keys[0].id.clone();
    vault.rotate().await.unwrap();

    let first = vault.rewrap(None, 10).await.unwrap();
    assert_eq!((first.seen, first.rewrapped), (10, 10));
    // A new value after the first batch was planned, and one before it is reached.
    put(&vault, &names[0], "newer").await;
    put(&vault, &names[23], "newer").await;
    let refused = vault.destroy(&old).await.unwrap_err();
    assert_eq!(refused.kind, Kind::Conflict, "{refused}");

    // A process that was killed begins again from the start.
    let (mut after, mut seen, mut rewrapped) = (None, 0, 0);
    loop {
        let batch = vault.rewrap(after.as_ref(), 10).await.unwrap();
        seen += batch.seen;
        rewrapped += batch.rewrapped;
        assert!(batch.damaged.is_empty());
        after = batch.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(
        (seen, rewrapped),
        (25, 14),
        "ten were done, one was written anew"
    );
    for (at, name) in names.iter().enumerate() {
        let expected = if [0, 23].contains(&at) {
            "newer"
        } else {
            &name.name
        };
        assert_eq!(get(&vault, name).await, expected);
    }

    vault.destroy(&old).await.unwrap();
    assert!(
        !fs::read_to_string(folder.path().join("keyring"))
            .unwrap()
            .contains(&old)
    );
    assert!(
        database
            .canaries()
            .await
            .unwrap()
            .iter()
            .all(|(id, _)| *id != old)
    );
    let check = open(&database, &source(folder.path(), None))
        .await
        .unwrap()
        .check()
        .await
        .unwrap();
    assert_eq!(check.keys.len(), 1);
    assert_eq!((check.keys[0].secrets, check.damaged.len()), (25, 0));
    for (key, kind) in [
        (old.as_str(), Kind::NotFound),
        (&check.keys[0].id, Kind::Conflict),
    ] {
        assert_eq!(vault.destroy(key).await.unwrap_err().kind, kind);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sealing_again_under_load_loses_nothing() {
    let (folder, database) = (tempfile::tempdir().unwrap(), Arc::new(FakeDatabase::new()));
    let vault = Arc::new(open(&database, &source(folder.path(), None)).await.unwrap());
    for n in 0..20 {
        put(vault.as_ref(), &name(1, &format!("s{n}")), "0").await;
    }
    let writers: Vec<_> = (0..20)
        .map(|n| {
            let vault = Arc::clone(&vault);
            tokio::spawn(async move {
                for value in 1..=10 {
                    put(
                        vault.as_ref(),
                        &name(1, &format!("s{n}")),
                        &value.to_string(),
                    )
                    .await;
                    tokio::task::yield_now().await;
                }
            })
        })
        .collect();
    for _ in 0..3 {
        vault.rotate().await.unwrap();
        let mut after = None;
        loop {
            let batch = vault.rewrap(after.as_ref(), 7).await.unwrap();
            after = batch.next;
            if after.is_none() {
                break;
            }
        }
    }
    for writer in writers {
        writer.await.unwrap();
    }
    for n in 0..20 {
        let name = name(1, &format!("s{n}"));
        assert_eq!(get(vault.as_ref(), &name).await, "10");
        assert_eq!(database.load(&name).await.unwrap().unwrap().version, 11);
    }
}

#[tokio::test]
async fn a_key_that_sealed_too_often_is_replaced() {
    let (folder, database) = (tempfile::tempdir().unwrap(), Arc::new(FakeDatabase::new()));
    let vault = open(&database, &source(folder.path(), None)).await.unwrap();
    put(&vault, &name(1, "a"), "1").await;
    let first = vault.check().await.unwrap().keys[0].clone();
    assert_eq!(first.uses, 1);
    database.count_uses(&first.id, (1 << 31) - 2).await.unwrap();
    put(&vault, &name(1, "b"), "2").await;
    let keys = vault.check().await.unwrap().keys;
    assert_ne!(keys[0].id, first.id, "{keys:?}");
    assert_eq!(
        keys[0].secrets, 1,
        "what was about to be sealed is sealed by the new one"
    );
    assert_eq!(get(&vault, &name(1, "a")).await, "1");
}

#[tokio::test]
async fn a_key_from_a_setting_is_rotated_by_the_settings() {
    let (folder, database) = (tempfile::tempdir().unwrap(), Arc::new(FakeDatabase::new()));
    let token = name(1, "token");
    let old = source(folder.path(), Some(KEY_A));
    let vault = open(&database, &old).await.unwrap();
    put(&vault, &token, "v").await;
    let refused = vault.rotate().await.unwrap_err();
    assert_eq!(refused.kind, Kind::Configuration);
    assert!(refused.detail.contains("SECRET_KEY_PREVIOUS"), "{refused}");

    let next = KeySource {
        secret_key: Some(SecretString::from(KEY_B)),
        previous: Some(SecretString::from(KEY_A)),
        ..old
    };
    let vault = open(&database, &next).await.unwrap();
    assert_eq!(get(&vault, &token).await, "v");
    assert_eq!(vault.rewrap(None, 100).await.unwrap().rewrapped, 1);
    let check = vault.check().await.unwrap();
    assert_eq!((check.keys[0].secrets, check.keys[1].secrets), (1, 0));
}

#[tokio::test]
async fn a_passphrase_is_a_key_and_another_one_is_refused() {
    let (folder, database) = (tempfile::tempdir().unwrap(), Arc::new(FakeDatabase::new()));
    let with = |words: &str| KeySource {
        passphrase: Some(SecretString::from(words)),
        ..source(folder.path(), None)
    };
    let token = name(1, "token");
    let vault = open(&database, &with("correct horse battery staple"))
        .await
        .unwrap();
    put(&vault, &token, "v").await;
    let same = open(&database, &with("correct horse battery staple"))
        .await
        .unwrap();
    assert_eq!(get(&same, &token).await, "v");
    let error = open(&database, &with("correct horse battery stable"))
        .await
        .unwrap_err();
    assert!(matches!(error, OpenError::WrongKey { .. }), "{error}");
    assert_eq!(error.exit_code(), EX_CONFIG);
    assert_eq!(
        fs::read_dir(folder.path()).unwrap().count(),
        0,
        "no file was made"
    );
}

#[tokio::test]
async fn a_fingerprint_outlives_a_rotation_and_shows_no_value() {
    let (folder, database) = (tempfile::tempdir().unwrap(), Arc::new(FakeDatabase::new()));
    let source = source(folder.path(), None);
    let vault = open(&database, &source).await.unwrap();
    let token = name(1, "token");
    put(&vault, &token, "shpat_1").await;
    let entry = |list: Vec<ports::secrets::SecretEntry>| {
        assert_eq!(list.len(), 1, "{list:?}");
        list.into_iter().next().unwrap()
    };
    let before = entry(vault.list(token.workspace).await.unwrap());
    vault.rotate().await.unwrap();
    vault.rewrap(None, 100).await.unwrap();
    let again = open(&database, &source).await.unwrap();
    let after = entry(again.list(token.workspace).await.unwrap());
    assert_eq!(before.fingerprint, after.fingerprint);
    assert_ne!(before.key_id, after.key_id);
    assert_eq!(before.fingerprint.unwrap().len(), 16);
    assert_eq!(after.last_used_at, None, "a list uses nothing");
    get(&again, &token).await;
    assert!(
        entry(again.list(token.workspace).await.unwrap())
            .last_used_at
            .is_some()
    );
}
