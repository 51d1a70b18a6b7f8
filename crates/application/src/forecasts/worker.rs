//! Claims queued and abandoned runs, one at a time.

use super::Forecasts;
use super::run::Runner;
use tokio_util::sync::CancellationToken;

const LOOK_EVERY: std::time::Duration = std::time::Duration::from_secs(2);

impl Forecasts {
    /// Until cancelled; then a run is put down, to be begun anew at the next start.
    pub async fn run_worker(&self, stop: CancellationToken) {
        while !stop.is_cancelled() {
            let now = self.ports.clock.now();
            match self.ports.forecast_runs.claim(now, self.lease).await {
                Ok(Some(lease)) => {
                    let runner = Runner {
                        service: self.clone(),
                        lease,
                        stop: stop.clone(),
                    };
                    runner.run().await;
                    continue;
                }
                Ok(None) => {}
                Err(error) => tracing::warn!(%error, "queued forecasts could not be read"),
            }
            tokio::select! {
                () = stop.cancelled() => {}
                () = self.queued.notified() => {}
                () = tokio::time::sleep(LOOK_EVERY) => {}
            }
        }
    }
}
