//! Laws of [`ports::orders::OrderStore`] about writing.

use super::tools::{all_orders, assert_rollups_hold, connected, events_of, race};
use crate::Stores;
use crate::builders::{LineBuilder, OrderBuilder, at, day};
use chrono::{DateTime, Duration, Utc};
use domain::catalog::CostBook;
use domain::ids::{OrderId, VariantId};
use domain::ledger::Basis;
use domain::order::Restock;
use ports::events::{ORDERS_CHANGED, orders_changed, orders_removed};
use ports::orders::{BookedOrder, SaveReport, StoredOrder};

fn seen() -> DateTime<Utc> {
    at("2026-02-01T00:00:00Z")
}

/// Two lines, shipping and a fee; `minute` is when it was last updated, and changes the name with it.
fn order(id: i64, minute: i64) -> BookedOrder {
    OrderBuilder::new(id)
        .named(&format!("#{id}-{minute}"))
        .line(LineBuilder::new(10, 2, 1500).discount(200).tax(280))
        .line(LineBuilder::custom("Gruß & „Karte“", 1, 300))
        .shipping(500, 50)
        .customer(77)
        .tag("vip")
        .paid(Some(123))
        .updated_at(at("2026-01-20") + Duration::minutes(minute))
        .booked(&CostBook::default())
}

fn ids(numbers: &[i64]) -> Vec<OrderId> {
    numbers.iter().copied().map(OrderId).collect()
}

pub async fn a_saved_order_reads_back_whole(stores: Stores) {
    let scope = connected(&stores, 1, 1).await;
    let booked = OrderBuilder::new(i64::MAX)
        .taxes_included()
        .currency("KWD")
        .line(LineBuilder::new(10, 3, 1500).tax(200))
        .line(LineBuilder::new(11, 1, 5000).gift_card())
        .tip(100)
        .paid(None)
        .refund(at("2026-01-17T09:30:15Z"), &[(0, 1, Restock::Return)])
        .edit_add(at("2026-01-18"), LineBuilder::new(20, 1, 900))
        .refund_amount(at("2026-01-19"), 5)
        .booked(&CostBook::default());
    let saved = stores
        .orders
        .save(scope, std::slice::from_ref(&booked), seen())
        .await;
    assert_eq!(saved.expect("saved").created, [booked.order.id]);
    let found = stores
        .orders
        .find(scope, booked.order.id)
        .await
        .expect("found");
    let expected = StoredOrder {
        order: booked.order,
        ledger: booked.ledger,
        version: 1,
        observed_at: seen(),
    };
    assert_eq!(found, Some(expected));
}

pub async fn an_unknown_order_is_none(stores: Stores) {
    let scope = connected(&stores, 1, 1).await;
    assert_eq!(
        stores.orders.find(scope, OrderId(1)).await.expect("asked"),
        None
    );
}

pub async fn a_newer_copy_replaces_and_the_version_grows_by_one(stores: Stores) {
    let scope = connected(&stores, 1, 1).await;
    for (minute, version) in [(1, 1), (2, 2), (5, 3)] {
        let booked = order(1, minute);
        let saved = stores
            .orders
            .save(scope, std::slice::from_ref(&booked), seen())
            .await;
        let saved = saved.expect("saved");
        assert_eq!(saved.created.len() + saved.changed.len(), 1);
        let found = stores.orders.find(scope, OrderId(1)).await.expect("asked");
        let found = found.expect("there");
        assert_eq!((found.order, found.version), (booked.order, version));
    }
    assert_rollups_hold(&stores, scope, "after three copies").await;
}

pub async fn an_older_copy_is_stale_and_writes_nothing(stores: Stores) {
    let scope = connected(&stores, 1, 1).await;
    stores
        .orders
        .save(scope, &[order(1, 5)], seen())
        .await
        .expect("saved");
    let later = seen() + Duration::hours(1);
    let saved = stores.orders.save(scope, &[order(1, 4)], later).await;
    let expected = SaveReport {
        stale: ids(&[1]),
        ..SaveReport::default()
    };
    assert_eq!(saved.expect("answered"), expected);
    let found = stores
        .orders
        .find(scope, OrderId(1))
        .await
        .expect("asked")
        .expect("there");
    assert_eq!((found.version, found.observed_at), (1, seen()));
    assert_eq!(found.order, order(1, 5).order);
    assert_eq!(events_of(&stores, scope, ORDERS_CHANGED).await.len(), 1);
    assert_rollups_hold(&stores, scope, "after a stale copy").await;
}

