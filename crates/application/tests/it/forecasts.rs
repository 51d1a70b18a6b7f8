//! Nights of forecasts, plans and orders of goods over the fakes.

use crate::one_writer::OneWriter;
use crate::world::World;
use application::forecasts::{ForecastError, Forecasts};
use application::inventory::{Detail, Filter, Inventory, Order, SettingsChange};
use application::purchases::{
    Came, LineWanted, OrderDraft, PurchaseError, Purchases, SupplierDraft,
};
use application::{PortSet, Ports};
use chrono::{DateTime, Duration, Utc};
use domain::audit::{Actor, ActorKind};
use domain::forecast::{CategoryId, ForecastRun, Target, TargetLevel};
use domain::ids::{ProductId, VariantId};
use domain::inventory_plan::{LeadSource, LeadTime, State, Urgency};
use domain::people::Role;
use domain::purchase::{PurchaseStatus, ReceivedLine, Refusal, SentHow};
use domain::sync::SyncStatus;
use ports::source::Fact;
use std::sync::Arc;
use testkit::builders::{
    LineBuilder, OrderBuilder, ProductBuilder, VariantBuilder, at, currency, day, level,
};
use tokio_util::sync::CancellationToken;

const MUG: VariantId = VariantId(1);

/// Two units of a variant.
fn sold(id: i64, variant: i64, when: DateTime<Utc>) -> Fact {
    let line = LineBuilder::new(variant, 2, 1000).product(product_of(variant));
    let order = OrderBuilder::new(id).sold_at(when).updated_at(when);
    Fact::Order(Box::new(order.line(line).paid(Some(50)).build()))
}

/// At ten in the morning, so many days before the first of July.
fn ago(days: i64) -> DateTime<Utc> {
    at("2026-07-01T10:00:00Z") - Duration::days(days)
}

const fn product_of(variant: i64) -> i64 {
    if variant == 2 { 2 } else { 1 }
}

fn products() -> [Fact; 2] {
    let variant = |id| VariantBuilder::new(id, 1000).cost("4.00", "USD");
    let old = ProductBuilder::new(1).titled("Mug");
    let new = ProductBuilder::new(2).titled("Bowl").created_at(ago(20));
    [
        old.variant(variant(1)).variant(variant(3)),
        new.variant(variant(2)),
    ]
    .map(|product| Fact::Product(Box::new(product.build())))
}

/// Variant 1 sold two a day for 90 days, variant 2 since 20 days, variant 3 never; the first has stock for five days.
async fn world() -> World {
    let world = World::new().await;
    products().into_iter().for_each(|p| world.shop.put(p));
    for n in 1..=90 {
        world.shop.put(sold(n, 1, ago(n)));
    }
    for n in 1..=20 {
        world.shop.put(sold(1_000 + n, 2, ago(n)));
    }
    let stock = |item, count| Fact::Level(level(item, 1, count, "2026-06-30"));
    world.shop.put(stock(1, 10));
    world.shop.put(stock(2, 500));
    world.synced().await;
    world
}

fn services(world: &World) -> (Forecasts, Inventory, Purchases) {
    let ports = || world.ports.clone();
    let forecasts = Forecasts::new(ports(), world.hub.clone());
    let inventory = Inventory::new(ports(), world.hub.clone(), forecasts.clone());
    (
        forecasts,
        inventory,
        Purchases::new(ports(), world.hub.clone()),
    )
}

async fn finished(world: &World, service: &Forecasts, run: &ForecastRun) -> ForecastRun {
    let stop = CancellationToken::new();
    let worker = tokio::spawn({
        let (service, stop) = (service.clone(), stop.clone());
        async move { service.run_worker(stop).await }
    });
    let run = loop {
        let run = service.find(world.workspace, run.id).await.unwrap();
        if !run.status.is_open() {
            break run;
        }
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    };
    stop.cancel();
    worker.await.unwrap();
    assert_eq!(run.status, SyncStatus::Succeeded, "{:?}", run.error);
    run
}

