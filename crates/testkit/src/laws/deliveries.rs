//! Laws of [`ports::notices::DeliveryStore`].

use super::notices::{here, noon, record};
use super::tools::{one_claims, race, refused};
use crate::Stores;
use crate::builders::{delivery, news, scope, user};
use chrono::Duration;
use domain::notifications::{Delivery, DeliveryState, Notice, Recipient};
use ports::notices::{ClaimedDelivery, DeliveryFilter, Tried};
use ports::{Kind, PageRequest};

async fn owed(stores: &Stores, notice: &Notice, owed: &Delivery) {
    let planned = stores
        .notices
        .plan(notice, std::slice::from_ref(owed))
        .await;
    planned.expect("planned");
}

async fn one(stores: &Stores) -> Delivery {
    let begun = record(stores, &[news(1, 1)]).await;
    let message = delivery(1, 5, begun[0].id);
    owed(stores, &begun[0], &message).await;
    message
}

async fn claim(stores: &Stores, minutes: i64) -> Option<ClaimedDelivery> {
    let at = noon() + Duration::minutes(minutes);
    let claimed = stores
        .deliveries
        .claim_delivery(at, Duration::minutes(1))
        .await;
    claimed.expect("claimed")
}

async fn tried(stores: &Stores, claimed: &ClaimedDelivery, how: Tried<'_>) {
    let tried = stores.deliveries.tried(claimed, how, noon()).await;
    tried.expect("noted");
}

async fn all(stores: &Stores, filter: DeliveryFilter) -> Vec<Delivery> {
    let page = PageRequest::first(100);
    let found = stores.deliveries.deliveries(here(), &filter, &page).await;
    found.expect("listed").items
}

pub async fn what_is_settled_is_told_to_nobody(stores: Stores) {
    let begun = record(&stores, &[news(1, 1), news(2, 1), news(3, 1)]).await;
    let [first, second, third] = &begun[..] else {
        panic!("three begin: {begun:?}");
    };
    let alone = delivery(1, 5, first.id);
    let digest = Delivery {
        digest: true,
        ..delivery(1, 6, second.id)
    };
    let both = [alone, digest.clone()];
    stores.notices.plan(first, &both).await.expect("planned");
    owed(&stores, second, &digest).await;
    let notices = &stores.notices;
    let unread = async || {
        let counted = notices.unread(here(), user(1, 5).id).await;
        counted.expect("counted").warning
    };
    assert_eq!(unread().await, 3);
    // Something joined the third since it was looked at.
    record(&stores, &[news(3, 2)]).await;
    let looked_at = [first.clone(), third.clone()];
    for count in [1, 0] {
        let settled = notices.settle(here(), &looked_at, noon()).await;
        assert_eq!(settled.expect("settled"), count);
    }
    assert_eq!(unread().await, 2);
    let kind = first.kind;
    let open = notices.unsettled(here(), kind).await.expect("read");
    let open: Vec<_> = open.iter().map(|n| n.id).collect();
    assert!(open.len() == 2 && !open.contains(&first.id), "{open:?}");
    let elsewhere = notices.unsettled(scope(2, 1).workspace, kind).await;
    assert_eq!(elsewhere.expect("read"), []);
    let claimed = claim(&stores, 0).await.expect("the digest is owed");
    assert!(claimed.delivery.digest, "{claimed:?}");
    let told: Vec<_> = claimed.notices.iter().map(|n| n.id).collect();
    assert_eq!(told, [second.id]);
    assert_eq!(claim(&stores, 0).await, None, "it had nothing else to tell");
    // What begins anew does not join what is over.
    let mut anew = news(1, 2);
    anew.at += Duration::minutes(5);
    assert_eq!(record(&stores, &[anew]).await.len(), 1);
    // A message that somebody is just sending stays as it is.
    let settled = notices
        .settle(here(), std::slice::from_ref(second), noon())
        .await;
    assert_eq!(settled.expect("settled"), 1);
    tried(&stores, &claimed, Tried::Taken).await;
    let unplanned = notices.unplanned(10).await.expect("read");
    assert!(
        unplanned.iter().all(|n| n.settled_at.is_none()),
        "{unplanned:?}"
    );
}

