//! Laws of [`ports::secrets::SecretBlobs`] and [`ports::secrets::KeyRecords`].

use super::tools::{one_wins, race, refused};
use crate::Stores;
use crate::builders::{at, scope};
use ports::Kind;
use ports::secrets::{ListedSecret, SealedSecret, SecretName};

fn name(workspace: u32, name: &str) -> SecretName {
    SecretName {
        workspace: scope(workspace, 0).workspace,
        name: name.to_owned(),
    }
}

fn sealed(name: &SecretName, version: i64, blob: u8) -> SealedSecret {
    SealedSecret {
        name: name.clone(),
        version,
        blob: vec![0, blob, 0xFF],
        created_at: at("2026-02-01T12:00:00Z"),
    }
}

async fn load(stores: &Stores, name: &SecretName) -> Option<SealedSecret> {
    stores.secrets.load(name).await.expect("read")
}

pub async fn the_newest_version_is_loaded(stores: Stores) {
    let name = name(1, "connection/1/access_token");
    assert_eq!(load(&stores, &name).await, None);
    for version in 1..=3 {
        let secret = sealed(&name, version, 7);
        stores.secrets.store(&secret).await.expect("stored");
        assert_eq!(load(&stores, &name).await, Some(secret));
    }
}

pub async fn a_version_that_is_not_the_next_is_a_conflict(stores: Stores) {
    let name = name(1, "a");
    for version in [0, 2] {
        refused(
            stores.secrets.store(&sealed(&name, version, 1)).await,
            Kind::Conflict,
        );
    }
    assert_eq!(load(&stores, &name).await, None);
    let first = sealed(&name, 1, 1);
    stores.secrets.store(&first).await.expect("stored");
    for version in [0, 1, 3] {
        refused(
            stores.secrets.store(&sealed(&name, version, 2)).await,
            Kind::Conflict,
        );
    }
    assert_eq!(
        load(&stores, &name).await,
        Some(first),
        "nothing was written"
    );
}

pub async fn of_many_next_versions_at_once_one_is_stored(stores: Stores) {
    let name = name(1, "a");
    for version in [1, 2] {
        let results = race(|n| {
            let blob = u8::try_from(n).unwrap_or(u8::MAX);
            let (secrets, secret) = (stores.secrets.clone(), sealed(&name, version, blob));
            async move { secrets.store(&secret).await }
        })
        .await;
        one_wins(&results);
        let winner = results.iter().position(Result::is_ok).map(|n| n + 1);
        let stored = load(&stores, &name).await.expect("stored");
        assert_eq!(winner, Some(usize::from(stored.blob[1])));
    }
}

pub async fn an_erased_secret_is_gone_and_can_begin_again(stores: Stores) {
    let (name, other) = (name(1, "a"), name(1, "b"));
    for version in [1, 2] {
        stores
            .secrets
            .store(&sealed(&name, version, 1))
            .await
            .expect("stored");
    }
    stores
        .secrets
        .store(&sealed(&other, 1, 1))
        .await
        .expect("stored");
    stores.secrets.erase(&name).await.expect("erased");
    stores
        .secrets
        .erase(&name)
        .await
        .expect("erased twice is erased");
    assert_eq!(load(&stores, &name).await, None);
    assert!(load(&stores, &other).await.is_some());
    stores
        .secrets
        .store(&sealed(&name, 1, 9))
        .await
        .expect("stored");
    assert_eq!(load(&stores, &name).await, Some(sealed(&name, 1, 9)));
}

pub async fn secrets_of_workspaces_do_not_mix(stores: Stores) {
    let (ours, theirs) = (name(1, "same"), name(2, "same"));
    stores
        .secrets
        .store(&sealed(&ours, 1, 1))
        .await
        .expect("stored");
    assert_eq!(load(&stores, &theirs).await, None);
    stores
        .secrets
        .store(&sealed(&theirs, 1, 2))
        .await
        .expect("stored");
    stores.secrets.erase(&theirs).await.expect("erased");
    assert_eq!(load(&stores, &ours).await, Some(sealed(&ours, 1, 1)));
}

pub async fn canaries_are_kept_in_ascending_id(stores: Stores) {
    assert!(stores.keys.canaries().await.expect("listed").is_empty());
    for id in ["k2", "k10", "k1"] {
        stores
            .keys
            .put_canary(id, id.as_bytes())
            .await
            .expect("put");
    }
    let own = |id: &str| (id.to_owned(), id.as_bytes().to_vec());
    let expected = [own("k1"), own("k10"), own("k2")];
    assert_eq!(stores.keys.canaries().await.expect("listed"), expected);
    refused(stores.keys.put_canary("k1", b"other").await, Kind::Conflict);
    assert_eq!(stores.keys.canaries().await.expect("listed"), expected);
    for _ in 0..2 {
        stores.keys.erase_canary("k10").await.expect("erased");
        let left = [own("k1"), own("k2")];
        assert_eq!(stores.keys.canaries().await.expect("listed"), left);
    }
}