async fn night(world: &World, service: &Forecasts) -> ForecastRun {
    let run = service.start(world.workspace, None).await.unwrap();
    finished(world, service, &run).await
}

async fn detail(world: &World, inventory: &Inventory, id: VariantId) -> Detail {
    let found = inventory.find(world.workspace, None, id).await.unwrap();
    found.unwrap()
}

#[tokio::test]
async fn the_writes_of_a_night_and_of_its_lease_do_not_wait_for_each_other() {
    let mut world = world().await;
    let (forecasts, runs) = (&world.ports.forecasts, &world.ports.forecast_runs);
    let one = Arc::new(OneWriter::over(Arc::clone(forecasts), Arc::clone(runs)));
    world.ports = Ports::from(PortSet {
        forecasts: one.clone(),
        forecast_runs: one,
        ..PortSet::clone(&world.ports)
    });
    let (forecasts, _, _) = services(&world);
    let forecasts = forecasts.with_lease(Duration::milliseconds(60));
    let night = night(&world, &forecasts);
    let run = tokio::time::timeout(std::time::Duration::from_secs(60), night).await;
    assert_eq!(run.expect("neither waits for ever").refitted, 2);
}

#[tokio::test]
async fn a_night_tells_variants_and_sums_that_add_up() {
    let world = world().await;
    let (forecasts, _, _) = services(&world);
    let run = night(&world, &forecasts).await;
    assert_eq!((run.refitted, run.reused, run.too_little), (2, 0, 1));
    assert_eq!(
        (run.done, run.total),
        (6, Some(6)),
        "with two products, their type and the store"
    );
    let told = async |target| {
        let told = forecasts.told(world.workspace, None, target).await.unwrap();
        told.unwrap().forecast.unwrap()
    };
    let mug = told(Target::Variant(MUG)).await;
    assert!((mug.from(day("2026-07-01"))[0].mean - 2.0).abs() < 1e-9);
    assert_eq!((mug.first, mug.days), (day("2026-07-01"), 90));
    let other = told(Target::Variant(VariantId(2))).await;
    let product = told(Target::Product(ProductId(1))).await;
    assert!((product.steps[0].mean - 2.0).abs() < 1e-9);
    let goods = CategoryId::of("Goods").unwrap();
    for target in [Target::Category(goods), Target::Store] {
        let sum = told(target).await;
        for (at, step) in sum.from(day("2026-07-01")).iter().enumerate() {
            let parts = mug.steps[at].mean + other.steps[at].mean;
            assert!((step.mean - parts).abs() < 1e-9);
            assert!(step.low <= step.mean && step.mean <= step.high);
        }
    }
    let nothing = Target::Category(CategoryId::of("Goods and more").unwrap());
    let nothing = forecasts.told(world.workspace, None, nothing).await;
    assert!(nothing.unwrap().is_none());
    let never = forecasts.told(world.workspace, None, Target::Variant(VariantId(3)));
    assert!(never.await.unwrap().unwrap().forecast.is_none());
    let unknown = forecasts.told(world.workspace, None, Target::Variant(VariantId(99)));
    assert!(unknown.await.unwrap().is_none());
}

#[tokio::test]
async fn a_day_is_begun_once_after_its_orders_were_read() {
    let world = world().await;
    let (forecasts, _, _) = services(&world);
    assert_eq!(forecasts.start_due().await.unwrap(), 1);
    assert_eq!(forecasts.start_due().await.unwrap(), 0, "it is open");
    let again = forecasts.start(world.workspace, None).await;
    assert!(matches!(again, Err(ForecastError::AlreadyRunning(Some(_)))));
    let store = world
        .ports
        .connections
        .stores(world.workspace)
        .await
        .unwrap();
    let run = forecasts.latest(&store[0]).await.unwrap().unwrap();
    finished(&world, &forecasts, &run).await;
    assert_eq!(forecasts.start_due().await.unwrap(), 0, "it is done");
    // The next day nothing was read yet.
    world.clock.set(at("2026-07-02T05:00:00Z"));
    assert_eq!(forecasts.start_due().await.unwrap(), 0);
    world.synced_again().await;
    assert_eq!(forecasts.start_due().await.unwrap(), 1);
}

