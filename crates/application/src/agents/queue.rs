//! Dispatch of runs: they are queued, claimed when their time has come, and handed to whoever works on them.
//!
//! Must not know: what a run does.

use super::held::Held;
use crate::events::EventHub;
use chrono::Duration;
use domain::agents::AgentRun;
use domain::audit::NewEntry;
use ports::PortResult;
use ports::clock::Clock;
use ports::runs::RunStore;
use std::sync::Arc;
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

const LOOK_EVERY: std::time::Duration = std::time::Duration::from_secs(2);
const DEFAULT_LEASE: Duration = Duration::seconds(15);

#[derive(Clone)]
pub struct Queue {
    pub(super) runs: Arc<dyn RunStore>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) hub: EventHub,
    pub(super) lease: Duration,
    queued: Arc<Notify>,
}

impl Queue {
    #[must_use]
    pub fn new(runs: Arc<dyn RunStore>, clock: Arc<dyn Clock>, hub: EventHub) -> Self {
        Self {
            runs,
            clock,
            hub,
            lease: DEFAULT_LEASE,
            queued: Arc::default(),
        }
    }

    /// How long a run whose worker died waits for another one.
    #[must_use]
    pub fn with_lease(self, lease: Duration) -> Self {
        Self { lease, ..self }
    }

    /// `Conflict` while another one of its store, agent and kind holds.
    pub async fn create(&self, run: &AgentRun, told: Option<&NewEntry>) -> PortResult<()> {
        self.runs.create(run, told).await?;
        self.started();
        Ok(())
    }

    /// Runs were queued: tells the worker and whoever watches.
    pub fn started(&self) {
        self.queued.notify_one();
        self.hub.wake();
    }

    /// Hands out runs, so many at the same time, until cancelled; then waits for those who work.
    pub async fn work<W>(
        &self,
        at_once: usize,
        stop: &CancellationToken,
        work: impl Fn(Held) -> W + Sync,
    ) where
        W: Future<Output = ()> + Send + 'static,
    {
        let places = Arc::new(Semaphore::new(at_once));
        let running = TaskTracker::new();
        while !stop.is_cancelled() {
            let first = tokio::select! {
                () = stop.cancelled() => break,
                place = Arc::clone(&places).acquire_owned() => place,
            };
            // The semaphore is never closed.
            let Ok(first) = first else { break };
            let free = std::iter::from_fn(|| Arc::clone(&places).try_acquire_owned().ok());
            let free: Vec<_> = std::iter::once(first).chain(free).collect();
            let claimed = self.claim(free, stop).await;
            if claimed.is_empty() {
                tokio::select! {
                    () = stop.cancelled() => {}
                    () = self.queued.notified() => {}
                    () = tokio::time::sleep(LOOK_EVERY) => {}
                }
            }
            for (held, place) in claimed {
                let work = work(held);
                running.spawn(async move {
                    work.await;
                    drop(place);
                });
            }
        }
        running.close();
        running.wait().await;
    }

    /// At most as many as there are places.
    async fn claim(
        &self,
        free: Vec<OwnedSemaphorePermit>,
        stop: &CancellationToken,
    ) -> Vec<(Held, OwnedSemaphorePermit)> {
        let limit = u32::try_from(free.len()).unwrap_or(1);
        let claimed = self.runs.claim(self.clock.now(), self.lease, limit).await;
        let leases = claimed.unwrap_or_else(|error| {
            tracing::warn!(%error, "queued runs could not be read");
            Vec::new()
        });
        let held = leases.into_iter().map(|lease| {
            tracing::info!(run = %lease.run.id, agent = lease.run.agent, "a run is worked on");
            Held::new(self.clone(), lease, stop.clone())
        });
        held.zip(free).collect()
    }
}
