//! Laws of [`ports::grants::Grants`].

use super::members::{actions, owner, with};
use super::tools::refused;
use crate::Stores;
use crate::builders::{api_token, at, audit_entry, session, user};
use chrono::Duration;
use domain::people::{ApiToken, Role};
use ports::Kind;
use ports::accounts::Session;

pub async fn tokens_are_listed_newest_first_with_their_last_use(stores: Stores) {
    let (owner, other) = with(&stores, Role::Analyst).await;
    let old = api_token(&owner, 1);
    let young = ApiToken {
        created_at: at("2026-02-02"),
        ..api_token(&owner, 2)
    };
    let theirs = api_token(&other, 3);
    for (n, token) in (1..).zip([&old, &young, &theirs]) {
        let made = stores.credentials.create_token(token, &[n; 32], &[]).await;
        made.expect("created");
    }
    let used_at = at("2026-02-03T10:00:00Z");
    let used = stores.credentials.token(&[1; 32], used_at).await;
    assert!(used.expect("asked").is_some());
    let list = async |user| {
        let listed = stores.grants.tokens(owner.workspace, user).await;
        listed.expect("listed")
    };
    let mine = list(Some(owner.id)).await;
    let tokens: Vec<_> = mine.iter().map(|l| l.token.clone()).collect();
    assert_eq!(tokens, [young, old]);
    let uses: Vec<_> = mine.iter().map(|l| l.last_used_at).collect();
    assert_eq!(uses, [None, Some(used_at)]);
    assert_eq!(list(None).await.len(), 3);
    let elsewhere = stores.grants.tokens(user(2, 1).workspace, None).await;
    assert_eq!(elsewhere.expect("listed"), []);
}

pub async fn a_revoked_token_lets_nobody_in(stores: Stores) {
    let owner = owner(&stores).await;
    let (gone, kept) = (api_token(&owner, 1), api_token(&owner, 2));
    for (n, token) in (1..).zip([&gone, &kept]) {
        let made = stores.credentials.create_token(token, &[n; 32], &[]).await;
        made.expect("created");
    }
    let elsewhere = user(2, 1).workspace;
    let entry = audit_entry(elsewhere, "token.revoke");
    let revoked = stores.grants.revoke_token(elsewhere, gone.id, &entry).await;
    refused(revoked, Kind::NotFound);
    let entry = audit_entry(owner.workspace, "token.revoke");
    let revoke = async || {
        stores
            .grants
            .revoke_token(owner.workspace, gone.id, &entry)
            .await
    };
    revoke().await.expect("revoked");
    refused(revoke().await, Kind::NotFound);
    let find = async |hash| {
        let found = stores.credentials.token(&[hash; 32], gone.created_at).await;
        found.expect("asked")
    };
    assert_eq!(find(1).await, None);
    assert_eq!(find(2).await, Some(kept.clone()));
    assert_eq!(actions(&stores, owner.workspace).await, ["token.revoke"]);
    assert!(actions(&stores, elsewhere).await.is_empty());
}

pub async fn sessions_are_listed_last_used_first(stores: Stores) {
    let (owner, other) = with(&stores, Role::Analyst).await;
    let (first, theirs) = (session(&owner, 1), session(&other, 3));
    let second = Session {
        last_seen_at: first.last_seen_at + Duration::minutes(1),
        expires_at: first.expires_at + Duration::days(1),
        agent: Some("Firefox".to_owned()),
        address: None,
        ..session(&owner, 2)
    };
    for session in [&first, &second, &theirs] {
        let kept = stores.credentials.create_session(session, &[]).await;
        kept.expect("created");
    }
    let list = async |when| {
        let listed = stores.grants.sessions(owner.id, when).await;
        listed.expect("listed")
    };
    assert_eq!(
        list(first.created_at).await,
        [second.clone(), first.clone()]
    );
    assert_eq!(list(first.expires_at).await, [second]);
}

pub async fn only_ones_own_session_is_revoked(stores: Stores) {
    let (owner, other) = with(&stores, Role::Analyst).await;
    let (mine, theirs) = (session(&owner, 1), session(&other, 2));
    for session in [&mine, &theirs] {
        let kept = stores.credentials.create_session(session, &[]).await;
        kept.expect("created");
    }
    let entry = audit_entry(owner.workspace, "session.revoke");
    let revoke = async |hash| stores.grants.revoke_session(owner.id, hash, &entry).await;
    refused(revoke(&theirs.hash).await, Kind::NotFound);
    revoke(&mine.hash).await.expect("revoked");
    refused(revoke(&mine.hash).await, Kind::NotFound);
    let left = stores.grants.sessions(other.id, theirs.created_at).await;
    assert_eq!(left.expect("listed"), [theirs]);
    assert_eq!(actions(&stores, owner.workspace).await, ["session.revoke"]);
}

pub async fn all_other_sessions_are_revoked(stores: Stores) {
    let (owner, other) = with(&stores, Role::Analyst).await;
    let sessions = [
        session(&owner, 1),
        session(&owner, 2),
        session(&owner, 3),
        session(&other, 4),
    ];
    for session in &sessions {
        let kept = stores.credentials.create_session(session, &[]).await;
        kept.expect("created");
    }
    let entry = audit_entry(owner.workspace, "session.revoke_others");
    let revoke = async || {
        let keep = &sessions[1].hash;
        let revoked = stores
            .grants
            .revoke_other_sessions(owner.id, keep, &entry)
            .await;
        revoked.expect("revoked")
    };
    assert_eq!(revoke().await, 2);
    assert_eq!(revoke().await, 0);
    let now = sessions[0].created_at;
    let mine = stores.grants.sessions(owner.id, now).await;
    assert_eq!(mine.expect("listed"), [sessions[1].clone()]);
    let theirs = stores.grants.sessions(other.id, now).await;
    assert_eq!(theirs.expect("listed"), [sessions[3].clone()]);
    assert_eq!(
        actions(&stores, owner.workspace).await,
        ["session.revoke_others"]
    );
}

pub async fn what_is_granted_is_recorded_with_it(stores: Stores) {
    let owner = owner(&stores).await;
    let entry = |action| audit_entry(owner.workspace, action);
    let credentials = &stores.credentials;
    let made = credentials
        .create_session(&session(&owner, 1), &[entry("session.begin")])
        .await;
    made.expect("created");
    let token = api_token(&owner, 1);
    let made = credentials
        .create_token(&token, &[1; 32], &[entry("token.create")])
        .await;
    made.expect("created");
    let twin = credentials
        .create_token(&token, &[1; 32], &[entry("token.twin")])
        .await;
    assert!(twin.is_err());
    assert_eq!(
        actions(&stores, owner.workspace).await,
        ["session.begin", "token.create"]
    );
}

#[macro_export]
macro_rules! grant_laws {
    ($make:ident) => {
        $crate::laws!(
            grants,
            $make,
            [
                tokens_are_listed_newest_first_with_their_last_use,
                a_revoked_token_lets_nobody_in,
                sessions_are_listed_last_used_first,
                only_ones_own_session_is_revoked,
                all_other_sessions_are_revoked,
                what_is_granted_is_recorded_with_it,
            ]
        );
    };
}