#[tokio::test]
async fn the_next_night_scores_the_one_before() {
    let world = world().await;
    let (forecasts, _, _) = services(&world);
    night(&world, &forecasts).await;
    // On the first of July four were sold where two were expected.
    world.shop.put(sold(2_001, 1, at("2026-07-01T20:00:00Z")));
    world.shop.put(sold(2_002, 1, at("2026-07-01T20:00:00Z")));
    world.clock.set(at("2026-07-02T06:00:00Z"));
    world.synced_again().await;
    let run = night(&world, &forecasts).await;
    assert_eq!(run.scored_days, 1);
    let told = forecasts.accuracy(world.workspace, None, TargetLevel::Variant, 28);
    let told = told.await.unwrap();
    assert_eq!(told.days.len(), 1);
    assert_eq!(told.total.days, 2, "both variants, one day ahead");
    // 2 too few of one, 2 too many of the other, whose day brought none.
    assert_eq!((told.total.missed, told.total.sold), (4.0, 4.0));
    assert_eq!(told.total.bias(), Some(0.0));
    for level in [TargetLevel::Category, TargetLevel::Store] {
        let sum = forecasts.accuracy(world.workspace, None, level, 28);
        let sum = sum.await.unwrap().total;
        assert_eq!(sum.days, 1);
        assert!(sum.missed.abs() < 1e-9);
    }
    // Scored once.
    assert_eq!(night(&world, &forecasts).await.scored_days, 0);
}

#[tokio::test]
async fn what_was_out_of_stock_is_no_demand_once_stock_is_written_down() {
    let world = world().await;
    let (_, inventory, _) = services(&world);
    world
        .shop
        .put(Fact::Level(level(1, 1, 0, "2026-07-01T20:00:00Z")));
    for on in ["2026-07-01T23:00:00Z", "2026-07-02T23:00:00Z"] {
        world.clock.set(at(on));
        world.synced_again().await;
    }
    world.clock.set(at("2026-07-03T06:00:00Z"));
    let mug = detail(&world, &inventory, MUG).await;
    let of = |on: &str| *mug.history.iter().find(|d| d.day == day(on)).unwrap();
    assert_eq!(of("2026-06-30").demand, Some(2.0));
    assert_eq!(
        (of("2026-06-30").stock, of("2026-07-02").stock),
        (None, Some(0))
    );
    assert_eq!(
        of("2026-07-02").demand,
        None,
        "nobody knows what was wanted"
    );
    assert!(mug.item.unknown["lost_28"].contains("2026-07-01"));
}

fn admin(name: &str) -> Actor {
    Actor::new(ActorKind::Person, Some(name.to_owned()), name, None)
}

