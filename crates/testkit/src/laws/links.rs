//! Laws of [`ports::members::Links`].

use super::members::{actions, owner, with};
use super::tools::{race, refused};
use crate::Stores;
use crate::builders::{audit_entry, invitation, session, user};
use chrono::Duration;
use domain::ids::{LetterId, LinkId};
use domain::letter::{Errand, OwedLetter};
use domain::people::{Email, Link, LinkKind, Role, User};
use ports::Kind;

async fn invite(stores: &Stores, number: u32, hash: u8) -> Link {
    let link = invitation(1, number);
    let entry = audit_entry(link.workspace, "user.invite");
    let made = stores.links.create_link(&link, &[hash; 32], &entry).await;
    made.expect("created");
    link
}

pub async fn a_link_is_open_until_it_expires(stores: Stores) {
    owner(&stores).await;
    let link = invite(&stores, 5, 1).await;
    let find = async |hash, when| {
        let found = stores.links.link(&[hash; 32], when).await;
        found.expect("asked")
    };
    let last = link.expires_at - Duration::seconds(1);
    assert_eq!(find(1, last).await, Some(link.clone()));
    assert_eq!(find(1, link.expires_at).await, None);
    assert_eq!(find(2, last).await, None);
    let list = async |when| {
        let listed = stores.links.links(link.workspace, when).await;
        listed.expect("listed")
    };
    assert_eq!(list(last).await, std::slice::from_ref(&link));
    assert!(list(link.expires_at).await.is_empty());
}

pub async fn a_new_link_replaces_the_one_before(stores: Stores) {
    owner(&stores).await;
    let first = invite(&stores, 5, 1).await;
    let second = Link {
        id: LinkId(invitation(1, 6).id.0),
        ..first.clone()
    };
    let entry = audit_entry(first.workspace, "user.invite");
    let made = stores.links.create_link(&second, &[2; 32], &entry).await;
    made.expect("created");
    let find = async |hash| {
        let found = stores.links.link(&[hash; 32], first.created_at).await;
        found.expect("asked")
    };
    assert_eq!(find(1).await, None);
    assert_eq!(find(2).await, Some(second));
}

pub async fn an_invitation_makes_one_user_once(stores: Stores) {
    let owner = owner(&stores).await;
    let link = invite(&stores, 5, 1).await;
    let results = race(|n| {
        let (links, at) = (stores.links.clone(), link.created_at);
        let user = User {
            email: user(1, 5).email,
            role: Role::Analyst,
            ..user(1, 100 + n)
        };
        async move {
            let entry = audit_entry(user.workspace, "user.join");
            let hash = &[1; 32];
            links
                .accept_invitation(hash, at, &user, "hash", &entry)
                .await
        }
    })
    .await;
    assert_eq!(results.iter().filter(|r| r.is_ok()).count(), 1);
    for error in results.iter().filter_map(|r| r.as_ref().err()) {
        assert_eq!(error.kind, Kind::NotFound, "{error}");
    }
    let members = stores.members.members(owner.workspace).await;
    assert_eq!(members.expect("listed").len(), 2);
    assert_eq!(
        actions(&stores, owner.workspace).await,
        ["user.invite", "user.join"]
    );
}

pub async fn a_taken_address_does_not_spend_the_invitation(stores: Stores) {
    let owner = owner(&stores).await;
    let link = invite(&stores, 1, 1).await;
    let twin = User {
        email: owner.email,
        ..user(1, 9)
    };
    let entry = audit_entry(link.workspace, "user.join");
    let accepted = stores
        .links
        .accept_invitation(&[1; 32], link.created_at, &twin, "hash", &entry)
        .await;
    refused(accepted, Kind::Conflict);
    let open = stores.links.link(&[1; 32], link.created_at).await;
    assert_eq!(open.expect("asked"), Some(link));
}

pub async fn an_expired_or_revoked_invitation_lets_nobody_in(stores: Stores) {
    owner(&stores).await;
    let link = invite(&stores, 5, 1).await;
    let entry = audit_entry(link.workspace, "user.join");
    let accept = async |when| {
        stores
            .links
            .accept_invitation(&[1; 32], when, &user(1, 5), "hash", &entry)
            .await
    };
    refused(accept(link.expires_at).await, Kind::NotFound);
    let elsewhere = user(2, 2).workspace;
    let entry = audit_entry(elsewhere, "user.uninvite");
    let revoked = stores.links.revoke_link(elsewhere, link.id, &entry).await;
    refused(revoked, Kind::NotFound);
    let entry = audit_entry(link.workspace, "user.uninvite");
    let revoked = stores
        .links
        .revoke_link(link.workspace, link.id, &entry)
        .await;
    revoked.expect("revoked");
    refused(accept(link.created_at).await, Kind::NotFound);
    assert_eq!(
        actions(&stores, link.workspace).await,
        ["user.invite", "user.uninvite"]
    );
}

