//! Laws of [`ports::supplier_book`].

use super::tools::connected;
use crate::Stores;
use crate::builders::{at, audit_entry, scope, supplier_mapping, supplier_order};
use chrono::Duration;
use domain::ids::{OrderId, StoreScope, VariantId};
use domain::supplier::{SupplierMapping, SupplierOrder, SupplierOrderState};
use ports::supplier_book::{MappingFilter, SupplierOrderFilter};
use ports::{Kind, PageRequest, PortError};

async fn save(
    stores: &Stores,
    scope: StoreScope,
    mappings: &[SupplierMapping],
) -> Result<(), PortError> {
    let entry = audit_entry(scope.workspace, "supplier_mapping.set");
    let port = &stores.supplier_mappings;
    port.save_mappings(scope, mappings, &entry).await
}

async fn open(stores: &Stores, order: &SupplierOrder) -> Result<(), PortError> {
    let entry = audit_entry(order.scope.workspace, "supplier_order.open");
    let port = &stores.supplier_order_book;
    port.open_supplier_order(order, &entry).await
}

pub async fn mappings_are_written_together_or_not_at_all(stores: Stores) {
    let here = connected(&stores, 1, 1).await;
    let first = supplier_mapping(here, 1, 1);
    save(&stores, here, std::slice::from_ref(&first))
        .await
        .expect("saved");
    let second = supplier_mapping(here, 2, 1);
    let refused = save(&stores, here, &[second.clone(), first.clone()]).await;
    assert_eq!(refused.expect_err("twice").kind, Kind::Conflict);
    let of = |variants: &'static [i64]| {
        let variants: Vec<_> = variants.iter().map(|v| VariantId(*v)).collect();
        let port = stores.supplier_mappings.clone();
        async move { port.mappings_of(here, &variants).await.expect("read") }
    };
    assert_eq!(of(&[1, 2]).await, std::slice::from_ref(&first));
    let other = SupplierMapping {
        pieces: 3,
        version: 2,
        ..first.clone()
    };
    save(&stores, here, &[other.clone(), second.clone()])
        .await
        .expect("replaced");
    let stale = save(&stores, here, std::slice::from_ref(&other)).await;
    assert_eq!(stale.expect_err("stale").kind, Kind::Conflict);
    assert_eq!(of(&[1]).await, std::slice::from_ref(&other));
    assert_eq!(of(&[2]).await, [second]);
    let port = &stores.supplier_mappings;
    let found = port.mapping(here.workspace, other.id).await;
    assert_eq!(found.expect("read"), Some(other.clone()));
    let elsewhere = port.mapping(scope(2, 1).workspace, other.id).await;
    assert_eq!(elsewhere.expect("read"), None);
}

pub async fn every_mapping_is_on_one_page_and_those_taken_away_only_when_asked_for(stores: Stores) {
    let here = connected(&stores, 1, 1).await;
    let beside = connected(&stores, 1, 2).await;
    let mut all: Vec<_> = (1..=5)
        .flat_map(|v| [1, 2].map(|p| supplier_mapping(here, v, p)))
        .collect();
    all[3].off = true;
    save(&stores, here, &all).await.expect("saved");
    let foreign = supplier_mapping(beside, 1, 1);
    save(&stores, beside, &[foreign]).await.expect("saved");
    for off_too in [false, true] {
        let filter = MappingFilter {
            off_too,
            ..MappingFilter::default()
        };
        let (mut page, mut seen) = (PageRequest::first(3), Vec::new());
        loop {
            let port = &stores.supplier_mappings;
            let found = port.list_mappings(here, &filter, &page).await;
            let found = found.expect("listed");
            seen.extend(found.items);
            page.cursor = found.next_cursor;
            if page.cursor.is_none() {
                break;
            }
        }
        let mut expected: Vec<_> = all.iter().filter(|m| off_too || !m.off).cloned().collect();
        expected.sort_by_key(|m| (m.variant, m.id));
        assert_eq!(seen, expected);
    }
}

