//! Laws of [`ports::second_factors::SecondFactors`].

use super::members::{actions, with};
use super::tools::{race, refused};
use crate::Stores;
use crate::builders::{at, audit_entry, user};
use chrono::{DateTime, Duration, Utc};
use domain::ids::EnrolmentId;
use domain::people::{Role, User};
use domain::second_factor::{PendingSignIn, wait_after};
use ports::Kind;

const FIRST: i64 = 58_000_000;

fn now() -> DateTime<Utc> {
    at("2026-02-01T12:00:00Z")
}

fn enrolment(number: u32) -> EnrolmentId {
    EnrolmentId(user(9, number).id.0)
}

async fn enrol(stores: &Stores, user: &User, number: u32) -> Option<EnrolmentId> {
    let made = stores
        .second_factors
        .enrol(user.id, enrolment(number), now());
    made.await.expect("enrolled")
}

/// With two recovery codes, and the code of the first step accepted.
async fn protected(stores: &Stores) -> User {
    let (_, person) = with(stores, Role::Viewer).await;
    enrol(stores, &person, 1).await;
    let entry = audit_entry(person.workspace, "user.second_factor");
    let codes = [[1; 32], [2; 32]];
    let confirmed =
        stores
            .second_factors
            .confirm_factor(person.id, enrolment(1), FIRST, now(), &codes, &entry);
    confirmed.await.expect("confirmed");
    person
}

pub async fn an_enrolment_counts_when_it_is_confirmed(stores: Stores) {
    let (owner, person) = with(&stores, Role::Viewer).await;
    let factors = &stores.second_factors;
    assert_eq!(factors.second_factor(person.id).await.expect("asked"), None);
    assert_eq!(enrol(&stores, &person, 1).await, None);
    assert_eq!(enrol(&stores, &person, 2).await, Some(enrolment(1)));
    let found = factors.second_factor(person.id).await.expect("asked");
    let found = found.expect("there");
    assert_eq!((found.enrolment, found.confirmed_at), (enrolment(2), None));
    let protected = async || {
        let all = factors.protected_users(owner.workspace).await;
        all.expect("listed")
    };
    assert!(protected().await.is_empty());
    let entry = audit_entry(person.workspace, "user.second_factor");
    let confirm = async |number| {
        factors
            .confirm_factor(
                person.id,
                enrolment(number),
                FIRST,
                now(),
                &[[7; 32]],
                &entry,
            )
            .await
    };
    refused(confirm(1).await, Kind::NotFound);
    confirm(2).await.expect("confirmed");
    refused(confirm(2).await, Kind::NotFound);
    let found = factors.second_factor(person.id).await.expect("asked");
    let found = found.expect("there");
    assert_eq!(found.confirmed_at, Some(now()));
    assert_eq!(found.recovery_codes_left, 1);
    assert_eq!(protected().await, [person.id]);
    let elsewhere = factors.protected_users(user(2, 2).workspace).await;
    assert!(elsewhere.expect("listed").is_empty());
    refused(
        factors.enrol(person.id, enrolment(3), now()).await,
        Kind::Conflict,
    );
    assert_eq!(
        actions(&stores, owner.workspace).await,
        ["user.second_factor"]
    );
}

pub async fn a_step_is_accepted_once_and_none_before_it(stores: Stores) {
    let person = protected(&stores).await;
    let accept = async |step| {
        let factors = &stores.second_factors;
        let accepted = factors.accept_step(person.id, enrolment(1), step).await;
        accepted.expect("asked")
    };
    assert!(!accept(FIRST).await, "it confirmed the enrolment");
    assert!(!accept(FIRST - 1).await);
    assert!(accept(FIRST + 2).await);
    assert!(!accept(FIRST + 2).await);
    assert!(!accept(FIRST + 1).await);
    let other = stores
        .second_factors
        .accept_step(person.id, enrolment(2), FIRST + 9);
    assert!(!other.await.expect("asked"), "another enrolment's");
    let results = race(|_| {
        let (factors, id) = (stores.second_factors.clone(), person.id);
        async move { factors.accept_step(id, enrolment(1), FIRST + 5).await }
    })
    .await;
    let won = results.iter().filter(|r| matches!(r, Ok(true))).count();
    assert_eq!(won, 1);
    assert!(results.iter().all(Result::is_ok));
}

