//! Laws of [`ports::identities::Identities`].

use super::members::{actions, owner, with};
use super::tools::{one_wins, race, refused};
use crate::Stores;
use crate::builders::{at, audit_entry, user};
use chrono::Duration;
use domain::people::{Role, User};
use ports::Kind;
use ports::identities::Journey;

const ISSUER: &str = "https://id.example.com/realms/shop";

fn journey() -> Journey {
    Journey {
        nonce: "a nonce".to_owned(),
        verifier: "a verifier".to_owned(),
        next: "/orders?has=refund".to_owned(),
        expires_at: at("2026-02-01T12:10:00Z"),
    }
}

pub async fn a_journey_ends_once_and_in_time(stores: Stores) {
    let (identities, journey) = (&stores.identities, journey());
    let now = journey.expires_at - Duration::minutes(10);
    for hash in [[1; 32], [2; 32]] {
        let put = identities.put_journey(&journey, &hash, now).await;
        put.expect("put");
    }
    let late = identities.take_journey(&[2; 32], journey.expires_at).await;
    assert_eq!(late.expect("asked"), None);
    let unknown = identities.take_journey(&[3; 32], now).await;
    assert_eq!(unknown.expect("asked"), None);
    let results = race(|_| {
        let identities = stores.identities.clone();
        async move { identities.take_journey(&[1; 32], now).await }
    })
    .await;
    let taken: Vec<_> = results
        .into_iter()
        .filter_map(|r| r.expect("asked"))
        .collect();
    assert_eq!(taken, [journey]);
}

pub async fn an_identity_is_one_user(stores: Stores) {
    let (owner, other) = with(&stores, Role::Viewer).await;
    let identities = &stores.identities;
    let entry = audit_entry(owner.workspace, "user.identity");
    let link = async |subject: &str, user: &User| {
        identities
            .link_identity(ISSUER, subject, user.id, &entry)
            .await
    };
    let find = async |issuer: &str, subject: &str| {
        let found = identities.identity_user(issuer, subject).await;
        found.expect("asked")
    };
    assert_eq!(find(ISSUER, "sub-1").await, None);
    link("sub-1", &owner).await.expect("linked");
    refused(link("sub-1", &other).await, Kind::Conflict);
    refused(link("sub-1", &owner).await, Kind::Conflict);
    link("Sub-1", &other).await.expect("case matters");
    assert_eq!(find(ISSUER, "sub-1").await, Some(owner.id));
    assert_eq!(find(ISSUER, "Sub-1").await, Some(other.id));
    let elsewhere = find("https://elsewhere.example.com", "sub-1").await;
    assert_eq!(elsewhere, None, "another issuer's subjects are others");
    assert_eq!(
        actions(&stores, owner.workspace).await,
        ["user.identity", "user.identity"]
    );
}

pub async fn a_new_person_comes_with_their_identity_or_not_at_all(stores: Stores) {
    let owner = owner(&stores).await;
    let results = race(|n| {
        let identities = stores.identities.clone();
        let user = User {
            email: user(1, 5).email,
            role: Role::Analyst,
            ..user(1, 100 + n)
        };
        async move {
            let entry = audit_entry(user.workspace, "user.join");
            let subject = format!("sub-{n}");
            identities
                .create_identity(ISSUER, &subject, &user, &entry)
                .await
        }
    })
    .await;
    one_wins(&results);
    let taken = User {
        email: user(1, 6).email,
        ..user(1, 200)
    };
    let winner = results.iter().position(Result::is_ok).expect("one") + 1;
    let entry = audit_entry(taken.workspace, "user.join");
    let again = stores
        .identities
        .create_identity(ISSUER, &format!("sub-{winner}"), &taken, &entry)
        .await;
    refused(again, Kind::Conflict);
    let members = stores.members.members(owner.workspace).await;
    assert_eq!(members.expect("listed").len(), 2, "nobody came by halves");
    let found = stores.accounts.user_by_email(&user(1, 5).email).await;
    let (found, hash) = found.expect("asked").expect("there");
    assert_eq!(found.role, Role::Analyst);
    assert!(!hash.starts_with('$'), "there is no password that fits");
    assert_eq!(actions(&stores, owner.workspace).await, ["user.join"]);
}

#[macro_export]
macro_rules! identity_laws {
    ($make:ident) => {
        $crate::laws!(
            identities,
            $make,
            [
                a_journey_ends_once_and_in_time,
                an_identity_is_one_user,
                a_new_person_comes_with_their_identity_or_not_at_all,
            ]
        );
    };
}