pub async fn an_equal_copy_is_unchanged_and_writes_nothing(stores: Stores) {
    let scope = connected(&stores, 1, 1).await;
    stores
        .orders
        .save(scope, &[order(1, 5)], seen())
        .await
        .expect("saved");
    let later = seen() + Duration::hours(1);
    let saved = stores.orders.save(scope, &[order(1, 5)], later).await;
    let expected = SaveReport {
        unchanged: ids(&[1]),
        ..SaveReport::default()
    };
    assert_eq!(saved.expect("answered"), expected);
    let found = stores
        .orders
        .find(scope, OrderId(1))
        .await
        .expect("asked")
        .expect("there");
    assert_eq!((found.version, found.observed_at), (1, seen()));
    assert_eq!(events_of(&stores, scope, ORDERS_CHANGED).await.len(), 1);
    assert_rollups_hold(&stores, scope, "after the same again").await;
}

pub async fn equal_in_time_with_other_content_replaces(stores: Stores) {
    let scope = connected(&stores, 1, 1).await;
    stores
        .orders
        .save(scope, &[order(1, 5)], seen())
        .await
        .expect("saved");
    let mut other = order(1, 5);
    other.order.tags.push("late".to_owned());
    let saved = stores
        .orders
        .save(scope, std::slice::from_ref(&other), seen())
        .await;
    assert_eq!(saved.expect("saved").changed, ids(&[1]));
    let found = stores
        .orders
        .find(scope, OrderId(1))
        .await
        .expect("asked")
        .expect("there");
    assert_eq!((found.order, found.version), (other.order, 2));
}

pub async fn equal_in_time_with_another_ledger_replaces(stores: Stores) {
    let scope = connected(&stores, 1, 1).await;
    stores
        .orders
        .save(scope, &[order(1, 5)], seen())
        .await
        .expect("saved");
    let mut rebooked = order(1, 5);
    for entry in &mut rebooked.ledger.entries {
        entry.cost = Basis::Actual;
    }
    let saved = stores
        .orders
        .save(scope, std::slice::from_ref(&rebooked), seen())
        .await;
    assert_eq!(saved.expect("saved").changed, ids(&[1]));
    let found = stores
        .orders
        .find(scope, OrderId(1))
        .await
        .expect("asked")
        .expect("there");
    assert_eq!(found.ledger, rebooked.ledger);
    assert_rollups_hold(&stores, scope, "after another ledger").await;
}

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

pub async fn a_walk_is_in_ascending_id_and_complete(stores: Stores) {
    let scope = connected(&stores, 1, 1).await;
    let batch: Vec<_> = [30, 4, 1000, 7, i64::MAX, 5].map(|id| order(id, 1)).into();
    stores
        .orders
        .save(scope, &batch, seen())
        .await
        .expect("saved");
    let first = stores
        .orders
        .walk(scope, None, None, 4)
        .await
        .expect("walked");
    let rest = stores
        .orders
        .walk(scope, Some(OrderId(30)), None, 4)
        .await
        .expect("walked");
    let numbers = |orders: &[StoredOrder]| orders.iter().map(|o| o.order.id.0).collect::<Vec<_>>();
    assert_eq!(numbers(&first), [4, 5, 7, 30]);
    assert_eq!(numbers(&rest), [1000, i64::MAX]);
}

pub async fn a_walk_finds_the_orders_that_sold_a_variant(stores: Stores) {
    let scope = connected(&stores, 1, 1).await;
    let selling = |id, variants: &[i64]| {
        let order = OrderBuilder::new(id);
        let lines = variants.iter().map(|v| LineBuilder::new(*v, 1, 100));
        lines
            .fold(order, OrderBuilder::line)
            .booked(&CostBook::default())
    };
    let batch = [
        selling(1, &[10]),
        selling(2, &[11, 12]),
        selling(3, &[]),
        selling(4, &[12, 10, 10]),
        selling(5, &[1]),
    ];
    stores
        .orders
        .save(scope, &batch, seen())
        .await
        .expect("saved");
    let walk = async |after: Option<i64>, variants: &[i64]| -> Vec<i64> {
        let variants: Vec<_> = variants.iter().copied().map(VariantId).collect();
        let after = after.map(OrderId);
        let found = stores.orders.walk(scope, after, Some(&variants), 10).await;
        found
            .expect("walked")
            .iter()
            .map(|o| o.order.id.0)
            .collect()
    };
    assert_eq!(walk(None, &[10]).await, [1, 4]);
    assert_eq!(walk(Some(1), &[10, 12]).await, [2, 4]);
    assert!(walk(None, &[99]).await.is_empty());
    assert!(walk(None, &[]).await.is_empty());
    stores
        .orders
        .save(
            scope,
            &[{
                let mut changed = selling(1, &[11]);
                changed.order.updated_at += Duration::hours(1);
                changed
            }],
            seen(),
        )
        .await
        .expect("saved");
    assert_eq!(
        walk(None, &[10]).await,
        [4],
        "a replaced order sells what it sells now"
    );
}

