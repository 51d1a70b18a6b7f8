//! Claims approved and abandoned sets and applies them, a few at a time; ends what nobody decided on in time.

use super::Changes;
use super::run::Runner;
use crate::traces::span;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::Instrument as _;

const LOOK_EVERY: Duration = Duration::from_secs(2);
const EXPIRE_EVERY: Duration = Duration::from_secs(30);
const AT_ONCE: usize = 2;

impl Changes {
    /// Until cancelled; then the writes that were sent are read back, and the rest waits for the next start.
    pub async fn run_worker(&self, stop: CancellationToken) {
        let places = Arc::new(Semaphore::new(AT_ONCE));
        let running = TaskTracker::new();
        let mut expired: Option<Instant> = None;
        while !stop.is_cancelled() {
            if expired.is_none_or(|at| at.elapsed() >= EXPIRE_EVERY) {
                self.expire().await;
                expired = Some(Instant::now());
            }
            let place = tokio::select! {
                () = stop.cancelled() => break,
                place = Arc::clone(&places).acquire_owned() => place,
            };
            // The semaphore is never closed.
            let Ok(place) = place else { break };
            let now = self.ports.clock.now();
            match self.ports.changes.claim(now, self.lease).await {
                Ok(Some(lease)) => {
                    let (changes, stop) = (self.clone(), stop.clone());
                    let work = async move {
                        let queued = Arc::clone(&changes.queued);
                        let (workspace, id) = (lease.set.scope.workspace, lease.set.id.0);
                        let span = span(&changes.ports, "change_set", workspace, id).await;
                        let runner = Runner::new(changes, lease, stop);
                        runner.run().instrument(span).await;
                        drop(place);
                        // The next set of its store waited for it.
                        queued.notify_one();
                    };
                    running.spawn(work);
                    continue;
                }
                Ok(None) => {}
                Err(error) => tracing::warn!(%error, "approved changes could not be read"),
            }
            drop(place);
            tokio::select! {
                () = stop.cancelled() => {}
                () = self.queued.notified() => {}
                () = tokio::time::sleep(LOOK_EVERY) => {}
            }
        }
        running.close();
        running.wait().await;
    }

    async fn expire(&self) {
        match self.ports.changes.expire(self.ports.clock.now()).await {
            Ok(0) => {}
            Ok(_) => self.hub.wake(),
            Err(error) => tracing::warn!(%error, "old proposals could not be ended"),
        }
    }
}
