//! Claims queued and abandoned work on imports, one at a time: what it writes follows one another in the store anyway.

use super::Imports;
use super::run::Runner;
use crate::queue::one_by_one;
use crate::traces::span;
use ports::PortResult;
use tokio_util::sync::CancellationToken;
use tracing::Instrument as _;

impl Imports {
    /// Until cancelled; then the work is put down at its last saved place, to be taken up at the next start.
    pub async fn run_worker(&self, stop: CancellationToken) {
        one_by_one("queued imports", &self.queued, &stop, || self.next(&stop)).await;
    }

    async fn next(&self, stop: &CancellationToken) -> PortResult<bool> {
        let now = self.ports.clock.now();
        let Some(lease) = self.ports.imports.claim(now, self.lease).await? else {
            return Ok(false);
        };
        let (workspace, id) = (lease.import.scope.workspace, lease.import.id.0);
        let span = span(&self.ports, "import", workspace, id).await;
        let runner = Runner::new(self.clone(), lease, stop.clone());
        runner.run().instrument(span).await;
        Ok(true)
    }
}
