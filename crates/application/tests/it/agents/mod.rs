//! Agents over the fakes: what a run comes to, what starts one, how an agent is set, and what a death in between leaves behind.

pub(crate) mod analytics;
mod budgets;
mod crashes;
pub(crate) mod mortal;
mod prices;
mod runs;
mod settings;
mod starts;
mod stock;
mod together;

use crate::world::{World, order, product};
use application::PortSet;
use application::agents::{AgentError, Agents, ConfigChange};
use application::changes::Approver;
use chrono::Duration;
use domain::agents::{AgentConfig, AgentRun, Autonomy, RunStatus, Value, Values};
use domain::audit::{Actor, ActorKind};
use domain::changes::{ChangeSet, ChangeSetStatus, Seen, Tagged, Target};
use domain::ids::{OrderId, RunId};
use domain::people::Role;
use domain::store::Store;
use ports::PageRequest;
use ports::changes::ChangeFilter;
use ports::runs::RunStore;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

const ORDERS: &str = "order_management";
const TICK: std::time::Duration = std::time::Duration::from_millis(100);

fn person(name: &str) -> Actor {
    Actor::new(ActorKind::Person, Some(name.to_owned()), name, None)
}

/// Two orders that were paid five and six days ago and not sent: each is late, and nothing else is the matter with it.
async fn world() -> World {
    let world = World::new().await;
    world.shop.put(product("4.00"));
    world.shop.put(order(1, 5));
    world.shop.put(order(2, 6));
    world.synced().await;
    for id in [1, 2] {
        let nothing = Seen::Tags { tags: Vec::new() };
        world.writer.put(tags(id), nothing);
    }
    world
}

/// The same, where each late order is a proposal of its own.
async fn apart() -> World {
    let world = world().await;
    let change = ConfigChange {
        values: Some(Values::from([(
            "late_at_once".to_owned(),
            Value::Number(1),
        )])),
        ..ConfigChange::default()
    };
    configured(&world, change).await;
    world
}

const fn tags(order: i64) -> Target {
    Target::Tags(Tagged::Order(OrderId(order)))
}

fn are_tagged(world: &World) -> [bool; 2] {
    [1, 2].map(|id| match world.writer.there(tags(id)) {
        Seen::Tags { tags } => tags.iter().any(|t| t == "royal-late"),
        other => panic!("{other:?}"),
    })
}

async fn store(world: &World) -> Store {
    world.changes.store(world.workspace, None).await.unwrap()
}

/// The same services over other runs.
fn over(world: &World, runs: Arc<dyn RunStore>) -> Agents {
    let set = PortSet {
        runs,
        ..(*world.ports).clone()
    };
    Agents::new(set.into(), world.hub.clone(), world.changes.clone())
}

async fn configured(world: &World, change: ConfigChange) -> AgentConfig {
    let store = store(world).await;
    let before = world.agents.standing(&store, ORDERS).await.unwrap().config;
    let change = ConfigChange {
        version: before.version,
        ..change
    };
    let configured = world
        .agents
        .configure(&store, ORDERS, change, person("ann"));
    configured.await.unwrap()
}

async fn autonomy(world: &World, autonomy: Autonomy) {
    if autonomy == Autonomy::Act {
        rehearsed(world).await;
    }
    configured(
        world,
        ConfigChange {
            autonomy: Some(autonomy),
            reason: Some("It has shown what it can do".into()),
            ..ConfigChange::default()
        },
    )
    .await;
}

async fn rehearsed(world: &World) -> AgentRun {
    let store = store(world).await;
    let (from, to) = ("2026-06-25".parse().unwrap(), "2026-06-30".parse().unwrap());
    let run = world
        .agents
        .rehearse(&store, ORDERS, from, to, person("ann"));
    let run = run.await.unwrap();
    worked(world, run.id, ended).await
}

async fn started(world: &World) -> Result<AgentRun, AgentError> {
    let store = store(world).await;
    let parameters = serde_json::json!({});
    world
        .agents
        .start(&store, ORDERS, parameters, person("ann"))
        .await
}

async fn stored(world: &World, id: RunId) -> AgentRun {
    let found = world.agents.find(world.workspace, id).await;
    found.unwrap().unwrap()
}

fn ended(run: &AgentRun) -> bool {
    !run.status.is_open()
}

fn waits(run: &AgentRun) -> bool {
    run.status == RunStatus::WaitingApproval
}

/// Runs workers of agents and of changes until the run is as it is wanted; both clocks go at one pace.
async fn work(
    world: &World,
    agents: &Agents,
    id: RunId,
    is_wanted: impl Fn(&AgentRun) -> bool,
) -> Option<AgentRun> {
    let stop = CancellationToken::new();
    let (agents, changes) = (agents.clone(), world.changes.clone());
    let workers = {
        let (one, two) = (stop.clone(), stop.clone());
        let changes = tokio::spawn(async move { changes.run_worker(one).await });
        let agents = tokio::spawn(async move { agents.run_worker(two).await });
        [changes, agents]
    };
    let mut found = None;
    for _ in 0..30_000 {
        let run = stored(world, id).await;
        if is_wanted(&run) {
            found = Some(run);
            break;
        }
        tokio::time::sleep(TICK).await;
        world.clock.advance(Duration::milliseconds(100));
    }
    stop.cancel();
    for worker in workers {
        worker.await.unwrap();
    }
    found
}

async fn worked(world: &World, id: RunId, is_wanted: impl Fn(&AgentRun) -> bool) -> AgentRun {
    let run = work(world, &world.agents, id, is_wanted).await;
    match run {
        Some(run) => run,
        None => panic!("it does not come to that: {:?}", stored(world, id).await),
    }
}

async fn sets(world: &World) -> Vec<ChangeSet> {
    let page = PageRequest::first(100);
    let filter = ChangeFilter::default();
    let mut sets = world
        .changes
        .list(world.workspace, &filter, &page)
        .await
        .unwrap()
        .items;
    sets.sort_by_key(|s| s.title.clone());
    sets
}

async fn approve(world: &World, set: &ChangeSet) {
    let by = Approver {
        actor: person("bob"),
        role: Role::Operator,
    };
    let (changes, digest) = (&world.changes, set.digest());
    changes
        .approve(world.workspace, set.id, &by, &digest, &[], None)
        .await
        .unwrap();
}

async fn log(world: &World, id: RunId) -> Vec<String> {
    let lines = world
        .agents
        .log(world.workspace, id, 0, 1_000)
        .await
        .unwrap();
    lines.into_iter().map(|l| l.text).collect()
}

fn statuses(sets: &[ChangeSet]) -> Vec<ChangeSetStatus> {
    sets.iter().map(|s| s.status).collect()
}

pub(crate) async fn until_ended(world: &World, id: RunId) -> AgentRun {
    worked(world, id, ended).await
}
