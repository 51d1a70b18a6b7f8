//! Laws of [`ports::orders::OrderStore::remove`].

use super::orders::{ids, order, seen};
use super::tools::{all_orders, assert_rollups_hold, connected, events_of};
use crate::Stores;
use domain::ids::OrderId;
use ports::events::{ORDERS_CHANGED, orders_removed};

pub async fn a_removed_order_is_gone_with_its_entries(stores: Stores) {
    let scope = connected(&stores, 1, 1).await;
    let batch = [order(1, 1), order(2, 1), order(3, 1)];
    stores
        .orders
        .save(scope, &batch, seen())
        .await
        .expect("saved");
    let removed = stores
        .orders
        .remove(scope, &ids(&[2, 9, 2, 3]), seen())
        .await;
    assert_eq!(removed.expect("removed"), 2, "those that were there");
    assert_eq!(
        stores.orders.find(scope, OrderId(2)).await.expect("asked"),
        None
    );
    let left: Vec<_> = all_orders(&stores, scope).await;
    assert_eq!(
        left.iter().map(|o| o.order.id).collect::<Vec<_>>(),
        ids(&[1])
    );
    assert_rollups_hold(&stores, scope, "after a removal").await;
    stores
        .orders
        .remove(scope, &ids(&[1]), seen())
        .await
        .expect("removed");
    assert!(stores.reports.all(scope).await.expect("read").is_empty());
}

pub async fn a_removal_emits_one_event_of_those_that_were_there(stores: Stores) {
    let scope = connected(&stores, 1, 1).await;
    stores
        .orders
        .save(scope, &[order(1, 1)], seen())
        .await
        .expect("saved");
    stores
        .orders
        .remove(scope, &ids(&[1, 2]), seen())
        .await
        .expect("removed");
    stores
        .orders
        .remove(scope, &ids(&[1, 3]), seen())
        .await
        .expect("removed");
    let emitted = events_of(&stores, scope, ORDERS_CHANGED).await;
    assert_eq!(emitted.len(), 2, "a save and a removal");
    let expected = orders_removed(scope, &ids(&[1]), seen()).expect("an event");
    assert_eq!(emitted[1].data, expected.data);
}

pub async fn a_deleted_order_stays_deleted_unless_updated_later(stores: Stores) {
    let scope = connected(&stores, 1, 1).await;
    stores
        .orders
        .save(scope, &[order(1, 1)], seen())
        .await
        .expect("saved");
    let deleted_at = order(1, 10).order.updated_at;
    stores
        .orders
        .remove(scope, &ids(&[1]), deleted_at)
        .await
        .expect("removed");
    for minute in [1, 9, 10] {
        let saved = stores.orders.save(scope, &[order(1, minute)], seen()).await;
        assert_eq!(saved.expect("answered").stale, ids(&[1]), "minute {minute}");
        assert_eq!(
            stores.orders.find(scope, OrderId(1)).await.expect("asked"),
            None
        );
    }
    let saved = stores.orders.save(scope, &[order(1, 11)], seen()).await;
    assert_eq!(saved.expect("saved").created, ids(&[1]));
    assert_rollups_hold(&stores, scope, "after it came back").await;
}

pub async fn an_unknown_deleted_order_is_remembered(stores: Stores) {
    let scope = connected(&stores, 1, 1).await;
    let deleted_at = order(1, 10).order.updated_at;
    let removed = stores.orders.remove(scope, &ids(&[1]), deleted_at).await;
    assert_eq!(removed.expect("removed"), 0);
    let saved = stores.orders.save(scope, &[order(1, 5)], seen()).await;
    assert_eq!(saved.expect("answered").stale, ids(&[1]));
    assert_eq!(
        stores.orders.find(scope, OrderId(1)).await.expect("asked"),
        None
    );
}

pub async fn an_earlier_deletion_does_not_undo_a_later_one(stores: Stores) {
    let scope = connected(&stores, 1, 1).await;
    for minute in [10, 5] {
        let deleted_at = order(1, minute).order.updated_at;
        stores
            .orders
            .remove(scope, &ids(&[1]), deleted_at)
            .await
            .expect("removed");
    }
    let saved = stores.orders.save(scope, &[order(1, 7)], seen()).await;
    assert_eq!(saved.expect("answered").stale, ids(&[1]));
}
