//! Laws of [`ports::accounts::Accounts`].

use super::members::actions;
use super::tools::{one_wins, race, refused};
use crate::Stores;
use crate::builders::{audit_entry, user, workspace};
use domain::audit::NewEntry;
use domain::ids::WorkspaceId;
use domain::people::{Email, Role, User};
use ports::Kind;

const HASH: &str = "$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA";

async fn set_up(stores: &Stores) -> User {
    let owner = user(1, 1);
    let made = stores
        .accounts
        .create_first(&workspace(1), &owner, HASH, &[])
        .await;
    made.expect("set up");
    owner
}

pub async fn the_first_workspace_has_its_owner(stores: Stores) {
    assert!(!stores.accounts.has_users().await.expect("asked"));
    assert!(
        stores
            .accounts
            .workspaces()
            .await
            .expect("listed")
            .is_empty()
    );
    let owner = set_up(&stores).await;
    assert!(stores.accounts.has_users().await.expect("asked"));
    let found = stores.accounts.user(owner.id).await.expect("asked");
    assert_eq!(found, Some((owner.clone(), workspace(1))));
    let by_email = stores
        .accounts
        .user_by_email(&owner.email)
        .await
        .expect("asked");
    assert_eq!(by_email, Some((owner.clone(), HASH.to_owned())));
    assert_eq!(
        stores.accounts.workspaces().await.expect("listed"),
        [workspace(1)]
    );
    let found = stores
        .accounts
        .workspace(owner.workspace)
        .await
        .expect("asked");
    assert_eq!(found, Some(workspace(1)));
}

pub async fn a_second_first_workspace_is_a_conflict(stores: Stores) {
    set_up(&stores).await;
    let again = stores
        .accounts
        .create_first(&workspace(2), &user(2, 2), HASH, &[])
        .await;
    refused(again, Kind::Conflict);
    assert_eq!(
        stores.accounts.user(user(2, 2).id).await.expect("asked"),
        None
    );
    assert_eq!(
        stores.accounts.workspaces().await.expect("listed"),
        [workspace(1)]
    );
}

pub async fn people_are_stored_with_the_entries_about_them(stores: Stores) {
    let owner = user(1, 1);
    let entry = |action| [audit_entry(owner.workspace, action)];
    let first = async |entries: &[NewEntry]| {
        let accounts = &stores.accounts;
        accounts
            .create_first(&workspace(1), &owner, HASH, entries)
            .await
    };
    let second = async |entries: &[NewEntry]| {
        stores
            .accounts
            .create_user(&user(1, 2), HASH, entries)
            .await
    };
    first(&entry("workspace.create")).await.expect("set up");
    second(&entry("user.create")).await.expect("created");
    refused(first(&entry("workspace.create")).await, Kind::Conflict);
    refused(second(&entry("user.create")).await, Kind::Conflict);
    assert_eq!(
        actions(&stores, owner.workspace).await,
        ["workspace.create", "user.create"]
    );
}

pub async fn of_many_first_workspaces_at_once_one_wins(stores: Stores) {
    let results = race(|n| {
        let accounts = stores.accounts.clone();
        async move {
            accounts
                .create_first(&workspace(n), &user(n, n), HASH, &[])
                .await
        }
    })
    .await;
    one_wins(&results);
    assert_eq!(stores.accounts.workspaces().await.expect("listed").len(), 1);
}

pub async fn users_join_a_workspace(stores: Stores) {
    set_up(&stores).await;
    let viewer = User {
        role: Role::Viewer,
        ..user(1, 2)
    };
    stores
        .accounts
        .create_user(&viewer, "other hash", &[])
        .await
        .expect("created");
    let found = stores
        .accounts
        .user_by_email(&viewer.email)
        .await
        .expect("asked");
    assert_eq!(found, Some((viewer, "other hash".to_owned())));
    let stranger = Email::parse("nobody@example.com").expect("an address");
    let found = stores
        .accounts
        .user_by_email(&stranger)
        .await
        .expect("asked");
    assert_eq!(found, None);
    assert_eq!(
        stores.accounts.user(user(1, 9).id).await.expect("asked"),
        None
    );
}

pub async fn an_address_is_taken_once(stores: Stores) {
    let owner = set_up(&stores).await;
    let twin = User {
        email: owner.email.clone(),
        ..user(1, 2)
    };
    refused(
        stores.accounts.create_user(&twin, HASH, &[]).await,
        Kind::Conflict,
    );
    assert_eq!(stores.accounts.user(twin.id).await.expect("asked"), None);
}

pub async fn of_many_users_with_one_address_at_once_one_wins(stores: Stores) {
    set_up(&stores).await;
    let results = race(|n| {
        let accounts = stores.accounts.clone();
        let user = User {
            email: user(1, 100).email,
            ..user(1, n + 1)
        };
        async move { accounts.create_user(&user, HASH, &[]).await }
    })
    .await;
    one_wins(&results);
}

pub async fn a_user_without_a_workspace_is_refused(stores: Stores) {
    set_up(&stores).await;
    refused(
        stores.accounts.create_user(&user(2, 2), HASH, &[]).await,
        Kind::NotFound,
    );
    let unknown = WorkspaceId(user(2, 2).workspace.0);
    assert_eq!(
        stores.accounts.workspace(unknown).await.expect("asked"),
        None
    );
    assert_eq!(
        stores.accounts.user(user(2, 2).id).await.expect("asked"),
        None
    );
}

pub async fn settings_are_kept_until_forgotten(stores: Stores) {
    let get = async |name: &str| stores.accounts.setting(name).await.expect("read");
    let set = async |name: &str, value: Option<&str>| {
        stores
            .accounts
            .set_setting(name, value)
            .await
            .expect("written");
    };
    assert_eq!(get("setup").await, None);
    set("setup", Some("old")).await;
    set("setup", Some("ä 'new' \"one\"")).await;
    set("other", Some("")).await;
    assert_eq!(get("setup").await.as_deref(), Some("ä 'new' \"one\""));
    assert_eq!(get("other").await.as_deref(), Some(""));
    set("setup", None).await;
    set("never", None).await;
    assert_eq!(get("setup").await, None);
    assert_eq!(get("other").await.as_deref(), Some(""));
}

#[macro_export]
macro_rules! account_laws {
    ($make:ident) => {
        $crate::laws!(
            accounts,
            $make,
            [
                the_first_workspace_has_its_owner,
                a_second_first_workspace_is_a_conflict,
                people_are_stored_with_the_entries_about_them,
                of_many_first_workspaces_at_once_one_wins,
                users_join_a_workspace,
                an_address_is_taken_once,
                of_many_users_with_one_address_at_once_one_wins,
                a_user_without_a_workspace_is_refused,
                settings_are_kept_until_forgotten,
            ]
        );
    };
}
