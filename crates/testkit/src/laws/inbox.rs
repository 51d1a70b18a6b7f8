//! Laws of [`ports::inbox::Inbox`].

use super::tools::{connected, race};
use crate::Stores;
use crate::builders::{at, connection};
use chrono::{DateTime, Duration, Utc};
use domain::ids::ConnectionId;
use ports::inbox::{Accepted, Claimed, Delivery, InboxState};
use ports::traces::TraceContext;

fn start() -> DateTime<Utc> {
    at("2026-02-01T12:00:00Z")
}

fn lease() -> Duration {
    Duration::seconds(30)
}

/// Received `second` seconds after the start; its key is the topic and the second.
fn delivery(connection: ConnectionId, second: i64) -> Delivery {
    Delivery {
        connection,
        topic: "orders/updated".to_owned(),
        dedupe_key: format!("orders/updated:{second}"),
        delivery_id: Some(format!("d-{second}")),
        triggered_at: Some(start() + Duration::seconds(second) - Duration::milliseconds(250)),
        received_at: start() + Duration::seconds(second),
        body: vec![b'{', 0, 0xFF, b'}'],
        trace: None,
    }
}

async fn shop(stores: &Stores, number: u32) -> ConnectionId {
    connected(stores, 1, number).await;
    connection(1, number).id
}

async fn accept(stores: &Stores, delivery: &Delivery) -> Accepted {
    stores.inbox.accept(delivery).await.expect("answered")
}

async fn claim(stores: &Stores, second: i64, limit: u32) -> Vec<Claimed> {
    let now = start() + Duration::seconds(second);
    stores
        .inbox
        .claim(now, lease(), limit)
        .await
        .expect("claimed")
}

pub async fn a_claimed_delivery_is_the_accepted_one(stores: Stores) {
    let connection = shop(&stores, 1).await;
    let sent = Delivery {
        delivery_id: None,
        triggered_at: None,
        trace: TraceContext::parse("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
        ..delivery(connection, 1)
    };
    assert!(sent.trace.is_some());
    for delivery in [&sent, &delivery(connection, 2)] {
        assert_eq!(accept(&stores, delivery).await, Accepted::New);
        let claimed = claim(&stores, 5, 10).await;
        assert_eq!(claimed.len(), 1);
        assert_eq!((&claimed[0].delivery, claimed[0].attempt), (delivery, 1));
    }
}

pub async fn equal_keys_of_one_connection_are_duplicates(stores: Stores) {
    let (first, second) = (shop(&stores, 1).await, shop(&stores, 2).await);
    assert_eq!(accept(&stores, &delivery(first, 1)).await, Accepted::New);
    let again = Delivery {
        received_at: start() + Duration::hours(1),
        delivery_id: Some("other".to_owned()),
        ..delivery(first, 1)
    };
    assert_eq!(accept(&stores, &again).await, Accepted::Duplicate);
    assert_eq!(accept(&stores, &delivery(second, 1)).await, Accepted::New);
    assert_eq!(claim(&stores, 5, 10).await.len(), 2);
}

pub async fn of_equal_keys_at_once_exactly_one_is_new(stores: Stores) {
    let connection = shop(&stores, 1).await;
    let results = race(|_| {
        let (inbox, delivery) = (stores.inbox.clone(), delivery(connection, 1));
        async move { inbox.accept(&delivery).await }
    })
    .await;
    let answers: Vec<_> = results.into_iter().map(|r| r.expect("answered")).collect();
    let new = answers.iter().filter(|a| **a == Accepted::New).count();
    assert_eq!(new, 1);
    assert_eq!(claim(&stores, 5, 50).await.len(), 1);
}

pub async fn claims_are_oldest_first_and_limited(stores: Stores) {
    let connection = shop(&stores, 1).await;
    for second in [3, 1, 4, 2] {
        accept(&stores, &delivery(connection, second)).await;
    }
    let keys = |claimed: Vec<Claimed>| -> Vec<_> {
        claimed
            .into_iter()
            .map(|c| c.delivery.received_at - start())
            .collect()
    };
    let seconds = |all: &[i64]| {
        all.iter()
            .map(|s| Duration::seconds(*s))
            .collect::<Vec<_>>()
    };
    assert_eq!(keys(claim(&stores, 10, 3).await), seconds(&[1, 2, 3]));
    assert_eq!(keys(claim(&stores, 10, 3).await), seconds(&[4]));
    assert!(claim(&stores, 10, 3).await.is_empty());
}

pub async fn a_claim_hides_until_its_lease_ends(stores: Stores) {
    let connection = shop(&stores, 1).await;
    accept(&stores, &delivery(connection, 0)).await;
    let first = claim(&stores, 1, 10).await;
    assert!(claim(&stores, 30, 10).await.is_empty());
    let again = claim(&stores, 32, 10).await;
    assert_eq!(again.len(), 1, "it was not settled in time");
    assert_eq!((again[0].id, again[0].attempt), (first[0].id, 2));
}

pub async fn claims_at_once_share_nothing(stores: Stores) {
    let connection = shop(&stores, 1).await;
    for second in 1..=30 {
        accept(&stores, &delivery(connection, second)).await;
    }
    let results = race(|_| {
        let inbox = stores.inbox.clone();
        async move {
            inbox
                .claim(start() + Duration::minutes(1), lease(), 3)
                .await
        }
    })
    .await;
    let mut ids: Vec<_> = results
        .into_iter()
        .flat_map(|r| r.expect("claimed"))
        .map(|c| c.id)
        .collect();
    let claimed = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), claimed, "each was claimed by one");
    let rest = claim(&stores, 60, 50).await.len();
    assert_eq!(claimed + rest, 30);
}

