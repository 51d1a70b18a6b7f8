//! One history: set up in calm, lived through in bad weather, brought to its end in calm, and looked at.

use crate::check;
use crate::people::{CANCELLABLE, PRODUCT, Scene, VARIANTS};
use crate::plant::Plant;
use crate::replica::Replica;
use crate::world::{SECRET, SHOP, World, person};
use anyhow::{Context as _, Result, bail};
use application::Ports;
use application::changes::LimitsChange;
use application::connections::NewConnection;
use chrono::Duration;
use domain::audit::Actor;
use domain::changes::{Limits, Seen, Target};
use domain::connection::Provider;
use domain::ids::{ConnectionId, OrderId, StoreScope, VariantId};
use domain::sync::SyncStatus;
use ports::source::{Fact, SourceAuth};
use secrecy::SecretString;
use std::time::Duration as StdDuration;
use testkit::builders::{
    LineBuilder, OrderBuilder, ProductBuilder, VariantBuilder, at, user, workspace,
};
use tokio::time::sleep;

/// What happens in one history, each after some seconds.
const HAPPENINGS: u32 = 60;
/// Virtual seconds until all work has to be at its end; a replica whose clock is an hour ahead may have died with a lease of that length.
const PATIENCE: u32 = 8_000;

#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    pub plant: Option<Plant>,
    /// Keeps every step in words.
    pub is_told: bool,
}

/// What came of one seed.
#[derive(Debug)]
pub struct History {
    pub seed: u64,
    /// What does not hold; empty when all is well.
    pub wrong: Vec<String>,
    /// Of all steps with their times: the same for the same seed.
    pub digest: u64,
    pub calls: u64,
    pub faults: u64,
    pub kills: u64,
    /// Writes that arrived at the shop.
    pub writes: u64,
    pub log: Vec<String>,
}

/// Lives through one history, on this thread.
///
/// # Errors
/// When the simulation itself cannot be set up; what the history breaks is in [`History::wrong`].
pub fn run(seed: u64, options: Options) -> Result<History> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()?;
    runtime.block_on(live(seed, options))
}

async fn live(seed: u64, options: Options) -> Result<History> {
    let mut world = World::new(seed, options.plant, options.is_told);
    let first = Replica::start(&world, 9, Duration::zero());
    let limit = u32::try_from(world.weather.roll(|dice| 3 + dice.below(10)))?;
    let (connection, scope) = set_up(&world, &first, limit).await?;
    world.connection = Some(connection);
    first.kill();

    let mut scene = Scene::new(&world, connection);
    world.weather.calm(false);
    for _ in 0..HAPPENINGS {
        let ms = world.weather.roll(|dice| 200 + dice.below(5_000));
        sleep(StdDuration::from_millis(u64::try_from(ms)?)).await;
        scene.happen();
    }
    world.weather.calm(true);
    scene.start_all();
    scene.lift();

    let gate = world.gate(8);
    let ports = world.ports(&gate, Duration::zero());
    let mut wrong = Vec::new();
    if !settled(&ports, scope, &mut scene).await? {
        wrong.push("lost: the work does not come to its end".to_owned());
    }
    check::acknowledged(&ports, scope, &scene, &mut wrong).await?;
    if let Err(error) = last_sync(&ports, &scene).await {
        wrong.push(format!("lost: {error}"));
    }
    check::books(&ports, scope, &scene, &mut wrong).await?;
    check::changes(&ports, scope, &scene, limit, &mut wrong).await?;

    let digest = world.tally.digest();
    let log = world.tally.log();
    let noted = world.tally.lock();
    Ok(History {
        seed,
        wrong,
        digest,
        calls: noted.calls,
        faults: noted.faults,
        kills: noted.kills,
        writes: noted.sent.len() as u64,
        log,
    })
}

