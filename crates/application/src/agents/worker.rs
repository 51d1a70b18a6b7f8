//! Works on runs whose time has come, several at once, and looks at schedules.

use super::Agents;
use super::held::Held;
use super::run::Runner;
use crate::traces::span;
use std::time::Duration;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tracing::Instrument as _;

const SCHEDULES_EVERY: Duration = Duration::from_secs(5);
const PRUNE_EVERY: Duration = Duration::from_secs(3_600);
/// Of all kinds; what takes room waits for a place of its own.
pub const AT_ONCE: usize = 64;

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
        let work = |held: Held| {
            let agents = self.clone();
            async move {
                let run = &held.lease.run;
                let (workspace, id) = (run.scope.workspace, run.id.0);
                let span = span(&agents.ports, "agent_run", workspace, id).await;
                Runner { agents, held }.run().instrument(span).await;
            }
        };
        self.queue.work(AT_ONCE, stop, work).await;
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
