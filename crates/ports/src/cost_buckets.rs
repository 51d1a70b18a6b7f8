//! The leaky bucket of points that a provider keeps for one account, as all processes that call it see it together.
//!
//! What one process knows by itself lets each of N replicas spend the whole bucket; what is kept here is spent once. Points are what
//! the provider counts, never money.

use crate::PortResult;
use async_trait::async_trait;
use std::time::Duration;
use uuid::Uuid;

/// What a provider says about its bucket, in points and points per second.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Level {
    pub capacity: f64,
    pub available: f64,
    pub restore_rate: f64,
}

/// What became of a call that wanted points.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Turn {
    /// They are set aside for it until it settles.
    Granted,
    /// Nothing was set aside: ask again after this long.
    Wait(Duration),
}

/// `account` names provider and account.
#[async_trait]
pub trait CostBuckets: Send + Sync {
    /// Sets points aside for a call; everything is granted until the provider said how large its bucket is. A cost above the whole
    /// bucket waits for a full one and leaves the refusal to the provider.
    async fn reserve(&self, account: &str, call: Uuid, cost: f64) -> PortResult<Turn>;
    /// Gives back what a call did not use; `None`: it may have run, and its points count as spent. A call that is not known
    /// changes nothing.
    async fn settle(&self, account: &str, call: Uuid, spent: Option<f64>) -> PortResult<()>;
    /// Takes over what the provider says, less the points of calls under way, which it may not have counted yet. Figures that cannot be
    /// change nothing.
    async fn observe(&self, account: &str, level: Level) -> PortResult<()>;
    /// Nothing is granted for so long; a pause is never shortened.
    async fn pause(&self, account: &str, wait: Duration) -> PortResult<()>;
}

impl Level {
    /// Finite, and a bucket that holds something and fills.
    #[must_use]
    pub fn is_sane(&self) -> bool {
        let Self {
            capacity,
            available,
            restore_rate,
        } = *self;
        [capacity, available, restore_rate]
            .iter()
            .all(|x| x.is_finite())
            && capacity > 0.0
            && restore_rate > 0.0
    }
}
