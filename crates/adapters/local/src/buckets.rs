//! Cost buckets by the pure one of `adapter-kit`.

use crate::lock;
use adapter_kit::bucket::{Bucket, Reservation, Spent, ThrottleStatus};
use ports::cost_buckets::{Level, Turn};
use std::collections::HashMap;
use std::sync::Mutex;
use std::time::{Duration, Instant};
use uuid::Uuid;

/// The longest pause that is believed is the caller's business.
const ANY: Duration = Duration::from_secs(86_400);

pub(crate) struct Buckets {
    origin: Instant,
    accounts: Mutex<HashMap<String, Account>>,
}

struct Account {
    bucket: Bucket,
    calls: HashMap<Uuid, Reservation>,
}

impl Default for Buckets {
    fn default() -> Self {
        Self {
            origin: Instant::now(),
            accounts: Mutex::default(),
        }
    }
}

impl Buckets {
    fn with<T>(&self, account: &str, act: impl FnOnce(&mut Account, Duration) -> T) -> T {
        let mut accounts = lock(&self.accounts);
        let entry = accounts.entry(account.to_owned());
        let account = entry.or_insert_with(|| Account {
            bucket: Bucket::new(ANY),
            calls: HashMap::new(),
        });
        act(account, self.origin.elapsed())
    }

    pub(crate) fn reserve(&self, account: &str, call: Uuid, cost: f64) -> Turn {
        self.with(account, |account, now| {
            match account.bucket.reserve(cost, now) {
                Ok(reservation) => {
                    account.calls.insert(call, reservation);
                    Turn::Granted
                }
                Err(wait) => Turn::Wait(wait),
            }
        })
    }

    pub(crate) fn settle(&self, account: &str, call: Uuid, spent: Option<f64>) {
        self.with(account, |account, now| {
            if let Some(reservation) = account.calls.remove(&call) {
                let spent = spent.map_or(Spent::Unknown, Spent::Points);
                account.bucket.settle(reservation, spent, now);
            }
        });
    }

    pub(crate) fn observe(&self, account: &str, level: Level) {
        let status = ThrottleStatus {
            maximum_available: level.capacity,
            currently_available: level.available,
            restore_rate: level.restore_rate,
        };
        self.with(account, |account, now| account.bucket.observe(status, now));
    }

    pub(crate) fn pause(&self, account: &str, wait: Duration) {
        self.with(account, |account, now| account.bucket.pause(wait, now));
    }
}
