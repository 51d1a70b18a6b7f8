//! One replica: its use cases over its own gate, and its workers as they run in the product.

use crate::gate::Gate;
use crate::world::World;
use application::changes::Changes;
use application::connections::Connections;
use application::events::EventHub;
use application::inbox::Webhooks;
use application::privacy::Privacy;
use application::sync::Syncs;
use chrono::Duration;
use std::sync::Arc;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// Each replica asks this often whether a sync is due.
const SYNC_EVERY: std::time::Duration = std::time::Duration::from_secs(20);

pub(crate) struct Replica {
    pub(crate) gate: Arc<Gate>,
    pub(crate) changes: Changes,
    pub(crate) syncs: Syncs,
    pub(crate) webhooks: Webhooks,
    pub(crate) connections: Connections,
    workers: JoinSet<()>,
}

impl Replica {
    /// A process that has just been started.
    pub(crate) fn start(world: &World, who: usize, off: Duration) -> Self {
        let gate = world.gate(who);
        let ports = world.ports(&gate, off);
        let hub = EventHub::new(&ports);
        let url = Some("https://royal.example".to_owned());
        let connections = Connections::new(ports.clone(), hub.clone(), url);
        let privacy = Privacy::new(ports.clone(), connections.clone());
        let mut replica = Self {
            changes: Changes::new(ports.clone(), hub.clone(), connections.clone()),
            syncs: Syncs::new(ports.clone(), hub, connections.clone()),
            webhooks: Webhooks::new(ports, connections.clone(), privacy),
            connections,
            gate,
            workers: JoinSet::new(),
        };
        replica.work();
        replica
    }

    fn work(&mut self) {
        let (changes, syncs, webhooks) = (
            self.changes.clone(),
            self.syncs.clone(),
            self.webhooks.clone(),
        );
        let due = self.syncs.clone();
        // A process that dies is not told before: nobody cancels this.
        let never = CancellationToken::new();
        let (one, two, three) = (never.clone(), never.clone(), never);
        self.workers
            .spawn(async move { changes.run_worker(one).await });
        self.workers
            .spawn(async move { syncs.run_worker(two).await });
        self.workers
            .spawn(async move { webhooks.run_worker(three).await });
        self.workers.spawn(async move {
            loop {
                tokio::time::sleep(SYNC_EVERY).await;
                // What fails is due again the next time.
                drop(due.start_due(Duration::seconds(30)).await);
            }
        });
    }

    /// `kill -9`: nothing of it goes on, whatever it waits for. What its workers had spawned stands at its gate for ever.
    pub(crate) fn kill(mut self) {
        self.gate.kill();
        self.workers.abort_all();
    }
}
