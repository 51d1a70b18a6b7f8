//! Laws of [`ports::reports::ReportStore`].

use super::tools::{assert_rollups_hold, connected};
use crate::Stores;
use crate::builders::{Dice, LineBuilder, OrderBuilder, at, currency, day, random_order};
use domain::calendar::DayRange;
use domain::catalog::CostBook;
use domain::ids::{OrderId, StoreScope};
use domain::rollup::{Dimension, Measures, RollupKey, Rollups};
use ports::reports::DayRow;

fn days(from: &str, to: &str) -> DayRange {
    DayRange {
        from: day(from),
        to: day(to),
    }
}

pub(super) async fn save(stores: &Stores, scope: StoreScope, orders: Vec<OrderBuilder>) {
    let costs = CostBook::default();
    let batch: Vec<_> = orders.into_iter().map(|o| o.booked(&costs)).collect();
    stores
        .orders
        .save(scope, &batch, at("2026-02-01"))
        .await
        .expect("saved");
}

fn sum(rows: impl IntoIterator<Item = Measures>) -> Measures {
    rows.into_iter().fold(Measures::default(), |mut sum, row| {
        sum += row;
        sum
    })
}

pub async fn a_day_is_a_row_when_it_has_entries(stores: Stores) {
    let scope = connected(&stores, 1, 1).await;
    let sold = |id, text| {
        OrderBuilder::new(id)
            .sold_at(at(text))
            .line(LineBuilder::new(10, 1, 1000 * id))
    };
    save(
        &stores,
        scope,
        vec![
            sold(1, "2026-01-09"),
            sold(2, "2026-01-12"),
            sold(3, "2026-01-10").line(LineBuilder::new(20, 1, 50)),
            sold(4, "2026-01-12"),
            sold(5, "2026-01-13"),
        ],
    )
    .await;
    let usd = currency("USD");
    let range = days("2026-01-10", "2026-01-12");
    let by_day = async |dimension, key: &str| -> Vec<DayRow> {
        let rows = stores
            .reports
            .by_day(scope, usd, range, dimension, key)
            .await;
        rows.expect("rows")
    };
    let shown = |rows: &[DayRow]| -> Vec<_> {
        let row = |r: &DayRow| (r.day.to_string(), r.measures.orders, r.measures.gross_sales);
        rows.iter().map(row).collect()
    };
    let expected = |rows: &[(&str, i64, i64)]| -> Vec<_> {
        rows.iter()
            .map(|(d, o, g)| ((*d).to_owned(), *o, *g))
            .collect()
    };
    let total = by_day(Dimension::Total, "").await;
    assert_eq!(
        shown(&total),
        expected(&[("2026-01-10", 1, 3050), ("2026-01-12", 2, 6000)])
    );
    let product = by_day(Dimension::Product, "2").await;
    assert_eq!(shown(&product), expected(&[("2026-01-10", 0, 50)]));
    assert!(by_day(Dimension::Product, "3").await.is_empty());
    let eur = currency("EUR");
    let other = stores
        .reports
        .by_day(scope, eur, range, Dimension::Total, "")
        .await;
    assert!(other.expect("rows").is_empty());
    stores
        .orders
        .remove(scope, &[OrderId(3)], at("2026-02-01"))
        .await
        .expect("removed");
    assert_eq!(
        by_day(Dimension::Total, "").await.len(),
        1,
        "the day has no entries left"
    );
}

pub async fn days_and_keys_add_up_to_the_keys(stores: Stores) {
    let scope = connected(&stores, 1, 1).await;
    let mut dice = Dice::seeded(8);
    let orders = (1..=40).map(|id| random_order(&mut dice, id, 0)).collect();
    save(&stores, scope, orders).await;
    let (usd, range) = (currency("USD"), days("2026-01-05", "2026-02-10"));
    for dimension in Dimension::ALL {
        let reports = &stores.reports;
        let rows = reports.by_day_and_key(scope, usd, range, dimension).await;
        let rows = rows.expect("rows");
        assert!(rows.is_sorted_by_key(|r| (r.day, r.key.clone())));
        assert!(rows.iter().all(|r| range.contains(r.day)));
        let mut sums = std::collections::BTreeMap::<_, Measures>::new();
        for row in rows {
            *sums.entry(row.key).or_default() += row.measures;
        }
        let keys = reports.by_key(scope, usd, range, dimension).await;
        let keys: Vec<_> = keys
            .expect("rows")
            .into_iter()
            .map(|r| (r.key, r.measures))
            .collect();
        assert_eq!(sums.into_iter().collect::<Vec<_>>(), keys, "{dimension:?}");
    }
}

