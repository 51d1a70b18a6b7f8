//! Laws of [`ports::accounts::Credentials`].

use crate::Stores;
use crate::builders::{api_token, at, session, user, workspace};
use chrono::Duration;
use domain::people::{ApiToken, User};
use ports::accounts::Session;

async fn owner(stores: &Stores) -> User {
    let owner = user(1, 1);
    let made = stores
        .accounts
        .create_first(&workspace(1), &owner, "hash", &[])
        .await;
    made.expect("set up");
    owner
}

pub async fn a_session_lives_until_it_expires(stores: Stores) {
    let kept = session(&owner(&stores).await, 1);
    stores
        .credentials
        .create_session(&kept, &[])
        .await
        .expect("created");
    let at = async |when| {
        stores
            .credentials
            .session(&kept.hash, when)
            .await
            .expect("asked")
    };
    let last = kept.expires_at - Duration::seconds(1);
    assert_eq!(at(kept.created_at).await, Some(kept.clone()));
    assert_eq!(at(last).await, Some(kept.clone()));
    assert_eq!(at(kept.expires_at + Duration::seconds(1)).await, None);
    let other = stores.credentials.session(&[9; 32], kept.created_at).await;
    assert_eq!(other.expect("asked"), None);
}

pub async fn a_touched_session_was_seen(stores: Stores) {
    let owner = owner(&stores).await;
    let (touched, other) = (session(&owner, 1), session(&owner, 2));
    for session in [&touched, &other] {
        stores
            .credentials
            .create_session(session, &[])
            .await
            .expect("created");
    }
    let seen_at = touched.created_at + Duration::minutes(7);
    stores
        .credentials
        .touch_session(&touched.hash, seen_at)
        .await
        .expect("touched");
    let expected = Session {
        last_seen_at: seen_at,
        ..touched.clone()
    };
    let find = async |hash| {
        stores
            .credentials
            .session(hash, seen_at)
            .await
            .expect("asked")
    };
    assert_eq!(find(&touched.hash).await, Some(expected));
    assert_eq!(find(&other.hash).await, Some(other.clone()));
}

pub async fn an_ended_session_is_gone(stores: Stores) {
    let owner = owner(&stores).await;
    let (ended, other) = (session(&owner, 1), session(&owner, 2));
    for session in [&ended, &other] {
        stores
            .credentials
            .create_session(session, &[])
            .await
            .expect("created");
    }
    stores
        .credentials
        .end_session(&ended.hash)
        .await
        .expect("ended");
    stores
        .credentials
        .end_session(&ended.hash)
        .await
        .expect("ended twice is ended");
    let find = async |hash| {
        let found = stores.credentials.session(hash, ended.created_at).await;
        found.expect("asked")
    };
    assert_eq!(find(&ended.hash).await, None);
    assert_eq!(find(&other.hash).await, Some(other.clone()));
}

pub async fn a_token_lives_until_it_expires(stores: Stores) {
    let owner = owner(&stores).await;
    let limited = api_token(&owner, 1);
    let unlimited = ApiToken {
        expires_at: None,
        scopes: Vec::new(),
        ..api_token(&owner, 2)
    };
    stores
        .credentials
        .create_token(&limited, &[1; 32], &[])
        .await
        .expect("created");
    stores
        .credentials
        .create_token(&unlimited, &[2; 32], &[])
        .await
        .expect("created");
    let find = async |hash, when| {
        let found = stores.credentials.token(&[hash; 32], at(when)).await;
        found.expect("asked")
    };
    assert_eq!(find(1, "2026-02-02").await, Some(limited.clone()));
    assert_eq!(find(1, "2026-02-28").await, Some(limited));
    assert_eq!(find(1, "2026-03-02").await, None);
    assert_eq!(find(2, "2036-03-02").await, Some(unlimited));
    assert_eq!(find(3, "2026-02-02").await, None);
}

pub async fn pruning_deletes_what_expired_before(stores: Stores) {
    let owner = owner(&stores).await;
    let old = session(&owner, 1);
    let young = Session {
        expires_at: at("2026-04-01"),
        ..session(&owner, 2)
    };
    for session in [&old, &young] {
        stores
            .credentials
            .create_session(session, &[])
            .await
            .expect("created");
    }
    let unlimited = ApiToken {
        expires_at: None,
        ..api_token(&owner, 4)
    };
    stores
        .credentials
        .create_token(&api_token(&owner, 3), &[3; 32], &[])
        .await
        .expect("created");
    stores
        .credentials
        .create_token(&unlimited, &[4; 32], &[])
        .await
        .expect("created");
    let before = at("2026-03-15");
    assert_eq!(stores.credentials.prune(before).await.expect("pruned"), 2);
    assert_eq!(stores.credentials.prune(before).await.expect("pruned"), 0);
    let then = old.created_at;
    let gone = stores
        .credentials
        .session(&old.hash, then)
        .await
        .expect("asked");
    assert_eq!(gone, None);
    let kept = stores
        .credentials
        .session(&young.hash, then)
        .await
        .expect("asked");
    assert_eq!(kept, Some(young));
    let kept = stores
        .credentials
        .token(&[4; 32], then)
        .await
        .expect("asked");
    assert_eq!(kept, Some(unlimited));
}

#[macro_export]
macro_rules! credential_laws {
    ($make:ident) => {
        $crate::laws!(
            credentials,
            $make,
            [
                a_session_lives_until_it_expires,
                a_touched_session_was_seen,
                an_ended_session_is_gone,
                a_token_lives_until_it_expires,
                pruning_deletes_what_expired_before,
            ]
        );
    };
}
