//! The leaky bucket of one app on one store.

use std::time::Instant;

use serde_json::{Value, json};

#[derive(Debug)]
pub struct Bucket {
    size: f64,
    restore: f64,
    level: f64,
    since: Instant,
}

impl Bucket {
    pub fn new(size: u32, restore: u32) -> Self {
        Self {
            size: f64::from(size),
            restore: f64::from(restore),
            level: f64::from(size),
            since: Instant::now(),
        }
    }

    fn refill(&mut self) {
        let now = Instant::now();
        self.level = (self.level + now.duration_since(self.since).as_secs_f64() * self.restore)
            .min(self.size);
        self.since = now;
    }

    /// Takes what a query may cost; false when there is not enough.
    pub fn take(&mut self, points: u64) -> bool {
        self.refill();
        let points = points as f64;
        let enough = self.level >= points;
        if enough {
            self.level -= points;
        }
        enough
    }

    /// Gives back what was not used.
    pub fn give(&mut self, points: u64) {
        self.level = (self.level + points as f64).min(self.size);
    }

    pub fn fill(&mut self) {
        self.level = self.size;
    }

    pub fn drain(&mut self) {
        self.refill();
        self.level = 0.0;
    }

    pub fn status(&mut self) -> Value {
        self.refill();
        json!({"maximumAvailable": self.size, "currentlyAvailable": self.level.floor(), "restoreRate": self.restore})
    }
}
