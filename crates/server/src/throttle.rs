//! How many requests are taken from one caller, or from one address that shows no credentials; told in the `RateLimit` headers of the
//! IETF's draft (`draft-ietf-httpapi-ratelimit-headers-10`).
//!
//! Each process counts for itself: with N replicas a caller has up to N times as much. Signing in has limits of its own
//! (`auth::limits`); webhooks are limited by their signature, and probes and pages cost nothing worth counting.

use crate::auth::Access;
use crate::config::RateLimits;
use crate::problem::Problem;
use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use governor::clock::{Clock, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};
use std::hash::Hash;
use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;
use std::time::Duration;

/// Open, and with limits of their own.
const SIGN_IN: &[&str] = &[
    "/v1/auth/setup",
    "/v1/auth/login",
    "/v1/auth/link",
    "/v1/auth/accept",
];
/// Asked every few seconds by whoever watches the service.
const PROBES: &[&str] = &["/v1/healthz", "/v1/readyz"];

/// Whether calls of a route are counted.
pub(crate) fn is_limited(path: &str, access: Access) -> bool {
    match access {
        Access::Signed | Access::Metrics => false,
        Access::Needs(_) => true,
        Access::Open => {
            path.starts_with("/v1/") && !SIGN_IN.contains(&path) && !PROBES.contains(&path)
        }
    }
}

type Limiter<K, C> = RateLimiter<K, HashMapStateStore<K>, C, StateInformationMiddleware>;

/// One limit over many keys.
struct Limit<K: Hash + Eq + Clone, C: Clock + Clone> {
    name: &'static str,
    requests: u32,
    window: Duration,
    limiter: Limiter<K, C>,
    clock: C,
}

/// Where one key stands after a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Standing {
    name: &'static str,
    requests: u32,
    window: Duration,
    remaining: u32,
    /// Until everything is there again.
    restored_in: Duration,
    /// Until there is room for one more; `None`: this one was let in.
    wait: Option<Duration>,
}

impl<K: Hash + Eq + Clone, C: Clock + Clone> Limit<K, C> {
    /// `None`: there is none.
    fn new(name: &'static str, requests: u32, window: Duration, clock: C) -> Option<Self> {
        let burst = NonZeroU32::new(requests)?;
        let quota = Quota::with_period(window / requests)?.allow_burst(burst);
        let limiter = RateLimiter::hashmap_with_clock(quota, clock.clone());
        Some(Self {
            name,
            requests,
            window,
            limiter: limiter.with_middleware(),
            clock,
        })
    }

    fn count(&self, key: &K) -> Standing {
        let (remaining, wait) = match self.limiter.check_key(key) {
            Ok(state) => (state.remaining_burst_capacity(), None),
            Err(not_until) => (0, Some(not_until.wait_time_from(self.clock.now()))),
        };
        let missing = self.requests.saturating_sub(remaining);
        Standing {
            name: self.name,
            requests: self.requests,
            window: self.window,
            remaining,
            restored_in: self.window / self.requests * missing,
            wait,
        }
    }

    /// Forgets whoever has everything again.
    fn upkeep(&self) {
        self.limiter.retain_recent();
        self.limiter.shrink_to_fit();
    }
}

/// Both limits.
pub(crate) struct Throttle<C: Clock + Clone = DefaultClock> {
    callers: Option<Limit<String, C>>,
    addresses: Option<Limit<Option<IpAddr>, C>>,
}

impl Throttle {
    pub(crate) fn new(limits: &RateLimits) -> Self {
        Self::with_clock(limits, DefaultClock::default())
    }
}

impl<C: Clock + Clone> Throttle<C> {
    fn with_clock(limits: &RateLimits, clock: C) -> Self {
        Self {
            callers: Limit::new("caller", limits.caller, limits.window, clock.clone()),
            addresses: Limit::new("address", limits.address, limits.window, clock),
        }
    }

    /// A person or token; `None` without a limit.
    pub(crate) fn caller(&self, key: &String) -> Option<Standing> {
        self.callers.as_ref().map(|limit| limit.count(key))
    }

    /// Whoever shows no credentials; `None` without a limit.
    pub(crate) fn address(&self, address: Option<IpAddr>) -> Option<Standing> {
        let limit = self.addresses.as_ref()?;
        Some(limit.count(&address.map(household)))
    }

