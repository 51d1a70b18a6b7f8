//! Which place answers, what is tried before, and what is done when one cannot be asked.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use adapter_secrets::chain::{Chain, Environment, FRESH_FOR, MountedFiles, SealedStore};
use chrono::{DateTime, TimeDelta, Utc};
use ports::secrets::{
    Resolution, SecretName, SecretPlace, SecretResolver, SecretSource, SecretVault,
};
use ports::{Kind, PortError, PortResult, Retry};
use secrecy::{ExposeSecret, SecretString};
use testkit::fakes::PlainVault;

use crate::name;

const NOW: DateTime<Utc> = DateTime::UNIX_EPOCH;

/// A place whose answers the test sets.
struct Place {
    source: SecretSource,
    values: Mutex<BTreeMap<String, String>>,
    down: Mutex<bool>,
    asked: AtomicUsize,
}

impl Place {
    fn new(source: SecretSource) -> Arc<Self> {
        Arc::new(Self {
            source,
            values: Mutex::default(),
            down: Mutex::new(false),
            asked: AtomicUsize::new(0),
        })
    }

    fn set(&self, name: &str, value: Option<&str>) {
        let mut values = self.values.lock().unwrap();
        match value {
            Some(value) => values.insert(name.to_owned(), value.to_owned()),
            None => values.remove(name),
        };
    }

    fn down(&self, down: bool) {
        *self.down.lock().unwrap() = down;
    }
}

#[async_trait::async_trait]
impl SecretPlace for Place {
    fn source(&self) -> SecretSource {
        self.source
    }

    fn whereabouts(&self) -> String {
        format!("the {}", self.source.as_str())
    }

    async fn look_up(&self, name: &SecretName) -> PortResult<Option<SecretString>> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        if *self.down.lock().unwrap() {
            let error = PortError::new(
                Kind::Unavailable,
                Retry::Never,
                "place",
                "look_up",
                "it is down",
            );
            return Err(error);
        }
        let values = self.values.lock().unwrap();
        Ok(values
            .get(&name.name)
            .map(|v| SecretString::from(v.as_str())))
    }
}

fn shown(resolution: &Resolution) -> Option<(&str, SecretSource, bool)> {
    let found = resolution.found.as_ref()?;
    Some((found.value.expose_secret(), found.source, found.stale))
}

fn tried(resolution: &Resolution) -> Vec<(SecretSource, Option<&str>)> {
    let of = |t: &'_ ports::secrets::TriedPlace| t.source;
    resolution
        .tried
        .iter()
        .map(|t| (of(t), t.failure.as_deref()))
        .collect()
}

fn after(seconds: i64) -> DateTime<Utc> {
    NOW + TimeDelta::seconds(seconds)
}

#[tokio::test]
async fn the_first_place_that_has_it_wins_and_what_was_tried_is_told() {
    let places = [
        SecretSource::Environment,
        SecretSource::File,
        SecretSource::Vault,
    ]
    .map(Place::new);
    let chain = Chain::new(places.iter().map(|p| Arc::clone(p) as _).collect());
    let token = name(1, "TOKEN");
    let nowhere = chain.resolve(&token, NOW).await;
    assert_eq!(shown(&nowhere), None);
    let all = [
        (SecretSource::Environment, None),
        (SecretSource::File, None),
        (SecretSource::Vault, None),
    ];
    assert_eq!(tried(&nowhere), all);

    places[2].set("TOKEN", Some("from vault"));
    let found = chain.resolve(&token, NOW).await;
    assert_eq!(
        shown(&found),
        Some(("from vault", SecretSource::Vault, false))
    );
    assert_eq!(tried(&found), all[..2]);

    places[0].set("TOKEN", Some("from the environment"));
    chain.forget(&token);
    let found = chain.resolve(&token, NOW).await;
    assert_eq!(
        shown(&found),
        Some(("from the environment", SecretSource::Environment, false))
    );
    assert!(tried(&found).is_empty());
}

#[tokio::test]
async fn a_found_value_is_not_asked_for_again_for_a_while() {
    let place = Place::new(SecretSource::Vault);
    let chain = Chain::new(vec![Arc::clone(&place) as _]);
    let token = name(1, "TOKEN");
    place.set("TOKEN", Some("one"));
    for (at, value, asked) in [
        (0, "one", 1),
        (FRESH_FOR.num_seconds() - 1, "one", 1),
        (FRESH_FOR.num_seconds(), "two", 2),
    ] {
        let found = chain.resolve(&token, after(at)).await;
        assert_eq!(shown(&found), Some((value, SecretSource::Vault, false)));
        assert_eq!(place.asked.load(Ordering::SeqCst), asked);
        place.set("TOKEN", Some("two"));
    }
    // A secret that is not there is asked for each time: it may be entered any moment.
    for asked in [3, 4] {
        chain.resolve(&name(1, "OTHER"), NOW).await;
        assert_eq!(place.asked.load(Ordering::SeqCst), asked);
    }
}

