//! Laws of [`ports::passkeys::Passkeys`].

use super::members::{actions, with};
use super::tools::{one_wins, race, refused};
use crate::Stores;
use crate::builders::{at, audit_entry, user};
use chrono::{DateTime, Duration, Utc};
use domain::ids::PasskeyId;
use domain::passkey::Passkey;
use domain::people::{Role, User};
use ports::Kind;
use ports::passkeys::Ceremony;

fn now() -> DateTime<Utc> {
    at("2026-02-01T12:00:00Z")
}

fn passkey(user: &User, number: u8) -> Passkey {
    Passkey {
        id: PasskeyId(crate::builders::user(8, number.into()).id.0),
        user: user.id,
        name: format!("Device {number}"),
        credential: vec![number; 32],
        key: vec![0, number],
        state: vec![1, 0],
        created_at: now() + Duration::seconds(number.into()),
        last_used_at: None,
    }
}

pub async fn a_passkey_is_found_by_its_person_and_its_credential(stores: Stores) {
    let (owner, other) = with(&stores, Role::Viewer).await;
    let passkeys = &stores.passkeys;
    let (first, second, theirs) = (passkey(&owner, 1), passkey(&owner, 2), passkey(&other, 3));
    for passkey in [&second, &first, &theirs] {
        let entry = audit_entry(owner.workspace, "passkey.add");
        let added = passkeys.add_passkey(passkey, &entry).await;
        added.expect("added");
    }
    let own = passkeys.passkeys(owner.id).await.expect("listed");
    assert_eq!(own, [first.clone(), second]);
    let found = passkeys.passkey(&[3; 32]).await.expect("asked");
    assert_eq!(found, Some(theirs));
    assert_eq!(passkeys.passkey(&[3; 31]).await.expect("asked"), None);
    assert_eq!(passkeys.passkey(&[]).await.expect("asked"), None);
    let again = Passkey {
        id: passkey(&other, 9).id,
        user: other.id,
        ..first
    };
    let entry = audit_entry(owner.workspace, "passkey.add");
    let known = passkeys.add_passkey(&again, &entry).await;
    refused(known, Kind::Conflict);
    assert_eq!(actions(&stores, owner.workspace).await.len(), 3);
}

pub async fn one_credential_is_one_passkey(stores: Stores) {
    let (owner, _) = with(&stores, Role::Viewer).await;
    let results = race(|n| {
        let passkeys = stores.passkeys.clone();
        let one = Passkey {
            id: PasskeyId(user(8, 100 + n).id.0),
            ..passkey(&owner, 1)
        };
        let entry = audit_entry(owner.workspace, "passkey.add");
        async move { passkeys.add_passkey(&one, &entry).await }
    })
    .await;
    one_wins(&results);
    assert_eq!(actions(&stores, owner.workspace).await, ["passkey.add"]);
}

pub async fn a_passkey_is_changed_by_its_person_alone(stores: Stores) {
    let (owner, other) = with(&stores, Role::Viewer).await;
    let passkeys = &stores.passkeys;
    let own = passkey(&owner, 1);
    let entry = |action| audit_entry(owner.workspace, action);
    let added = passkeys.add_passkey(&own, &entry("passkey.add")).await;
    added.expect("added");
    let rename = entry("passkey.rename");
    let renamed = passkeys
        .rename_passkey(other.id, own.id, "Mine", &rename)
        .await;
    refused(renamed, Kind::NotFound);
    let renamed = passkeys
        .rename_passkey(owner.id, own.id, "Phone", &rename)
        .await;
    renamed.expect("renamed");
    let found = passkeys.passkey(&own.credential).await.expect("asked");
    assert_eq!(found.expect("there").name, "Phone");
    let remove = entry("passkey.remove");
    let removed = passkeys.remove_passkey(other.id, own.id, &remove).await;
    refused(removed, Kind::NotFound);
    let removed = passkeys.remove_passkey(owner.id, own.id, &remove).await;
    removed.expect("removed");
    let removed = passkeys.remove_passkey(owner.id, own.id, &remove).await;
    refused(removed, Kind::NotFound);
    let found = passkeys.passkey(&own.credential).await.expect("asked");
    assert_eq!(found, None);
    assert_eq!(
        actions(&stores, owner.workspace).await,
        ["passkey.add", "passkey.rename", "passkey.remove"],
        "what was refused left none"
    );
}

pub async fn a_count_of_uses_never_goes_back(stores: Stores) {
    let (owner, _) = with(&stores, Role::Viewer).await;
    let own = passkey(&owner, 1);
    let entry = audit_entry(owner.workspace, "passkey.add");
    let added = stores.passkeys.add_passkey(&own, &entry).await;
    added.expect("added");
    let results = race(|n| {
        let passkeys = stores.passkeys.clone();
        let (id, after) = (own.id, vec![2, u8::try_from(n).expect("few")]);
        async move { passkeys.use_passkey(id, &[1, 0], &after, now()).await }
    })
    .await;
    let won = results.iter().filter(|r| matches!(r, Ok(true))).count();
    assert_eq!(won, 1);
    assert!(results.iter().all(Result::is_ok));
    let found = stores.passkeys.passkey(&own.credential).await;
    let found = found.expect("asked").expect("there");
    assert_eq!(found.last_used_at, Some(now()));
    assert_eq!(found.state[0], 2);
    // An authenticator that does not count.
    let (state, later) = (&found.state, now() + Duration::hours(1));
    let same = stores.passkeys.use_passkey(own.id, state, state, later);
    assert!(same.await.expect("asked"));
    let gone = PasskeyId(user(8, 99).id.0);
    let used = stores.passkeys.use_passkey(gone, state, state, later).await;
    assert!(!used.expect("asked"));
}

pub async fn a_challenge_is_answered_once_and_in_time(stores: Stores) {
    let passkeys = &stores.passkeys;
    let signing_in = Ceremony {
        user: None,
        state: vec![7; 40],
        expires_at: now() + Duration::minutes(5),
    };
    let enrolling = Ceremony {
        user: Some(user(1, 1).id),
        ..signing_in.clone()
    };
    for (ceremony, hash) in [(&signing_in, [1; 32]), (&enrolling, [2; 32])] {
        let put = passkeys.put_ceremony(ceremony, &hash, now()).await;
        put.expect("put");
    }
    let late = passkeys.take_ceremony(&[2; 32], signing_in.expires_at);
    assert_eq!(late.await.expect("asked"), None);
    let unknown = passkeys.take_ceremony(&[3; 32], now()).await;
    assert_eq!(unknown.expect("asked"), None);
    let results = race(|_| {
        let passkeys = stores.passkeys.clone();
        async move { passkeys.take_ceremony(&[1; 32], now()).await }
    })
    .await;
    let taken: Vec<_> = results
        .into_iter()
        .filter_map(|r| r.expect("asked"))
        .collect();
    assert_eq!(taken, [signing_in]);
}

#[macro_export]
macro_rules! passkey_laws {
    ($make:ident) => {
        $crate::laws!(
            passkeys,
            $make,
            [
                a_passkey_is_found_by_its_person_and_its_credential,
                one_credential_is_one_passkey,
                a_passkey_is_changed_by_its_person_alone,
                a_count_of_uses_never_goes_back,
                a_challenge_is_answered_once_and_in_time,
            ]
        );
    };
}
