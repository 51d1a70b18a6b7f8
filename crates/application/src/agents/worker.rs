//! Claims runs whose time has come, several at once, and looks at schedules.

use super::Agents;
use super::run::Runner;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

const LOOK_EVERY: Duration = Duration::from_secs(2);
const SCHEDULES_EVERY: Duration = Duration::from_secs(5);
const PRUNE_EVERY: Duration = Duration::from_secs(3_600);
const AT_ONCE: usize = 8;

impl Agents {
    /// Until cancelled; then runs are put down after what they last saved, to be taken up at once by whoever comes next.
    pub async fn run_worker(&self, stop: CancellationToken) {
        tokio::join!(
            self.work(&stop),
            self.keep_schedules(&stop),
            self.watch_facts(&stop),
        );
    }

    async fn work(&self, stop: &CancellationToken) {
        let places = Arc::new(Semaphore::new(AT_ONCE));
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
            if self.claim(free, &running, stop).await {
                continue;
            }
            tokio::select! {
                () = stop.cancelled() => {}
                () = self.queued.notified() => {}
                () = tokio::time::sleep(LOOK_EVERY) => {}
            }
        }
        running.close();
        running.wait().await;
    }

    /// Whether there was anything to do.
    async fn claim(
        &self,
        free: Vec<OwnedSemaphorePermit>,
        running: &TaskTracker,
        stop: &CancellationToken,
    ) -> bool {
        let limit = u32::try_from(free.len()).unwrap_or(1);
        let now = self.ports.clock.now();
        let leases = match self.ports.runs.claim(now, self.lease, limit).await {
            Ok(leases) => leases,
            Err(error) => {
                tracing::warn!(%error, "queued runs could not be read");
                return false;
            }
        };
        let is_some = !leases.is_empty();
        for (lease, place) in leases.into_iter().zip(free) {
            let runner = Runner::new(self.clone(), lease, stop.clone());
            running.spawn(async move {
                runner.run().await;
                drop(place);
            });
        }
        is_some
    }

    async fn keep_schedules(&self, stop: &CancellationToken) {
        let mut pruned: Option<Instant> = None;
        while !stop.is_cancelled() {
            if let Err(error) = self.start_due().await {
                tracing::warn!(%error, "schedules could not be looked at");
            }
            if pruned.is_none_or(|at| at.elapsed() >= PRUNE_EVERY) {
                self.prune().await;
                if let Err(error) = self.lower_uncalibrated().await {
                    tracing::warn!(%error, "how predictions came true could not be looked at");
                }
                pruned = Some(Instant::now());
            }
            tokio::select! {
                () = stop.cancelled() => {}
                () = tokio::time::sleep(SCHEDULES_EVERY) => {}
            }
        }
    }
}
