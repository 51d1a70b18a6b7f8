//! Laws of [`ports::orders::OrderStore::list`].

use super::tools::{connected, refused};
use crate::Stores;
use crate::builders::{LineBuilder, OrderBuilder, at, day};
use chrono::Duration;
use domain::catalog::CostBook;
use domain::ids::{OrderId, ProductId, StoreScope};
use domain::order::Restock;
use ports::catalog::ProductQuery;
use ports::orders::{OrderFlag, OrderQuery, OrderSort, StoredOrder};
use ports::{Kind, PageRequest};

async fn save(stores: &Stores, scope: StoreScope, orders: Vec<OrderBuilder>) {
    let costs = CostBook::default();
    let batch: Vec<_> = orders.into_iter().map(|o| o.booked(&costs)).collect();
    let saved = stores.orders.save(scope, &batch, at("2026-02-01")).await;
    saved.expect("saved");
}

/// Orders of all pages, each page of at most `limit`.
async fn pages(
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

async fn found(stores: &Stores, scope: StoreScope, query: OrderQuery) -> Vec<i64> {
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

pub async fn text_finds_names_skus_titles_and_numbers(stores: Stores) {
    let scope = connected(&stores, 1, 1).await;
    let line = LineBuilder::new;
    save(
        &stores,
        scope,
        vec![
            OrderBuilder::new(4_507_894_691)
                .named("#1001")
                .line(line(10, 1, 1).titled("Red Shirt")),
            OrderBuilder::new(2)
                .named("EU-11001")
                .line(line(20, 1, 1).sku("Shirt-XL").titled("Cap")),
            OrderBuilder::new(3)
                .named("#7")
                .line(line(30, 1, 1).sku("AB-9").titled("Größe L")),
        ],
    )
    .await;
    let find = async |text: &str| {
        let query = OrderQuery {
            text: Some(text.to_owned()),
            ..OrderQuery::default()
        };
        found(&stores, scope, query).await
    };
    assert_eq!(find("1001").await, [2, 4_507_894_691]);
    assert_eq!(find("#1001").await, [4_507_894_691]);
    assert_eq!(find("eu-1").await, [2]);
    assert_eq!(find("SHIRT").await, [2, 4_507_894_691]);
    assert_eq!(find("ab-9").await, [3]);
    assert_eq!(find("größe").await, [3]);
    assert_eq!(find("4507894691").await, [4_507_894_691]);
    assert!(
        find("450789469").await.is_empty(),
        "a part of a number is none"
    );
    assert!(find("nothing").await.is_empty());
}

pub async fn signs_of_patterns_mean_themselves(stores: Stores) {
    let scope = connected(&stores, 1, 1).await;
    let titled = |id, title| OrderBuilder::new(id).line(LineBuilder::new(10, 1, 1).titled(title));
    save(
        &stores,
        scope,
        vec![
            titled(1, "100% wool"),
            titled(2, "100 wool"),
            titled(3, "snake_case"),
            titled(4, "snakeXcase"),
            titled(5, r"back\slash"),
            titled(6, "it's [a] *star*"),
        ],
    )
    .await;
    for (text, expected) in [
        ("100%", vec![1]),
        ("e_c", vec![3]),
        (r"k\s", vec![5]),
        ("t's", vec![6]),
        ("[a]", vec![6]),
        ("*", vec![6]),
        ("?", vec![]),
        ("%", vec![1]),
    ] {
        let query = OrderQuery {
            text: Some(text.to_owned()),
            ..OrderQuery::default()
        };
        assert_eq!(found(&stores, scope, query).await, expected, "{text}");
    }
}

pub async fn filters_are_joined_by_and(stores: Stores) {
    let scope = connected(&stores, 1, 1).await;
    let order = |id, text| {
        OrderBuilder::new(id)
            .sold_at(at(text))
            .line(LineBuilder::new(10 * id, 1, 100))
    };
    save(
        &stores,
        scope,
        vec![
            order(1, "2026-01-10T23:59:59Z"),
            order(2, "2026-01-11T00:00:00Z")
                .channel("pos")
                .country(Some("DE")),
            order(3, "2026-01-12T23:59:59Z")
                .channel("pos")
                .country(None),
            order(4, "2026-01-13T00:00:00Z")
                .financial_status("pending")
                .fulfillment_status("fulfilled"),
        ],
    )
    .await;
    let all = OrderQuery::default;
    let text = |s: &str| Some(s.to_owned());
    let from = Some(day("2026-01-11"));
    let to = Some(day("2026-01-12"));
    for (query, expected) in [
        (OrderQuery { from, ..all() }, vec![2, 3, 4]),
        (OrderQuery { to, ..all() }, vec![1, 2, 3]),
        (OrderQuery { from, to, ..all() }, vec![2, 3]),
        (
            OrderQuery {
                channel: text("pos"),
                ..all()
            },
            vec![2, 3],
        ),
        (
            OrderQuery {
                country: text("DE"),
                ..all()
            },
            vec![2],
        ),
        (
            OrderQuery {
                financial_status: text("pending"),
                ..all()
            },
            vec![4],
        ),
        (
            OrderQuery {
                fulfillment_status: text("unfulfilled"),
                ..all()
            },
            vec![1, 2, 3],
        ),
        (
            OrderQuery {
                product: Some(ProductId(3)),
                ..all()
            },
            vec![3],
        ),
        (
            OrderQuery {
                product: Some(ProductId(3)),
                channel: text("web"),
                ..all()
            },
            vec![],
        ),
        (
            OrderQuery {
                from,
                to,
                channel: text("pos"),
                country: text("DE"),
                ..all()
            },
            vec![2],
        ),
        (
            OrderQuery {
                text: text("#3"),
                channel: text("pos"),
                ..all()
            },
            vec![3],
        ),
        (
            OrderQuery {
                text: text("#4"),
                channel: text("pos"),
                ..all()
            },
            vec![],
        ),
    ] {
        assert_eq!(
            found(&stores, scope, query.clone()).await,
            expected,
            "{query:?}"
        );
    }
}

pub async fn flags_select(stores: Stores) {
    let scope = connected(&stores, 1, 1).await;
    let order = |id| {
        OrderBuilder::new(id)
            .line(LineBuilder::new(10, 2, 100))
            .paid(None)
    };
    let later = at("2026-01-20");
    save(
        &stores,
        scope,
        vec![
            order(1),
            order(2).refund(later, &[(0, 1, Restock::Return)]),
            order(3).cancelled(later),
            order(4).edit_add(later, LineBuilder::new(11, 1, 50)),
            order(5).test(),
        ],
    )
    .await;
    for (flag, expected) in [
        (OrderFlag::Refunded, vec![2, 3]),
        (OrderFlag::Cancelled, vec![3]),
        (OrderFlag::Edited, vec![4]),
        (OrderFlag::Test, vec![5]),
    ] {
        let query = OrderQuery {
            flag: Some(flag),
            ..OrderQuery::default()
        };
        assert_eq!(found(&stores, scope, query).await, expected, "{flag:?}");
    }
}

pub async fn deleted_orders_are_not_listed(stores: Stores) {
    let scope = connected(&stores, 1, 1).await;
    save(&stores, scope, (1..=3).map(OrderBuilder::new).collect()).await;
    let removed = stores
        .orders
        .remove(scope, &[OrderId(2)], at("2026-02-02"))
        .await;
    assert_eq!(removed.expect("removed"), 1);
    assert_eq!(found(&stores, scope, OrderQuery::default()).await, [1, 3]);
}
