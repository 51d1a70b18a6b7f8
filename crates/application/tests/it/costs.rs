use crate::world::{World, order, product};
use application::costs::{CostFilter, CostQuery, Costs};
use application::doctor::Doctor;
use application::events::EventHub;
use application::rates::{NewRate, Rates};
use application::reports::{CurrencyChoice, ReportQuery, Reports, Split, StoreChoice, UNALLOCATED};
use domain::calendar::Grain;
use domain::catalog::{CostSource, UnitCost};
use domain::fx::RateSource;
use domain::ids::{OrderId, VariantId};
use domain::inputs::{
    Band, Cadence, DefaultCost, FixedCost, Input, InputChange, OrderShipping, Origin, Per,
    ShippingRate, VariantCost,
};
use domain::ledger::{CostPart, CostsKnown, EntryKind, Unknown};
use domain::recost::RecostCause;
use domain::store::Store;
use domain::sync::SyncStatus;
use ports::PageRequest;
use ports::rates::RateKey;
use testkit::builders::{ad_spend, currency, day, variant_cost};
use tokio_util::sync::CancellationToken;

/// Thirty orders of two units at 10.00, a third of them of the variant without cost.
async fn shop() -> (World, Costs, Store) {
    let world = World::new().await;
    world.shop.put(product("4.00"));
    for id in 1..=30 {
        world.shop.put(order(id, id));
    }
    world.synced().await;
    let hub = EventHub::new(&world.ports);
    let costs = Costs::new(world.ports.clone(), hub, &world.connections);
    let store = costs.store(world.workspace, None).await.unwrap();
    (world, costs, store)
}

fn put(world: &World, input: Input) -> InputChange {
    InputChange::put(input, Origin::person(None, world.now()))
}

async fn work(costs: &Costs) {
    let stop = CancellationToken::new();
    while costs.work_once(&stop).await.unwrap() {}
}

async fn sound(world: &World, store: &Store) -> bool {
    let doctor = Doctor::new(world.ports.clone());
    let found = doctor.check(store, false, |_| {}).await.unwrap();
    found.is_sound()
}

async fn profit(world: &World) -> (Option<i64>, i64) {
    let query = ReportQuery {
        workspace: world.workspace,
        store: StoreChoice::First,
        currency: CurrencyChoice::Usual,
        from: Some(day("2026-06-01")),
        to: Some(day("2026-06-30")),
        compare: None,
    };
    let reports = Reports::new(world.ports.clone());
    let report = reports
        .profit(&query, Split::Period(Grain::Day))
        .await
        .unwrap();
    let total = report.total.figures;
    (total.net_profit, total.measures.cost_missing)
}

#[tokio::test(start_paused = true)]
async fn a_preview_says_what_the_change_then_does() {
    let (world, costs, store) = shop().await;
    let change = put(&world, variant_cost(3, "5.00", None));
    let before = profit(&world).await;
    let preview = costs
        .preview(&store, std::slice::from_ref(&change))
        .await
        .unwrap();
    assert_eq!(profit(&world).await, before, "nothing is written");
    assert_eq!((preview.orders, preview.candidates), (10, 10));
    assert_eq!(preview.cost_gained, 20_000);
    assert!(preview.is_complete());
    let applied = costs
        .apply(&store, &[change], "test", None, None)
        .await
        .unwrap();
    let run = applied.run.unwrap();
    assert!(
        !sound(&world, &store).await,
        "the orders are not booked yet"
    );
    work(&costs).await;
    let run = costs
        .run_of(world.workspace, run.id)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (run.status, run.looked_at, run.changed),
        (SyncStatus::Succeeded, 10, 10)
    );
    let after = profit(&world).await;
    assert_eq!(after.1, 0);
    assert_eq!((preview.before, preview.after), (before.0, after.0));
    assert!(sound(&world, &store).await);
}

