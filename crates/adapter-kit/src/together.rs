//! The cost buckets that several processes keep together. A reservation is asked for on the way to a call; what became of it, what the
//! provider says and its pauses are told afterwards, in their order. While the common place is away a process goes on with its own bucket.

use std::sync::Arc;
use std::time::Duration;

use ports::cost_buckets::{CostBuckets, Level, Turn};
use tokio::sync::mpsc;
use uuid::Uuid;

use crate::bucket::{Spent, ThrottleStatus};

pub(crate) struct Together {
    buckets: Arc<dyn CostBuckets>,
    notes: mpsc::UnboundedSender<(Arc<str>, Note)>,
}

enum Note {
    Settle(Uuid, Option<f64>),
    Observe(Level),
    Pause(Duration),
}

impl Together {
    /// Must be made within a runtime; what it tells ends with it.
    pub(crate) fn new(buckets: Arc<dyn CostBuckets>) -> Self {
        let (notes, mut told) = mpsc::unbounded_channel::<(Arc<str>, Note)>();
        let to = Arc::clone(&buckets);
        tokio::spawn(async move {
            while let Some((account, note)) = told.recv().await {
                let done = match note {
                    Note::Settle(call, spent) => to.settle(&account, call, spent).await,
                    Note::Observe(level) => to.observe(&account, level).await,
                    Note::Pause(wait) => to.pause(&account, wait).await,
                };
                if let Err(error) = done {
                    // The place itself is watched and told of elsewhere.
                    tracing::debug!(%error, account = %account, "other processes do not hear of a bucket");
                }
            }
        });
        Self { buckets, notes }
    }

    /// Whether the call has its turn; a place that is away holds nobody up.
    pub(crate) async fn turn(&self, account: &str, call: Uuid, cost: f64) -> Turn {
        self.buckets
            .reserve(account, call, cost)
            .await
            .unwrap_or(Turn::Granted)
    }

    pub(crate) fn settle(&self, account: &Arc<str>, call: Uuid, spent: Spent) {
        let spent = match spent {
            Spent::Nothing => Some(0.0),
            Spent::Unknown => None,
            Spent::Points(points) => Some(points),
        };
        self.tell(account, Note::Settle(call, spent));
    }

    pub(crate) fn observe(&self, account: &Arc<str>, status: ThrottleStatus) {
        let level = Level {
            capacity: status.maximum_available,
            available: status.currently_available,
            restore_rate: status.restore_rate,
        };
        self.tell(account, Note::Observe(level));
    }

    pub(crate) fn pause(&self, account: &Arc<str>, wait: Duration) {
        self.tell(account, Note::Pause(wait));
    }

    fn tell(&self, account: &Arc<str>, note: Note) {
        // Only a runtime that is ending no longer listens.
        let _ = self.notes.send((Arc::clone(account), note));
    }
}
