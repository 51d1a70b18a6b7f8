//! Laws of [`ports::privacy::PrivacyStore`].

use super::tools::connected;
use crate::Stores;
use crate::builders::{OrderBuilder, at, connection};
use chrono::Duration;
use domain::catalog::CostBook;
use domain::customer::Customer;
use domain::ids::{CustomerId, OrderId, PrivacyRequestId, StoreScope};
use domain::privacy::{PrivacyKind, PrivacyRequest, PrivacyState};
use ports::PageRequest;
use ports::inbox::Delivery;

fn customer(id: i64) -> Customer {
    Customer {
        id: CustomerId(id),
        created_at: at("2026-01-01"),
        updated_at: at("2026-02-01"),
        orders_count: Some(1),
        country: Some("DE".to_owned()),
        display_name: Some(format!("Ada {id}")),
        email: Some(format!("ada{id}@example.com")),
    }
}

async fn save(stores: &Stores, scope: StoreScope, ids: &[i64]) {
    let batch: Vec<_> = ids.iter().copied().map(customer).collect();
    let saved = stores
        .facts
        .save_customers(scope, &batch, at("2026-02-02"))
        .await;
    saved.expect("saved");
}

async fn known(stores: &Stores, scope: StoreScope, id: i64) -> bool {
    let found = stores.facts.customer(scope, CustomerId(id)).await;
    found.expect("asked").is_some()
}

fn request(scope: StoreScope, number: u128, key: &str) -> PrivacyRequest {
    let received_at = at("2026-03-01") + Duration::minutes(i64::try_from(number).unwrap_or(0));
    PrivacyRequest {
        id: PrivacyRequestId(uuid::Uuid::from_u128(number)),
        scope,
        connection: connection(1, 1).id,
        kind: PrivacyKind::CustomerRedact,
        state: PrivacyState::Pending,
        key: key.to_owned(),
        customer: Some(CustomerId(1)),
        orders: vec![OrderId(5)],
        received_at,
        due_at: received_at + Duration::days(30),
        settled_at: None,
        note: None,
    }
}

pub async fn the_forgotten_do_not_come_back(stores: Stores) {
    let scope = connected(&stores, 1, 1).await;
    save(&stores, scope, &[1, 2]).await;
    let order = OrderBuilder::new(5)
        .customer(1)
        .booked(&CostBook::default());
    stores
        .orders
        .save(scope, &[order], at("2026-02-02"))
        .await
        .expect("saved");
    for profiles in [1, 0] {
        let done = stores
            .privacy
            .forget(scope, &[CustomerId(1)], &[OrderId(9)], at("2026-03-01"));
        let done = done.await.expect("forgotten");
        assert_eq!((done.profiles, done.orders), (profiles, 1));
    }
    save(&stores, scope, &[1, 2]).await;
    assert!(!known(&stores, scope, 1).await);
    assert!(known(&stores, scope, 2).await);
    let asked = [CustomerId(1), CustomerId(2)];
    let orders = [OrderId(5), OrderId(9)];
    let identities = stores
        .privacy
        .identities(scope, &asked, &orders)
        .await
        .expect("asked");
    assert_eq!(identities.forgotten, [CustomerId(1)].into());
    assert_eq!(identities.forgotten_orders, [OrderId(9)].into());
    let other = connected(&stores, 1, 2).await;
    save(&stores, other, &[1]).await;
    assert!(
        known(&stores, other, 1).await,
        "another shop's customer of that number"
    );
}

pub async fn a_chain_of_merges_leads_to_its_end(stores: Stores) {
    let scope = connected(&stores, 1, 1).await;
    save(&stores, scope, &[1, 2, 3]).await;
    for (from, into) in [(1, 2), (2, 3), (3, 3)] {
        let merged =
            stores
                .privacy
                .merge(scope, CustomerId(from), CustomerId(into), at("2026-03-01"));
        merged.await.expect("merged");
    }
    save(&stores, scope, &[1, 2, 3]).await;
    let left = [
        known(&stores, scope, 1).await,
        known(&stores, scope, 2).await,
        known(&stores, scope, 3).await,
    ];
    assert_eq!(left, [false, false, true]);
    let asked = [1, 2, 3].map(CustomerId);
    let identities = stores
        .privacy
        .identities(scope, &asked, &[])
        .await
        .expect("asked");
    assert_eq!(asked.map(|c| identities.now(c)), [CustomerId(3); 3]);
    stores
        .privacy
        .forget(scope, &[CustomerId(3)], &[], at("2026-03-02"))
        .await
        .expect("forgotten");
    let identities = stores
        .privacy
        .identities(scope, &[CustomerId(1)], &[])
        .await
        .expect("asked");
    assert!(
        identities.forgotten.contains(&CustomerId(3)),
        "who became a forgotten one is forgotten"
    );
}

