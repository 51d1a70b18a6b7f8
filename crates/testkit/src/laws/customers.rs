//! Laws of [`ports::customers`].

use super::tools::{all_orders, connected, refused};
use crate::Stores;
use crate::builders::{Dice, LineBuilder, OrderBuilder, at, currency, day, random_order};
use chrono::Duration;
use domain::calendar::DayRange;
use domain::catalog::CostBook;
use domain::customers::{Analysis, Analyst, CustomerDays, CustomerSettings, GUEST, Standing, fold};
use domain::ids::{CustomerId, OrderId, StoreScope};
use domain::rollup::{self, Placement};
use ports::customers::{CustomerQuery, CustomerRow, CustomerSort, KeptAnalysis, WorthFilter};
use ports::{Kind, PageRequest};

/// What the days have to be.
async fn expected(stores: &Stores, scope: StoreScope) -> CustomerDays {
    let mut days = CustomerDays::new();
    for stored in all_orders(stores, scope).await {
        let rollups = rollup::fold(&Placement::of(&stored.order), &stored.ledger);
        for (key, sums) in fold(stored.order.customer, &rollups) {
            *days.entry(key).or_default() += sums;
        }
    }
    days.retain(|_, sums| !sums.is_zero());
    days
}

/// The days walked through in small pages.
async fn analysed(stores: &Stores, scope: StoreScope, today: &str) -> Analysis {
    let usd = currency("USD");
    let mut analyst = Analyst::new(day(today), usd, CustomerSettings::default());
    let mut after = None;
    loop {
        let rows = stores.customer_days.walk_days(scope, usd, after, 3).await;
        let rows = rows.expect("walked");
        let Some(last) = rows.last() else {
            return analyst.finish();
        };
        after = Some((last.customer, last.day));
        rows.into_iter().for_each(|row| analyst.push(row));
    }
}

async fn everybody(stores: &Stores, scope: StoreScope, query: &CustomerQuery) -> Vec<CustomerRow> {
    let mut all = Vec::new();
    let mut page = PageRequest {
        cursor: None,
        limit: 2,
    };
    loop {
        let got = stores
            .customers
            .list(scope, currency("USD"), query, &page)
            .await;
        let got = got.expect("listed");
        all.extend(got.items);
        assert!(got.total.is_some_and(|t| t >= all.len() as u64));
        match got.next_cursor {
            Some(cursor) => page.cursor = Some(cursor),
            None => return all,
        }
    }
}

fn standing_of(days: &CustomerDays, customer: CustomerId) -> Option<Standing> {
    let usd = currency("USD");
    let of = || {
        days.iter()
            .filter(|(k, _)| k.customer == customer && k.currency == usd)
    };
    let bought = || of().filter(|(_, d)| d.orders > 0).map(|(k, _)| k.day);
    Some(Standing {
        customer,
        first_day: bought().min()?,
        last_day: bought().max()?,
        orders: of().map(|(_, d)| d.orders).sum(),
        net_revenue: of().map(|(_, d)| d.net_revenue).sum(),
        net_revenue_without_cost: of().map(|(_, d)| d.net_revenue_without_cost).sum(),
        cm2: of().map(|(_, d)| d.cm2).sum(),
    })
}

pub async fn the_days_of_customers_equal_the_fold_after_any_sequence(stores: Stores) {
    for seed in 1..=3 {
        let scope = connected(&stores, 1, seed).await;
        let mut dice = Dice::seeded(u64::from(seed) + 40);
        let mut pool = Vec::new();
        for id in 1..=9 {
            for revision in 0..4 {
                // Another revision may belong to another customer, as after a merge.
                pool.push(random_order(&mut dice, id, revision).booked(&CostBook::default()));
            }
        }
        let mut revision = 0;
        for step in 0..20 {
            if dice.one_in(5) {
                let id = OrderId(1 + dice.below(9));
                let deleted_at = at("2026-03-01") + Duration::hours(dice.below(96));
                stores
                    .orders
                    .remove(scope, &[id], deleted_at)
                    .await
                    .expect("removed");
            } else {
                let size = dice.below(6);
                let batch: Vec<_> = (0..size).map(|_| dice.pick(&pool).clone()).collect();
                stores
                    .orders
                    .save(scope, &batch, at("2026-04-01"))
                    .await
                    .expect("saved");
            }
            let expected = expected(&stores, scope).await;
            let stored = stores.customer_days.all_days(scope).await.expect("read");
            assert_eq!(stored, expected, "seed {seed}, step {step}");
            for customer in (1..=4).map(CustomerId) {
                let found = stores
                    .customers
                    .find(scope, currency("USD"), customer)
                    .await;
                let found = found.expect("asked").map(|row| row.standing);
                assert_eq!(
                    found,
                    standing_of(&expected, customer),
                    "seed {seed}, step {step}"
                );
            }
            let now = stores.customer_days.revision(scope).await.expect("asked");
            assert!(now >= revision, "it never goes back");
            revision = now;
        }
        assert!(revision > 0);
    }
}

