//! Merges and redactions: whatever comes later, orders are booked as they may be kept.

use crate::world::{SECRET, World, product};
use domain::customer::Customer;
use domain::ids::{ConnectionId, CustomerId, OrderId};
use domain::privacy::{PrivacyState, REDACTED_TITLE};
use ports::orders::StoredOrder;
use ports::source::{Fact, FactRef};
use testkit::builders::{LineBuilder, OrderBuilder, at};

fn order_of(id: i64, customer: i64, updated: &str) -> Fact {
    let order = OrderBuilder::new(id)
        .sold_at(at("2026-06-20"))
        .updated_at(at(updated))
        .customer(customer)
        .tag("for Ada")
        .line(LineBuilder::new(1, 1, 1_000).product(1))
        .line(LineBuilder::custom("Engraving: Ada", 1, 500));
    Fact::Order(Box::new(order.build()))
}

fn person(id: i64) -> Fact {
    Fact::Customer(Customer {
        id: CustomerId(id),
        created_at: at("2026-06-01"),
        updated_at: at("2026-06-20"),
        orders_count: None,
        country: None,
        display_name: Some("Ada".to_owned()),
        email: Some("ada@example.com".to_owned()),
    })
}

async fn shop() -> (World, ConnectionId) {
    let world = World::new().await;
    world.shop.put(product("4.00"));
    for id in 1..=2 {
        world.shop.put(order_of(id, id, "2026-06-20"));
        world.shop.put(person(id));
    }
    let id = world.synced().await.connection;
    (world, id)
}

pub(crate) async fn tell(world: &World, id: ConnectionId, topic: &str, body: &str) {
    let headers = [
        ("X-Fake-Signature".to_owned(), SECRET.to_owned()),
        ("X-Fake-Topic".to_owned(), topic.to_owned()),
    ];
    world
        .webhooks
        .accept(id, &headers, body.as_bytes())
        .await
        .unwrap();
    world.webhooks.work_once().await.unwrap();
    world.privacy.work_once().await.unwrap();
}

async fn stored(world: &World, id: i64) -> StoredOrder {
    let scope = world.scope().await;
    world
        .ports
        .orders
        .find(scope, OrderId(id))
        .await
        .unwrap()
        .unwrap()
}

async fn is_known(world: &World, id: i64) -> bool {
    let scope = world.scope().await;
    let found = world.ports.facts.customer(scope, CustomerId(id)).await;
    found.unwrap().is_some()
}

fn wordless(stored: &StoredOrder) -> bool {
    let order = &stored.order;
    order.tags.is_empty()
        && order.lines[1].title == REDACTED_TITLE
        && order.lines[0].title != REDACTED_TITLE
}

#[tokio::test(start_paused = true)]
async fn the_orders_of_a_forgotten_customer_have_no_words_whatever_comes_later() {
    let (world, id) = shop().await;
    let before = stored(&world, 1).await;
    assert!(!wordless(&before));
    tell(
        &world,
        id,
        "privacy",
        r#"{"kind":"customer_redact","customer":1,"orders":[]}"#,
    )
    .await;
    let after = stored(&world, 1).await;
    assert!(wordless(&after) && !wordless(&stored(&world, 2).await));
    assert_eq!(after.ledger, before.ledger, "money stays");
    assert!(!is_known(&world, 1).await && is_known(&world, 2).await);

    // A newer copy from the shop, and the customer once more.
    world.shop.put(order_of(1, 1, "2026-06-29"));
    world.shop.put(person(1));
    tell(
        &world,
        id,
        "facts",
        r#"{"changed":["order/1","customer/1"]}"#,
    )
    .await;
    let later = stored(&world, 1).await;
    assert_eq!(later.order.updated_at, at("2026-06-29"));
    assert!(wordless(&later) && !is_known(&world, 1).await);
    let done = world
        .ports
        .privacy
        .in_state(PrivacyState::Done)
        .await
        .unwrap();
    assert_eq!(done.len(), 1);
    assert_eq!(
        done[0].due_at - done[0].received_at,
        chrono::Duration::days(30)
    );
}

#[tokio::test(start_paused = true)]
async fn a_merge_moves_the_orders_and_later_copies_of_the_old_one_too() {
    let (world, id) = shop().await;
    tell(&world, id, "privacy", r#"{"gone":1,"kept":2}"#).await;
    for order in [1, 2] {
        assert_eq!(
            stored(&world, order).await.order.customer,
            Some(CustomerId(2))
        );
    }
    assert!(!is_known(&world, 1).await);
    world.shop.put(order_of(1, 1, "2026-06-29"));
    tell(&world, id, "facts", r#"{"changed":["order/1"]}"#).await;
    let late = stored(&world, 1).await;
    assert_eq!(
        (late.order.customer, late.order.updated_at),
        (Some(CustomerId(2)), at("2026-06-29"))
    );
    let scope = world.scope().await;
    let usd = testkit::builders::currency("USD");
    let left = world
        .ports
        .customers
        .find(scope, usd, CustomerId(2))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(left.standing.orders, 2);
    assert_eq!(
        world
            .ports
            .customers
            .find(scope, usd, CustomerId(1))
            .await
            .unwrap(),
        None
    );
}

#[tokio::test(start_paused = true)]
async fn orders_of_a_customer_who_is_gone_are_read_again() {
    let (world, id) = shop().await;
    // Merged at the shop, of which only a deletion tells here.
    world.shop.put(order_of(1, 2, "2026-06-20"));
    world
        .shop
        .delete(FactRef::Customer(CustomerId(1)), at("2026-06-21"));
    tell(&world, id, "facts", r#"{"deleted":["customer/1"]}"#).await;
    assert_eq!(stored(&world, 1).await.order.customer, Some(CustomerId(2)));
}
