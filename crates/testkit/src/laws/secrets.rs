//! Laws of [`ports::secrets::SecretBlobs`].

use super::tools::{one_wins, race, refused};
use crate::Stores;
use crate::builders::{at, scope};
use ports::Kind;
use ports::secrets::{SealedSecret, SecretName};

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
    assert!(stores.secrets.canaries().await.expect("listed").is_empty());
    for id in ["k2", "k10", "k1"] {
        stores
            .secrets
            .put_canary(id, id.as_bytes())
            .await
            .expect("put");
    }
    let own = |id: &str| (id.to_owned(), id.as_bytes().to_vec());
    let expected = [own("k1"), own("k10"), own("k2")];
    assert_eq!(stores.secrets.canaries().await.expect("listed"), expected);
    refused(
        stores.secrets.put_canary("k1", b"other").await,
        Kind::Conflict,
    );
    assert_eq!(stores.secrets.canaries().await.expect("listed"), expected);
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
            ]
        );
    };
}
