//! Laws of [`ports::orders::OrderStore::save`] about batches: empty, large, and many at once.

use super::orders::{order, seen};
use super::tools::{all_orders, assert_rollups_hold, connected, events_of, race};
use crate::Stores;
use domain::ids::OrderId;
use ports::events::ORDERS_CHANGED;
use ports::orders::SaveReport;

pub async fn copies_within_one_batch_count_one_after_the_other(stores: Stores) {
    let scope = connected(&stores, 1, 1).await;
    let batch = [order(1, 3), order(1, 7), order(1, 5), order(1, 7)];
    stores
        .orders
        .save(scope, &batch, seen())
        .await
        .expect("saved");
    let found = stores
        .orders
        .find(scope, OrderId(1))
        .await
        .expect("asked")
        .expect("there");
    assert_eq!(found.order, order(1, 7).order);
    assert_rollups_hold(&stores, scope, "after copies in one batch").await;
}

pub async fn an_empty_batch_is_nothing(stores: Stores) {
    let scope = connected(&stores, 1, 1).await;
    let saved = stores.orders.save(scope, &[], seen()).await.expect("saved");
    assert_eq!(saved, SaveReport::default());
    assert_eq!(
        stores
            .orders
            .remove(scope, &[], seen())
            .await
            .expect("removed"),
        0
    );
    assert!(events_of(&stores, scope, ORDERS_CHANGED).await.is_empty());
}

pub async fn a_large_batch_is_one_batch(stores: Stores) {
    let scope = connected(&stores, 1, 1).await;
    let batch: Vec<_> = (1..=600).map(|id| order(id, 1)).collect();
    let saved = stores
        .orders
        .save(scope, &batch, seen())
        .await
        .expect("saved");
    assert_eq!(saved.created.len(), 600);
    assert_eq!(events_of(&stores, scope, ORDERS_CHANGED).await.len(), 1);
    assert_eq!(all_orders(&stores, scope).await.len(), 600);
    assert_rollups_hold(&stores, scope, "after a large batch").await;
}

pub async fn two_batches_at_once_lose_nothing(stores: Stores) {
    let scope = connected(&stores, 1, 1).await;
    // All racers meet on the same rollup rows, and each pair of neighbours on one order.
    let results = race(|n| {
        let orders = stores.orders.clone();
        let n = i64::from(n);
        let batch = [order(n, n), order(n + 1, n), order(n + 1000, 1)];
        async move { orders.save(scope, &batch, seen()).await }
    })
    .await;
    let saved: Vec<SaveReport> = results.into_iter().map(|r| r.expect("saved")).collect();
    let created: usize = saved.iter().map(|r| r.created.len()).sum();
    let stored = all_orders(&stores, scope).await;
    assert_eq!(stored.len(), 41);
    assert_eq!(created, 41, "each was created by one");
    for id in 1..=20 {
        let found = stored.iter().find(|o| o.order.id == OrderId(id));
        let newest = order(id, id);
        assert_eq!(found.map(|o| &o.order.name), Some(&newest.order.name));
    }
    assert_rollups_hold(&stores, scope, "after a race").await;
}

pub async fn the_same_batch_at_once_is_saved_once(stores: Stores) {
    let scope = connected(&stores, 1, 1).await;
    let results = race(|_| {
        let orders = stores.orders.clone();
        async move {
            orders
                .save(scope, &[order(1, 1), order(2, 1)], seen())
                .await
        }
    })
    .await;
    let created: usize = results.iter().flatten().map(|r| r.created.len()).sum();
    assert_eq!(results.iter().filter(|r| r.is_err()).count(), 0);
    assert_eq!(created, 2);
    assert_eq!(events_of(&stores, scope, ORDERS_CHANGED).await.len(), 1);
    assert_rollups_hold(&stores, scope, "after a race of equals").await;
}