/// Seven customers and a guest; amounts and days differ.
async fn some_customers(stores: &Stores) -> StoreScope {
    let scope = connected(stores, 1, 1).await;
    let mut batch = Vec::new();
    for n in 1..=7_i64 {
        for order in 0..=n % 3 {
            let sold_at = at("2026-01-01") + Duration::days(n * 5 + order * 20);
            let line = LineBuilder::new(10, 1, 1_000 * n + order);
            let country = if n % 2 == 0 { "DE" } else { "US" };
            let built = OrderBuilder::new(n * 10 + order)
                .sold_at(sold_at)
                .customer(n)
                .country(Some(country))
                .line(line);
            batch.push(built.booked(&CostBook::default()));
        }
    }
    let guest = OrderBuilder::new(999).line(LineBuilder::new(10, 1, 50));
    batch.push(guest.booked(&CostBook::default()));
    stores
        .orders
        .save(scope, &batch, at("2026-04-01"))
        .await
        .expect("saved");
    scope
}

pub async fn every_matching_customer_is_on_one_page(stores: Stores) {
    let scope = some_customers(&stores).await;
    let all = everybody(&stores, scope, &CustomerQuery::default()).await;
    assert_eq!(all.len(), 7, "guests are no customers");
    let of = |query: CustomerQuery, keep: fn(&Standing) -> bool| {
        let (stores, all) = (&stores, &all);
        async move {
            let mut found: Vec<_> = everybody(stores, scope, &query).await;
            found.sort_by_key(|r| r.standing.customer);
            let mut wanted: Vec<_> = all.iter().filter(|r| keep(&r.standing)).cloned().collect();
            wanted.sort_by_key(|r| r.standing.customer);
            assert_eq!(found, wanted, "{query:?}");
        }
    };
    let query = CustomerQuery::default;
    of(
        CustomerQuery {
            country: Some("DE".into()),
            ..query()
        },
        |s| s.customer.0 % 2 == 0,
    )
    .await;
    of(
        CustomerQuery {
            orders: Some(2),
            ..query()
        },
        |s| s.orders == 2,
    )
    .await;
    of(
        CustomerQuery {
            revenue_above: Some(5_000),
            ..query()
        },
        |s| s.net_revenue > 5_000,
    )
    .await;
    of(
        CustomerQuery {
            text: Some("3".into()),
            ..query()
        },
        |s| s.customer.0 == 3,
    )
    .await;
    let cut = day("2026-01-21");
    of(
        CustomerQuery {
            first_from: Some(cut),
            ..query()
        },
        |s| s.first_day >= day("2026-01-21"),
    )
    .await;
    of(
        CustomerQuery {
            first_to: Some(cut),
            ..query()
        },
        |s| s.first_day <= day("2026-01-21"),
    )
    .await;
    of(
        CustomerQuery {
            last_after: Some(cut),
            ..query()
        },
        |s| s.last_day > day("2026-01-21"),
    )
    .await;
    of(
        CustomerQuery {
            last_until: Some(cut),
            ..query()
        },
        |s| s.last_day <= day("2026-01-21"),
    )
    .await;
    for (sort, key) in [
        (
            CustomerSort::MostRevenue,
            (|s| s.net_revenue) as fn(&Standing) -> i64,
        ),
        (CustomerSort::MostOrders, |s| s.orders),
        (CustomerSort::LatestOrder, |s| {
            s.last_day
                .signed_duration_since(day("2000-01-01"))
                .num_days()
        }),
        (CustomerSort::NewestFirst, |s| {
            s.first_day
                .signed_duration_since(day("2000-01-01"))
                .num_days()
        }),
    ] {
        let keys: Vec<i64> = everybody(&stores, scope, &CustomerQuery { sort, ..query() })
            .await
            .iter()
            .map(|r| key(&r.standing))
            .collect();
        assert!(keys.is_sorted_by(|a, b| a >= b), "{sort:?}: {keys:?}");
    }

    // Other bounds make another list.
    let page = async |query: &CustomerQuery, cursor| {
        let page = PageRequest { cursor, limit: 2 };
        let book = &stores.customers;
        book.list(scope, currency("USD"), query, &page).await
    };
    let first = page(&query(), None).await.expect("listed");
    let others = CustomerQuery {
        orders: Some(1),
        ..query()
    };
    refused(page(&others, first.next_cursor).await, Kind::Rejected);
    // Not where they are only how somebody's question is answered now.
    let asked = |orders, asked: &str| CustomerQuery {
        orders,
        asked: Some(asked.to_owned()),
        ..query()
    };
    let first = page(&asked(None, "all"), None).await.expect("listed");
    let cursor = || first.next_cursor.clone();
    let moved = page(&asked(Some(1), "all"), cursor())
        .await
        .expect("listed");
    assert!(moved.items.iter().all(|row| row.standing.orders == 1));
    let others = page(&asked(Some(1), "new"), cursor()).await;
    refused(others, Kind::Rejected);
}

