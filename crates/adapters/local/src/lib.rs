//! What replicas share, where all of them live in one process: the form without Redis, and several replicas of one test.
//!
//! A [`Hall`] is one installation, a [`Seat`] one process in it; a server without `REDIS_URL` has a hall of its own with one seat, so that
//! it rings for nobody, sees itself alone, and counts for itself. Knows no network.

mod buckets;
mod limits;

use async_trait::async_trait;
use buckets::Buckets;
use limits::Limits;
use ports::PortResult;
use ports::bells::{Bell, Listener};
use ports::cost_buckets::{CostBuckets, Level, Turn};
use ports::presence::{Presence, Replica};
use ports::rate_limits::{Quota, RateLimits, Taken};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;
use uuid::Uuid;

/// Rings that a listener may be behind; more are heard as one.
const BEHIND: usize = 16;

/// One installation.
pub struct Hall(Arc<Inner>);

struct Inner {
    rings: broadcast::Sender<Uuid>,
    present: Mutex<HashMap<Uuid, (Replica, Instant)>>,
    limits: Limits,
    buckets: Buckets,
}

/// One process of an installation. Cheap to clone; all clones are the same process.
#[derive(Clone)]
pub struct Seat {
    id: Uuid,
    hall: Arc<Inner>,
}

impl Default for Hall {
    fn default() -> Self {
        Self(Arc::new(Inner {
            rings: broadcast::Sender::new(BEHIND),
            present: Mutex::default(),
            limits: Limits::default(),
            buckets: Buckets::default(),
        }))
    }
}

impl Hall {
    /// `id` is the process's own.
    #[must_use]
    pub fn seat(&self, id: Uuid) -> Seat {
        Seat {
            id,
            hall: Arc::clone(&self.0),
        }
    }
}

/// The state inside is valid after every statement, so a poisoned lock is taken all the same.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[async_trait]
impl Bell for Seat {
    async fn ring(&self) -> PortResult<()> {
        // An error only says that nobody listens.
        let _ = self.hall.rings.send(self.id);
        Ok(())
    }

    async fn listen(&self) -> PortResult<Box<dyn Listener>> {
        Ok(Box::new(Ear {
            id: self.id,
            rings: self.hall.rings.subscribe(),
            _hall: Arc::clone(&self.hall),
        }))
    }
}

struct Ear {
    id: Uuid,
    rings: broadcast::Receiver<Uuid>,
    /// Keeps the sender.
    _hall: Arc<Inner>,
}

#[async_trait]
impl Listener for Ear {
    async fn heard(&mut self) -> PortResult<()> {
        let mut heard = false;
        loop {
            let next = if heard {
                match self.rings.try_recv() {
                    Ok(from) => Ok(from),
                    Err(broadcast::error::TryRecvError::Lagged(n)) => Err(RecvError::Lagged(n)),
                    Err(_) => return Ok(()),
                }
            } else {
                self.rings.recv().await
            };
            match next {
                Ok(from) => heard |= from != self.id,
                Err(RecvError::Lagged(_)) => heard = true,
                // The hall is kept, so its sender is there.
                Err(RecvError::Closed) => std::future::pending().await,
            }
        }
    }
}

#[async_trait]
impl Presence for Seat {
    async fn beat(&self, replica: &Replica, keep: Duration) -> PortResult<()> {
        let until = Instant::now() + keep;
        lock(&self.hall.present).insert(replica.id, (replica.clone(), until));
        Ok(())
    }

    async fn leave(&self, id: Uuid) -> PortResult<()> {
        lock(&self.hall.present).remove(&id);
        Ok(())
    }

    async fn present(&self) -> PortResult<Vec<Replica>> {
        let now = Instant::now();
        let mut present = lock(&self.hall.present);
        present.retain(|_, (_, until)| *until > now);
        let mut all: Vec<_> = present.values().map(|(r, _)| r.clone()).collect();
        all.sort_by_key(|r| (r.started_at, r.id));
        Ok(all)
    }
}

#[async_trait]
impl RateLimits for Seat {
    async fn take(&self, quota: &Quota, key: &str) -> PortResult<Taken> {
        Ok(self.hall.limits.take(quota, key))
    }

    async fn upkeep(&self) {
        self.hall.limits.upkeep();
    }
}

#[async_trait]
impl CostBuckets for Seat {
    async fn reserve(&self, account: &str, call: Uuid, cost: f64) -> PortResult<Turn> {
        Ok(self.hall.buckets.reserve(account, call, cost))
    }

    async fn settle(&self, account: &str, call: Uuid, spent: Option<f64>) -> PortResult<()> {
        self.hall.buckets.settle(account, call, spent);
        Ok(())
    }

    async fn observe(&self, account: &str, level: Level) -> PortResult<()> {
        self.hall.buckets.observe(account, level);
        Ok(())
    }

    async fn pause(&self, account: &str, wait: Duration) -> PortResult<()> {
        self.hall.buckets.pause(account, wait);
        Ok(())
    }
}