pub async fn rows_by_key_add_up_to_the_total_of_the_range(stores: Stores) {
    let scope = connected(&stores, 1, 1).await;
    let mut dice = Dice::seeded(5);
    let orders = (1..=60).map(|id| random_order(&mut dice, id, 0)).collect();
    save(&stores, scope, orders).await;
    let ranges = [
        days("2026-01-01", "2026-02-28"),
        days("2026-01-08", "2026-01-10"),
        days("2027-01-01", "2027-01-02"),
    ];
    for code in ["USD", "JPY"] {
        for range in ranges {
            let code = currency(code);
            let rows = stores
                .reports
                .by_day(scope, code, range, Dimension::Total, "")
                .await;
            let total = sum(rows.expect("rows").into_iter().map(|r| r.measures));
            for dimension in Dimension::ALL {
                let rows = stores.reports.by_key(scope, code, range, dimension).await;
                let mut split = sum(rows.expect("rows").into_iter().map(|r| r.measures));
                // One order may contain several products, so this one alone does not add up.
                split.orders_containing = total.orders_containing;
                assert_eq!(split, total, "{dimension:?} {range:?}");
            }
        }
    }
}

pub async fn keys_are_in_ascending_order(stores: Stores) {
    let scope = connected(&stores, 1, 1).await;
    let channels = [
        "web",
        "pos",
        "tik tok",
        "Web",
        "draft-orders",
        "draft_orders",
        "ä",
        "10",
        "9",
    ];
    let orders = channels.iter().zip(1..).map(|(channel, id)| {
        OrderBuilder::new(id)
            .channel(channel)
            .line(LineBuilder::new(id * 90, 1, 100))
            .line(LineBuilder::custom("Card", 1, 5))
            .shipping(10, 0)
    });
    save(&stores, scope, orders.collect()).await;
    for dimension in [Dimension::Channel, Dimension::Product, Dimension::Variant] {
        let range = days("2026-01-01", "2026-01-31");
        let rows = stores
            .reports
            .by_key(scope, currency("USD"), range, dimension)
            .await;
        let keys: Vec<_> = rows.expect("rows").into_iter().map(|r| r.key).collect();
        let mut sorted = keys.clone();
        sorted.sort();
        sorted.dedup();
        assert!(keys.len() >= channels.len());
        assert_eq!(keys, sorted, "each key once, in the order of its bytes");
    }
}

pub async fn orders_in_other_currencies_are_counted(stores: Stores) {
    let scope = connected(&stores, 1, 1).await;
    let order = |id, code: &str| {
        let day = if id % 2 == 0 {
            "2026-01-02"
        } else {
            "2026-01-03"
        };
        let order = OrderBuilder::new(id).currency(code).sold_at(at(day));
        order.line(LineBuilder::new(10, 1, 100))
    };
    save(
        &stores,
        scope,
        vec![
            order(1, "USD"),
            order(2, "EUR"),
            order(3, "EUR"),
            order(4, "JPY"),
            order(5, "GBP").test(),
        ],
    )
    .await;
    let others = async |code: &str| {
        let counts = stores.reports.other_currencies(scope, currency(code)).await;
        counts.expect("counts").into_iter().collect::<Vec<_>>()
    };
    let own = |code: &str, count| (code.to_owned(), count);
    assert_eq!(others("USD").await, [own("EUR", 2), own("JPY", 1)]);
    assert_eq!(others("EUR").await, [own("JPY", 1), own("USD", 1)]);
    stores
        .orders
        .remove(scope, &[OrderId(4)], at("2026-02-01"))
        .await
        .expect("removed");
    assert_eq!(others("USD").await, [own("EUR", 2)]);
}

pub async fn replacing_replaces_all(stores: Stores) {
    let scope = connected(&stores, 1, 1).await;
    let orders = || (1..=3).map(|id| OrderBuilder::new(id).line(LineBuilder::new(10, 1, 100)));
    save(&stores, scope, orders().collect()).await;
    let right = stores.reports.all(scope).await.expect("read");
    let key = RollupKey {
        dimension: Dimension::Channel,
        key: "wrong".to_owned(),
        day: day("2026-01-01"),
        currency: currency("USD"),
    };
    let measures = Measures {
        orders: i64::MAX,
        gross_sales: i64::MIN,
        ..Measures::default()
    };
    let wrong = Rollups::from([(key, measures)]);
    stores
        .reports
        .replace_all(scope, &wrong)
        .await
        .expect("replaced");
    assert_eq!(stores.reports.all(scope).await.expect("read"), wrong);
    stores
        .reports
        .replace_all(scope, &right)
        .await
        .expect("replaced");
    save(
        &stores,
        scope,
        vec![OrderBuilder::new(4).line(LineBuilder::new(20, 1, 7))],
    )
    .await;
    assert_rollups_hold(&stores, scope, "after a repair and a save").await;
}

#[macro_export]
macro_rules! report_laws {
    ($make:ident) => {
        $crate::laws!(
            reports,
            $make,
            [
                a_day_is_a_row_when_it_has_entries,
                rows_by_key_add_up_to_the_total_of_the_range,
                days_and_keys_add_up_to_the_keys,
                keys_are_in_ascending_order,
                orders_in_other_currencies_are_counted,
                replacing_replaces_all,
            ]
        );
        $crate::laws!(
            labels,
            $make,
            [
                labels_come_from_the_catalogue,
                labels_fall_back_to_the_latest_order_line,
                unknown_keys_have_no_label,
            ]
        );
    };
}