pub async fn worth_is_scored_as_the_domain_scores_it(stores: Stores) {
    let scope = some_customers(&stores).await;
    let all = everybody(&stores, scope, &CustomerQuery::default()).await;
    let cuts = |value: fn(&Standing) -> i64| {
        let values = all.iter().map(|r| value(&r.standing)).collect();
        domain::customers::Quintiles::of(values).expect("somebody")
    };
    let (frequency, money) = (cuts(|s| s.orders), cuts(|s| s.net_revenue));
    let mut seen = 0;
    for from in 1..=5 {
        let worth = WorthFilter {
            frequency,
            money,
            from,
            to: from,
        };
        let query = CustomerQuery {
            worth: Some(worth),
            ..CustomerQuery::default()
        };
        let found = everybody(&stores, scope, &query).await;
        for row in &found {
            let sum = frequency.score(row.standing.orders) + money.score(row.standing.net_revenue);
            assert_eq!(sum.div_ceil(2), from, "{row:?}");
        }
        seen += found.len();
    }
    assert_eq!(seen, all.len(), "each has one score");
}

pub async fn a_range_counts_who_bought_in_it(stores: Stores) {
    let scope = some_customers(&stores).await;
    let days = stores.customer_days.all_days(scope).await.expect("read");
    for (from, to) in [
        ("2026-01-01", "2026-01-31"),
        ("2026-01-20", "2026-02-10"),
        ("2027-01-01", "2027-01-02"),
    ] {
        let range = DayRange {
            from: day(from),
            to: day(to),
        };
        let counts = stores
            .customers
            .counts_in(scope, currency("USD"), range)
            .await
            .expect("counted");
        let inside = |customer: i64, until_only: bool| -> i64 {
            let of = days
                .iter()
                .filter(|(k, _)| k.customer == CustomerId(customer));
            let within =
                of.filter(|(k, _)| k.day <= range.to && (until_only || k.day >= range.from));
            within.map(|(_, d)| d.orders).sum()
        };
        let bought: Vec<i64> = (1..=7).filter(|c| inside(*c, false) > 0).collect();
        let new = bought
            .iter()
            .filter(|c| inside(**c, true) == inside(**c, false))
            .count();
        let returning = bought.iter().filter(|c| inside(**c, true) >= 2).count();
        assert_eq!(counts.customers, bought.len() as u64);
        assert_eq!(counts.new, new as u64, "{from}");
        assert_eq!(counts.returning, returning as u64, "{from}");
        assert_eq!(counts.guest_orders, inside(GUEST.0, false));
        assert_eq!(
            counts.orders,
            bought.iter().map(|c| inside(*c, false)).sum::<i64>()
        );
    }
}

