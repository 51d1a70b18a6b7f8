//! Laws of [`ports::secrets::SecretVault`], for whatever seals.

use crate::builders::{at, scope};
use ports::secrets::{SecretName, SecretVault};
use secrecy::{ExposeSecret as _, SecretString};
use std::sync::Arc;

fn name(workspace: u32, name: &str) -> SecretName {
    SecretName {
        workspace: scope(workspace, 0).workspace,
        name: name.to_owned(),
    }
}

async fn put(vault: &Arc<dyn SecretVault>, name: &SecretName, value: &str) {
    let value = SecretString::from(value.to_owned());
    vault
        .put(name, &value, at("2026-02-01"))
        .await
        .expect("put");
}

async fn get(vault: &Arc<dyn SecretVault>, name: &SecretName) -> Option<String> {
    let value = vault.get(name).await.expect("got");
    value.map(|v| v.expose_secret().to_owned())
}

pub async fn the_latest_value_comes_back(vault: Arc<dyn SecretVault>) {
    let name = name(1, "connection/1/access_token");
    assert_eq!(get(&vault, &name).await, None);
    for value in ["shpat_1", "", "ä\n\0 long ".repeat(500).as_str(), "shpat_2"] {
        put(&vault, &name, value).await;
        assert_eq!(get(&vault, &name).await.as_deref(), Some(value));
    }
}

pub async fn a_deleted_secret_is_gone(vault: Arc<dyn SecretVault>) {
    let name = name(1, "a");
    vault
        .delete(&name)
        .await
        .expect("nothing to delete is deleted");
    put(&vault, &name, "one").await;
    vault.delete(&name).await.expect("deleted");
    assert_eq!(get(&vault, &name).await, None);
    put(&vault, &name, "two").await;
    assert_eq!(get(&vault, &name).await.as_deref(), Some("two"));
}

pub async fn names_and_workspaces_do_not_mix(vault: Arc<dyn SecretVault>) {
    let names = [name(1, "a"), name(2, "a"), name(1, "b")];
    for (name, value) in names.iter().zip(["1a", "2a", "1b"]) {
        put(&vault, name, value).await;
    }
    vault.delete(&names[1]).await.expect("deleted");
    assert_eq!(get(&vault, &names[0]).await.as_deref(), Some("1a"));
    assert_eq!(get(&vault, &names[1]).await, None);
    assert_eq!(get(&vault, &names[2]).await.as_deref(), Some("1b"));
}

pub async fn a_list_tells_all_but_the_value(vault: Arc<dyn SecretVault>) {
    let names = [name(1, "b"), name(2, "a"), name(1, "a/b"), name(1, "a")];
    for (name, value) in names.iter().zip(["same", "same", "same", "other"]) {
        put(&vault, name, value).await;
    }
    put(&vault, &names[0], "once more").await;
    put(&vault, &names[0], "same").await;
    let listed = vault.list(names[0].workspace).await.expect("listed");
    let shown: Vec<_> = listed
        .iter()
        .map(|e| (e.name.as_str(), e.version))
        .collect();
    assert_eq!(shown, [("a", 1), ("a/b", 1), ("b", 3)]);
    let [other, same, again] = &listed[..] else {
        panic!("three: {listed:?}");
    };
    assert_eq!(
        same.fingerprint, again.fingerprint,
        "equal values look equal"
    );
    assert_ne!(same.fingerprint, other.fingerprint);
    assert!(same.fingerprint.is_some() && same.created_at == at("2026-02-01"));
}

/// `make` is an `async fn() -> Arc<dyn SecretVault>` of the same module; what it needs to live, the vault holds itself.
#[macro_export]
macro_rules! vault_laws {
    ($make:ident) => {
        $crate::laws!(
            vault,
            $make,
            [
                the_latest_value_comes_back,
                a_deleted_secret_is_gone,
                names_and_workspaces_do_not_mix,
                a_list_tells_all_but_the_value,
            ]
        );
    };
}