#[tokio::test(start_paused = true)]
async fn a_cancelled_change_leaves_all_as_it_was() {
    let (world, costs, store) = shop().await;
    let before = world.ports.reports.all(store.scope).await.unwrap();
    let changes = [put(
        &world,
        Input::DefaultCost(DefaultCost {
            basis_points: 4_000,
        }),
    )];
    let run = costs
        .apply(&store, &changes, "test", None, None)
        .await
        .unwrap()
        .run
        .unwrap();
    costs.cancel(world.workspace, run.id).await.unwrap();
    work(&costs).await;
    let run = costs
        .run_of(world.workspace, run.id)
        .await
        .unwrap()
        .unwrap();
    assert_eq!((run.status, run.reverting), (SyncStatus::Cancelled, true));
    assert_eq!(world.ports.reports.all(store.scope).await.unwrap(), before);
    assert_eq!(costs.default_points(&store).await.unwrap(), None);
    assert!(sound(&world, &store).await);
}

/// A worker that dies keeps its lease for a while; another one goes on where it stopped.
#[tokio::test(start_paused = true)]
async fn a_run_goes_on_after_its_worker_died() {
    let (world, costs, store) = shop().await;
    let changes = [put(
        &world,
        Input::DefaultCost(DefaultCost {
            basis_points: 4_000,
        }),
    )];
    let run = costs
        .apply(&store, &changes, "test", None, None)
        .await
        .unwrap()
        .run
        .unwrap();
    let now = world.now();
    let lease = chrono::Duration::seconds(15);
    let claimed = world.ports.recosts.claim(now, lease).await.unwrap();
    assert!(claimed.is_some(), "and never heard of again");
    work(&costs).await;
    assert!(!sound(&world, &store).await, "the lease still holds");
    world.clock.advance(lease + lease);
    work(&costs).await;
    let run = costs
        .run_of(world.workspace, run.id)
        .await
        .unwrap()
        .unwrap();
    assert_eq!((run.status, run.resumed), (SyncStatus::Succeeded, 1));
    assert!(sound(&world, &store).await);
}

#[tokio::test(start_paused = true)]
async fn costs_of_days_join_every_split_and_rows_add_up() {
    let (world, costs, store) = shop().await;
    let fixed = Input::FixedCost(FixedCost {
        name: "Rent".to_owned(),
        amount: 30_001,
        currency: currency("USD"),
        cadence: Cadence::Month,
        from: day("2026-01-01"),
        to: None,
    });
    let changes = [
        put(&world, ad_spend("2026-06-10", "meta", 700)),
        put(&world, ad_spend("2026-06-11", "meta", 0)),
        put(&world, fixed),
    ];
    let before = profit(&world).await.0.unwrap();
    let preview = costs.preview(&store, &changes).await.unwrap();
    assert_eq!(preview.orders, 0);
    let change = costs
        .apply(&store, &changes, "test", None, None)
        .await
        .unwrap();
    assert!(change.run.is_none(), "no order hangs on it");
    assert_eq!(profit(&world).await.0, Some(before - 30_701));
    let query = ReportQuery {
        workspace: world.workspace,
        store: StoreChoice::First,
        currency: CurrencyChoice::Usual,
        from: Some(day("2026-06-01")),
        to: Some(day("2026-06-30")),
        compare: None,
    };
    let reports = Reports::new(world.ports.clone());
    for split in [
        Split::Period(Grain::Day),
        Split::Period(Grain::Week),
        Split::Product,
        Split::Country,
    ] {
        let report = reports.profit(&query, split).await.unwrap();
        let sum = |figure: fn(&domain::report::Figures) -> Option<i64>| {
            let rows = report.rows.iter();
            rows.filter_map(|r| figure(&r.figures)).sum::<i64>()
        };
        let total = report.total.figures;
        assert_eq!(Some(sum(|f| f.ad_spend)), total.ad_spend, "{split:?}");
        assert_eq!(Some(sum(|f| f.cm3)), total.cm3, "{split:?}");
        assert_eq!(Some(sum(|f| f.net_profit)), total.net_profit, "{split:?}");
        let apart = report.rows.iter().any(|r| r.key == UNALLOCATED);
        assert_eq!(apart, !matches!(split, Split::Period(_)), "{split:?}");
    }
    let gaps = costs.gaps(&store, Some(report_range())).await.unwrap();
    let spend = gaps.coverage.ad_spend.unwrap();
    assert_eq!((spend.actual, spend.missing), (667, 9333), "2 of 30 days");
}

fn report_range() -> domain::calendar::DayRange {
    domain::calendar::DayRange::new(day("2026-06-01"), day("2026-06-30")).unwrap()
}

