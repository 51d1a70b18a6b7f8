//! Laws of what [`ports::orders::OrderStore::list`] selects.

use super::order_lists::{found, save};
use super::tools::connected;
use crate::Stores;
use crate::builders::{LineBuilder, OrderBuilder, at, day};
use domain::ids::{OrderId, ProductId};
use domain::order::Restock;
use ports::orders::{OrderFlag, OrderQuery};

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
    type Set = fn(&mut OrderQuery);
    let from: Set = |q| q.from = Some(day("2026-01-11"));
    let to: Set = |q| q.to = Some(day("2026-01-12"));
    let pos: Set = |q| q.channel = Some("pos".to_owned());
    let web: Set = |q| q.channel = Some("web".to_owned());
    let germany: Set = |q| q.country = Some("DE".to_owned());
    let pending: Set = |q| q.financial_status = Some("pending".to_owned());
    let unfulfilled: Set = |q| q.fulfillment_status = Some("unfulfilled".to_owned());
    let third: Set = |q| q.product = Some(ProductId(3));
    let cases: [(&[Set], &[i64]); 12] = [
        (&[from], &[2, 3, 4]),
        (&[to], &[1, 2, 3]),
        (&[from, to], &[2, 3]),
        (&[pos], &[2, 3]),
        (&[germany], &[2]),
        (&[pending], &[4]),
        (&[unfulfilled], &[1, 2, 3]),
        (&[third], &[3]),
        (&[third, web], &[]),
        (&[from, to, pos, germany], &[2]),
        (&[pos, |q| q.text = Some("#3".to_owned())], &[3]),
        (&[pos, |q| q.text = Some("#4".to_owned())], &[]),
    ];
    for (filters, expected) in cases {
        let mut query = OrderQuery::default();
        filters.iter().for_each(|set| set(&mut query));
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
