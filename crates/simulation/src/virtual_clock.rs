//! The clock of a replica: the runtime's paused time, and how far this replica's clock is off.

use chrono::{DateTime, Duration, Utc};
use ports::clock::Clock;
use tokio::time::Instant;

#[derive(Debug, Clone)]
pub(crate) struct VirtualClock {
    began: Instant,
    base: DateTime<Utc>,
    off: Duration,
}

impl VirtualClock {
    pub(crate) fn new(base: DateTime<Utc>) -> Self {
        Self {
            began: Instant::now(),
            base,
            off: Duration::zero(),
        }
    }

    pub(crate) fn off_by(&self, off: Duration) -> Self {
        Self {
            off,
            ..self.clone()
        }
    }
}

impl Clock for VirtualClock {
    fn now(&self) -> DateTime<Utc> {
        let passed = Duration::from_std(self.began.elapsed()).unwrap_or_default();
        self.base + passed + self.off
    }
}
