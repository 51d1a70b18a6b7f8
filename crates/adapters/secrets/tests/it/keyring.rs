//! The keys and their file.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::sync::Arc;

use adapter_secrets::{EX_CONFIG, Kek, KeyFileError, Keyring, OpenError};
use secrecy::SecretString;
use testkit::fakes::FakeDatabase;

use crate::{open, source};

#[test]
fn a_key_never_shows_itself() {
    let kek = Kek::from_hex(&"ab".repeat(32)).unwrap();
    let shown = format!(
        "{kek:?} {:?}",
        Keyring::new(Kek::from_hex(&"ab".repeat(32)).unwrap(), vec![])
    );
    assert!(
        shown.contains("[secret]") && !shown.contains("abab"),
        "{shown}"
    );
    assert!(shown.contains(&kek.id().to_string()));
}

#[test]
fn a_text_is_always_the_same_key_and_another_text_another() {
    let id = |text: &str| Kek::from_text(&SecretString::from(text)).id();
    assert_eq!(id("hunter2"), id("hunter2"));
    assert_ne!(id("hunter2"), id("hunter2 "));
    // The value itself, for a text that is 32 bytes too, is not the key.
    assert_ne!(
        id(&"a".repeat(32)),
        Kek::from_hex(&"61".repeat(32)).unwrap().id()
    );
}

#[tokio::test]
async fn the_first_start_makes_a_file_that_only_its_owner_reads() {
    let folder = tempfile::tempdir().unwrap();
    let source = source(&folder.path().join("data"), None);
    open(&Arc::new(FakeDatabase::new()), &source).await.unwrap();
    let mode = fs::metadata(&source.file).unwrap().permissions().mode() & 0o7777;
    assert_eq!(mode, 0o600, "{mode:o}");
    let all: Vec<_> = fs::read_dir(folder.path().join("data"))
        .unwrap()
        .map(|e| e.unwrap().file_name())
        .collect();
    assert_eq!(all, ["keyring"], "nothing else is left behind");
}

#[tokio::test]
async fn a_file_that_others_can_read_is_refused() {
    for mode in [0o640, 0o604, 0o660, 0o644, 0o610, 0o601, 0o602] {
        let folder = tempfile::tempdir().unwrap();
        let (database, source) = (Arc::new(FakeDatabase::new()), source(folder.path(), None));
        open(&database, &source).await.unwrap();
        fs::set_permissions(&source.file, fs::Permissions::from_mode(mode)).unwrap();
        let error = open(&database, &source).await.unwrap_err();
        assert!(
            matches!(error, OpenError::KeyFile(KeyFileError::Readable { .. })),
            "{mode:o}: {error}"
        );
        assert_eq!(error.exit_code(), EX_CONFIG);
        let text = error.to_string();
        assert!(
            text.contains("chmod 600") && text.contains(&format!("mode {mode:o}")),
            "{text}"
        );
        for stricter in [0o600, 0o400] {
            fs::set_permissions(&source.file, fs::Permissions::from_mode(stricter)).unwrap();
            assert!(open(&database, &source).await.is_ok(), "{stricter:o}");
        }
    }
}

#[tokio::test]
async fn a_damaged_file_is_told_with_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let (database, source) = (Arc::new(FakeDatabase::new()), source(folder.path(), None));
    open(&database, &source).await.unwrap();
    let good = fs::read_to_string(&source.file).unwrap();
    let key = good.lines().nth(1).unwrap();
    let flipped = if key.ends_with('0') { "1" } else { "0" };
    let bad = [
        (String::new(), 1),
        ("something else".to_owned(), 1),
        ("royal-keyring 1\n".to_owned(), 1),
        (good[..good.len() - 5].to_owned(), 2),
        (format!("{}{flipped}\n", &good[..good.len() - 2]), 2),
        (format!("{good}{key}\n"), 3),
        (format!("{good}secondary {}\n", &key[8..]), 3),
        (good.replace("primary", "decrypt-only"), 2),
    ];
    for (text, expected) in bad {
        fs::write(&source.file, &text).unwrap();
        let error = open(&database, &source).await.unwrap_err();
        match &error {
            OpenError::KeyFile(KeyFileError::Damaged { line, .. }) => {
                assert_eq!(*line, expected, "{text}")
            }
            other => panic!("{other} for {text}"),
        }
        assert_eq!(error.exit_code(), EX_CONFIG);
        assert!(
            !format!("{error:?}").contains(&key[45..60]),
            "no part of a key is shown"
        );
    }
    fs::write(&source.file, format!("{good}\n\n")).unwrap();
    assert!(
        open(&database, &source).await.is_ok(),
        "empty lines do no harm"
    );
}

#[tokio::test]
async fn processes_that_start_at_once_share_one_key() {
    let folder = tempfile::tempdir().unwrap();
    let database = Arc::new(FakeDatabase::new());
    let starts: Vec<_> = (0..16)
        .map(|_| {
            let (database, source) = (Arc::clone(&database), source(folder.path(), None));
            std::thread::spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread()
                    .build()
                    .unwrap();
                runtime.block_on(async {
                    open(&database, &source)
                        .await
                        .map(|vault| format!("{vault:?}"))
                })
            })
        })
        .collect();
    let mut shown: Vec<_> = starts
        .into_iter()
        .map(|s| s.join().unwrap().unwrap())
        .collect();
    shown.dedup();
    assert_eq!(shown.len(), 1, "{shown:?}");
}