/// An owner, a shop with a product and orders, everything read once, and the limits.
async fn set_up(
    world: &World,
    replica: &Replica,
    limit: u32,
) -> Result<(ConnectionId, StoreScope)> {
    let gate = world.gate(8);
    let ports = world.ports(&gate, Duration::zero());
    let owner = user(1, 1);
    let home = workspace(1);
    let accounts = &ports.accounts;
    accounts
        .create_first(&home, &owner, "no password", &[])
        .await?;
    fill(world);
    let new = NewConnection {
        workspace: world.workspace,
        provider: Provider::Shopify,
        shop: SHOP.to_owned(),
        base_url: None,
        api_version: None,
        auth: SourceAuth::AccessToken(SecretString::from("token")),
        webhook_secrets: vec![SecretString::from(SECRET)],
        backfill_from: None,
        from_environment: false,
        actor: Actor::system(),
    };
    let connected = replica.connections.connect(new).await;
    let connection = connected.ok().context("the shop is connected")?.connection;
    sync(replica, &ports, connection.id).await?;
    let store = replica.changes.store(world.workspace, None).await?;
    let change = LimitsChange {
        version: 0,
        limits: Limits {
            operations_day: limit,
            ..Limits::default()
        },
        reason: Some("The simulation's".to_owned()),
    };
    replica
        .changes
        .set_guardrails(&store, change, &person("ann"))
        .await?;
    Ok((connection.id, store.scope))
}

fn fill(world: &World) {
    let mut product = ProductBuilder::new(PRODUCT.0).titled("Mug");
    for id in 1..=VARIANTS {
        product = product.variant(VariantBuilder::new(id, 1000).cost("4.00", "USD"));
        let target = Target::Variant(PRODUCT, VariantId(id));
        let (price, compare_at) = (1000, None);
        world
            .writer
            .put(target, Seen::Variant { price, compare_at });
    }
    world.shop.put(Fact::Product(Box::new(product.build())));
    for id in CANCELLABLE {
        let sold = at("2026-06-28T10:00:00Z");
        let order = OrderBuilder::new(id)
            .sold_at(sold)
            .updated_at(sold)
            .line(LineBuilder::new(1, 2, 1000).product(PRODUCT.0))
            .paid(Some(50))
            .build();
        let seen = Seen::Order {
            is_cancelled: false,
            is_sent: false,
            total: order.totals.current_total,
        };
        world.writer.put(Target::Order(OrderId(id)), seen);
        world.shop.put(Fact::Order(Box::new(order)));
    }
}

async fn sync(replica: &Replica, ports: &Ports, connection: ConnectionId) -> Result<()> {
    let workspace = ports.connections.list(None).await?;
    let workspace = workspace.first().context("a connection")?.workspace;
    // One that is under way may have read before the last change: another one follows it.
    let mut started = None;
    for _ in 0..PATIENCE {
        match started {
            Some(id) => match ports.syncs.find(workspace, id).await? {
                Some(run) if run.status == SyncStatus::Succeeded => return Ok(()),
                Some(run) if run.status.is_open() => {}
                ended => bail!("the sync ends so: {ended:?}"),
            },
            None => {
                let run = replica.syncs.start(workspace, connection, None, None).await;
                started = run.ok().map(|run| run.id);
            }
        }
        sleep(StdDuration::from_secs(1)).await;
    }
    bail!("the sync does not end")
}

async fn last_sync(ports: &Ports, scene: &Scene<'_>) -> Result<()> {
    let replica = scene.first().context("a replica is up")?;
    sync(replica, ports, scene.connection).await
}

/// Whether all work came to its end.
async fn settled(ports: &Ports, scope: StoreScope, scene: &mut Scene<'_>) -> Result<bool> {
    for _ in 0..PATIENCE {
        sleep(StdDuration::from_secs(1)).await;
        if !scene.is_quiet() {
            continue;
        }
        let sets = check::sets(ports, scope).await?;
        let is_work = sets.iter().any(|set| set.status.is_work());
        if !is_work && ports.inbox.state(None).await?.pending == 0 {
            return Ok(true);
        }
    }
    Ok(false)
}