pub async fn a_finished_delivery_never_comes_back_and_its_key_stays_known(stores: Stores) {
    let connection = shop(&stores, 1).await;
    accept(&stores, &delivery(connection, 0)).await;
    accept(&stores, &delivery(connection, 1)).await;
    let claimed = claim(&stores, 1, 1).await;
    let ids: Vec<_> = claimed.iter().map(|c| c.id).collect();
    stores
        .inbox
        .done(&ids, start() + Duration::seconds(2))
        .await
        .expect("settled");
    let later = claim(&stores, 100_000, 10).await;
    assert_eq!(later.len(), 1);
    assert_ne!(later[0].id, ids[0]);
    assert_eq!(
        accept(&stores, &delivery(connection, 0)).await,
        Accepted::Duplicate
    );
}

pub async fn a_failed_delivery_comes_back_when_it_is_due(stores: Stores) {
    let connection = shop(&stores, 1).await;
    accept(&stores, &delivery(connection, 0)).await;
    let id = claim(&stores, 1, 1).await[0].id;
    let again_at = start() + Duration::seconds(300);
    stores
        .inbox
        .failed(id, "no answer", Some(again_at))
        .await
        .expect("settled");
    assert!(
        claim(&stores, 299, 10).await.is_empty(),
        "even after the lease"
    );
    let again = claim(&stores, 301, 10).await;
    assert_eq!((again[0].id, again[0].attempt), (id, 2));
    let sooner = start() + Duration::seconds(302);
    stores
        .inbox
        .failed(id, "no answer", Some(sooner))
        .await
        .expect("settled");
    assert_eq!(
        claim(&stores, 303, 10).await.len(),
        1,
        "even before the lease ends"
    );
}

pub async fn a_delivery_that_was_given_up_is_dead_and_kept(stores: Stores) {
    let connection = shop(&stores, 1).await;
    accept(&stores, &delivery(connection, 0)).await;
    let id = claim(&stores, 1, 1).await[0].id;
    stores
        .inbox
        .failed(id, "nonsense", None)
        .await
        .expect("settled");
    assert!(claim(&stores, 100_000, 10).await.is_empty());
    assert_eq!(
        accept(&stores, &delivery(connection, 0)).await,
        Accepted::Duplicate
    );
    let pruned = stores.inbox.prune(start() + Duration::days(365)).await;
    assert_eq!(pruned.expect("pruned"), 0, "it was not finished");
    let state = stores.inbox.state(Some(connection)).await.expect("asked");
    assert_eq!((state.dead, state.pending), (1, 0));
}

pub async fn the_state_counts_what_waits(stores: Stores) {
    let (first, second) = (shop(&stores, 1).await, shop(&stores, 2).await);
    let empty = stores.inbox.state(None).await.expect("asked");
    assert_eq!(empty, InboxState::default());
    for second in 1..=4 {
        accept(&stores, &delivery(first, second)).await;
    }
    accept(&stores, &delivery(second, 9)).await;
    let claimed = claim(&stores, 20, 3).await;
    stores
        .inbox
        .done(&[claimed[0].id], start() + Duration::seconds(21))
        .await
        .expect("done");
    stores
        .inbox
        .failed(claimed[1].id, "no", None)
        .await
        .expect("failed");
    let second_at = |s| Some(start() + Duration::seconds(s));
    let of_first = stores.inbox.state(Some(first)).await.expect("asked");
    let expected = InboxState {
        pending: 2,
        oldest_pending: second_at(3),
        dead: 1,
        last_received: second_at(4),
    };
    assert_eq!(of_first, expected, "a claimed one still waits for its end");
    let of_all = stores.inbox.state(None).await.expect("asked");
    assert_eq!((of_all.pending, of_all.last_received), (3, second_at(9)));
}

pub async fn pruning_forgets_what_was_finished_before(stores: Stores) {
    let connection = shop(&stores, 1).await;
    for second in [1, 2, 3] {
        accept(&stores, &delivery(connection, second)).await;
    }
    let claimed = claim(&stores, 10, 2).await;
    for (claimed, second) in claimed.iter().zip([20, 40]) {
        let now = start() + Duration::seconds(second);
        stores.inbox.done(&[claimed.id], now).await.expect("done");
    }
    let pruned = stores.inbox.prune(start() + Duration::seconds(30)).await;
    assert_eq!(pruned.expect("pruned"), 1);
    assert_eq!(
        accept(&stores, &delivery(connection, 1)).await,
        Accepted::New
    );
    assert_eq!(
        accept(&stores, &delivery(connection, 2)).await,
        Accepted::Duplicate
    );
    assert_eq!(
        accept(&stores, &delivery(connection, 3)).await,
        Accepted::Duplicate
    );
}

#[macro_export]
macro_rules! inbox_laws {
    ($make:ident) => {
        $crate::laws!(
            inbox,
            $make,
            [
                a_claimed_delivery_is_the_accepted_one,
                equal_keys_of_one_connection_are_duplicates,
                of_equal_keys_at_once_exactly_one_is_new,
                claims_are_oldest_first_and_limited,
                a_claim_hides_until_its_lease_ends,
                claims_at_once_share_nothing,
                a_finished_delivery_never_comes_back_and_its_key_stays_known,
                a_failed_delivery_comes_back_when_it_is_due,
                a_delivery_that_was_given_up_is_dead_and_kept,
                the_state_counts_what_waits,
                pruning_forgets_what_was_finished_before,
            ]
        );
    };
}