#[tokio::test]
async fn from_a_shrinking_stock_to_the_new_cover() {
    let world = world().await;
    let (forecasts, inventory, purchases) = services(&world);
    night(&world, &forecasts).await;
    let mug = detail(&world, &inventory, MUG).await.item;
    assert_eq!(mug.plan.urgency, Urgency::High);
    assert!((mug.plan.cover.as_ref().unwrap().days.unwrap() - 5.0).abs() < 1e-9);
    assert!(mug.unknown.contains_key("lead_time"), "nobody set one");
    let store = world
        .ports
        .connections
        .stores(world.workspace)
        .await
        .unwrap()
        .remove(0);
    let set = inventory.settings(&store).await.unwrap();
    let mut settings = set.settings;
    settings.lead_time = Some(LeadTime {
        mean_days: 10.0,
        sd_days: 2.0,
    });
    let change = SettingsChange {
        version: 0,
        settings,
    };
    let ada = admin("ada");
    inventory
        .set_settings(&store, change.clone(), &ada)
        .await
        .unwrap();
    let again = inventory.set_settings(&store, change, &ada).await;
    assert!(again.is_err(), "somebody set it meanwhile");
    let mug = detail(&world, &inventory, MUG).await.item;
    let order = mug.plan.reorder.unwrap();
    assert!(mug.plan.states.contains(&State::Reorder) && order.quantity > 0);
    assert_eq!(mug.lead.unwrap().source, LeadSource::Store);

    let supplier = SupplierDraft {
        name: "Acme".to_owned(),
        email: None,
        currency: currency("USD"),
        lead_days: None,
        note: None,
        archived: false,
    };
    let supplier = purchases
        .save_supplier(world.workspace, None, supplier, &ada)
        .await
        .unwrap();
    let draft = OrderDraft {
        supplier: supplier.id,
        expected_on: Some(day("2026-07-04")),
        pay_on: None,
        note: None,
        lines: vec![LineWanted {
            variant: MUG,
            quantity: 100,
            unit_cost: "4.00".parse().unwrap(),
        }],
    };
    let workspace = world.workspace;
    let made = purchases
        .create(workspace, None, draft, &ada)
        .await
        .unwrap();
    assert_eq!((made.number, made.status), (1, PurchaseStatus::Draft));
    let none = detail(&world, &inventory, MUG).await.item;
    assert_eq!(none.position.on_order, 0, "a draft is no promise");
    let by = (&ada, Role::Operator);
    let stale = purchases.approve(workspace, made.id, 7, by).await;
    assert!(matches!(stale, Err(PurchaseError::ChangedMeanwhile)));
    let approved = purchases.approve(workspace, made.id, 1, by).await.unwrap();
    let coming = detail(&world, &inventory, MUG).await;
    assert_eq!(coming.item.position.on_order, 100);
    assert!(
        coming.item.plan.cover.unwrap().days.unwrap() > 50.0,
        "it comes in time"
    );
    assert_eq!(coming.coming.len(), 1);
    let outlook = purchases.outlook(workspace, None, 30).await.unwrap();
    assert_eq!(outlook.days[&day("2026-07-04")].cash_out, 40_000);
    let mail = purchases
        .send(workspace, made.id, 2, SentHow::Mail, &ada)
        .await;
    assert!(matches!(mail, Err(PurchaseError::NoMail(_))));
    let sent = purchases.send(workspace, made.id, approved.version, SentHow::File, &ada);
    let sent = sent.await.unwrap();
    let came = |quantity| Came {
        received_on: None,
        lines: vec![ReceivedLine {
            line: 0,
            quantity,
            damaged: None,
            charged: None,
            shelf: None,
            note: None,
        }],
        note: None,
    };
    let part = purchases.receive(workspace, made.id, sent.version, came(60), &ada);
    let part = part.await.unwrap();
    assert_eq!(part.status, PurchaseStatus::ReceivedPartly);
    // The shop has not counted it: it is neither on order nor gone.
    let waits = detail(&world, &inventory, MUG).await;
    let position = waits.item.position;
    assert_eq!((position.on_order, position.uncounted), (40, 60));
    assert_eq!(position.total(), Some(110));
    assert!(waits.cover[0].expected > 60.0, "what came is there");
    assert!(waits.item.plan.cover.unwrap().days.unwrap() > 50.0);
    // Half of it is put on the shelf, then the rest.
    world
        .shop
        .put(Fact::Level(level(1, 1, 40, "2026-07-01T12:20:00Z")));
    world.clock.advance(Duration::minutes(30));
    world.synced_again().await;
    let half = detail(&world, &inventory, MUG).await.item.position;
    assert_eq!((half.there(), half.uncounted), (Some(40), 30));
    // The shop counts what came.
    world
        .shop
        .put(Fact::Level(level(1, 1, 70, "2026-07-01T12:30:00Z")));
    world.clock.advance(Duration::hours(1));
    world.synced_again().await;
    let now = detail(&world, &inventory, MUG).await.item;
    assert_eq!(
        (now.position.available, now.position.on_order),
        (Some(70), 40)
    );
    assert_eq!(now.position.uncounted, 0);
    assert!(now.plan.cover.unwrap().days.unwrap() > 50.0);
    assert!(!now.plan.states.contains(&State::Reorder));
    let all = Filter::default();
    let listing = inventory.list(workspace, None, &all, Order::Urgency).await;
    let listing = listing.unwrap();
    assert_eq!(listing.sums.variants, 3);
    assert!(listing.standing.is_fresh);
    let actions = world.ports.audit.walk(workspace, 0, 200).await.unwrap();
    let told = |action: &str| actions.iter().filter(|e| e.entry.action == action).count();
    for action in ["create", "approve", "send", "receive"] {
        assert_eq!(told(&format!("purchase_order.{action}")), 1, "{action}");
    }
}