pub async fn a_walk_in_pages_sees_every_day_once(stores: Stores) {
    let scope = some_customers(&stores).await;
    let analysis = analysed(&stores, scope, "2026-06-01").await;
    let mut all = domain::customers::SegmentSums::default();
    for row in everybody(&stores, scope, &CustomerQuery::default()).await {
        all.add(&row.standing);
    }
    assert_eq!(analysis.all, all);
    assert_eq!(
        (analysis.guests.orders, analysis.guests.net_revenue),
        (1, 50)
    );
    let of_one = stores
        .customers
        .days_of(scope, currency("USD"), CustomerId(5))
        .await;
    let of_one = of_one.expect("read");
    assert_eq!(of_one.len(), 3);
    assert!(of_one.is_sorted_by_key(|(day, _)| *day));
}

pub async fn the_newest_analysis_is_kept_and_changes_show(stores: Stores) {
    let scope = some_customers(&stores).await;
    let usd = currency("USD");
    let revision = stores.customer_days.revision(scope).await.expect("asked");
    assert_eq!(
        stores
            .customer_days
            .kept_analysis(scope, usd)
            .await
            .expect("asked"),
        None
    );
    let kept = |minute: i64| KeptAnalysis {
        revision: revision + minute,
        computed_at: at("2026-06-01") + Duration::minutes(minute),
        took_ms: 3,
        analysis: Analyst::new(day("2026-06-01"), usd, CustomerSettings::default()).finish(),
    };
    for (minute, newest) in [(1, 1), (3, 3), (2, 3)] {
        stores
            .customer_days
            .keep_analysis(scope, usd, &kept(minute))
            .await
            .expect("kept");
        let found = stores
            .customer_days
            .kept_analysis(scope, usd)
            .await
            .expect("asked");
        assert_eq!(found, Some(kept(newest)));
    }
    assert_eq!(
        stores.customers.settings(scope).await.expect("asked"),
        CustomerSettings::default()
    );
    let other = CustomerSettings {
        vip_above: 7,
        at_risk_after_days: 8,
    };
    stores
        .customers
        .save_settings(scope, &other)
        .await
        .expect("saved");
    assert_eq!(
        stores.customers.settings(scope).await.expect("asked"),
        other
    );
    assert!(stores.customer_days.revision(scope).await.expect("asked") > revision);
}

pub async fn replaced_days_are_the_new_ones(stores: Stores) {
    let scope = some_customers(&stores).await;
    let days = stores.customer_days.all_days(scope).await.expect("read");
    let mut other = days.clone();
    other.retain(|k, _| k.customer.0 <= 2);
    stores
        .customer_days
        .replace_days(scope, &other)
        .await
        .expect("replaced");
    assert_eq!(
        stores.customer_days.all_days(scope).await.expect("read"),
        other
    );
    assert_eq!(
        everybody(&stores, scope, &CustomerQuery::default())
            .await
            .len(),
        2
    );
    stores
        .customer_days
        .replace_days(scope, &days)
        .await
        .expect("replaced");
    assert_eq!(
        everybody(&stores, scope, &CustomerQuery::default())
            .await
            .len(),
        7
    );
    assert!(
        !stores.customer_days.fill_days(scope).await.expect("asked"),
        "nothing is missing"
    );
}

pub async fn customers_of_another_store_are_not_seen(stores: Stores) {
    let scope = some_customers(&stores).await;
    let usd = currency("USD");
    for other in [
        connected(&stores, 1, 2).await,
        connected(&stores, 2, 1).await,
    ] {
        assert_eq!(
            stores
                .customers
                .find(other, usd, CustomerId(1))
                .await
                .expect("asked"),
            None
        );
        assert!(
            everybody(&stores, other, &CustomerQuery::default())
                .await
                .is_empty()
        );
        assert!(
            stores
                .customer_days
                .all_days(other)
                .await
                .expect("read")
                .is_empty()
        );
    }
    assert!(
        stores
            .customers
            .find(scope, usd, CustomerId(1))
            .await
            .expect("asked")
            .is_some()
    );
}

#[macro_export]
macro_rules! customer_laws {
    ($make:ident) => {
        $crate::laws!(
            customers,
            $make,
            [
                the_days_of_customers_equal_the_fold_after_any_sequence,
                every_matching_customer_is_on_one_page,
                worth_is_scored_as_the_domain_scores_it,
                a_range_counts_who_bought_in_it,
                a_walk_in_pages_sees_every_day_once,
                the_newest_analysis_is_kept_and_changes_show,
                replaced_days_are_the_new_ones,
                customers_of_another_store_are_not_seen,
            ]
        );
    };
}