#[tokio::test]
async fn a_place_that_is_down_is_named_and_its_last_value_serves_as_stale() {
    let (vault, cloud) = (
        Place::new(SecretSource::Vault),
        Place::new(SecretSource::AwsSecretsManager),
    );
    let chain = Chain::new(vec![Arc::clone(&vault) as _, Arc::clone(&cloud) as _]);
    let token = name(1, "TOKEN");
    vault.down(true);
    let nothing = chain.resolve(&token, NOW).await;
    assert_eq!(shown(&nothing), None, "no default takes its place");
    assert_eq!(
        tried(&nothing)[0],
        (SecretSource::Vault, Some("it is down"))
    );

    vault.down(false);
    vault.set("TOKEN", Some("v"));
    chain.resolve(&token, after(1)).await;
    vault.down(true);
    let stale = chain.resolve(&token, after(1000)).await;
    assert_eq!(shown(&stale), Some(("v", SecretSource::Vault, true)));
    assert_eq!(stale.found.as_ref().unwrap().obtained_at, after(1));
    assert_eq!(tried(&stale).len(), 2);

    // Another place has it: that one is used, and the failure is told.
    cloud.set("TOKEN", Some("c"));
    let other = chain.resolve(&token, after(1000)).await;
    assert_eq!(
        shown(&other),
        Some(("c", SecretSource::AwsSecretsManager, false))
    );
    assert_eq!(tried(&other), [(SecretSource::Vault, Some("it is down"))]);
}

#[tokio::test]
async fn a_value_that_is_gone_everywhere_is_gone() {
    let vault = Place::new(SecretSource::Vault);
    let chain = Chain::new(vec![Arc::clone(&vault) as _]);
    let token = name(1, "TOKEN");
    vault.set("TOKEN", Some("v"));
    chain.resolve(&token, NOW).await;
    vault.set("TOKEN", None);
    assert_eq!(shown(&chain.resolve(&token, after(1000)).await), None);
    vault.down(true);
    let later = chain.resolve(&token, after(2000)).await;
    assert_eq!(
        shown(&later),
        None,
        "a revoked value does not come back when the place is down"
    );
}

#[tokio::test]
async fn environment_files_and_store_look_by_name() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("meta_access_token"), "from a file\r\n").unwrap();
    fs::write(folder.path().join("EMPTY"), "\n").unwrap();
    fs::create_dir(folder.path().join("FOLDER")).unwrap();
    fs::write(folder.path().join("LONG"), "x".repeat(70_000)).unwrap();
    let vault = Arc::new(PlainVault::default());
    let stored = SecretString::from("from the store");
    for stored_name in ["OPENAI_API_KEY", "META_ACCESS_TOKEN"] {
        vault
            .put(&name(1, stored_name), &stored, NOW)
            .await
            .unwrap();
    }
    let environment = [
        ("SHOPIFY_ACCESS_TOKEN", "from the environment"),
        ("META_ACCESS_TOKEN", ""),
    ];
    let environment = environment.map(|(k, v)| (k.to_owned(), v.to_owned()));
    let chain = Chain::new(vec![
        Arc::new(Environment::new(environment)) as _,
        Arc::new(MountedFiles::new(folder.path().to_owned())) as _,
        Arc::new(SealedStore::new(vault)) as _,
    ]);
    let check = async |what: &str, expected: Option<(&str, SecretSource)>| {
        let found = chain.resolve(&name(1, what), NOW).await;
        let found = shown(&found).map(|(value, source, _)| (value.to_owned(), source));
        assert_eq!(found, expected.map(|(v, s)| (v.to_owned(), s)), "{what}");
    };
    check(
        "SHOPIFY_ACCESS_TOKEN",
        Some(("from the environment", SecretSource::Environment)),
    )
    .await;
    check(
        "META_ACCESS_TOKEN",
        Some(("from a file", SecretSource::File)),
    )
    .await;
    check(
        "OPENAI_API_KEY",
        Some(("from the store", SecretSource::Store)),
    )
    .await;
    for missing in ["EMPTY", "FOLDER", "../secrets/x", "", "NOT_THERE", "LONG"] {
        check(missing, None).await;
    }
    let long = chain.resolve(&name(1, "LONG"), NOW).await;
    assert!(
        tried(&long)[1].1.is_some_and(|why| why.contains("LONG")),
        "{long:?}"
    );
}

#[tokio::test]
async fn a_file_that_may_not_be_read_is_a_failure_not_a_miss() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("TOKEN");
    fs::write(&file, [0xFF, 0xFE]).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
    let chain = Chain::new(vec![
        Arc::new(MountedFiles::new(folder.path().to_owned())) as _
    ]);
    let answer = chain.resolve(&name(1, "TOKEN"), NOW).await;
    assert!(
        tried(&answer)[0].1.is_some(),
        "bytes that are no text: {answer:?}"
    );
}
