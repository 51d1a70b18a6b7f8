//! Looks, plans and sends, over and over.

use super::Notifications;
use ports::PortResult;
use std::time::Duration;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// What another process wrote, or what became due, is seen after so long.
const LOOK_EVERY: Duration = Duration::from_secs(2);
/// Between two looks at all that is not in the audit.
const SWEEP_EVERY: Duration = Duration::from_secs(5);
/// A busy log does not make a busy worker.
const AT_MOST_EVERY: Duration = Duration::from_millis(300);

impl Notifications {
    /// Until cancelled; a message that is being sent is waited for.
    pub async fn run_worker(&self, stop: CancellationToken) {
        let mut changed = self.hub.subscribe();
        let mut swept: Option<Instant> = None;
        while !stop.is_cancelled() {
            let sweep = swept.is_none_or(|at| at.elapsed() >= SWEEP_EVERY);
            if sweep {
                swept = Some(Instant::now());
            }
            // What is written from here on is seen by the next round.
            changed.mark_unchanged();
            if let Err(error) = self.work_once(sweep).await {
                tracing::warn!(%error, "notices could not be looked after");
            }
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(AT_MOST_EVERY) => {}
            }
            tokio::select! {
                () = stop.cancelled() => return,
                _ = changed.changed() => {}
                () = tokio::time::sleep(LOOK_EVERY) => {}
            }
        }
    }

    /// One round of all of it; of what is due a few messages, so that a stop is seen between them.
    pub async fn work_once(&self, sweep: bool) -> PortResult<()> {
        self.follow().await?;
        if sweep {
            self.sweep().await?;
        }
        // Before messages are planned and sent: nobody is told of what is over.
        self.settle().await?;
        while self.plan().await? > 0 {}
        self.deliver().await?;
        Ok(())
    }
}