#[tokio::test]
async fn a_bundle_lasts_as_long_as_its_components_and_is_demand_of_them() {
    let world = world().await;
    let (forecasts, inventory, _) = services(&world);
    let bowl = VariantId(2);
    let store = world.ports.connections.stores(world.workspace).await;
    let store = store.unwrap().remove(0);
    let mut settings = inventory.settings(&store).await.unwrap().settings;
    let parts = [(MUG, 3), (VariantId(3), 1)];
    settings.bundles = [(bowl, parts.into())].into();
    settings.lead_time = Some(LeadTime {
        mean_days: 10.0,
        sd_days: 2.0,
    });
    let change = SettingsChange {
        version: 0,
        settings: settings.clone(),
    };
    inventory
        .set_settings(&store, change, &admin("ada"))
        .await
        .unwrap();
    night(&world, &forecasts).await;
    let mug = detail(&world, &inventory, MUG).await;
    assert_eq!(mug.item.demand.sold_7, 7 * (2 + 3 * 2));
    assert_eq!((mug.part_of.len(), mug.part_of[0].units), (1, 3));
    let days = mug.item.plan.cover.unwrap().days.unwrap();
    assert!(days < 2.5, "10 of them, and 8 are wanted a day: {days}");
    let bowl = detail(&world, &inventory, bowl).await;
    assert_eq!(bowl.item.position.there(), Some(3), "10 mugs make 3");
    assert_eq!(bowl.components.len(), 2);
    let days = bowl.item.plan.cover.unwrap().days.unwrap();
    assert!(
        (days - 1.5).abs() < 0.3,
        "3 of them, and 2 are wanted a day: {days}"
    );
    assert!(bowl.item.plan.reorder.is_none());
    assert!(bowl.item.unknown["reorder"].contains("put together"));
    assert_eq!(bowl.item.value, None, "its worth lies in the components");

    settings.bundles.insert(MUG, [(VariantId(3), 1)].into());
    let change = SettingsChange {
        version: 1,
        settings,
    };
    let refused = inventory.set_settings(&store, change, &admin("ada")).await;
    assert!(refused.is_err(), "a bundle of bundles");
}

#[tokio::test]
async fn a_large_order_needs_somebody_else() {
    let world = world().await;
    let (_, _, purchases) = services(&world);
    let (ada, bob) = (admin("ada"), admin("bob"));
    let supplier = SupplierDraft {
        name: "Acme".to_owned(),
        email: None,
        currency: currency("USD"),
        lead_days: None,
        note: None,
        archived: false,
    };
    let workspace = world.workspace;
    let supplier = purchases
        .save_supplier(workspace, None, supplier, &ada)
        .await
        .unwrap();
    let line = |variant, quantity| LineWanted {
        variant,
        quantity,
        unit_cost: "4.00".parse().unwrap(),
    };
    let draft = |lines| OrderDraft {
        supplier: supplier.id,
        expected_on: None,
        pay_on: None,
        note: None,
        lines,
    };
    let wrong = draft(vec![line(MUG, 0), line(VariantId(99), 1)]);
    let Err(PurchaseError::Invalid(faults)) = purchases.create(workspace, None, wrong, &ada).await
    else {
        panic!("it is refused");
    };
    let fields: Vec<_> = faults.iter().map(|f| f.field.as_str()).collect();
    assert_eq!(fields, ["lines[0].quantity", "lines[1].variant_id"]);
    let large = draft(vec![line(MUG, 1_300)]);
    let made = purchases
        .create(workspace, None, large, &ada)
        .await
        .unwrap();
    let own = purchases
        .approve(workspace, made.id, 1, (&ada, Role::Owner))
        .await;
    assert!(matches!(
        own,
        Err(PurchaseError::Refused(Refusal::NeedsSomebodyElse))
    ));
    let other = purchases
        .approve(workspace, made.id, 1, (&bob, Role::Operator))
        .await;
    assert_eq!(other.unwrap().status, PurchaseStatus::Approved);
}