pub async fn a_request_is_kept_once_and_settled(stores: Stores) {
    let scope = connected(&stores, 1, 1).await;
    let first = request(scope, 1, "a");
    assert_eq!(stores.privacy.receive(&first).await.expect("kept"), first);
    assert_eq!(
        stores
            .privacy
            .receive(&request(scope, 2, "a"))
            .await
            .expect("kept"),
        first
    );
    let other = request(scope, 3, "b");
    stores.privacy.receive(&other).await.expect("kept");
    let pending = stores
        .privacy
        .in_state(PrivacyState::Pending)
        .await
        .expect("listed");
    assert_eq!(pending, [first.clone(), other.clone()]);
    let settled = stores
        .privacy
        .settle(first.id, PrivacyState::Done, at("2026-03-02"), "done");
    settled.await.expect("settled");
    let found = stores
        .privacy
        .request(scope.workspace, first.id)
        .await
        .expect("asked");
    let found = found.expect("it is there");
    assert_eq!(
        (found.state, found.note.as_deref()),
        (PrivacyState::Done, Some("done"))
    );
    assert_eq!(found.settled_at, Some(at("2026-03-02")));
    let pending = stores
        .privacy
        .in_state(PrivacyState::Pending)
        .await
        .expect("listed");
    assert_eq!(pending, std::slice::from_ref(&other));
    let page = |cursor| PageRequest { cursor, limit: 1 };
    let one = stores
        .privacy
        .requests(scope.workspace, &page(None))
        .await
        .expect("listed");
    assert_eq!((one.items[0].id, one.total), (other.id, Some(2)));
    let two = stores
        .privacy
        .requests(scope.workspace, &page(one.next_cursor))
        .await
        .expect("listed");
    assert_eq!((two.items[0].id, two.next_cursor), (first.id, None));
    let foreign = connected(&stores, 2, 1).await.workspace;
    assert_eq!(
        stores
            .privacy
            .request(foreign, first.id)
            .await
            .expect("asked"),
        None
    );
    assert!(
        stores
            .privacy
            .requests(foreign, &page(None))
            .await
            .expect("listed")
            .items
            .is_empty()
    );
}

pub async fn bodies_can_be_reduced(stores: Stores) {
    let _scope = connected(&stores, 1, 1).await;
    let delivery = |n: u8| Delivery {
        connection: connection(1, 1).id,
        topic: "customers/update".to_owned(),
        dedupe_key: n.to_string(),
        delivery_id: None,
        triggered_at: None,
        received_at: at("2026-03-01"),
        body: b"{\"id\":1,\"email\":\"ada@example.com\"}".to_vec(),
        trace: None,
    };
    for n in 1..=2 {
        stores.inbox.accept(&delivery(n)).await.expect("kept");
    }
    let bodies = stores
        .privacy
        .bodies(connection(1, 1).id, 0)
        .await
        .expect("read");
    assert_eq!(bodies.len(), 2);
    for body in &bodies {
        stores
            .privacy
            .replace_body(body.id, b"{\"id\":1}")
            .await
            .expect("replaced");
    }
    let after = stores
        .privacy
        .bodies(connection(1, 1).id, bodies[0].id)
        .await
        .expect("read");
    assert_eq!(after.len(), 1);
    assert_eq!(after[0].body, b"{\"id\":1}");
    let claimed = stores
        .inbox
        .claim(at("2026-03-02"), Duration::minutes(1), 9)
        .await
        .expect("claimed");
    assert!(claimed.iter().all(|c| c.delivery.body == b"{\"id\":1}"));
    stores.privacy.wipe_deleted().await.expect("wiped");
}

#[macro_export]
macro_rules! privacy_laws {
    ($make:ident) => {
        $crate::laws!(
            privacy,
            $make,
            [
                the_forgotten_do_not_come_back,
                a_chain_of_merges_leads_to_its_end,
                a_request_is_kept_once_and_settled,
                bodies_can_be_reduced,
            ]
        );
    };
}
