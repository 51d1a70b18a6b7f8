//! How many requests one key may make, counted over whoever shares the counter.
//!
//! The generic cell rate algorithm (GCRA, ITU-T I.371): a key may make `requests` at once, and gets one back every
//! `window / requests`.

use crate::PortResult;
use async_trait::async_trait;
use std::time::Duration;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Quota {
    /// Quotas of other names count apart.
    pub name: &'static str,
    /// At once, and in a window; at least 1.
    pub requests: u32,
    /// At least a microsecond a request.
    pub window: Duration,
}

/// Where one key stands after a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taken {
    /// Requests that would be let in now.
    pub remaining: u32,
    /// Until there is room for one more; `None`: this one was let in.
    pub wait: Option<Duration>,
}

#[async_trait]
pub trait RateLimits: Send + Sync {
    /// Lets a request in, or refuses it; one that is refused costs nothing.
    async fn take(&self, quota: &Quota, key: &str) -> PortResult<Taken>;
    /// Forgets keys that have everything again; changes no answer.
    async fn upkeep(&self);
}

impl Quota {
    /// Between two requests of a key that used its burst up.
    #[must_use]
    pub fn interval(&self) -> Duration {
        self.window / self.requests.max(1)
    }
}
