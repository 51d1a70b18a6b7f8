//! Claims queued and abandoned runs and works on them, a few at a time.

use super::Syncs;
use super::run::Runner;
use crate::traces::span;
use std::sync::Arc;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::Instrument as _;

const LOOK_EVERY: std::time::Duration = std::time::Duration::from_secs(2);
const AT_ONCE: usize = 2;

impl Syncs {
    /// Until cancelled; then running syncs are put down at their last saved place, to be taken up at the next start.
    pub async fn run_worker(&self, stop: CancellationToken) {
        let places = Arc::new(Semaphore::new(AT_ONCE));
        let running = TaskTracker::new();
        while !stop.is_cancelled() {
            let place = tokio::select! {
                () = stop.cancelled() => break,
                place = Arc::clone(&places).acquire_owned() => place,
            };
            // The semaphore is never closed.
            let Ok(place) = place else { break };
            match self
                .ports
                .syncs
                .claim(self.ports.clock.now(), self.lease)
                .await
            {
                Ok(Some(lease)) => {
                    let (syncs, stop) = (self.clone(), stop.clone());
                    let work = async move {
                        let (workspace, id) = (lease.run.scope.workspace, lease.run.id.0);
                        let span = span(&syncs.ports, "sync", workspace, id).await;
                        let runner = Runner::new(syncs, lease, stop);
                        runner.run().instrument(span).await;
                        drop(place);
                    };
                    running.spawn(work);
                    continue;
                }
                Ok(None) => {}
                Err(error) => tracing::warn!(%error, "queued syncs could not be read"),
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
}
