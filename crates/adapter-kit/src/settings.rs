//! Every number of the outgoing calls in one place, with its default. Knows no provider.

use std::time::Duration;

/// All settings of the outgoing calls of one process.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    pub breaker: BreakerSettings,
    pub limits: Limits,
    pub retry: RetrySettings,
    pub flow: FlowSettings,
}

/// When a circuit opens, for how long, and how it closes again.
#[derive(Debug, Clone)]
pub struct BreakerSettings {
    /// Outcomes that are remembered while closed. Default 20.
    pub window: usize,
    /// Outcomes older than this do not count. Default 60 s.
    pub window_age: Duration,
    /// Outcomes needed before a share of them says anything. Default 10.
    pub min_outcomes: usize,
    /// Share of failures, in percent, that opens. Default 50.
    pub failure_percent: usize,
    /// Share of slow calls, in percent, that opens. Default 80.
    pub slow_percent: usize,
    /// Failures in a row that open, whatever their age: `CIRCUIT_BREAKER_FAILURE_THRESHOLD`. Default 5.
    pub failure_threshold: u32,
    /// A read that takes longer is slow. Default 10 s.
    pub slow_read: Duration,
    /// A write that takes longer is slow. Default 20 s.
    pub slow_write: Duration,
    /// `CIRCUIT_BREAKER_RECOVERY_TIMEOUT`. Default 60 s. The first opening lasts a twelfth of it (5 s), each further one in a
    /// row twice as long up to [`open_max`](Self::open_max): about this long after the first failure (5 + 10 + 20 + 40 s) the
    /// circuit has probed four times.
    pub recovery_timeout: Duration,
    /// No opening is longer than this (before its jitter of ± 20 %). Default 5 min.
    pub open_max: Duration,
    /// Calls let through to probe a provider in half-open. Default 3.
    pub half_open_permits: u32,
    /// Half-open that is undecided after this opens again. Default 30 s.
    pub half_open_limit: Duration,
    /// After this long closed, the next opening is the first of its row again. Default 10 min.
    pub forget_after: Duration,
}

impl Default for BreakerSettings {
    fn default() -> Self {
        Self {
            window: 20,
            window_age: Duration::from_secs(60),
            min_outcomes: 10,
            failure_percent: 50,
            slow_percent: 80,
            failure_threshold: 5,
            slow_read: Duration::from_secs(10),
            slow_write: Duration::from_secs(20),
            recovery_timeout: Duration::from_secs(60),
            open_max: Duration::from_secs(300),
            half_open_permits: 3,
            half_open_limit: Duration::from_secs(30),
            forget_after: Duration::from_secs(600),
        }
    }
}

impl BreakerSettings {
    /// Length of the `opening`-th opening in a row (from 1), `u` in `0.0..1.0` being its chance.
    #[must_use]
    pub fn open_for(&self, opening: u32, u: f64) -> Duration {
        let base = self.recovery_timeout / 12;
        let doubled = base.saturating_mul(1_u32 << opening.saturating_sub(1).min(16));
        doubled
            .min(self.open_max)
            .mul_f64(0.8 + 0.4 * u.clamp(0.0, 1.0))
    }
}

/// Time and size limits of one call. There is no call without them.
#[derive(Debug, Clone)]
pub struct Limits {
    /// TCP and TLS. Default 3 s.
    pub connect: Duration,
    /// From sending to the answer's head, connecting included. Default 10 s.
    pub first_byte: Duration,
    /// Longest silence inside a body. Default 10 s.
    pub body_idle: Duration,
    /// One whole step: waits, tries and bodies. Default 60 s. A download has no total, only `body_idle`.
    pub total: Duration,
    /// Largest body that is kept in memory. Default 16 MiB. A download is not kept and has no cap.
    pub max_body: usize,
    /// Longest line of a download read line by line. Default 8 MiB.
    pub max_line: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(3),
            first_byte: Duration::from_secs(10),
            body_idle: Duration::from_secs(10),
            total: Duration::from_secs(60),
            max_body: 16 << 20,
            max_line: 8 << 20,
        }
    }
}

/// How often and after which waits a call is repeated. The budget is that of the AWS SDKs (standard mode, 2026).
#[derive(Debug, Clone)]
pub struct RetrySettings {
    /// Tries in a step, the first included. Default 3.
    pub max_tries: u32,
    /// Base of the back-off after a transient error. Default 50 ms.
    pub base_transient: Duration,
    /// Base of the back-off after throttling without a named wait. Default 1 s.
    pub base_throttle: Duration,
    /// No back-off is longer, unless the provider names one. Default 20 s.
    pub max_delay: Duration,
    /// Tokens of a key's retry budget. Default 500.
    pub budget: u32,
    /// Tokens of a retry after a transient error. Default 14.
    pub cost_transient: u32,
    /// Tokens of a retry after throttling. Default 5.
    pub cost_throttle: u32,
}

impl Default for RetrySettings {
    fn default() -> Self {
        Self {
            max_tries: 3,
            base_transient: Duration::from_millis(50),
            base_throttle: Duration::from_secs(1),
            max_delay: Duration::from_secs(20),
            budget: 500,
            cost_transient: 14,
            cost_throttle: 5,
        }
    }
}

/// How many calls are under way at once, and how long a provider may pause us.
#[derive(Debug, Clone)]
pub struct FlowSettings {
    /// Calls in flight for a key. Default 8.
    pub in_flight: usize,
    /// Longest pause that a provider's `Retry-After` is believed. Default 15 min.
    pub max_pause: Duration,
}

impl Default for FlowSettings {
    fn default() -> Self {
        Self {
            in_flight: 8,
            max_pause: Duration::from_secs(900),
        }
    }
}
