//! How a worker goes through what is queued, one piece after the other, and why it puts one down.

use ports::{PortError, PortResult};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

/// Work that another process queued, or left behind, is found within this.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// How far a run is, for whoever renews its lease while it works. Clones are the same run.
#[derive(Clone)]
pub(crate) struct Progress<R>(Arc<Mutex<R>>);

impl<R: Clone> Progress<R> {
    pub(crate) fn new(run: &R) -> Self {
        Self(Arc::new(Mutex::new(run.clone())))
    }

    pub(crate) fn now(&self) -> R {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    pub(crate) fn note(&self, change: impl FnOnce(&mut R)) {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

/// Why a run is put down before it is done.
pub(crate) enum Stop {
    /// A person asked for it.
    Cancelled,
    /// The program ends; the next start takes the run up.
    Shutdown,
    /// Somebody else holds the run now; nothing more is written.
    LostLease,
    Failed(PortError),
}

impl From<PortError> for Stop {
    fn from(error: PortError) -> Self {
        Self::Failed(error)
    }
}

/// Everything that is done for one piece of work, in logs and traces.
pub(crate) fn span(kind: &'static str, id: impl std::fmt::Display) -> tracing::Span {
    tracing::info_span!("work", otel.name = kind, otel.kind = "consumer", kind, id = %id)
}

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
