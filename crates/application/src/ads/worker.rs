//! Claims queued and abandoned runs, one at a time.

use super::Ads;
use super::run::Runner;
use crate::queue::one_by_one;
use crate::traces::span;
use ports::PortResult;
use tokio_util::sync::CancellationToken;
use tracing::Instrument as _;

impl Ads {
    /// Until cancelled; then a run is put down, to go on at the next start.
    pub async fn run_worker(&self, stop: CancellationToken) {
        one_by_one(
            "queued readings of ad accounts",
            &self.queued,
            &stop,
            || self.next(&stop),
        )
        .await;
    }

    async fn next(&self, stop: &CancellationToken) -> PortResult<bool> {
        let now = self.ports.clock.now();
        let claimed = self.ports.ad_syncs.claim_ad_sync(now, self.lease).await?;
        let Some(lease) = claimed else {
            return Ok(false);
        };
        let (workspace, id) = (lease.run.scope.workspace, lease.run.id.0);
        let span = span(&self.ports, "ad_sync", workspace, id).await;
        let runner = Runner {
            service: self.clone(),
            lease,
            stop: stop.clone(),
        };
        runner.run().instrument(span).await;
        Ok(true)
    }
}