pub async fn a_blob_is_replaced_in_its_own_version_only(stores: Stores) {
    let name = name(1, "a");
    let (first, other) = (sealed(&name, 1, 1), sealed(&name, 1, 2));
    let replace = async |new: &SealedSecret, old: &SealedSecret| {
        let replaced = stores.secrets.replace(new, &old.blob).await;
        replaced.expect("asked")
    };
    assert!(!replace(&other, &first).await, "there is none");
    stores.secrets.store(&first).await.expect("stored");
    assert!(!replace(&other, &other).await, "the blob is another one");
    assert!(
        !replace(&sealed(&name, 2, 2), &first).await,
        "so is the version"
    );
    assert_eq!(load(&stores, &name).await, Some(first.clone()));
    assert!(replace(&other, &first).await);
    assert_eq!(load(&stores, &name).await, Some(other));
}

pub async fn a_walk_meets_each_secret_once(stores: Stores) {
    let mut names = Vec::new();
    for workspace in [1, 2] {
        for text in ["a", "b", "B", "a/b", "é"] {
            names.push(name(workspace, text));
        }
    }
    for name in &names {
        stores
            .secrets
            .store(&sealed(name, 1, 1))
            .await
            .expect("stored");
    }
    names.sort();
    let (mut met, mut after) = (Vec::new(), None);
    loop {
        let page = stores.secrets.walk(after.as_ref(), 3).await.expect("read");
        assert!(page.len() <= 3);
        let Some(last) = page.last() else { break };
        after = Some(last.sealed.name.clone());
        met.extend(page.into_iter().map(|listed| listed.sealed.name));
    }
    assert_eq!(met, names);
}

pub async fn the_latest_use_is_noted(stores: Stores) {
    let (name, unknown) = (name(1, "a"), name(1, "b"));
    stores
        .secrets
        .store(&sealed(&name, 1, 1))
        .await
        .expect("stored");
    let noted = async || {
        let page = stores.secrets.walk(None, 9).await.expect("read");
        let [ListedSecret { last_used_at, .. }] = page[..] else {
            panic!("one secret: {page:?}");
        };
        last_used_at
    };
    assert_eq!(noted().await, None);
    for (at_, expected) in [
        ("2026-02-02", "2026-02-02"),
        ("2026-02-01", "2026-02-02"),
        ("2026-02-03", "2026-02-03"),
    ] {
        stores.secrets.used(&name, at(at_)).await.expect("noted");
        stores
            .secrets
            .used(&unknown, at(at_))
            .await
            .expect("nothing to note");
        assert_eq!(noted().await, Some(at(expected)));
    }
    stores
        .secrets
        .store(&sealed(&name, 2, 1))
        .await
        .expect("stored");
    assert_eq!(
        noted().await,
        Some(at("2026-02-03")),
        "a new value keeps it"
    );
    stores.secrets.erase(&name).await.expect("erased");
    stores
        .secrets
        .store(&sealed(&name, 1, 1))
        .await
        .expect("stored");
    assert_eq!(noted().await, None, "a new secret was never used");
}

pub async fn uses_of_a_key_add_up(stores: Stores) {
    let count = async |key: &str, more| stores.keys.count_uses(key, more).await.expect("counted");
    assert_eq!(count("k1", 0).await, 0);
    assert_eq!(count("k1", 2).await, 2);
    assert_eq!(count("k2", 5).await, 5);
    race(|_| {
        let keys = stores.keys.clone();
        async move { keys.count_uses("k1", 1).await }
    })
    .await
    .into_iter()
    .for_each(|counted| {
        counted.expect("counted");
    });
    let raced = count("k1", 0).await - 2;
    assert!(raced > 1, "{raced} at once");
    assert_eq!(count("k1", 1).await, 3 + raced);
    assert_eq!(count("k2", 0).await, 5);
}

pub async fn there_is_one_salt(stores: Stores) {
    let salts = race(|n| {
        let keys = stores.keys.clone();
        async move {
            keys.salt(&[u8::try_from(n).unwrap_or(u8::MAX), 0, 0xFF])
                .await
        }
    })
    .await;
    let salts: Vec<_> = salts.into_iter().map(|s| s.expect("salt")).collect();
    assert!(salts.windows(2).all(|pair| pair[0] == pair[1]), "{salts:?}");
    let again = stores.keys.salt(b"another").await.expect("salt");
    assert_eq!(again, salts[0]);
}

#[macro_export]
macro_rules! secret_laws {
    ($make:ident) => {
        $crate::laws!(
            secrets,
            $make,
            [
                the_newest_version_is_loaded,
                a_version_that_is_not_the_next_is_a_conflict,
                of_many_next_versions_at_once_one_is_stored,
                an_erased_secret_is_gone_and_can_begin_again,
                secrets_of_workspaces_do_not_mix,
                canaries_are_kept_in_ascending_id,
                a_blob_is_replaced_in_its_own_version_only,
                a_walk_meets_each_secret_once,
                the_latest_use_is_noted,
                uses_of_a_key_add_up,
                there_is_one_salt,
            ]
        );
    };
}
