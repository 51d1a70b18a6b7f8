//! The agent of prices, from what is known of a product to its price in the shop.

use super::*;
use domain::changes::{Action, ChangeSetStatus as Set};
use domain::ids::{ProductId, VariantId};
use ports::source::Fact;
use testkit::builders::{ProductBuilder, VariantBuilder};

const PRICES: &str = "pricing_optimizer";
const SHOWN: Target = Target::Variant(ProductId(7), VariantId(70));

/// A mug at 10.00 that costs 9.00 leaves less than the least margin; a bowl leaves enough; what a plate costs nobody knows.
async fn dishes() -> World {
    let world = World::new().await;
    let product = ProductBuilder::new(7)
        .titled("Dishes")
        .variant(
            VariantBuilder::new(70, 1000)
                .titled("Mug")
                .cost("9.00", "USD"),
        )
        .variant(
            VariantBuilder::new(71, 2000)
                .titled("Bowl")
                .cost("9.00", "USD"),
        )
        .variant(VariantBuilder::new(72, 3000).titled("Plate"));
    world.shop.put(Fact::Product(Box::new(product.build())));
    for id in 1..=6 {
        world.shop.put(order(id, id));
    }
    world.synced().await;
    let seen = Seen::Variant {
        price: 1000,
        compare_at: None,
    };
    world.writer.put(SHOWN, seen);
    world
}

async fn propose(world: &World) {
    let store = store(world).await;
    let change = ConfigChange {
        autonomy: Some(Autonomy::Propose),
        ..ConfigChange::default()
    };
    let configured = world
        .agents
        .configure(&store, PRICES, change, person("ann"));
    configured.await.unwrap();
}

async fn run(world: &World) -> AgentRun {
    let store = store(world).await;
    let parameters = serde_json::json!({});
    let run = world
        .agents
        .start(&store, PRICES, parameters, person("ann"));
    run.await.unwrap()
}

fn shown(world: &World) -> i64 {
    match world.writer.there(SHOWN) {
        Seen::Variant { price, .. } => price,
        other => panic!("{other:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn a_price_that_leaves_too_little_is_proposed_approved_written_and_read_back() {
    let world = dishes().await;
    propose(&world).await;
    let waiting = run(&world).await;
    let waiting = worked(&world, waiting.id, waits).await;
    assert_eq!((waiting.looked_at, waiting.proposals), (3, 1));
    let log = log(&world, waiting.id).await;
    assert!(
        log.iter().any(|l| l.contains("cost")),
        "the plate is left alone, and it is said: {log:?}"
    );
    let set = sets(&world).await.remove(0);
    let Action::Price { before, after, .. } = set.operations[0].action else {
        panic!("{set:?}")
    };
    assert_eq!(before, 1000);
    assert!((1059..=1150).contains(&after), "{after}");
    approve(&world, &set).await;
    let done = worked(&world, waiting.id, ended).await;
    assert_eq!(
        done.summary.as_deref(),
        Some("1 proposal: 1 applied"),
        "{:?}",
        done.error
    );
    assert_eq!((done.status, shown(&world)), (RunStatus::Succeeded, after));
    assert!(
        world
            .agents
            .replay(world.workspace, done.id)
            .await
            .unwrap()
            .same
    );
}

#[tokio::test(start_paused = true)]
async fn a_price_that_moved_meanwhile_is_not_written_and_a_no_is_heeded() {
    let world = dishes().await;
    propose(&world).await;
    let first = run(&world).await;
    worked(&world, first.id, waits).await;
    let set = sets(&world).await.remove(0);
    let seen = Seen::Variant {
        price: 1200,
        compare_at: None,
    };
    world.writer.put(SHOWN, seen);
    approve(&world, &set).await;
    let first = worked(&world, first.id, ended).await;
    assert_eq!(first.summary.as_deref(), Some("1 proposal: 1 failed"));
    assert_eq!(
        (first.status, shown(&world)),
        (RunStatus::Succeeded, 1200),
        "{:?}",
        first.error
    );

    let second = run(&world).await;
    worked(&world, second.id, waits).await;
    let set = sets(&world)
        .await
        .into_iter()
        .find(|s| s.status == Set::Proposed)
        .unwrap();
    let (changes, bob) = (&world.changes, person("bob"));
    changes
        .reject(world.workspace, set.id, &bob, None)
        .await
        .unwrap();
    worked(&world, second.id, ended).await;
    let third = run(&world).await;
    let third = worked(&world, third.id, ended).await;
    assert_eq!((third.proposals, sets(&world).await.len()), (0, 2));
}

#[tokio::test(start_paused = true)]
async fn the_past_of_prices_is_rehearsed_day_by_day() {
    let world = dishes().await;
    let store = store(&world).await;
    let (from, to) = ("2026-06-26".parse().unwrap(), "2026-06-30".parse().unwrap());
    let run = world
        .agents
        .rehearse(&store, PRICES, from, to, person("ann"));
    let run = run.await.unwrap();
    let run = worked(&world, run.id, ended).await;
    assert_eq!(run.status, RunStatus::Succeeded, "{:?}", run.error);
    let told = run.rehearsal.unwrap();
    assert_eq!(
        (told.days.len(), told.proposals),
        (5, 0),
        "the price was first seen today"
    );
    assert!(sets(&world).await.is_empty());
}