pub async fn a_recovery_code_is_accepted_once(stores: Stores) {
    let person = protected(&stores).await;
    let results = race(|_| {
        let (factors, id) = (stores.second_factors.clone(), person.id);
        let entry = audit_entry(person.workspace, "user.recovery_code");
        async move { factors.accept_recovery(id, &[1; 32], &entry).await }
    })
    .await;
    let won = results.iter().filter(|r| matches!(r, Ok(true))).count();
    assert_eq!(won, 1);
    let factors = &stores.second_factors;
    let entry = audit_entry(person.workspace, "user.recovery_codes");
    let replaced = factors.replace_recovery(person.id, &[[3; 32]], &entry);
    replaced.await.expect("replaced");
    let old = factors.accept_recovery(person.id, &[2; 32], &entry).await;
    assert!(!old.expect("asked"), "the old ones are worth nothing");
    let found = factors.second_factor(person.id).await.expect("asked");
    assert_eq!(found.expect("there").recovery_codes_left, 1);
    assert_eq!(
        actions(&stores, person.workspace).await,
        [
            "user.second_factor",
            "user.recovery_code",
            "user.recovery_codes"
        ]
    );
}

pub async fn tries_are_counted_before_they_are_looked_at(stores: Stores) {
    let person = protected(&stores).await;
    let results = race(|_| {
        let (factors, id) = (stores.second_factors.clone(), person.id);
        async move { factors.take_try(id, now()).await }
    })
    .await;
    let allowed = results.iter().filter(|r| matches!(r, Ok(None))).count();
    assert_eq!(allowed, 5, "the fifth in a row makes the others wait");
    let factors = &stores.second_factors;
    let again = now() + wait_after(5).expect("a wait");
    let take = async |when| factors.take_try(person.id, when).await.expect("asked");
    assert_eq!(take(again - Duration::seconds(1)).await, Some(again));
    assert_eq!(take(again).await, None);
    let accepted = factors.accept_step(person.id, enrolment(1), FIRST + 1);
    assert!(accepted.await.expect("asked"));
    assert_eq!(take(again).await, None, "a right code forgets them");
    refused(factors.take_try(user(1, 1).id, now()).await, Kind::NotFound);
}

pub async fn a_removed_factor_takes_its_codes_along(stores: Stores) {
    let person = protected(&stores).await;
    let factors = &stores.second_factors;
    let pending = PendingSignIn {
        user: person.id,
        expires_at: now() + Duration::minutes(5),
    };
    let made = factors.create_pending(&pending, &[9; 32], now()).await;
    made.expect("created");
    let entry = audit_entry(person.workspace, "user.second_factor_off");
    let removed = factors.remove_factor(person.id, &entry).await;
    assert_eq!(removed.expect("removed"), enrolment(1));
    refused(
        factors.remove_factor(person.id, &entry).await,
        Kind::NotFound,
    );
    refused(
        factors.replace_recovery(person.id, &[], &entry).await,
        Kind::NotFound,
    );
    let left = factors.pending(&[9; 32], now()).await.expect("asked");
    assert_eq!(left, None);
    let code = factors.accept_recovery(person.id, &[1; 32], &entry).await;
    assert!(!code.expect("asked"));
    assert_eq!(factors.second_factor(person.id).await.expect("asked"), None);
    assert_eq!(
        actions(&stores, person.workspace).await,
        ["user.second_factor", "user.second_factor_off"]
    );
}

pub async fn a_pending_sign_in_expires_and_ends_once(stores: Stores) {
    let person = protected(&stores).await;
    let factors = &stores.second_factors;
    let pending = PendingSignIn {
        user: person.id,
        expires_at: now() + Duration::minutes(5),
    };
    let made = factors.create_pending(&pending, &[9; 32], now()).await;
    made.expect("created");
    let find = async |hash, when| factors.pending(&[hash; 32], when).await.expect("asked");
    let last = pending.expires_at - Duration::seconds(1);
    assert_eq!(find(9, last).await, Some(pending.clone()));
    assert_eq!(find(8, last).await, None);
    assert_eq!(find(9, pending.expires_at).await, None);
    let results = race(|_| {
        let factors = stores.second_factors.clone();
        async move { factors.end_pending(&[9; 32]).await }
    })
    .await;
    let won = results.iter().filter(|r| matches!(r, Ok(true))).count();
    assert_eq!(won, 1);
    assert_eq!(find(9, now()).await, None);
}

#[macro_export]
macro_rules! second_factor_laws {
    ($make:ident) => {
        $crate::laws!(
            second_factors,
            $make,
            [
                an_enrolment_counts_when_it_is_confirmed,
                a_step_is_accepted_once_and_none_before_it,
                a_recovery_code_is_accepted_once,
                tries_are_counted_before_they_are_looked_at,
                a_removed_factor_takes_its_codes_along,
                a_pending_sign_in_expires_and_ends_once,
            ]
        );
    };
}
