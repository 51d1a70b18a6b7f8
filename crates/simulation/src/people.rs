//! What happens around the replicas: people who propose and decide, a shop that changes and tells, and the ends of processes.

use crate::gate::Gate;
use crate::replica::Replica;
use crate::tally::Tally;
use crate::world::{SECRET, World, person};
use application::changes::{Approver, CancelEdit, Changes, Edit, NewChangeSet};
use application::inbox::Webhooks;
use chrono::Duration;
use domain::changes::{CancelReason, ChangeSet, ChangeSetStatus};
use domain::ids::{ConnectionId, OrderId, ProductId, VariantId, WorkspaceId};
use domain::order::Order;
use domain::people::Role;
use ports::PageRequest;
use ports::changes::{ChangeFilter, StopScope};
use ports::clock::Clock as _;
use ports::source::Fact;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration as StdDuration;
use testkit::builders::{Dice, random_order};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

pub(crate) const PRODUCT: ProductId = ProductId(1);
pub(crate) const VARIANTS: i64 = 6;
/// Orders that nobody touches but who cancels them.
pub(crate) const CANCELLABLE: std::ops::Range<i64> = 50..56;
/// Orders that change again and again.
const CHANGING: i64 = 6;
/// After so long the line of a person or of the shop breaks.
const PATIENCE: StdDuration = StdDuration::from_secs(30);

/// Where the proxy sends requests: the replicas that are up.
type Doors = Arc<Mutex<Vec<Option<Door>>>>;

#[derive(Clone)]
struct Door {
    webhooks: Webhooks,
    gate: Arc<Gate>,
}

pub(crate) struct Scene<'a> {
    pub(crate) world: &'a World,
    pub(crate) workspace: WorkspaceId,
    pub(crate) connection: ConnectionId,
    /// What the shop has.
    pub(crate) orders: BTreeMap<OrderId, Order>,
    replicas: Vec<Option<Replica>>,
    off: Vec<Duration>,
    doors: Doors,
    errands: JoinSet<()>,
    revision: i64,
}

impl<'a> Scene<'a> {
    /// Three replicas; in one history of four the clock of one is an hour off.
    pub(crate) fn new(world: &'a World, connection: ConnectionId) -> Self {
        let hour = world.weather.roll(|dice| match dice.below(8) {
            0 => Duration::hours(1),
            1 => -Duration::hours(1),
            _ => Duration::zero(),
        });
        let mut scene = Self {
            workspace: world.workspace,
            connection,
            orders: BTreeMap::new(),
            replicas: (0..3).map(|_| None).collect(),
            off: vec![Duration::zero(), Duration::zero(), hour],
            doors: Arc::new(Mutex::new(vec![None, None, None])),
            errands: JoinSet::new(),
            revision: 0,
            world,
        };
        scene.start_all();
        scene
    }

    pub(crate) fn start_all(&mut self) {
        for who in 0..self.replicas.len() {
            if self.replicas[who].is_none() {
                self.start(who);
            }
        }
    }

    pub(crate) fn first(&self) -> Option<&Replica> {
        self.replicas.iter().flatten().next()
    }

    /// Whether every request has had its answer.
    pub(crate) fn is_quiet(&mut self) -> bool {
        while self.errands.try_join_next().is_some() {}
        self.errands.is_empty()
    }

    fn start(&mut self, who: usize) {
        let replica = Replica::start(self.world, who, self.off[who]);
        self.world.tally.step(who, "replica", "starts");
        let door = Door {
            webhooks: replica.webhooks.clone(),
            gate: Arc::clone(&replica.gate),
        };
        lock(&self.doors)[who] = Some(door);
        self.replicas[who] = Some(replica);
    }

    /// One thing happens.
    pub(crate) fn happen(&mut self) {
        let roll = self.world.weather.roll(|dice| dice.below(100));
        match roll {
            0..=24 => self.propose(),
            25..=49 => self.approve(),
            50..=54 => self.undo(),
            55..=57 => self.stop(),
            58..=62 => self.lift(),
            63..=82 => self.shop_changes(),
            83..=90 => self.kill(),
            91..=94 => self.freeze(),
            _ => self.start_all(),
        }
    }