pub async fn the_span_covers_what_is_stored(stores: Stores) {
    let scope = connected(&stores, 1, 1).await;
    let empty = stores.orders.span(scope).await.expect("asked");
    assert_eq!((empty.count, empty.first_day, empty.as_of), (0, None, None));
    let sold = |id, text: &str| OrderBuilder::new(id).sold_at(at(text));
    let costs = CostBook::default();
    let batch = [
        sold(1, "2026-01-03T10:00:00Z").booked(&costs),
        sold(2, "2025-12-30")
            .updated_at(at("2026-01-30"))
            .booked(&costs),
        sold(3, "2026-02-05").test().booked(&costs),
    ];
    let later = seen() + Duration::hours(2);
    stores
        .orders
        .save(scope, &batch[1..], seen())
        .await
        .expect("saved");
    stores
        .orders
        .save(scope, &batch[..1], later)
        .await
        .expect("saved");
    let span = stores.orders.span(scope).await.expect("asked");
    assert_eq!(span.count, 3, "with test orders");
    assert_eq!(span.first_day, Some(day("2025-12-30")));
    assert_eq!(span.last_day, Some(day("2026-02-05")));
    assert_eq!(span.newest_update, Some(at("2026-02-05")));
    assert_eq!(span.as_of, Some(later));
    stores
        .orders
        .remove(scope, &ids(&[2]), later)
        .await
        .expect("removed");
    let span = stores.orders.span(scope).await.expect("asked");
    assert_eq!((span.count, span.first_day), (2, Some(day("2026-01-03"))));
}

#[macro_export]
macro_rules! order_laws {
    ($make:ident) => {
        $crate::laws!(
            orders,
            $make,
            [
                a_saved_order_reads_back_whole,
                an_unknown_order_is_none,
                a_newer_copy_replaces_and_the_version_grows_by_one,
                an_older_copy_is_stale_and_writes_nothing,
                an_equal_copy_is_unchanged_and_writes_nothing,
                equal_in_time_with_other_content_replaces,
                equal_in_time_with_another_ledger_replaces,
                a_report_names_each_order_in_the_order_of_the_batch,
                copies_within_one_batch_count_one_after_the_other,
                an_empty_batch_is_nothing,
                a_large_batch_is_one_batch,
                a_save_that_writes_emits_one_event,
                a_removed_order_is_gone_with_its_entries,
                a_removal_emits_one_event_of_those_that_were_there,
                a_deleted_order_stays_deleted_unless_updated_later,
                an_unknown_deleted_order_is_remembered,
                an_earlier_deletion_does_not_undo_a_later_one,
                two_batches_at_once_lose_nothing,
                the_same_batch_at_once_is_saved_once,
                a_walk_is_in_ascending_id_and_complete,
                a_walk_finds_the_orders_that_sold_a_variant,
                the_span_covers_what_is_stored,
            ]
        );
        $crate::laws!(
            order_lists,
            $make,
            [
                every_order_is_on_exactly_one_page_in_every_sort,
                orders_that_arrive_while_paging_hide_no_other,
                a_cursor_of_another_list_is_refused,
                text_finds_names_skus_titles_and_numbers,
                signs_of_patterns_mean_themselves,
                filters_are_joined_by_and,
                flags_select,
                deleted_orders_are_not_listed,
            ]
        );
        $crate::laws!(
            rollups,
            $make,
            [
                rollups_equal_the_fold_after_any_sequence,
                the_same_facts_in_any_order_give_the_same_rollups,
            ]
        );
    };
}
