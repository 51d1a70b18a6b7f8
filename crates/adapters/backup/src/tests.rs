//! What goes in comes out, and what is not whole is refused.

use crate::archive::{self, ArchiveError, Engine, FORMAT, Manifest, Source, unpack};
use crate::seal::{Seal, Unseal};
use chrono::DateTime;
use proptest::prelude::*;
use secrecy::{ExposeSecret as _, SecretString};
use std::path::Path;
use std::sync::LazyLock;

struct Keys {
    seal: Seal,
    unseal: Unseal,
}

static KEYS: LazyLock<Keys> = LazyLock::new(keys);
/// Three files of different sizes; one is empty, one is longer than a block of the encryption (64 KiB).
static WHOLE: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let noise: Vec<u8> = (0..200_000u32)
        .map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8)
        .collect();
    pack(
        &KEYS.seal,
        &[("royal.db", &noise), ("imports/a", b""), ("keyring", b"k")],
    )
});

fn keys() -> Keys {
    let identity = age::x25519::Identity::generate();
    let text = identity.to_string();
    Keys {
        seal: Seal::recipients(&identity.to_public().to_string()).unwrap(),
        unseal: Unseal::identities(&SecretString::from(text.expose_secret().to_owned())).unwrap(),
    }
}

fn manifest(files: Vec<archive::Entry>) -> Manifest {
    Manifest {
        format: FORMAT,
        version: "1.2.3".to_owned(),
        created_at: DateTime::from_timestamp(1_800_000_000, 0).unwrap(),
        database: Engine::Sqlite,
        schema: Some(27),
        has_keyring: true,
        files,
    }
}

fn pack(seal: &Seal, files: &[(&str, &[u8])]) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let sources: Vec<Source> = files
        .iter()
        .enumerate()
        .map(|(at, (name, bytes))| {
            let path = folder.path().join(at.to_string());
            std::fs::write(&path, bytes).unwrap();
            Source {
                name: (*name).to_owned(),
                path,
            }
        })
        .collect();
    let manifest = manifest(archive::entries(&sources).unwrap());
    let mut out = Vec::new();
    archive::write(&mut out, seal, &manifest, &sources).unwrap();
    out
}

fn read(bytes: &[u8], unseal: &Unseal, into: Option<&Path>) -> Result<Manifest, ArchiveError> {
    unpack("backup.age", bytes, unseal, into)
}

#[test]
fn what_goes_in_comes_out() {
    let folder = tempfile::tempdir().unwrap();
    let manifest = read(&WHOLE, &KEYS.unseal, Some(folder.path())).unwrap();
    assert_eq!(manifest.schema, Some(27));
    let names: Vec<_> = manifest.files.iter().map(|f| f.name.as_str()).collect();
    assert_eq!(names, ["royal.db", "imports/a", "keyring"]);
    for (name, bytes) in [("royal.db", 200_000), ("imports/a", 0), ("keyring", 1)] {
        let there = std::fs::metadata(folder.path().join(name)).unwrap();
        assert_eq!(there.len(), bytes, "{name}");
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(there.permissions().mode() & 0o077, 0, "{name} is private");
    }
    // The same proof without writing.
    assert_eq!(read(&WHOLE, &KEYS.unseal, None).unwrap(), manifest);
}

#[test]
fn only_the_right_key_opens_it() {
    let error = read(&WHOLE, &keys().unseal, None).unwrap_err();
    assert!(error.to_string().contains("other recipients"), "{error}");
    let words = |t: &str| SecretString::from(t.to_owned());
    let seal = Seal::passphrase(words("correct horse battery")).unwrap();
    let sealed = pack(&seal, &[("royal.db", b"1")]);
    let right = Unseal::Passphrase(words("correct horse battery"));
    read(&sealed, &right, None).unwrap();
    let wrong = Unseal::Passphrase(words("correct horse batterz"));
    let error = read(&sealed, &wrong, None).unwrap_err();
    assert!(matches!(error, ArchiveError::WrongKey(_)), "{error}");
    // Each way says which of them is the other one.
    let error = read(&sealed, &KEYS.unseal, None).unwrap_err();
    assert!(error.to_string().contains("passphrase"), "{error}");
    let error = read(&WHOLE, &right, None).unwrap_err();
    assert!(error.to_string().contains("identity"), "{error}");
}

#[test]
fn keys_that_cannot_be_are_told() {
    let error = Seal::passphrase(SecretString::from("short".to_owned())).err();
    assert!(error.unwrap().contains("12 characters"));
    assert!(
        Seal::recipients("age1nonsense")
            .err()
            .unwrap()
            .contains("age1nonsense")
    );
    assert!(Seal::recipients(" , ").is_err());
    assert!(Unseal::identities(&SecretString::from("# nothing\n".to_owned())).is_err());
}

#[test]
fn what_is_no_backup_is_refused() {
    for foreign in [
        &b""[..],
        b"<!doctype html><html></html>",
        b"SQLite format 3\0",
    ] {
        let error = read(foreign, &KEYS.unseal, None).unwrap_err();
        let is_foreign = matches!(error, ArchiveError::Foreign(_) | ArchiveError::Damaged(_));
        assert!(is_foreign, "{error}");
    }
}

#[test]
fn a_newer_format_is_refused_before_anything_is_unpacked() {
    let sealed = |text: &str| {
        let mut out = Vec::new();
        let sealed = KEYS
            .seal
            .encryptor()
            .unwrap()
            .wrap_output(&mut out)
            .unwrap();
        let gz = flate2::write::GzEncoder::new(sealed, flate2::Compression::fast());
        let mut tar = tar::Builder::new(gz);
        let mut header = tar::Header::new_gnu();
        header.set_size(text.len() as u64);
        tar.append_data(&mut header, "manifest.json", text.as_bytes())
            .unwrap();
        tar.into_inner()
            .unwrap()
            .finish()
            .unwrap()
            .finish()
            .unwrap();
        out
    };
    let folder = tempfile::tempdir().unwrap();
    let newer = sealed(r#"{"format": 2, "whatever": true}"#);
    let error = read(&newer, &KEYS.unseal, Some(folder.path())).unwrap_err();
    assert!(matches!(error, ArchiveError::Newer { found: 2 }), "{error}");
    // A name that leads outside.
    let mut escaping = manifest(Vec::new());
    for name in ["../evil", "/etc/evil", "a/../../evil", ""] {
        escaping.files = vec![archive::Entry {
            name: name.to_owned(),
            bytes: 0,
            sha256: String::new(),
        }];
        let text = serde_json::to_string(&escaping).unwrap();
        let error = read(&sealed(&text), &KEYS.unseal, Some(folder.path())).unwrap_err();
        assert!(error.to_string().contains("no name within"), "{error}");
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn one_that_was_cut_is_refused(part in 0.0..1.0f64) {
        let at = (WHOLE.len() as f64 * part) as usize;
        prop_assert!(read(&WHOLE[..at], &KEYS.unseal, None).is_err(), "cut at {}", at);
    }

    #[test]
    fn one_of_which_a_bit_was_changed_is_refused(part in 0.0..1.0f64, bit in 0u8..8) {
        let mut changed = WHOLE.clone();
        let at = (WHOLE.len() as f64 * part) as usize;
        changed[at] ^= 1 << bit;
        prop_assert!(read(&changed, &KEYS.unseal, None).is_err(), "bit {} of byte {}", bit, at);
    }
}
