//! What an agent may use up within a day, whoever approved it.

use super::*;
use domain::agents::Budget;
use domain::changes::ChangeSetStatus as Set;
use domain::changes::budget::UnknownEffect;
use domain::ids::{ProductId, VariantId};
use ports::source::Fact;
use testkit::builders::{ProductBuilder, VariantBuilder};

async fn budget(world: &World, budget: Budget) {
    let change = ConfigChange {
        autonomy: Some(Autonomy::Propose),
        budget: Some(budget),
        ..ConfigChange::default()
    };
    configured(world, change).await;
}

/// Two proposals of one write each, both approved at the same time.
async fn race(world: &World) -> Vec<ChangeSet> {
    let run = started(world).await.unwrap();
    worked(world, run.id, waits).await;
    let both = sets(world).await;
    assert_eq!(both.len(), 2, "{both:?}");
    tokio::join!(approve(world, &both[0]), approve(world, &both[1]));
    worked(world, run.id, ended).await;
    sets(world).await
}

#[tokio::test(start_paused = true)]
async fn of_two_approvals_at_once_the_last_of_the_budget_is_used_by_one() {
    let world = apart().await;
    let calls_per_day = Some(7);
    budget(
        &world,
        Budget {
            calls_per_day,
            ..Budget::default()
        },
    )
    .await;
    let mut sets = race(&world).await;
    sets.sort_by_key(|s| s.status.as_str());
    assert_eq!(
        [sets[0].status, sets[1].status],
        [Set::Applied, Set::Failed],
        "{sets:?}"
    );
    assert_eq!(
        are_tagged(&world).iter().filter(|tagged| **tagged).count(),
        1
    );
    let error = sets[1].operations[0].error.as_deref().unwrap();
    for part in [
        "7 calls a day",
        "4 calls are used",
        "this needs 4",
        "free again at",
    ] {
        assert!(error.contains(part), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn within_the_budget_both_are_made_and_tags_need_no_money() {
    let world = apart().await;
    budget(
        &world,
        Budget {
            calls_per_day: Some(8),
            money_per_day: Some(0),
            ..Budget::default()
        },
    )
    .await;
    let sets = race(&world).await;
    assert!(sets.iter().all(|s| s.status == Set::Applied), "{sets:?}");
}

/// A mug whose price leaves too little; nobody can tell what another price brings.
async fn mug() -> World {
    let world = World::new().await;
    let mug = VariantBuilder::new(70, 1000)
        .titled("Mug")
        .cost("9.00", "USD");
    let product = ProductBuilder::new(7).titled("Dishes").variant(mug);
    world.shop.put(Fact::Product(Box::new(product.build())));
    world.shop.put(order(1, 1));
    world.synced().await;
    let seen = Seen::Variant {
        price: 1000,
        compare_at: None,
    };
    let target = Target::Variant(ProductId(7), VariantId(70));
    world.writer.put(target, seen);
    world
}

async fn priced(world: &World, unknown_effect: UnknownEffect) -> ChangeSet {
    let store = store(world).await;
    let change = ConfigChange {
        autonomy: Some(Autonomy::Propose),
        budget: Some(Budget {
            money_per_day: Some(10_000),
            unknown_effect,
            ..Budget::default()
        }),
        ..ConfigChange::default()
    };
    let agent = "pricing_optimizer";
    let configured = world.agents.configure(&store, agent, change, person("ann"));
    configured.await.unwrap();
    let parameters = serde_json::json!({});
    let run = world.agents.start(&store, agent, parameters, person("ann"));
    let run = run.await.unwrap();
    worked(world, run.id, waits).await;
    let set = sets(world).await.remove(0);
    assert_eq!(set.stake(), None, "{set:?}");
    approve(world, &set).await;
    worked(world, run.id, ended).await;
    sets(world).await.remove(0)
}

#[tokio::test(start_paused = true)]
async fn a_price_whose_effect_nobody_can_tell_needs_leave_where_there_is_a_budget_of_money() {
    let refused = priced(&mug().await, UnknownEffect::Refused).await;
    assert_eq!(refused.status, Set::Failed);
    let error = refused.operations[0].error.as_deref().unwrap();
    assert!(
        error.contains("100.00 USD a day") && error.contains("nobody can tell"),
        "{error}"
    );
    let made = priced(&mug().await, UnknownEffect::Free).await;
    assert_eq!(made.status, Set::Applied, "{made:?}");
}