#[tokio::test(start_paused = true)]
async fn what_one_order_really_cost_to_send_counts_for_it_alone() {
    let (world, costs, store) = shop().await;
    let told = Input::OrderShipping(OrderShipping {
        order: OrderId(1),
        amount: 612,
        currency: currency("USD"),
    });
    let before = profit(&world).await.0.unwrap();
    costs
        .apply(&store, &[put(&world, told)], "test", None, None)
        .await
        .unwrap();
    work(&costs).await;
    assert_eq!(profit(&world).await.0, Some(before - 612));
    assert!(sound(&world, &store).await);
}

#[tokio::test(start_paused = true)]
async fn variants_without_cost_come_first_and_pages_hold_each_once() {
    let (world, costs, store) = shop().await;
    let query = CostQuery::default();
    let mut page = PageRequest::first(2);
    let first = costs.variants(&store, &query, &page).await.unwrap();
    assert_eq!((first.total, first.items[0].variant.id.0), (Some(3), 3));
    assert_eq!(first.items[0].net_sales_without_cost, 20_000);
    page.cursor = first.next_cursor;
    let rest = costs.variants(&store, &query, &page).await.unwrap();
    assert_eq!((rest.items.len(), rest.next_cursor), (1, None));
    let missing = CostQuery {
        filter: Some(CostFilter::Missing),
        ..CostQuery::default()
    };
    let missing = costs
        .variants(&store, &missing, &PageRequest::first(9))
        .await
        .unwrap();
    assert_eq!(missing.items.len(), 1);
    drop(world);
}

#[tokio::test(start_paused = true)]
async fn a_store_that_an_earlier_version_booked_is_booked_again_once() {
    let (world, costs, store) = shop().await;
    costs.queue_upgrades().await.unwrap();
    let open = world.ports.recosts.open(store.scope).await.unwrap();
    assert_eq!(open, [], "this version booked it");
    let recosts = &world.ports.recosts;
    recosts.set_derivation(store.scope, 1).await.unwrap();
    costs.queue_upgrades().await.unwrap();
    costs.queue_upgrades().await.unwrap();
    let open = world.ports.recosts.open(store.scope).await.unwrap();
    assert_eq!(open.len(), 1);
    assert_eq!(open[0].cause, RecostCause::Upgrade);
    work(&costs).await;
    costs.queue_upgrades().await.unwrap();
    assert_eq!(world.ports.recosts.open(store.scope).await.unwrap(), []);
}

/// How many dollars a euro was, on the days that stand in for all of June.
fn euro(values: &[(&str, &str)]) -> Vec<NewRate> {
    let rate = |(on, value): &(&str, &str)| NewRate {
        day: day(on),
        base: currency("EUR"),
        quote: currency("USD"),
        value: value.parse().unwrap(),
    };
    values.iter().map(rate).collect()
}

const JUNE: [(&str, &str); 5] = [
    ("2026-06-01", "1.10"),
    ("2026-06-08", "1.10"),
    ("2026-06-15", "1.10"),
    ("2026-06-22", "1.10"),
    ("2026-06-29", "1.20"),
];

fn in_euro(variant: i64, amount: &str) -> Input {
    Input::VariantCost(VariantCost {
        variant: VariantId(variant),
        valid_from: None,
        cost: Some(UnitCost {
            amount: amount.parse().unwrap(),
            currency: currency("EUR"),
        }),
        source: CostSource::Sheet,
    })
}

async fn explained(world: &World, costs: &Costs, store: &Store, order: i64) -> CostsKnown {
    let found = world.ports.orders.find(store.scope, OrderId(order)).await;
    let stored = found.unwrap().unwrap();
    costs.known_of(store, &stored.order).await.unwrap()
}