pub async fn a_message_is_claimed_by_one_when_it_is_due(stores: Stores) {
    assert_eq!(claim(&stores, 0).await, None);
    let message = one(&stores).await;
    assert_eq!(claim(&stores, -1).await, None, "it is not due");
    let claims = race(|_| {
        let deliveries = stores.deliveries.clone();
        async move {
            deliveries
                .claim_delivery(noon(), Duration::minutes(1))
                .await
        }
    })
    .await;
    one_claims(&claims);
    let claimed = claims.into_iter().find_map(|c| c.expect("claimed"));
    let claimed = claimed.expect("one");
    assert_eq!(claimed.delivery.id, message.id);
    assert_eq!((claimed.delivery.tries, claimed.notices.len()), (1, 1));
    let again = claim(&stores, 1).await.expect("the lease is over");
    assert_eq!(again.delivery.tries, 2, "whoever held it died");
    assert!(again.fence > claimed.fence);
}

pub async fn a_message_is_tried_until_it_is_taken_or_given_up(stores: Stores) {
    let message = one(&stores).await;
    let claimed = claim(&stores, 0).await.expect("due");
    let at = noon() + Duration::minutes(10);
    tried(&stores, &claimed, Tried::Again { error: "busy", at }).await;
    assert_eq!(claim(&stores, 9).await, None, "it waits");
    let found = all(&stores, DeliveryFilter::default()).await;
    assert_eq!(found[0].last_error.as_deref(), Some("busy"));
    assert_eq!(
        (found[0].state, found[0].due_at),
        (DeliveryState::Pending, at)
    );
    let claimed = claim(&stores, 10).await.expect("due again");
    assert_eq!(
        (claimed.delivery.id, claimed.delivery.tries),
        (message.id, 2)
    );
    tried(&stores, &claimed, Tried::Taken).await;
    assert_eq!(claim(&stores, 1000).await, None);
    let found = all(&stores, DeliveryFilter::default()).await;
    assert_eq!(
        (found[0].state, found[0].last_error.as_deref()),
        (DeliveryState::Sent, None)
    );
    assert_eq!(found[0].finished_at, Some(noon()));
    let begun = record(&stores, &[news(2, 1)]).await;
    owed(&stores, &begun[0], &delivery(1, 5, begun[0].id)).await;
    let claimed = claim(&stores, 0).await.expect("due");
    tried(&stores, &claimed, Tried::GivenUp { error: "no" }).await;
    assert_eq!(claim(&stores, 1000).await, None);
    let dead = DeliveryFilter {
        state: Some(DeliveryState::Dead),
        recipient: None,
    };
    assert_eq!(all(&stores, dead).await.len(), 1);
}

pub async fn who_lost_the_lease_stores_nothing(stores: Stores) {
    one(&stores).await;
    let late = claim(&stores, 0).await.expect("due");
    let holder = claim(&stores, 2).await.expect("the lease is over");
    let refusal = stores.deliveries.tried(&late, Tried::Taken, noon()).await;
    refused(refusal, Kind::Conflict);
    let found = all(&stores, DeliveryFilter::default()).await;
    assert_eq!(found[0].state, DeliveryState::Pending);
    tried(&stores, &holder, Tried::Taken).await;
    let refusal = stores.deliveries.tried(&holder, Tried::Taken, noon()).await;
    refused(refusal, Kind::Conflict);
}

