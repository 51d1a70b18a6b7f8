//! Laws of [`ports::orders::OrderStore::list`].

use super::tools::{connected, refused};
use crate::Stores;
use crate::builders::{LineBuilder, OrderBuilder, at};
use chrono::Duration;
use domain::catalog::CostBook;
use domain::ids::StoreScope;
use ports::catalog::ProductQuery;
use ports::orders::{OrderQuery, OrderSort, StoredOrder};
use ports::{Kind, PageRequest};

pub(super) async fn save(stores: &Stores, scope: StoreScope, orders: Vec<OrderBuilder>) {
    let costs = CostBook::default();
    let batch: Vec<_> = orders.into_iter().map(|o| o.booked(&costs)).collect();
    let saved = stores.orders.save(scope, &batch, at("2026-02-01")).await;
    saved.expect("saved");
}

/// Orders of all pages, each page of at most `limit`.
pub(super) async fn pages(
    stores: &Stores,
    scope: StoreScope,
    query: &OrderQuery,
    limit: u32,
) -> Vec<StoredOrder> {
    let mut request = PageRequest::first(limit);
    let (mut all, mut totals) = (Vec::new(), Vec::new());
    loop {
        let page = stores
            .orders
            .list(scope, query, &request)
            .await
            .expect("a page");
        assert!(page.items.len() <= limit as usize, "a page keeps its limit");
        all.extend(page.items);
        totals.extend(page.total);
        assert!(all.len() < 1000, "paging ends");
        match page.next_cursor {
            Some(cursor) => request.cursor = Some(cursor),
            None => break,
        }
    }
    for total in totals {
        assert_eq!(total, all.len() as u64, "the total is over all pages");
    }
    all
}

pub(super) async fn found(stores: &Stores, scope: StoreScope, query: OrderQuery) -> Vec<i64> {
    let mut numbers: Vec<_> = pages(stores, scope, &query, 50)
        .await
        .iter()
        .map(|o| o.order.id.0)
        .collect();
    numbers.sort_unstable();
    numbers
}

/// Many orders with few different times and totals, so that every sort has ties over the edges of pages.
async fn many_with_ties(stores: &Stores, scope: StoreScope) -> Vec<i64> {
    let orders = (1..=23).map(|id| {
        OrderBuilder::new(id)
            .sold_at(at("2026-01-10") + Duration::hours(id * 7 % 3))
            .line(LineBuilder::new(10, 1, 1000 + id * 5 % 4 * 100))
    });
    save(stores, scope, orders.collect()).await;
    (1..=23).collect()
}

pub async fn every_order_is_on_exactly_one_page_in_every_sort(stores: Stores) {
    let scope = connected(&stores, 1, 1).await;
    let expected = many_with_ties(&stores, scope).await;
    for sort in [
        OrderSort::NewestFirst,
        OrderSort::OldestFirst,
        OrderSort::LargestFirst,
        OrderSort::SmallestFirst,
    ] {
        for limit in [1, 4, 23, 50] {
            let query = OrderQuery {
                sort,
                ..OrderQuery::default()
            };
            let all = pages(&stores, scope, &query, limit).await;
            let mut numbers: Vec<_> = all.iter().map(|o| o.order.id.0).collect();
            numbers.sort_unstable();
            assert_eq!(numbers, expected, "{sort:?} by {limit}");
            let sorted = match sort {
                OrderSort::NewestFirst => {
                    all.is_sorted_by(|a, b| a.order.processed_at >= b.order.processed_at)
                }
                OrderSort::OldestFirst => all.is_sorted_by_key(|o| o.order.processed_at),
                OrderSort::LargestFirst => all.is_sorted_by(|a, b| {
                    a.order.totals.current_total >= b.order.totals.current_total
                }),
                OrderSort::SmallestFirst => all.is_sorted_by_key(|o| o.order.totals.current_total),
            };
            assert!(sorted, "{sort:?} by {limit}");
        }
    }
}

pub async fn orders_that_arrive_while_paging_hide_no_other(stores: Stores) {
    let scope = connected(&stores, 1, 1).await;
    let expected = many_with_ties(&stores, scope).await;
    let query = OrderQuery::default();
    let mut request = PageRequest::first(5);
    let mut seen: Vec<i64> = Vec::new();
    for round in 0.. {
        let page = stores
            .orders
            .list(scope, &query, &request)
            .await
            .expect("a page");
        seen.extend(page.items.iter().map(|o| o.order.id.0));
        let Some(cursor) = page.next_cursor else {
            break;
        };
        request.cursor = Some(cursor);
        // Newer than all, and older than all.
        let newer = OrderBuilder::new(100 + round).sold_at(at("2026-02-20"));
        let older = OrderBuilder::new(200 + round).sold_at(at("2026-01-01"));
        save(
            &stores,
            scope,
            if round < 3 {
                vec![newer, older]
            } else {
                Vec::new()
            },
        )
        .await;
    }
    let mut old: Vec<_> = seen.into_iter().filter(|id| *id <= 23).collect();
    old.sort_unstable();
    assert_eq!(old, expected);
}

pub async fn a_cursor_of_another_list_is_refused(stores: Stores) {
    let scope = connected(&stores, 1, 1).await;
    many_with_ties(&stores, scope).await;
    let newest = OrderQuery::default();
    let page = stores
        .orders
        .list(scope, &newest, &PageRequest::first(5))
        .await;
    let cursor = page.expect("a page").next_cursor;
    assert!(cursor.is_some(), "there are more");
    let largest = OrderQuery {
        sort: OrderSort::LargestFirst,
        ..OrderQuery::default()
    };
    let with = |cursor| PageRequest { cursor, limit: 5 };
    let answer = stores
        .orders
        .list(scope, &largest, &with(cursor.clone()))
        .await;
    refused(answer, Kind::Rejected);
    let products = ProductQuery::default();
    refused(
        stores.catalog.list(scope, &products, &with(cursor)).await,
        Kind::Rejected,
    );
    for nonsense in ["", "x", "eyJhIjoxfQ==", "1,2"] {
        let page = with(Some(nonsense.to_owned()));
        refused(
            stores.orders.list(scope, &newest, &page).await,
            Kind::Rejected,
        );
    }
}