    /// Somebody's request reaches one of the replicas that are up.
    fn ask<F>(&mut self, request: impl FnOnce(Changes, WorkspaceId, Arc<Tally>) -> F)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let up: Vec<&Replica> = self.replicas.iter().flatten().collect();
        if up.is_empty() {
            return;
        }
        let replica = *self.world.weather.roll(|dice| dice.pick(&up));
        let asked = request(
            replica.changes.clone(),
            self.workspace,
            Arc::clone(&self.world.tally),
        );
        self.errands.spawn(async move {
            drop(timeout(PATIENCE, asked).await);
        });
    }

    fn propose(&mut self) {
        let edits = self.world.weather.roll(edits);
        self.ask(|changes, workspace, _| async move {
            let Ok(store) = changes.store(workspace, None).await else {
                return;
            };
            let new = NewChangeSet {
                title: None,
                reason: "Costs have risen".to_owned(),
                edits,
                proposed_by: person("ann"),
            };
            drop(changes.propose(&store, new).await);
        });
    }

    fn approve(&mut self) {
        let roll = self.world.weather.roll(Dice::roll);
        self.ask(move |changes, workspace, tally| async move {
            let Some(set) = pick(&changes, workspace, ChangeSetStatus::Proposed, roll).await else {
                return;
            };
            let by = Approver {
                actor: person("bob"),
                role: Role::Operator,
            };
            let digest = set.digest();
            let approved = changes.approve(workspace, set.id, &by, &digest, &[], None);
            if approved.await.is_ok() {
                tally.lock().approved.insert(set.id);
            }
        });
    }

    fn undo(&mut self) {
        let roll = self.world.weather.roll(Dice::roll);
        self.ask(move |changes, workspace, _| async move {
            if let Some(set) = pick(&changes, workspace, ChangeSetStatus::Applied, roll).await {
                drop(changes.undo(workspace, set.id, &person("ann"), None).await);
            }
        });
    }

    fn stop(&mut self) {
        self.ask(|changes, workspace, _| async move {
            let by = person("ann");
            let stopped = changes.stop(workspace, StopScope::All, "Wait", &by);
            drop(stopped.await);
        });
    }

    pub(crate) fn lift(&mut self) {
        self.ask(|changes, workspace, _| async move {
            let by = person("ann");
            let lifted = changes.lift(workspace, &StopScope::All, "Go on", &by);
            drop(lifted.await);
        });
    }

    fn kill(&mut self) {
        let who = self.who();
        if let Some(replica) = self.replicas[who].take() {
            lock(&self.doors)[who] = None;
            replica.kill();
            self.world.tally.lock().kills += 1;
            self.world.tally.step(who, "replica", "is killed");
        }
    }

    fn freeze(&mut self) {
        let (who, seconds) = (
            self.who(),
            self.world.weather.roll(|dice| 5 + dice.below(60)),
        );
        if let Some(replica) = &self.replicas[who] {
            let seconds = u64::try_from(seconds).unwrap_or(5);
            replica.gate.freeze(StdDuration::from_secs(seconds));
            self.world.tally.step(who, "replica", "stands still");
        }
    }

    fn who(&self) -> usize {
        let count = i64::try_from(self.replicas.len()).unwrap_or(1);
        let who = self.world.weather.roll(|dice| dice.below(count));
        usize::try_from(who).unwrap_or(0)
    }

    /// An order is new or has changed; its webhook comes never, once or several times, soon or late.
    fn shop_changes(&mut self) {
        self.revision += 1;
        let revision = self.revision;
        let now = self.world.clock.now() + Duration::microseconds(revision);
        let (order, delays) = self.world.weather.roll(|dice| {
            let id = 1 + dice.below(CHANGING);
            let order = random_order(dice, id, 0).updated_at(now).build();
            let copies = dice.below(4);
            let delays: Vec<_> = (0..copies).map(|_| dice.below(20_000)).collect();
            (order, delays)
        });
        let id = order.id;
        self.orders.insert(id, order.clone());
        self.world.shop.put(Fact::Order(Box::new(order)));
        for delay in delays {
            let (doors, connection) = (Arc::clone(&self.doors), self.connection);
            let weather = Arc::clone(&self.world.weather);
            self.errands.spawn(async move {
                sleep(StdDuration::from_millis(u64::try_from(delay).unwrap_or(0))).await;
                let body = format!(r#"{{"changed":["order/{}"],"n":{revision}}}"#, id.0);
                loop {
                    let roll = weather.roll(Dice::roll);
                    let door = through(&doors, roll);
                    if let Some(door) = door
                        && deliver(&door, connection, &body).await
                    {
                        let mut noted = door.gate.tally.lock();
                        let latest = noted.acknowledged.entry(id).or_default();
                        *latest = (*latest).max(now.timestamp_micros());
                        return;
                    }
                    // A shop tries again what nobody acknowledged.
                    sleep(StdDuration::from_secs(5)).await;
                }
            });
        }
    }
}

async fn deliver(door: &Door, connection: ConnectionId, body: &str) -> bool {
    let headers = [("X-Fake-Signature", SECRET), ("X-Fake-Topic", "facts")];
    let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let accepted = door.webhooks.accept(connection, &headers, body.as_bytes());
    matches!(timeout(PATIENCE, accepted).await, Ok(Ok(_)))
}

fn through(doors: &Doors, roll: u64) -> Option<Door> {
    let doors = lock(doors);
    let open: Vec<&Door> = doors.iter().flatten().collect();
    let count = u64::try_from(open.len()).ok().filter(|count| *count > 0)?;
    let place = usize::try_from(roll % count).ok()?;
    open.get(place).map(|door| (*door).clone())
}

fn lock(doors: &Doors) -> std::sync::MutexGuard<'_, Vec<Option<Door>>> {
    doors.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Up to three prices that go up or down by at most 15 %, or an order that is cancelled.
fn edits(dice: &mut Dice) -> Vec<Edit> {
    if dice.one_in(3) {
        let count = CANCELLABLE.end - CANCELLABLE.start;
        return vec![Edit::CancelOrder(CancelEdit {
            order: OrderId(CANCELLABLE.start + dice.below(count)),
            reason: CancelReason::Staff,
            restock: true,
            refund: true,
            notify_customer: false,
            note: String::new(),
        })];
    }
    let mut variants: Vec<i64> = (1..=VARIANTS).collect();
    dice.shuffle(&mut variants);
    let count = usize::try_from(1 + dice.below(3)).unwrap_or(1);
    let price = |variant: i64, after: i64| Edit::Price {
        variant: VariantId(variant),
        after,
    };
    let chosen = variants.into_iter().take(count);
    chosen
        .map(|variant| price(variant, 1000 + *dice.pick(&[-150, -80, 50, 100, 150])))
        .collect()
}

/// One of those that are in this state.
async fn pick(
    changes: &Changes,
    workspace: WorkspaceId,
    status: ChangeSetStatus,
    roll: u64,
) -> Option<ChangeSet> {
    let filter = ChangeFilter {
        status: Some(status),
        ..ChangeFilter::default()
    };
    let page = PageRequest::first(50);
    let mut found = changes.list(workspace, &filter, &page).await.ok()?.items;
    let count = u64::try_from(found.len()).ok().filter(|count| *count > 0)?;
    Some(found.swap_remove(usize::try_from(roll % count).ok()?))
}
