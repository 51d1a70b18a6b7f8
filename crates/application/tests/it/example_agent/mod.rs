//! The agent of `docs/EXTENDING.md`: compiled, run, and held against what the document shows.

#[expect(
    unreachable_pub,
    reason = "in the crates that it stands for it is public"
)]
mod agent;
mod one_writer;
#[expect(
    unreachable_pub,
    reason = "in the crates that it stands for it is public"
)]
mod policy;

use self::agent::UntypedProducts;
use crate::world::World;
use application::agents::{Agents, ConfigChange, Entry};
use domain::agents::{AgentRun, Autonomy, RunStatus};
use domain::audit::{Actor, ActorKind};
use domain::store::Store;
use ports::source::Fact;
use testkit::builders::{ProductBuilder, VariantBuilder};
use tokio_util::sync::CancellationToken;

const ID: &str = "untyped_products";
const DOCUMENT: &str = include_str!("../../../../../docs/EXTENDING.md");

fn person() -> Actor {
    Actor::new(ActorKind::Person, Some("ann".into()), "ann", None)
}

async fn ran(world: &World, agents: &Agents, store: &Store) -> AgentRun {
    let started = agents.start(store, ID, serde_json::json!({}), person());
    let id = started.await.unwrap().id;
    let stop = CancellationToken::new();
    let worker = {
        let (agents, stop) = (agents.clone(), stop.clone());
        tokio::spawn(async move { agents.run_worker(stop).await })
    };
    let mut found = None;
    for _ in 0..1_000 {
        let run = agents.find(world.workspace, id).await.unwrap().unwrap();
        if !run.status.holds() {
            found = Some(run);
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    stop.cancel();
    worker.await.unwrap();
    found.unwrap()
}

#[tokio::test]
async fn the_example_agent_is_listed_set_run_and_replayed_as_any_other() {
    let world = World::new().await;
    let untyped = ProductBuilder::new(1).titled("Mug").product_type("");
    let untyped = untyped.variant(VariantBuilder::new(1, 1000)).build();
    world.shop.put(Fact::Product(Box::new(untyped)));
    world.synced().await;
    let agents = world
        .agents
        .clone()
        .with_agent(Entry::of::<UntypedProducts>());
    let store = world.changes.store(world.workspace, None).await.unwrap();
    let listed = agents.list(&store).await.unwrap();
    assert!(listed.iter().any(|s| s.spec.id == ID));
    let change = ConfigChange {
        autonomy: Some(Autonomy::Propose),
        ..ConfigChange::default()
    };
    agents
        .configure(&store, ID, change, person())
        .await
        .unwrap();
    let run = ran(&world, &agents, &store).await;
    assert_eq!(run.status, RunStatus::WaitingApproval, "{run:?}");
    assert_eq!(run.change_sets.len(), 1);
    let replay = agents.replay(world.workspace, run.id).await.unwrap();
    assert!(replay.same);
    // What waits is found again by its kind, and not proposed twice.
    let again = ran(&world, &agents, &store).await;
    assert_eq!(again.status, RunStatus::Succeeded, "{again:?}");
}

#[test]
fn the_document_shows_what_is_compiled() {
    for source in [include_str!("policy.rs"), include_str!("agent.rs")] {
        let block = format!("```rust\n{source}```");
        assert!(
            DOCUMENT.contains(&block),
            "docs/EXTENDING.md shows an older\n{source}"
        );
    }
    let line = "        Entry::of::<Orders>(),";
    let registry = include_str!("../../../src/agents/registry.rs");
    assert!(registry.contains(line) && DOCUMENT.contains(line));
}
