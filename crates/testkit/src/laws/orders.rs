//! Laws of [`ports::orders::OrderStore`] about writing.

use super::tools::{assert_rollups_hold, connected, events_of};
use crate::Stores;
use crate::builders::{LineBuilder, OrderBuilder, at};
use chrono::{DateTime, Duration, Utc};
use domain::catalog::CostBook;
use domain::ids::OrderId;
use domain::ledger::Basis;
use domain::order::Restock;
use ports::events::ORDERS_CHANGED;
use ports::orders::{BookedOrder, SaveReport, StoredOrder};

pub(super) fn seen() -> DateTime<Utc> {
    at("2026-02-01T00:00:00Z")
}

/// Two lines, shipping and a fee; `minute` is when it was last updated, and changes the name with it.
pub(super) fn order(id: i64, minute: i64) -> BookedOrder {
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

pub(super) fn ids(numbers: &[i64]) -> Vec<OrderId> {
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
            ]
        );
        $crate::laws!(
            order_events,
            $make,
            [
                a_report_names_each_order_in_the_order_of_the_batch,
                a_save_that_writes_emits_one_event,
            ]
        );
        $crate::laws!(
            order_races,
            $make,
            [
                copies_within_one_batch_count_one_after_the_other,
                an_empty_batch_is_nothing,
                a_large_batch_is_one_batch,
                two_batches_at_once_lose_nothing,
                the_same_batch_at_once_is_saved_once,
            ]
        );
        $crate::laws!(
            order_walks,
            $make,
            [
                a_walk_is_in_ascending_id_and_complete,
                a_walk_finds_the_orders_that_sold_a_variant,
                the_span_covers_what_is_stored,
                what_was_paid_is_told_of_days_with_one_price,
                baskets_are_the_distinct_products_of_orders_that_count,
            ]
        );
        $crate::laws!(
            order_removals,
            $make,
            [
                a_removed_order_is_gone_with_its_entries,
                a_removal_emits_one_event_of_those_that_were_there,
                a_deleted_order_stays_deleted_unless_updated_later,
                an_unknown_deleted_order_is_remembered,
                an_earlier_deletion_does_not_undo_a_later_one,
            ]
        );
        $crate::laws!(
            order_lists,
            $make,
            [
                every_order_is_on_exactly_one_page_in_every_sort,
                orders_that_arrive_while_paging_hide_no_other,
                a_cursor_of_another_list_is_refused,
            ]
        );
        $crate::laws!(
            order_filters,
            $make,
            [
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
