//! Quotas by `governor`, one limiter for each.

use crate::lock;
use governor::clock::{Clock, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::HashMapStateStore;
use governor::{Quota as Cells, RateLimiter};
use ports::rate_limits::{Quota, Taken};
use std::collections::HashMap;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex};

type Limiter<C> = RateLimiter<String, HashMapStateStore<String>, C, StateInformationMiddleware>;

pub(crate) struct Limits<C: Clock + Clone = DefaultClock> {
    by_quota: Mutex<HashMap<Quota, Arc<Limiter<C>>>>,
    clock: C,
}

impl Default for Limits {
    fn default() -> Self {
        Self::with_clock(DefaultClock::default())
    }
}

impl<C: Clock + Clone> Limits<C> {
    fn with_clock(clock: C) -> Self {
        Self {
            by_quota: Mutex::default(),
            clock,
        }
    }

    pub(crate) fn take(&self, quota: &Quota, key: &str) -> Taken {
        let Some(limiter) = self.limiter(quota) else {
            return Taken {
                remaining: quota.requests,
                wait: None,
            };
        };
        match limiter.check_key(&key.to_owned()) {
            Ok(state) => Taken {
                remaining: state.remaining_burst_capacity(),
                wait: None,
            },
            Err(not_until) => Taken {
                remaining: 0,
                wait: Some(not_until.wait_time_from(self.clock.now())),
            },
        }
    }

    /// `None` for a quota of no requests or no time, which the port does not have.
    fn limiter(&self, quota: &Quota) -> Option<Arc<Limiter<C>>> {
        let mut all = lock(&self.by_quota);
        if let Some(found) = all.get(quota) {
            return Some(Arc::clone(found));
        }
        let burst = NonZeroU32::new(quota.requests)?;
        let cells = Cells::with_period(quota.interval())?.allow_burst(burst);
        let limiter = RateLimiter::hashmap_with_clock(cells, self.clock.clone());
        let limiter = Arc::new(limiter.with_middleware());
        all.insert(*quota, Arc::clone(&limiter));
        Some(limiter)
    }

    pub(crate) fn upkeep(&self) {
        for limiter in lock(&self.by_quota).values() {
            limiter.retain_recent();
            limiter.shrink_to_fit();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use governor::clock::FakeRelativeClock;
    use std::time::Duration;

    const QUOTA: Quota = Quota {
        name: "caller",
        requests: 3,
        window: Duration::from_secs(60),
    };

    #[test]
    fn a_caller_has_so_many_and_then_one_by_one() {
        let clock = FakeRelativeClock::default();
        let limits = Limits::with_clock(clock.clone());
        let ask = |who: &str| {
            let taken = limits.take(&QUOTA, who);
            (taken.remaining, taken.wait.map(|w| w.as_secs()))
        };
        assert_eq!(ask("a"), (2, None));
        assert_eq!(ask("a"), (1, None));
        assert_eq!(ask("a"), (0, None));
        assert_eq!(ask("a"), (0, Some(20)));
        assert_eq!(ask("b"), (2, None), "another caller is not affected");
        clock.advance(Duration::from_secs(19));
        assert_eq!(ask("a"), (0, Some(1)), "being refused costs nothing");
        clock.advance(Duration::from_secs(1));
        assert_eq!(ask("a"), (0, None));
        clock.advance(Duration::from_secs(60));
        assert_eq!(ask("a"), (2, None), "never more than the burst");
    }

    #[test]
    fn the_idle_are_forgotten() {
        let clock = FakeRelativeClock::default();
        let limits = Limits::with_clock(clock.clone());
        limits.take(&QUOTA, "a");
        limits.take(&QUOTA, "b");
        let known = || limits.limiter(&QUOTA).map(|l| l.len());
        limits.upkeep();
        assert_eq!(known(), Some(2));
        // Full again after 60 s, and kept for one more request's time.
        clock.advance(Duration::from_secs(91));
        limits.upkeep();
        assert_eq!(known(), Some(0));
    }
}
