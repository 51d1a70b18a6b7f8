//! Laws of [`ports::idempotency::Idempotency`].

use super::tools::race;
use crate::Stores;
use crate::builders::{at, user};
use chrono::{DateTime, Duration, Utc};
use ports::idempotency::{Claim, RequestKey, StoredAnswer};

fn key(name: &str) -> RequestKey {
    RequestKey {
        workspace: user(1, 1).workspace,
        principal: "u-1".into(),
        route: "POST /v1/syncs".into(),
        key: name.into(),
    }
}

fn now() -> DateTime<Utc> {
    at("2026-02-01T12:00:00Z")
}

fn answer() -> StoredAnswer {
    StoredAnswer {
        status: 201,
        content_type: Some("application/json".into()),
        location: None,
        body: b"{\"id\":\"\xc3\xa4\"}".to_vec(),
    }
}

async fn claim(stores: &Stores, key: &RequestKey, print: u8, when: DateTime<Utc>) -> Claim {
    let until = when + Duration::minutes(1);
    let claimed = stores
        .idempotency
        .claim(key, &[print; 32], when, until)
        .await;
    claimed.expect("claimed")
}

pub async fn a_key_is_done_once_and_answered_again(stores: Stores) {
    let key = key("a");
    assert_eq!(claim(&stores, &key, 1, now()).await, Claim::Mine);
    assert_eq!(claim(&stores, &key, 1, now()).await, Claim::Running);
    assert_eq!(claim(&stores, &key, 2, now()).await, Claim::Different);
    let done = stores.idempotency.finish(&key, &answer()).await;
    done.expect("finished");
    let later = now() + Duration::days(1);
    assert_eq!(claim(&stores, &key, 1, later).await, Claim::Done(answer()));
    assert_eq!(claim(&stores, &key, 2, later).await, Claim::Different);
}

pub async fn of_many_at_once_one_does_it(stores: Stores) {
    let claims = race(|_| {
        let idempotency = stores.idempotency.clone();
        async move {
            let until = now() + Duration::minutes(1);
            let claim = idempotency.claim(&key("a"), &[1; 32], now(), until).await;
            claim.expect("claimed")
        }
    })
    .await;
    let mine = claims.iter().filter(|c| **c == Claim::Mine).count();
    let running = claims.iter().filter(|c| **c == Claim::Running).count();
    assert_eq!((mine, running), (1, claims.len() - 1));
}

pub async fn another_caller_route_or_workspace_is_another_key(stores: Stores) {
    let base = key("a");
    assert_eq!(claim(&stores, &base, 1, now()).await, Claim::Mine);
    let others = [
        RequestKey {
            workspace: user(2, 1).workspace,
            ..base.clone()
        },
        RequestKey {
            principal: "u-2".into(),
            ..base.clone()
        },
        RequestKey {
            route: "POST /v1/other".into(),
            ..base.clone()
        },
        key("b"),
    ];
    for other in &others {
        assert_eq!(claim(&stores, other, 2, now()).await, Claim::Mine);
    }
}

pub async fn a_released_claim_is_free_and_a_finished_one_is_not(stores: Stores) {
    let key = key("a");
    let release = async || stores.idempotency.release(&key).await.expect("released");
    assert_eq!(claim(&stores, &key, 1, now()).await, Claim::Mine);
    release().await;
    assert_eq!(claim(&stores, &key, 2, now()).await, Claim::Mine);
    let done = stores.idempotency.finish(&key, &answer()).await;
    done.expect("finished");
    release().await;
    assert_eq!(claim(&stores, &key, 2, now()).await, Claim::Done(answer()));
}

pub async fn a_claim_of_a_dead_process_is_free_again(stores: Stores) {
    let key = key("a");
    assert_eq!(claim(&stores, &key, 1, now()).await, Claim::Mine);
    let early = now() + Duration::seconds(59);
    assert_eq!(claim(&stores, &key, 1, early).await, Claim::Running);
    let late = now() + Duration::seconds(61);
    assert_eq!(claim(&stores, &key, 1, late).await, Claim::Mine);
    assert_eq!(claim(&stores, &key, 1, late).await, Claim::Running);
}

pub async fn a_claim_lasts_as_long_as_it_is_extended(stores: Stores) {
    let (key, other) = (key("a"), key("b"));
    assert_eq!(claim(&stores, &key, 1, now()).await, Claim::Mine);
    let (long, late) = (now() + Duration::minutes(3), now() + Duration::minutes(2));
    let extend = async |key: &RequestKey| {
        let extended = stores.idempotency.extend(key, long).await;
        extended.expect("extended");
    };
    extend(&key).await;
    assert_eq!(claim(&stores, &key, 1, late).await, Claim::Running);
    assert_eq!(claim(&stores, &key, 1, long).await, Claim::Mine);
    // Nothing is made by it, and nothing undone.
    extend(&other).await;
    assert_eq!(claim(&stores, &other, 1, now()).await, Claim::Mine);
    let done = stores.idempotency.finish(&key, &answer()).await;
    done.expect("finished");
    extend(&key).await;
    assert_eq!(claim(&stores, &key, 1, late).await, Claim::Done(answer()));
}

pub async fn old_keys_are_forgotten(stores: Stores) {
    let later = now() + Duration::days(1);
    assert_eq!(claim(&stores, &key("old"), 1, now()).await, Claim::Mine);
    assert_eq!(claim(&stores, &key("young"), 1, later).await, Claim::Mine);
    let forget = async || stores.idempotency.forget(later).await.expect("forgotten");
    assert_eq!(forget().await, 1);
    assert_eq!(forget().await, 0);
    assert_eq!(claim(&stores, &key("old"), 2, later).await, Claim::Mine);
    assert_eq!(
        claim(&stores, &key("young"), 1, later).await,
        Claim::Running
    );
}

#[macro_export]
macro_rules! idempotency_laws {
    ($make:ident) => {
        $crate::laws!(
            idempotency,
            $make,
            [
                a_key_is_done_once_and_answered_again,
                of_many_at_once_one_does_it,
                another_caller_route_or_workspace_is_another_key,
                a_released_claim_is_free_and_a_finished_one_is_not,
                a_claim_of_a_dead_process_is_free_again,
                a_claim_lasts_as_long_as_it_is_extended,
                old_keys_are_forgotten,
            ]
        );
    };
}
