use crate::world::{SECRET, World, order, product};
use application::inbox::AcceptError;
use domain::connection::ConnectionState;
use domain::ids::ConnectionId;
use ports::inbox::Accepted;
use ports::source::{FactRef, NotificationRefusal};
use ports::{Kind, Retry};
use std::time::Duration;
use testkit::fakes::SourceOperation;

fn headers(secret: &str, topic: &str) -> Vec<(String, String)> {
    vec![
        ("X-Fake-Signature".into(), secret.into()),
        ("X-Fake-Topic".into(), topic.into()),
    ]
}

async fn accept(world: &World, id: ConnectionId, body: &str) -> Accepted {
    world
        .webhooks
        .accept(id, &headers(SECRET, "facts"), body.as_bytes())
        .await
        .unwrap()
}

async fn shop() -> (World, ConnectionId) {
    let world = World::new().await;
    world.shop.put(product("4.00"));
    world.shop.put(order(1, 1));
    let id = world.synced().await.connection;
    (world, id)
}

#[tokio::test(start_paused = true)]
async fn a_webhook_is_a_hint_to_read_again() {
    let (world, id) = shop().await;
    world.shop.put(order(2, 0));
    assert_eq!(
        accept(&world, id, r#"{"changed":["order/2"]}"#).await,
        Accepted::New
    );
    assert_eq!(
        accept(&world, id, r#"{"changed":["order/2"]}"#).await,
        Accepted::Duplicate
    );
    assert_eq!(world.orders().await, 1, "accepted is not applied");
    assert_eq!(world.webhooks.work_once().await.unwrap(), 1);
    assert_eq!(world.orders().await, 2);
    assert_eq!(world.webhooks.work_once().await.unwrap(), 0);
}

#[tokio::test(start_paused = true)]
async fn forged_webhooks_are_refused_and_leave_nothing() {
    let (world, id) = shop().await;
    let forged = world
        .webhooks
        .accept(id, &headers("another", "facts"), b"{}")
        .await;
    assert!(matches!(
        forged,
        Err(AcceptError::Refused(NotificationRefusal::BadSignature))
    ));
    let unsigned = world.webhooks.accept(id, &[], b"{}").await;
    assert!(matches!(
        unsigned,
        Err(AcceptError::Refused(NotificationRefusal::NoSignature))
    ));
    let nobody = ConnectionId(uuid::Uuid::nil());
    let stranger = world
        .webhooks
        .accept(nobody, &headers(SECRET, "facts"), b"{}")
        .await;
    assert!(matches!(stranger, Err(AcceptError::UnknownConnection)));
    assert_eq!(world.ports.inbox.state(None).await.unwrap().pending, 0);
}

#[tokio::test(start_paused = true)]
async fn what_the_provider_does_not_know_any_more_is_removed() {
    let (world, id) = shop().await;
    world
        .shop
        .delete(FactRef::Order(domain::ids::OrderId(1)), world.now());
    accept(&world, id, r#"{"changed":["order/1"]}"#).await;
    world.webhooks.work_once().await.unwrap();
    assert_eq!(world.orders().await, 0);
}

#[tokio::test(start_paused = true)]
async fn a_provider_that_is_down_delays_and_loses_nothing() {
    let (world, id) = shop().await;
    world.shop.put(order(2, 0));
    world.shop.fail_next(
        SourceOperation::Fetch,
        Kind::Unavailable,
        Retry::After(Duration::from_secs(1)),
    );
    accept(&world, id, r#"{"changed":["order/2"]}"#).await;
    world.webhooks.work_once().await.unwrap();
    assert_eq!(world.orders().await, 1);
    assert_eq!(world.webhooks.work_once().await.unwrap(), 0, "not due yet");
    world.clock.advance(chrono::Duration::minutes(1));
    assert_eq!(world.webhooks.work_once().await.unwrap(), 1);
    assert_eq!(world.orders().await, 2);
}

#[tokio::test(start_paused = true)]
async fn one_that_can_never_be_applied_does_not_hold_up_the_others() {
    let (world, id) = shop().await;
    world.shop.put(order(2, 0));
    world.shop.put(order(3, 0));
    accept(&world, id, r#"{"changed":["order/2"]}"#).await;
    accept(&world, id, r#"{"changed":["order/3"]}"#).await;
    // The batch fails, then its first member alone.
    world
        .shop
        .fail_next(SourceOperation::Fetch, Kind::Corrupt, Retry::Never);
    world
        .shop
        .fail_next(SourceOperation::Fetch, Kind::Corrupt, Retry::Never);
    world.webhooks.work_once().await.unwrap();
    assert_eq!(world.orders().await, 2);
    assert_eq!(world.ports.inbox.state(Some(id)).await.unwrap().pending, 1);
}

#[tokio::test(start_paused = true)]
async fn an_app_that_was_removed_breaks_the_connection_visibly() {
    let (world, id) = shop().await;
    world
        .webhooks
        .accept(id, &headers(SECRET, "app/uninstalled"), b"{}")
        .await
        .unwrap();
    world.webhooks.work_once().await.unwrap();
    let view = world
        .connections
        .find(world.workspace, id)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(view.connection.state, ConnectionState::Down);
    assert!(view.connection.last_error.unwrap().remedy.contains("token"));
}
