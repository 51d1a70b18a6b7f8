use crate::world::{World, order, product};
use application::reports::{CurrencyChoice, ReportError, ReportQuery, Reports, Split, StoreChoice};
use application::stores::StoreError;
use domain::calendar::{Comparison, Grain};
use testkit::builders::day;

fn query(world: &World) -> ReportQuery {
    ReportQuery {
        workspace: world.workspace,
        store: StoreChoice::First,
        currency: CurrencyChoice::Usual,
        from: Some(day("2026-06-01")),
        to: Some(day("2026-06-30")),
        compare: None,
    }
}

async fn shop() -> (World, Reports) {
    let world = World::new().await;
    world.shop.put(product("4.00"));
    for id in 1..=60 {
        world.shop.put(order(id, id));
    }
    world.synced().await;
    let reports = Reports::new(world.ports.clone());
    (world, reports)
}

#[tokio::test(start_paused = true)]
async fn without_a_store_there_is_nothing_to_report() {
    let world = World::new().await;
    let answer = Reports::new(world.ports.clone())
        .profit(&query(&world), Split::Product)
        .await;
    assert!(matches!(
        answer,
        Err(ReportError::Store(StoreError::NoStore))
    ));
}

#[tokio::test(start_paused = true)]
async fn rows_of_every_split_add_up_to_one_total() {
    let (world, reports) = shop().await;
    let splits = [
        Split::Period(Grain::Day),
        Split::Period(Grain::Week),
        Split::Period(Grain::Month),
        Split::Product,
        Split::Variant,
        Split::Channel,
        Split::Country,
    ];
    let mut totals = Vec::new();
    for split in splits {
        let report = reports.profit(&query(&world), split).await.unwrap();
        let sum = |figure: fn(&domain::report::Figures) -> Option<i64>| {
            report
                .rows
                .iter()
                .filter_map(|r| figure(&r.figures))
                .sum::<i64>()
        };
        let total = report.total.figures;
        assert_eq!(Some(sum(|f| f.net_profit)), total.net_profit, "{split:?}");
        assert_eq!(sum(|f| Some(f.total_sales)), total.total_sales, "{split:?}");
        assert_eq!(
            sum(|f| Some(f.measures.orders)),
            total.measures.orders,
            "{split:?}"
        );
        let mut measures = total.measures;
        measures.orders_containing = 0;
        totals.push(measures);
    }
    assert!(totals.windows(2).all(|pair| pair[0] == pair[1]));
    // Thirty orders of 20.00; a third of them of the variant without cost.
    assert_eq!(
        (
            totals[0].orders,
            totals[0].gross_sales,
            totals[0].cost_missing
        ),
        (30, 60_000, 20_000)
    );
    assert_eq!(
        (
            totals[0].cost_of_goods,
            totals[0].payment_fees,
            totals[0].payment_fees_without_cost
        ),
        (20 * 800, 30 * 50, 10 * 50)
    );
}

#[tokio::test(start_paused = true)]
async fn what_is_not_known_says_why() {
    let (world, reports) = shop().await;
    let report = reports
        .profit(&query(&world), Split::Variant)
        .await
        .unwrap();
    for field in ["shipping_cost", "ad_spend", "fixed_costs"] {
        assert!(report.unavailable.fields.contains_key(field));
    }
    assert!(
        report
            .unavailable
            .notes
            .iter()
            .any(|n| n.code == "cost_missing" && n.message.contains("200.00 USD"))
    );
    let without = report.rows.iter().find(|r| r.key == "3").unwrap();
    assert_eq!(
        (without.figures.net_profit, without.figures.cost_of_goods),
        (None, None)
    );
    assert_eq!(report.total.coverage.cost.unwrap().missing, 3333);
}

#[tokio::test(start_paused = true)]
async fn a_report_compares_with_the_days_before() {
    let (world, reports) = shop().await;
    let query = ReportQuery {
        compare: Some(Comparison::Previous),
        ..query(&world)
    };
    let report = reports
        .profit(&query, Split::Period(Grain::Day))
        .await
        .unwrap();
    let before = report.comparison.unwrap();
    assert_eq!(
        (before.range.from, before.range.to),
        (day("2026-05-02"), day("2026-05-31"))
    );
    assert_eq!(before.total.figures.measures.orders, 30);
    assert_eq!(before.rows.len(), report.rows.len());
}

#[tokio::test(start_paused = true)]
async fn pulse_ranks_products_and_knows_the_usual_weekday() {
    let (world, reports) = shop().await;
    let pulse = reports.pulse(&query(&world)).await.unwrap();
    assert_eq!(pulse.best[0].label, "Mug");
    assert_eq!(
        (pulse.without_cost.variants, pulse.without_cost.net_sales),
        (1, 20_000)
    );
    let median = pulse.weekday_median.unwrap();
    assert_eq!(
        (median.day, median.samples),
        (day("2026-06-30"), 5),
        "on three of the eight days only the product without cost was sold"
    );
}

#[tokio::test(start_paused = true)]
async fn a_range_that_ends_before_it_begins_is_refused() {
    let (world, reports) = shop().await;
    let query = ReportQuery {
        from: Some(day("2026-06-30")),
        to: Some(day("2026-06-01")),
        ..query(&world)
    };
    assert!(matches!(
        reports.profit(&query, Split::Product).await,
        Err(ReportError::Range(_))
    ));
}