#[tokio::test]
async fn a_cost_in_another_currency_counts_by_the_rate_of_its_day_and_is_unknown_without_one() {
    let (world, costs, store) = shop().await;
    let hub = EventHub::new(&world.ports);
    let rates = Rates::new(world.ports.clone(), hub, costs.clone());
    let (before, missing) = profit(&world).await;
    assert_eq!(missing, 20_000, "ten orders of two units at 10.00");

    let told = [put(&world, in_euro(3, "3.00"))];
    costs
        .apply(&store, &told, "in euro", None, None)
        .await
        .unwrap();
    work(&costs).await;
    assert_eq!(profit(&world).await, (before, missing), "no rate, no cost");
    // Order 2 is of variant 3 and was sold on 29 June.
    let known = explained(&world, &costs, &store, 2).await;
    let gap = known
        .gaps
        .iter()
        .find(|g| matches!(g.of, CostPart::Goods(_)));
    assert!(
        matches!(gap.unwrap().why, Unknown::NoRate(none) if none.from == currency("EUR")),
        "{known:?}"
    );

    rates
        .enter(
            world.workspace,
            domain::audit::Actor::command_line(),
            "olivia",
            &euro(&JUNE),
        )
        .await
        .unwrap();
    work(&costs).await;
    let (after, missing) = profit(&world).await;
    assert_eq!(missing, 0);
    // 6.60 for each order of the days with 1.10, 7.20 for that of 29 June; the fee of 0.50 counts now too.
    let gained = 10 * (2_000 - 50) - 9 * 660 - 720;
    assert_eq!(after.unwrap() - before.unwrap(), gained);
    let known = explained(&world, &costs, &store, 2).await;
    let rate = &known.conversions.first().unwrap().rate;
    assert_eq!(
        (rate.rate_day, rate.source, rate.value().to_string()),
        (
            day("2026-06-29"),
            Some(RateSource::Entered),
            "1.2".to_owned()
        )
    );
    assert!(
        sound(&world, &store).await,
        "the doctor knows the rates too"
    );

    let gone = RateKey {
        day: day("2026-06-01"),
        base: currency("EUR"),
        quote: currency("USD"),
        source: RateSource::Entered,
    };
    assert!(
        rates
            .remove(world.workspace, domain::audit::Actor::command_line(), gone)
            .await
            .unwrap()
    );
    work(&costs).await;
    let (_, missing) = profit(&world).await;
    // Orders 29 and 26 were sold on 2 and 5 June, before any rate that is left.
    assert_eq!(missing, 4_000);
    let runs = costs.runs(&store, &PageRequest::first(10)).await.unwrap();
    let by_rates = runs.items.iter().filter(|r| r.cause == RecostCause::Rates);
    assert_eq!(by_rates.count(), 2);
}

#[tokio::test]
async fn shipping_and_fees_in_another_currency_are_converted_too() {
    let (world, costs, store) = shop().await;
    let hub = EventHub::new(&world.ports);
    let rates = Rates::new(world.ports.clone(), hub, costs.clone());
    let table = ShippingRate {
        country: None,
        grams: Band::default(),
        // From 10.00 euro on: the orders of 20.00 dollars are above it by every rate.
        value: Band {
            from: 1_000,
            below: None,
        },
        per: Per::Order,
        amount: 400,
        currency: currency("EUR"),
        valid_from: None,
    };
    let told = [put(&world, Input::ShippingRate(table))];
    costs
        .apply(&store, &told, "a table", None, None)
        .await
        .unwrap();
    work(&costs).await;
    let gaps = costs.gaps(&store, Some(report_range())).await.unwrap();
    let shipping = &gaps.kinds[1].1[0];
    assert_eq!(shipping.key, "US");
    assert!(
        matches!(shipping.reasons[..], [Unknown::NoRate(_)]),
        "{shipping:?}"
    );
    rates
        .enter(
            world.workspace,
            domain::audit::Actor::command_line(),
            "olivia",
            &euro(&JUNE),
        )
        .await
        .unwrap();
    work(&costs).await;
    let find = |id| world.ports.orders.find(store.scope, OrderId(id));
    let cost = |stored: &ports::orders::StoredOrder| {
        stored.ledger.sum(|kind| kind == EntryKind::ShippingCost)
    };
    let (old, new) = (find(20).await.unwrap(), find(2).await.unwrap());
    assert_eq!(
        (cost(&old.unwrap()), cost(&new.unwrap())),
        (-440, -480),
        "4.00 euro at 1.10 and at 1.20"
    );
    let gaps = costs.gaps(&store, Some(report_range())).await.unwrap();
    assert!(gaps.kinds[1].1.is_empty(), "{:?}", gaps.kinds[1]);
}