pub async fn a_reset_sets_the_password_once_and_ends_all_sessions(stores: Stores) {
    let (owner, other) = with(&stores, Role::Viewer).await;
    let open = session(&other, 1);
    let kept = stores.credentials.create_session(&open, &[]).await;
    kept.expect("created");
    let link = Link {
        kind: LinkKind::PasswordReset,
        email: other.email.clone(),
        user: Some(other.id),
        ..invitation(1, 2)
    };
    let entry = audit_entry(owner.workspace, "user.reset");
    let made = stores.links.create_link(&link, &[4; 32], &entry).await;
    made.expect("created");
    // It is no invitation.
    let accepted = stores
        .links
        .accept_invitation(&[4; 32], link.created_at, &user(1, 9), "hash", &entry)
        .await;
    refused(accepted, Kind::NotFound);
    let results = race(|n| {
        let (links, at) = (stores.links.clone(), link.created_at);
        let entry = entry.clone();
        async move {
            let hash = format!("new {n}");
            links.accept_reset(&[4; 32], at, &hash, &entry).await
        }
    })
    .await;
    assert_eq!(results.iter().filter(|r| r.is_ok()).count(), 1);
    let winner = results.iter().position(Result::is_ok).expect("one") + 1;
    let found = stores.accounts.user_by_email(&other.email).await;
    let (_, hash) = found.expect("asked").expect("there");
    assert_eq!(hash, format!("new {winner}"));
    let ended = stores
        .credentials
        .session(&open.hash, open.created_at)
        .await;
    assert_eq!(ended.expect("asked"), None);
}

pub async fn who_set_their_password_is_owed_no_letter_about_it(stores: Stores) {
    let (owner, other) = with(&stores, Role::Viewer).await;
    let link = Link {
        kind: LinkKind::PasswordReset,
        email: other.email.clone(),
        user: Some(other.id),
        ..invitation(1, 2)
    };
    let now = link.created_at;
    let entry = audit_entry(owner.workspace, "user.reset");
    let made = stores.links.create_link(&link, &[4; 32], &entry).await;
    made.expect("created");
    let owe = async |id: LetterId, errand: Errand| {
        let letter = OwedLetter {
            id,
            errand,
            created_at: now,
            attempts: 0,
        };
        stores.letters.owe_letter(&letter, now).await.expect("owed");
    };
    let forgotten = |email: &Email| Errand::Forgotten {
        email: email.clone(),
    };
    let letter = |number| LetterId(user(1, number).id.0);
    owe(letter(1), forgotten(&other.email)).await;
    owe(letter(2), forgotten(&owner.email)).await;
    let about_the_link = Errand::Link {
        workspace: link.workspace,
        link: link.id,
        email: other.email.clone(),
    };
    owe(letter(3), about_the_link).await;
    owe(letter(4), forgotten(&other.email)).await;
    let accepted = stores.links.accept_reset(&[4; 32], now, "new", &entry);
    accepted.await.expect("accepted");
    let mut left = Vec::new();
    while let Some(owed) = {
        let claimed = stores.letters.claim_letter(now, now + Duration::minutes(1));
        claimed.await.expect("asked")
    } {
        left.push(owed.id);
    }
    left.sort_unstable();
    assert_eq!(left, [letter(2), letter(3)]);
}

#[macro_export]
macro_rules! link_laws {
    ($make:ident) => {
        $crate::laws!(
            links,
            $make,
            [
                a_link_is_open_until_it_expires,
                a_new_link_replaces_the_one_before,
                an_invitation_makes_one_user_once,
                a_taken_address_does_not_spend_the_invitation,
                an_expired_or_revoked_invitation_lets_nobody_in,
                a_reset_sets_the_password_once_and_ends_all_sessions,
                who_set_their_password_is_owed_no_letter_about_it,
            ]
        );
    };
}
