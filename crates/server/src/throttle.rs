//! How many requests are taken from one caller, or from one address that shows no credentials; told in the `RateLimit` headers of the
//! IETF's draft (`draft-ietf-httpapi-ratelimit-headers-10`).
//!
//! All processes that share a Redis count together; without it, or while it is away, each counts for itself, and with N replicas a caller
//! has up to N times as much. Signing in has limits of its own (`auth::limits`); webhooks are limited by their signature, and probes and
//! pages cost nothing worth counting.

use crate::auth::Access;
use crate::config::RateLimits;
use crate::problem::Problem;
use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use application::replicas::Replicas;
use ports::rate_limits::{Quota, Taken};
use std::fmt::Write as _;
use std::net::{IpAddr, Ipv6Addr};
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

static POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
static STANDING: HeaderName = HeaderName::from_static("ratelimit");

/// A quota with how its header says it.
#[derive(Debug, Clone)]
struct Limit {
    quota: Quota,
    policy: HeaderValue,
}

impl Limit {
    /// The names of quotas are words of ours, which a header can hold.
    fn of(quota: Quota) -> Option<Self> {
        let (name, window) = (quota.name, quota.window.as_secs());
        let policy = format!("\"{name}\";q={};w={window}", quota.requests);
        let policy = HeaderValue::try_from(policy).ok()?;
        Some(Self { quota, policy })
    }
}

/// Where one key stands after a request.
#[derive(Debug)]
pub(crate) struct Standing {
    limit: Limit,
    remaining: u32,
    /// Until everything is there again.
    restored_in: Duration,
    /// Until there is room for one more; `None`: this one was let in.
    wait: Option<Duration>,
}

/// Both limits; `None` is none.
pub(crate) struct Throttle {
    replicas: Replicas,
    callers: Option<Limit>,
    addresses: Option<Limit>,
}

impl Throttle {
    pub(crate) fn new(limits: &RateLimits, replicas: Replicas) -> Self {
        let quota = |name, requests| {
            let window = limits.window;
            let quota = Quota {
                name,
                requests,
                window,
            };
            (requests > 0).then(|| Limit::of(quota)).flatten()
        };
        Self {
            replicas,
            callers: quota("caller", limits.caller),
            addresses: quota("address", limits.address),
        }
    }

    /// A person or token; `None` without a limit.
    pub(crate) async fn caller(&self, key: &str) -> Option<Standing> {
        self.count(self.callers.as_ref()?, key).await
    }

    /// Whoever shows no credentials; `None` without a limit.
    pub(crate) async fn address(&self, address: Option<IpAddr>) -> Option<Standing> {
        let key = address.map(|a| household(a).to_string());
        self.count(self.addresses.as_ref()?, &key.unwrap_or_default())
            .await
    }

    async fn count(&self, limit: &Limit, key: &str) -> Option<Standing> {
        let taken = self.replicas.take(&limit.quota, key).await;
        Some(Standing::of(limit.clone(), taken))
    }

    pub(crate) async fn upkeep(&self) {
        self.replicas.upkeep().await;
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
    fn of(limit: Limit, taken: Taken) -> Self {
        let missing = limit.quota.requests.saturating_sub(taken.remaining);
        Self {
            remaining: taken.remaining,
            restored_in: limit.quota.interval() * missing,
            limit,
            wait: taken.wait,
        }
    }

    /// For a request that was not let in.
    pub(crate) fn refusal(&self) -> Option<Problem> {
        self.wait.map(Problem::throttled)
    }

    pub(crate) fn tell(&self, headers: &mut HeaderMap) {
        let (name, r) = (self.limit.quota.name, self.remaining);
        let t = self.restored_in.as_secs() + u64::from(self.restored_in.subsec_nanos() > 0);
        headers.insert(POLICY.clone(), self.limit.policy.clone());
        // Every answer has it: with room from the start it is not moved while it grows.
        let mut standing = String::with_capacity(64);
        let _ = write!(standing, "\"{name}\";r={r};t={t}");
        if let Ok(standing) = HeaderValue::try_from(standing) {
            headers.insert(STANDING.clone(), standing);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUOTA: Quota = Quota {
        name: "address",
        requests: 2,
        window: Duration::from_secs(60),
    };

    #[test]
    fn headers_say_what_is_left_and_when_it_is_whole_again() {
        let told = |remaining, wait: Option<u64>| {
            let wait = wait.map(Duration::from_secs);
            let limit = Limit::of(QUOTA).unwrap();
            let standing = Standing::of(limit, Taken { remaining, wait });
            let mut headers = HeaderMap::new();
            standing.tell(&mut headers);
            let words = ["ratelimit-policy", "ratelimit"].map(|n| headers.get(n).unwrap().clone());
            (words, standing.refusal().is_some())
        };
        let policy = "\"address\";q=2;w=60";
        let (words, refused) = told(1, None);
        assert_eq!(
            (words[0].clone(), refused),
            (HeaderValue::from_static(policy), false)
        );
        assert_eq!(words[1], "\"address\";r=1;t=30");
        let (words, refused) = told(0, Some(30));
        assert_eq!(words[1], "\"address\";r=0;t=60");
        assert!(refused);
    }

    #[test]
    fn neighbours_of_one_network_share() {
        let key = |ip: &str| household(ip.parse().unwrap());
        assert_eq!(key("2001:db8::1"), key("2001:db8::ffff:2"));
        assert_ne!(key("2001:db8::1"), key("2001:db8:0:1::1"));
        assert_eq!(key("::ffff:192.0.2.1"), key("192.0.2.1"));
    }
}
