//! The agent over what is bought together: from orders to a tag on the shop's product, and what its page is told.

use super::*;
use domain::changes::Action;
use domain::ids::ProductId;
use domain::inventory_plan::{Bundles, PlanSettings};
use ports::source::Fact;
use std::collections::BTreeMap;
use testkit::builders::{LineBuilder, OrderBuilder, ProductBuilder, VariantBuilder, at};

const TOGETHER: &str = "product_recommendation";

/// Each of 600 orders has one of twelve products, but every fifteenth has products 1 and 2. Products 3 and 4 are together in orders that do not
/// count.
async fn shop() -> World {
    let world = World::new().await;
    for id in 1..=12 {
        let product = ProductBuilder::new(id).titled(&format!("Thing {id}"));
        let product = product.variant(VariantBuilder::new(id * 10, 1_000));
        world.shop.put(Fact::Product(Box::new(product.build())));
    }
    for n in 1..=600_i64 {
        let when = at("2026-07-01T10:00:00Z") - Duration::hours(12 * n);
        let mut order = OrderBuilder::new(n).sold_at(when).updated_at(when);
        let variants = match n % 15 {
            0 => vec![10, 20],
            _ => vec![(n % 12 + 1) * 10],
        };
        for variant in variants {
            order = order.line(LineBuilder::new(variant, 1, 1_000));
        }
        let order = order.paid(Some(50));
        world.shop.put(Fact::Order(Box::new(order.build())));
    }
    let extra = |id| {
        let when = at("2026-06-01T10:00:00Z");
        OrderBuilder::new(id)
            .sold_at(when)
            .updated_at(when)
            .line(LineBuilder::new(30, 1, 1_000))
            .line(LineBuilder::new(40, 1, 1_000))
    };
    for id in 1_000..1_040 {
        let order = extra(id).test();
        world.shop.put(Fact::Order(Box::new(order.build())));
    }
    for id in 2_000..2_040 {
        let order = extra(id).cancelled(at("2026-06-02T10:00:00Z"));
        world.shop.put(Fact::Order(Box::new(order.build())));
    }
    world.synced().await;
    for id in 1..=12 {
        let target = Target::Tags(Tagged::Product(ProductId(id)));
        world.writer.put(target, Seen::Tags { tags: vec![] });
    }
    world
}

async fn may_propose(world: &World) {
    let store = store(world).await;
    let change = ConfigChange {
        autonomy: Some(Autonomy::Propose),
        reason: Some("It has shown what it can do".into()),
        ..ConfigChange::default()
    };
    let configured = world
        .agents
        .configure(&store, TOGETHER, change, person("ann"));
    configured.await.unwrap();
}

async fn run(world: &World, is_wanted: impl Fn(&AgentRun) -> bool) -> AgentRun {
    let store = store(world).await;
    let nothing = serde_json::json!({});
    let run = world.agents.start(&store, TOGETHER, nothing, person("ann"));
    let run = run.await.unwrap();
    worked(world, run.id, is_wanted).await
}

#[tokio::test(start_paused = true)]
async fn a_pair_is_told_tagged_once_it_is_approved_and_not_proposed_again() {
    let world = shop().await;
    let store = store(&world).await;
    assert!(world.agents.recommended(&store).await.unwrap().is_none());
    may_propose(&world).await;
    let first = run(&world, waits).await;
    let told = world.agents.recommended(&store).await.unwrap().unwrap();
    assert_eq!(told.run.id, first.id);
    assert_eq!(told.facts.counted.baskets, 600);
    let pairs: Vec<_> = told.found.pairs.iter().map(|p| p.products).collect();
    assert_eq!(pairs, [[1, 2].map(ProductId)]);
    assert_eq!(told.found.pairs[0].together, 40);
    let proposed = sets(&world).await;
    assert_eq!(proposed.len(), 2, "{proposed:?}");
    let tags: Vec<_> = proposed.iter().map(|s| &s.operations[0].action).collect();
    let expected = |id: i64, other: i64| {
        let other = told.facts.product(ProductId(other)).unwrap();
        Action::AddTags {
            target: Tagged::Product(ProductId(id)),
            tags: vec![format!("goes-with:{}", other.handle)],
        }
    };
    assert_eq!(tags, [&expected(1, 2), &expected(2, 1)]);
    approve(&world, &proposed[0]).await;
    let by = person("bob");
    let rejected = world
        .changes
        .reject(world.workspace, proposed[1].id, &by, Some("not these two"))
        .await;
    rejected.unwrap();
    worked(&world, first.id, ended).await;
    let there = world
        .writer
        .there(Target::Tags(Tagged::Product(ProductId(1))));
    let Seen::Tags { tags } = there else {
        panic!("{there:?}")
    };
    assert_eq!(tags.len(), 1);
    // What was refused rests, and what was tagged is read again as tagged; until then its proposal is known to be done.
    let replay = world.agents.replay(world.workspace, first.id).await;
    assert!(replay.unwrap().same);
}

#[tokio::test(start_paused = true)]
async fn parts_of_one_bundle_are_not_told() {
    let world = shop().await;
    let store = store(&world).await;
    let bundles: Bundles = BTreeMap::from([(
        domain::ids::VariantId(60),
        BTreeMap::from([10, 20].map(|v| (domain::ids::VariantId(v), 1))),
    )]);
    let settings = domain::inventory_plan::InventorySettings {
        scope: store.scope,
        version: 1,
        settings: PlanSettings {
            bundles,
            ..PlanSettings::of(store.currency)
        },
        updated_at: world.now(),
        updated_by: person("ann"),
    };
    let entry = domain::audit::NewEntry::done(
        world.workspace,
        world.now(),
        person("ann"),
        "inventory.set",
        ("store", &store.scope.store.to_string(), &store.name),
    );
    let kept = &world.ports.inventory_settings;
    kept.set_inventory_settings(&settings, &entry)
        .await
        .unwrap();
    run(&world, ended).await;
    let told = world.agents.recommended(&store).await.unwrap().unwrap();
    assert_eq!((told.found.pairs.len(), told.found.pairs_bundled), (0, 1));
}

#[tokio::test(start_paused = true)]
async fn a_rehearsal_finds_the_pair_on_the_day_on_which_it_stands_out() {
    let world = shop().await;
    let store = store(&world).await;
    let (from, to) = ("2025-10-01".parse().unwrap(), "2026-06-30".parse().unwrap());
    let run = world
        .agents
        .rehearse(&store, TOGETHER, from, to, person("ann"));
    let run = worked(&world, run.await.unwrap().id, ended).await;
    let rehearsal = run.rehearsal.expect("a rehearsal");
    assert_eq!(rehearsal.proposals, 2);
    let day = rehearsal.days.iter().find(|d| !d.proposals.is_empty());
    let day = day.expect("a day").day;
    assert!(from < day && day < to, "{day}");
    assert_eq!(rehearsal.effect, None);
}