/// The writes of a night wait until its lease is renewed, which is when its worker hears of the wish.
#[tokio::test]
async fn a_night_that_is_cancelled_ends_early_and_is_not_made_again_that_day() {
    let mut world = world().await;
    let (forecasts, runs) = (&world.ports.forecasts, &world.ports.forecast_runs);
    let one = Arc::new(OneWriter::over(Arc::clone(forecasts), Arc::clone(runs)));
    world.ports = Ports::from(PortSet {
        forecasts: one.clone(),
        forecast_runs: one,
        ..PortSet::clone(&world.ports)
    });
    let service = Forecasts::new(world.ports.clone(), world.hub.clone());
    let service = service.with_lease(Duration::milliseconds(60));
    let run = service.start(world.workspace, None).await.unwrap();
    let stop = CancellationToken::new();
    let worker = tokio::spawn({
        let (service, stop) = (service.clone(), stop.clone());
        async move { service.run_worker(stop).await }
    });
    let status = async || {
        let run = service.find(world.workspace, run.id).await.unwrap();
        tokio::time::sleep(std::time::Duration::from_millis(1)).await;
        run.status
    };
    while status().await == SyncStatus::Queued {}
    let asked = service.cancel(world.workspace, run.id).await.unwrap();
    assert_eq!(asked.status, SyncStatus::Cancelling);
    while status().await.is_open() {}
    stop.cancel();
    worker.await.unwrap();
    assert_eq!(status().await, SyncStatus::Cancelled);
    let again = service.cancel(world.workspace, run.id).await;
    assert!(matches!(again, Err(ForecastError::Ended)), "{again:?}");
    assert_eq!(service.start_due().await.unwrap(), 0);
}

#[tokio::test]
async fn a_night_after_one_more_day_makes_nothing_anew_and_a_new_level_does() {
    let world = world().await;
    let (forecasts, _, _) = services(&world);
    night(&world, &forecasts).await;
    let mut n = 3_000;
    let mut day_of = async |on: &str, orders: i64| {
        for _ in 0..orders {
            n += 1;
            world.shop.put(sold(n, 1, at(&format!("{on}T20:00:00Z"))));
        }
        let next = day(on).succ_opt().unwrap();
        world.clock.set(at(&format!("{next}T06:00:00Z")));
        world.synced_again().await;
        night(&world, &forecasts).await
    };
    let told = async |target| {
        let told = forecasts.told(world.workspace, None, target).await.unwrap();
        told.unwrap().forecast.unwrap()
    };
    let run = day_of("2026-07-01", 1).await;
    assert_eq!((run.refitted, run.reused), (0, 2));
    let mug = told(Target::Variant(MUG)).await;
    let bowl = told(Target::Variant(VariantId(2))).await;
    assert_eq!(mug.trained.1, day("2026-06-30"));
    let store = told(Target::Store).await;
    assert_eq!(store.first, day("2026-07-02"), "sums begin with the day");
    assert!(store.is_carried(day("2026-07-02")));
    let expected = mug.rest(store.first)[0].mean + bowl.rest(store.first)[0].mean;
    assert!((store.steps[0].mean - expected).abs() < 1e-9);
    // Four times as much is no chance; so few are told together.
    let run = day_of("2026-07-02", 4).await;
    assert_eq!((run.refitted, run.reused), (2, 0));
    let mug = told(Target::Variant(MUG)).await;
    assert_eq!(mug.trained.1, day("2026-07-02"));
}
