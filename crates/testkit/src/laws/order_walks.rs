//! Laws of walking over all orders, and of the span that they cover.

use super::orders::{ids, order, seen};
use super::tools::connected;
use crate::Stores;
use crate::builders::{LineBuilder, OrderBuilder, at, currency, day};
use chrono::Duration;
use domain::agents::recommendation::Basket;
use domain::calendar::DayRange;
use domain::catalog::CostBook;
use domain::ids::{OrderId, ProductId, VariantId};
use domain::prices::PaidPrice;
use ports::orders::StoredOrder;

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
    assert_eq!((empty.first_day, empty.as_of), (None, None));
    let count = || stores.orders.count(scope);
    assert_eq!(count().await.expect("counted"), 0);
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
    assert_eq!(count().await.expect("counted"), 3, "with test orders");
    assert_eq!(span.first_day, Some(day("2025-12-30")));
    assert_eq!(span.last_day, Some(day("2026-02-05")));
    assert_eq!(span.as_of, Some(later));
    let as_of = || stores.orders.as_of(scope);
    assert_eq!(as_of().await.expect("asked"), Some(later));
    stores
        .orders
        .remove(scope, &ids(&[2]), later)
        .await
        .expect("removed");
    let span = stores.orders.span(scope).await.expect("asked");
    assert_eq!(span.first_day, Some(day("2026-01-03")));
    assert_eq!(count().await.expect("counted"), 2);
    let removed = stores.orders.remove(scope, &ids(&[1]), later).await;
    removed.expect("removed");
    assert_eq!(as_of().await.expect("asked"), Some(seen()));
}

pub async fn what_was_paid_is_told_of_days_with_one_price(stores: Stores) {
    let scope = connected(&stores, 1, 1).await;
    let sold = |id, on: &str, lines: &[(i64, i64)]| {
        let order = OrderBuilder::new(id).currency("EUR").sold_at(at(on));
        lines.iter().fold(order, |order, (variant, price)| {
            order.line(LineBuilder::new(*variant, 2, *price).discount(100))
        })
    };
    let costs = CostBook::default();
    let batch = [
        sold(1, "2026-01-03T08:00:00Z", &[(10, 1500), (20, 900)]),
        sold(2, "2026-01-03T09:00:00Z", &[(10, 1500), (20, 950)]),
        // Two lines of one variant at two prices, and on the next day at one.
        sold(3, "2026-01-04T10:00:00Z", &[(10, 1500), (10, 1400)]),
        sold(4, "2026-01-05T10:00:00Z", &[(10, 1400), (10, 1400)]),
        sold(5, "2026-01-05T11:00:00Z", &[(10, 1)]).test(),
        sold(6, "2026-01-05T12:00:00Z", &[(10, 1)]).currency("USD"),
        sold(7, "2026-01-06T10:00:00Z", &[(10, 1600)]),
        sold(8, "2026-01-07T10:00:00Z", &[(10, 1600)]),
    ]
    .map(|order| order.booked(&costs));
    let saved = stores.orders.save(scope, &batch, seen()).await;
    saved.expect("saved");
    let euro = currency("EUR");
    let range = DayRange::new(day("2026-01-03"), day("2026-01-06")).expect("a range");
    let paid = || stores.orders.paid_prices(scope, euro, range);
    let at = |on: &str, price| PaidPrice {
        variant: VariantId(10),
        day: day(on),
        price,
    };
    let first = at("2026-01-03", 1500);
    assert_eq!(
        paid().await.expect("asked"),
        [first, at("2026-01-05", 1400), at("2026-01-06", 1600)]
    );
    // A day with two prices has one when the other order is deleted; an edit counts as it now stands.
    let later = seen() + Duration::hours(1);
    let removed = stores.orders.remove(scope, &ids(&[2]), later).await;
    removed.expect("removed");
    let edited = sold(7, "2026-01-06T10:00:00Z", &[(10, 1700)]).updated_at(later);
    let edited = [edited.booked(&costs)];
    let saved = stores.orders.save(scope, &edited, later).await;
    saved.expect("saved");
    let other = PaidPrice {
        variant: VariantId(20),
        day: day("2026-01-03"),
        price: 900,
    };
    assert_eq!(
        paid().await.expect("asked"),
        [first, at("2026-01-05", 1400), at("2026-01-06", 1700), other]
    );
}

pub async fn baskets_are_the_distinct_products_of_orders_that_count(stores: Stores) {
    let scope = connected(&stores, 1, 1).await;
    let sold = |id, on: &str, variants: &[i64]| {
        let order = OrderBuilder::new(id).sold_at(at(on));
        let lines = variants.iter().map(|v| LineBuilder::new(*v, 2, 900));
        lines.fold(order, OrderBuilder::line)
    };
    let tip = LineBuilder::custom("A tip", 1, 100);
    let costs = CostBook::default();
    let batch = [
        // Two variants of product 1, and product 3 before it.
        sold(9, "2026-01-03T08:00:00Z", &[30, 10, 11]).line(tip.clone()),
        sold(2, "2026-01-03T09:00:00Z", &[20]),
        sold(3, "2026-01-04T10:00:00Z", &[10, 20]).test(),
        sold(4, "2026-01-04T11:00:00Z", &[10, 20]).cancelled(at("2026-01-05T11:00:00Z")),
        sold(5, "2026-01-04T12:00:00Z", &[]).line(tip),
        sold(6, "2026-01-05T12:00:00Z", &[20, 30]).currency("EUR"),
        sold(7, "2026-01-02T12:00:00Z", &[20, 30]),
        sold(8, "2026-01-06T12:00:00Z", &[20, 30]),
    ]
    .map(|order| order.booked(&costs));
    let saved = stores.orders.save(scope, &batch, seen()).await;
    saved.expect("saved");
    let other = connected(&stores, 1, 2).await;
    let range = DayRange::new(day("2026-01-03"), day("2026-01-05")).expect("a range");
    let found = stores.orders.baskets(scope, range).await.expect("asked");
    let basket = |order, on: &str, products: &[i64]| Basket {
        day: day(on),
        order: OrderId(order),
        products: products.iter().copied().map(ProductId).collect(),
    };
    let expected = [
        basket(2, "2026-01-03", &[2]),
        basket(9, "2026-01-03", &[1, 3]),
        basket(6, "2026-01-05", &[2, 3]),
    ];
    assert_eq!(found, expected);
    let theirs = stores.orders.baskets(other, range).await.expect("asked");
    assert_eq!(theirs, []);
}
