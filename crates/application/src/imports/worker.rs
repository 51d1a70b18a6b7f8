//! Claims queued and abandoned work on imports, one at a time: what it writes follows one another in the store anyway.

use super::Imports;
use super::run::Runner;
use tokio_util::sync::CancellationToken;

const LOOK_EVERY: std::time::Duration = std::time::Duration::from_secs(2);

impl Imports {
    /// Until cancelled; then the work is put down at its last saved place, to be taken up at the next start.
    pub async fn run_worker(&self, stop: CancellationToken) {
        while !stop.is_cancelled() {
            let now = self.ports.clock.now();
            match self.ports.imports.claim(now, self.lease).await {
                Ok(Some(lease)) => {
                    Runner::new(self.clone(), lease, stop.clone()).run().await;
                    continue;
                }
                Ok(None) => {}
                Err(error) => tracing::warn!(%error, "queued imports could not be read"),
            }
            tokio::select! {
                () = stop.cancelled() => {}
                () = self.queued.notified() => {}
                () = tokio::time::sleep(LOOK_EVERY) => {}
            }
        }
    }
}
