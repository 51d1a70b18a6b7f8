//! How a worker goes through what is queued, one piece after the other.

use ports::PortResult;
use std::time::Duration;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

/// Work that another process queued, or left behind, is found within this.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// Until cancelled. `next` works on one piece and answers whether there was one; it looks at `stop` itself while it works.
pub(crate) async fn one_by_one<F>(
    what: &str,
    queued: &Notify,
    stop: &CancellationToken,
    mut next: impl FnMut() -> F + Send,
) where
    F: Future<Output = PortResult<bool>> + Send,
{
    while !stop.is_cancelled() {
        match next().await {
            Ok(true) => continue,
            Ok(false) => {}
            Err(error) => tracing::warn!(%error, "{what} could not be worked on"),
        }
        tokio::select! {
            () = stop.cancelled() => {}
            () = queued.notified() => {}
            () = tokio::time::sleep(LOOK_EVERY) => {}
        }
    }
}