pub async fn a_digest_takes_notices_up_until_it_is_sent(stores: Stores) {
    let begun = record(&stores, &[news(1, 1), news(2, 1), news(3, 1)]).await;
    let recipient = Recipient::Person(user(1, 5).id);
    let due = noon() + Duration::hours(8);
    let digest = |hours: i64| {
        let at = due + Duration::hours(hours);
        let id = Delivery::id_of_digest(recipient, at);
        Delivery {
            digest: true,
            ..Delivery::pending(id, here(), recipient, at, noon())
        }
    };
    owed(&stores, &begun[0], &digest(0)).await;
    owed(&stores, &begun[1], &digest(0)).await;
    let claimed = claim(&stores, 480).await.expect("due");
    let told: Vec<_> = claimed.notices.iter().map(|n| n.id).collect();
    let mut both = [begun[0].id, begun[1].id];
    both.sort();
    assert_eq!(told, both, "one message tells both");
    let single = delivery(1, 6, begun[2].id);
    let late = stores.notices.plan(&begun[2], &[single, digest(0)]).await;
    refused(late, Kind::Conflict);
    let left = stores.notices.unplanned(10).await.expect("read");
    assert_eq!(left, [begun[2].clone()], "it is planned another time");
    assert_eq!(
        all(&stores, DeliveryFilter::default()).await.len(),
        1,
        "and nothing of it is stored"
    );
    owed(&stores, &begun[2], &digest(24)).await;
    assert_eq!(all(&stores, DeliveryFilter::default()).await.len(), 2);
}

pub async fn messages_are_listed_by_state_and_recipient(stores: Stores) {
    let begun = record(&stores, &[news(1, 1)]).await;
    let mine = delivery(1, 5, begun[0].id);
    let theirs = delivery(1, 6, begun[0].id);
    let both = [mine.clone(), theirs.clone()];
    stores
        .notices
        .plan(&begun[0], &both)
        .await
        .expect("planned");
    let mut test = delivery(1, 7, begun[0].id);
    test.test = true;
    test.state = DeliveryState::Dead;
    test.last_error = Some("no".to_owned());
    test.created_at += Duration::hours(1);
    stores.deliveries.note_delivery(&test).await.expect("noted");
    let found = all(&stores, DeliveryFilter::default()).await;
    assert_eq!(found.len(), 3);
    assert_eq!(found[0], test, "the newest first");
    let of = DeliveryFilter {
        state: Some(DeliveryState::Pending),
        recipient: Some(theirs.recipient),
    };
    assert_eq!(all(&stores, of).await, [theirs]);
    let page = PageRequest::first(10);
    let elsewhere = scope(2, 1).workspace;
    let other = stores
        .deliveries
        .deliveries(elsewhere, &DeliveryFilter::default(), &page)
        .await;
    assert_eq!(other.expect("listed").items, []);
    let first = PageRequest::first(2);
    let (all, none) = (DeliveryFilter::default(), DeliveryFilter::default());
    let page = stores
        .deliveries
        .deliveries(here(), &all, &first)
        .await
        .expect("listed");
    let next = PageRequest {
        cursor: page.next_cursor.clone(),
        ..first
    };
    let rest = stores
        .deliveries
        .deliveries(here(), &none, &next)
        .await
        .expect("listed");
    assert_eq!(
        (page.total, page.items.len(), rest.items.len()),
        (Some(3), 2, 1)
    );
}

pub async fn messages_that_ended_long_ago_are_forgotten(stores: Stores) {
    let begun = record(&stores, &[news(1, 1)]).await;
    let both = [delivery(1, 5, begun[0].id), delivery(1, 6, begun[0].id)];
    stores
        .notices
        .plan(&begun[0], &both)
        .await
        .expect("planned");
    let claimed = claim(&stores, 0).await.expect("due");
    tried(&stores, &claimed, Tried::Taken).await;
    let later = noon() + Duration::seconds(1);
    stores.notices.prune_notices(later).await.expect("pruned");
    let left = all(&stores, DeliveryFilter::default()).await;
    assert_eq!(left.len(), 1);
    assert_eq!(left[0].state, DeliveryState::Pending);
}
