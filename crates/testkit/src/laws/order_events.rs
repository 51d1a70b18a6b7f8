//! Laws of what [`ports::orders::OrderStore::save`] tells: its report and its event.

use super::orders::{ids, order, seen};
use super::tools::{connected, events_of};
use crate::Stores;
use ports::events::{ORDERS_CHANGED, orders_changed};
use ports::orders::SaveReport;

pub async fn a_report_names_each_order_in_the_order_of_the_batch(stores: Stores) {
    let scope = connected(&stores, 1, 1).await;
    let first = [order(8, 5), order(2, 5), order(5, 5), order(7, 5)];
    stores
        .orders
        .save(scope, &first, seen())
        .await
        .expect("saved");
    let batch = [
        order(9, 1),
        order(7, 1),
        order(8, 6),
        order(3, 1),
        order(5, 5),
        order(2, 9),
    ];
    let saved = stores
        .orders
        .save(scope, &batch, seen())
        .await
        .expect("saved");
    let expected = SaveReport {
        created: ids(&[9, 3]),
        changed: ids(&[8, 2]),
        unchanged: ids(&[5]),
        stale: ids(&[7]),
    };
    assert_eq!(saved, expected);
}

pub async fn a_save_that_writes_emits_one_event(stores: Stores) {
    let scope = connected(&stores, 1, 1).await;
    let first = stores
        .orders
        .save(scope, &[order(1, 1), order(2, 1)], seen())
        .await;
    let first = first.expect("saved");
    let batch = [order(1, 2), order(2, 0), order(3, 1)];
    let second = stores
        .orders
        .save(scope, &batch, seen())
        .await
        .expect("saved");
    let expected: Vec<_> = [first, second]
        .iter()
        .filter_map(|report| orders_changed(scope, report, seen()))
        .map(|e| (e.entity_kind, e.data))
        .collect();
    let emitted = events_of(&stores, scope, ORDERS_CHANGED).await;
    let emitted: Vec<_> = emitted
        .into_iter()
        .map(|e| (e.entity_kind, e.data))
        .collect();
    assert_eq!(emitted, expected);
}