pub async fn a_line_is_in_one_order_that_stands(stores: Stores) {
    let here = connected(&stores, 1, 1).await;
    let beside = connected(&stores, 1, 2).await;
    let first = supplier_order(here, 7, 0, &[1, 2]);
    open(&stores, &first).await.expect("opened");
    let again = open(&stores, &first).await;
    assert_eq!(again.expect_err("twice").kind, Kind::Conflict);
    let other = supplier_order(here, 7, 1, &[3, 2]);
    let taken = open(&stores, &other).await;
    assert_eq!(taken.expect_err("taken").kind, Kind::Conflict);
    let port = &stores.supplier_order_book;
    let found = port.supplier_order(here.workspace, other.plan.id).await;
    assert_eq!(found.expect("read"), None, "nothing of it is written");
    // The same lines of another store are others.
    let foreign = supplier_order(beside, 7, 0, &[1, 2]);
    open(&stores, &foreign).await.expect("opened");
    let mut called_off = first.clone();
    called_off.lost("it is not there", at("2026-03-02T00:00:00Z"));
    let saved = port.save_supplier_order(&called_off, None).await;
    assert_eq!(saved.expect("saved").version, 2);
    let stale = port.save_supplier_order(&called_off, None).await;
    assert_eq!(stale.expect_err("stale").kind, Kind::Conflict);
    open(&stores, &other).await.expect("its lines are free");
    let found = port.supplier_order(scope(2, 1).workspace, other.plan.id);
    assert_eq!(found.await.expect("read"), None);
}

pub async fn of_many_that_open_the_same_lines_one_does(stores: Stores) {
    let here = connected(&stores, 1, 1).await;
    let tries = (0..8).map(|part| {
        let order = supplier_order(here, 7, part, &[1]);
        let stores = &stores;
        async move { open(stores, &order).await.is_ok() }
    });
    let done = futures::future::join_all(tries).await;
    assert_eq!(done.iter().filter(|ok| **ok).count(), 1);
}

pub async fn orders_are_listed_newest_first_and_one_gets_what_is_due(stores: Stores) {
    let here = connected(&stores, 1, 1).await;
    let mut orders: Vec<_> = (1..=4)
        .map(|n| supplier_order(here, n, 0, &[n * 10]))
        .collect();
    for order in &orders {
        open(&stores, order).await.expect("opened");
    }
    let port = &stores.supplier_order_book;
    let any = SupplierOrderFilter::default();
    let (mut page, mut seen) = (PageRequest::first(3), Vec::new());
    loop {
        let found = port.supplier_orders(here, &any, &page).await;
        let found = found.expect("listed");
        seen.extend(found.items);
        page.cursor = found.next_cursor;
        if page.cursor.is_none() {
            break;
        }
    }
    orders.reverse();
    assert_eq!(seen, orders);
    let of_one = SupplierOrderFilter {
        order: Some(OrderId(2)),
        state: Some(SupplierOrderState::Placing),
    };
    let first = PageRequest::first(9);
    let found = port.supplier_orders(here, &of_one, &first);
    assert_eq!(found.await.expect("listed").items, [orders[2].clone()]);

    let now = at("2026-03-05T00:00:00Z");
    let until = now + Duration::minutes(5);
    let mut claimed = Vec::new();
    while let Some(order) = port.claim_supplier_order(now, until).await.expect("read") {
        claimed.push(order.plan.order.0);
    }
    assert_eq!(
        claimed,
        [1, 2, 3, 4],
        "the longest waiting first, each once"
    );
    let hurried = orders[0].plan.id;
    port.hurry_supplier_order(here.workspace, hurried, now)
        .await
        .expect("hurried");
    let next = port.claim_supplier_order(now, until).await.expect("read");
    assert_eq!(next.map(|o| o.plan.id), Some(hurried));
    let later = port.claim_supplier_order(until, until + Duration::minutes(5));
    assert!(later.await.expect("read").is_some(), "its turn is over");
    let mut ended = orders[0].clone();
    ended.lost("gone", now);
    port.save_supplier_order(&ended, None).await.expect("saved");
    let (mut left, far) = (0, now + Duration::days(9));
    while port
        .claim_supplier_order(far, far + Duration::days(1))
        .await
        .expect("read")
        .is_some()
    {
        left += 1;
    }
    assert_eq!(left, 3, "what has ended is not looked at");
}

#[macro_export]
macro_rules! supplier_book_laws {
    ($make:ident) => {
        $crate::laws!(
            supplier_book,
            $make,
            [
                mappings_are_written_together_or_not_at_all,
                every_mapping_is_on_one_page_and_those_taken_away_only_when_asked_for,
                a_line_is_in_one_order_that_stands,
                of_many_that_open_the_same_lines_one_does,
                orders_are_listed_newest_first_and_one_gets_what_is_due,
            ]
        );
    };
}
