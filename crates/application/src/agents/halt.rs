//! Why a worker does not carry a run on, and how far along it is.

use ports::{Kind, PortError};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

#[derive(Debug)]
pub enum Halt {
    /// Somebody else holds it now.
    LostLease,
    /// Our own storage fails; whoever claims it next goes on after what was saved.
    Storage(PortError),
    /// The program ends; the next one takes it up at once.
    Leaving,
    /// Somebody asked for it.
    Cancelled,
    /// A stop is on: its sentence.
    Stopped(String),
    /// It is tried again.
    Failed(String),
    /// Trying again cannot help.
    Hopeless(String),
}

impl Halt {
    /// An error of the run's own row.
    pub(super) fn of_row(error: PortError) -> Self {
        match error.kind {
            Kind::Conflict => Self::LostLease,
            _ => Self::Storage(error),
        }
    }
}

/// An error of what a step reads or does.
impl From<PortError> for Halt {
    fn from(error: PortError) -> Self {
        Self::Failed(error.to_string())
    }
}

/// How much of a step is done; shared with whoever does it.
#[derive(Debug, Clone, Default)]
pub struct Progress(Arc<(AtomicU64, AtomicU64)>);

impl Progress {
    /// Of the whole step.
    pub(super) fn all(&self, all: u64) {
        self.0.1.store(all, Ordering::Relaxed);
    }

    pub(super) fn more(&self, done: u64) {
        self.0.0.fetch_add(done, Ordering::Relaxed);
    }

    /// `None` as long as nobody knows how much there is.
    pub(super) fn told(&self) -> Option<(u64, u64)> {
        let all = self.0.1.load(Ordering::Relaxed);
        let done = self.0.0.load(Ordering::Relaxed);
        (all > 0).then(|| (done.min(all), all))
    }
}