    pub(crate) fn upkeep(&self) {
        if let Some(limit) = &self.callers {
            limit.upkeep();
        }
        if let Some(limit) = &self.addresses {
            limit.upkeep();
        }
    }
}

/// One customer of a provider has 2⁶⁴ addresses of IPv6.
fn household(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(ip) => {
            let network = u128::from(ip) & (u128::MAX << 64);
            IpAddr::V6(Ipv6Addr::from(network))
        }
        ip @ IpAddr::V4(_) => ip,
    }
}

impl Standing {
    /// For a request that was not let in.
    pub(crate) fn refusal(&self) -> Option<Problem> {
        self.wait.map(Problem::throttled)
    }

    pub(crate) fn tell(&self, headers: &mut HeaderMap) {
        let policy = format!(
            "\"{}\";q={};w={}",
            self.name,
            self.requests,
            self.window.as_secs()
        );
        let standing = format!(
            "\"{}\";r={};t={}",
            self.name,
            self.remaining,
            self.restored_in.as_secs_f64().ceil()
        );
        for (name, value) in [("ratelimit-policy", policy), ("ratelimit", standing)] {
            if let Ok(value) = HeaderValue::from_str(&value) {
                headers.insert(HeaderName::from_static(name), value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use governor::clock::FakeRelativeClock;

    const LIMITS: RateLimits = RateLimits {
        caller: 3,
        address: 2,
        window: Duration::from_secs(60),
    };

    fn throttle() -> (Throttle<FakeRelativeClock>, FakeRelativeClock) {
        let clock = FakeRelativeClock::default();
        (Throttle::with_clock(&LIMITS, clock.clone()), clock)
    }

    #[test]
    fn a_caller_has_so_many_and_then_one_by_one() {
        let (throttle, clock) = throttle();
        let ask = |who: &str| {
            let standing = throttle.caller(&who.to_owned()).unwrap();
            (standing.remaining, standing.wait.map(|w| w.as_secs()))
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
    fn headers_say_what_is_left_and_when_it_is_whole_again() {
        let (throttle, _clock) = throttle();
        let ip: IpAddr = "203.0.113.9".parse().unwrap();
        let told = |standing: &Standing| {
            let mut headers = HeaderMap::new();
            standing.tell(&mut headers);
            ["ratelimit-policy", "ratelimit"].map(|n| headers.get(n).unwrap().clone())
        };
        let first = throttle.address(Some(ip)).unwrap();
        assert_eq!(
            told(&first),
            ["\"address\";q=2;w=60", "\"address\";r=1;t=30"]
        );
        assert!(first.refusal().is_none());
        throttle.address(Some(ip)).unwrap();
        let third = throttle.address(Some(ip)).unwrap();
        assert_eq!(told(&third)[1], "\"address\";r=0;t=60");
        assert!(third.refusal().is_some());
    }

    #[test]
    fn neighbours_of_one_network_share_and_the_idle_are_forgotten() {
        let (throttle, clock) = throttle();
        let ask = |ip: &str| {
            let standing = throttle.address(Some(ip.parse().unwrap()));
            standing.unwrap().remaining
        };
        assert_eq!(ask("2001:db8::1"), 1);
        assert_eq!(ask("2001:db8::ffff:2"), 0);
        assert_eq!(ask("2001:db8:0:1::1"), 1);
        assert_eq!(ask("::ffff:192.0.2.1"), 1);
        assert_eq!(ask("192.0.2.1"), 0);
        let known = || throttle.addresses.as_ref().unwrap().limiter.len();
        throttle.upkeep();
        assert_eq!(known(), 3);
        // Full again after 60 s, and kept for one more request's time.
        clock.advance(Duration::from_secs(91));
        throttle.upkeep();
        assert_eq!(known(), 0);
    }

    #[test]
    fn without_a_number_there_is_no_limit() {
        let none = RateLimits {
            caller: 0,
            address: 0,
            ..LIMITS
        };
        let throttle = Throttle::new(&none);
        assert_eq!(throttle.caller(&"a".to_owned()), None);
        assert_eq!(throttle.address(None), None);
    }
}
