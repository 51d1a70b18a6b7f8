//! Copies the log into the file beside the writer, so that no commit waits for it.

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// How long what was committed stays in the log alone.
const EVERY: Duration = Duration::from_millis(500);

/// A passive checkpoint holds up nobody. When it is behind, because the writer never rests, the writer's own automatic
/// checkpoint finishes what is left and begins the log anew.
#[derive(Debug)]
pub(crate) struct Copier {
    writes: Arc<AtomicU64>,
    stop: CancellationToken,
    task: Mutex<Option<JoinHandle<()>>>,
}

impl Copier {
    pub(crate) fn start(options: SqliteConnectOptions) -> Self {
        let writes = Arc::new(AtomicU64::new(0));
        let stop = CancellationToken::new();
        let task = tokio::spawn(copy(options, Arc::clone(&writes), stop.clone()));
        Self {
            writes,
            stop,
            task: Mutex::new(Some(task)),
        }
    }

    /// Somebody is about to write.
    pub(crate) fn expect(&self) {
        self.writes.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) async fn close(&self) {
        self.stop.cancel();
        let task = self
            .task
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(task) = task {
            // It ended or it panicked: either way nobody copies any more.
            let _ = task.await;
        }
    }
}

impl Drop for Copier {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

async fn copy(options: SqliteConnectOptions, writes: Arc<AtomicU64>, stop: CancellationToken) {
    let mut connection = None;
    let mut copied = 0;
    while stop
        .run_until_cancelled(tokio::time::sleep(EVERY))
        .await
        .is_some()
    {
        let seen = writes.load(Ordering::Relaxed);
        if seen == copied {
            continue;
        }
        let open = match connection.take() {
            Some(open) => Ok(open),
            None => options.connect().await,
        };
        let done = match open {
            Ok(mut open) => {
                let done = sqlx::query("PRAGMA wal_checkpoint(PASSIVE)")
                    .execute(&mut open)
                    .await;
                connection = done.is_ok().then_some(open);
                done.map(drop)
            }
            Err(error) => Err(error),
        };
        match done {
            Ok(()) => copied = seen,
            // The writer's own checkpoint meets the same trouble, and tells it to who waits for it.
            Err(error) => tracing::debug!(%error, "the log was not copied into the file"),
        }
    }
    if let Some(open) = connection {
        // The file stays as it is, however this one ends.
        let _ = open.close().await;
    }
}
