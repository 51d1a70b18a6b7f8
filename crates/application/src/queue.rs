//! How a worker goes through what is queued, one piece after the other, and why it puts one down.

use chrono::{DateTime, Utc};
use domain::sync::SyncStatus;
use ports::{Kind, PortError, PortResult, Retry};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tracing::Instrument as _;

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

/// Long work whose lease is renewed meanwhile. It has a task of its own: as a branch of whoever renews it would rest while the lease is
/// written, and where it then holds the only writer of an embedded database, each would wait for the other.
pub(crate) struct Beating<T> {
    work: JoinHandle<PortResult<T>>,
    every: Duration,
}

/// What comes next of work that is under way.
pub(crate) enum Beat<T> {
    /// The lease has to be renewed.
    Due,
    Done(Result<T, Stop>),
    /// The program ends.
    Leave,
}

impl<T: Send + 'static> Beating<T> {
    /// Three times within a lease; what it does is told under the caller's span.
    pub(crate) fn start(
        work: impl Future<Output = PortResult<T>> + Send + 'static,
        lease: chrono::Duration,
    ) -> Self {
        Self {
            work: tokio::spawn(work.in_current_span()),
            every: (lease / 3).to_std().unwrap_or_default(),
        }
    }

    pub(crate) async fn next(&mut self, stop: &CancellationToken) -> Beat<T> {
        tokio::select! {
            done = &mut self.work => Beat::Done(match done {
                Ok(done) => done.map_err(Stop::Failed),
                Err(error) => Err(Stop::Failed(broken(&error))),
            }),
            () = stop.cancelled() => Beat::Leave,
            () = tokio::time::sleep(self.every) => Beat::Due,
        }
    }

    /// Nothing is written any more once it is put down.
    pub(crate) async fn put_down(self) {
        self.work.abort();
        let _ = self.work.await;
    }
}

/// Writes a lease while its work goes on. For work that borrows, and so can have no task of its own ([`Beating`]): it does not rest while
/// the lease waits for the writer of an embedded database, which the work may hold. Answers what the work came to, if it ended meanwhile.
pub(crate) async fn meanwhile<W: Future, S: Future>(
    mut work: Pin<&mut W>,
    save: S,
) -> (S::Output, Option<W::Output>) {
    let mut save = std::pin::pin!(save);
    let mut done = None;
    loop {
        tokio::select! {
            biased;
            saved = &mut save => return (saved, done),
            output = &mut work, if done.is_none() => done = Some(output),
        }
    }
}

fn broken(error: &tokio::task::JoinError) -> PortError {
    let detail = format!("the work ended unexpectedly: {error}");
    PortError::new(Kind::Corrupt, Retry::Never, "royal", "work", detail)
}

/// Whether something is read again by itself, by its newest run: after so long, or sooner where that failed.
pub(crate) fn is_due(
    latest: Option<(SyncStatus, Option<DateTime<Utc>>)>,
    every: chrono::Duration,
    again_after: chrono::Duration,
    now: DateTime<Utc>,
) -> bool {
    latest.is_none_or(|(status, finished_at)| {
        let wait = match status {
            status if status.is_open() => return false,
            SyncStatus::Failed => again_after.min(every.max(chrono::Duration::zero())),
            _ => every,
        };
        finished_at.is_none_or(|at| now - at >= wait)
    })
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

#[cfg(test)]
mod tests {
    use super::meanwhile;
    use std::pin::pin;
    use tokio::sync::{Mutex, Notify};

    /// A database with one writer: the work has it until the lease wants it, too.
    #[tokio::test]
    async fn work_that_holds_the_writer_goes_on_while_the_lease_waits_for_it() {
        let (writer, wanted) = (Mutex::new(()), Notify::new());
        let mut work = pin!(async {
            let _turn = writer.lock().await;
            wanted.notified().await;
            tokio::task::yield_now().await;
            7
        });
        tokio::select! {
            biased;
            _ = &mut work => unreachable!("it waits to be asked for the writer"),
            () = tokio::task::yield_now() => {}
        }
        let save = async {
            wanted.notify_one();
            drop(writer.lock().await);
            "saved"
        };
        let within = std::time::Duration::from_secs(5);
        let both = tokio::time::timeout(within, meanwhile(work.as_mut(), save)).await;
        assert_eq!(
            both.expect("neither waits for the other"),
            ("saved", Some(7))
        );
    }

    #[tokio::test]
    async fn work_that_is_not_done_is_left_as_it_is() {
        let go = Notify::new();
        let mut work = pin!(go.notified());
        let (saved, done) = meanwhile(work.as_mut(), std::future::ready(1)).await;
        assert_eq!((saved, done), (1, None));
        go.notify_one();
        work.await;
    }
}
