//! Whether and when a call is repeated: back-off with full jitter, and a budget that stops a storm of retries.
//!
//! Pure: chance comes in as `u` in `0.0..1.0`.

use std::time::Duration;

use crate::settings::RetrySettings;

/// Why a call is repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    Transient,
    Throttled,
}

/// Wait before retry number `retry` (from 0): what the provider named, else `u` of min(longest, base · 2^retry).
#[must_use]
pub fn delay(
    settings: &RetrySettings,
    why: Why,
    retry: u32,
    named: Option<Duration>,
    u: f64,
) -> Duration {
    named.unwrap_or_else(|| ceiling(settings, why, retry).mul_f64(u.clamp(0.0, 1.0)))
}

/// Longest wait that [`delay`] may draw.
#[must_use]
pub fn ceiling(settings: &RetrySettings, why: Why, retry: u32) -> Duration {
    let base = match why {
        Why::Transient => settings.base_transient,
        Why::Throttled => settings.base_throttle,
    };
    base.saturating_mul(1_u32 << retry.min(16))
        .min(settings.max_delay)
}

/// Retry budget of one key (AWS SDKs, standard retry mode): a retry takes tokens, success brings them back.
#[derive(Debug)]
pub struct Budget {
    tokens: u32,
    settings: RetrySettings,
}

/// Tokens that a retry took.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taken(u32);

impl Budget {
    #[must_use]
    pub fn new(settings: RetrySettings) -> Self {
        Self {
            tokens: settings.budget,
            settings,
        }
    }

    /// Takes the tokens of one retry; `None` when the key has retried too much for its successes.
    #[must_use]
    pub fn take(&mut self, why: Why) -> Option<Taken> {
        let cost = match why {
            Why::Transient => self.settings.cost_transient,
            Why::Throttled => self.settings.cost_throttle,
        };
        self.tokens = self.tokens.checked_sub(cost)?;
        Some(Taken(cost))
    }

    /// A call came through: its last retry's tokens come back, a call without a retry brings one.
    pub fn succeed(&mut self, last_retry: Option<Taken>) {
        let back = last_retry.map_or(1, |taken| taken.0);
        self.tokens = self.tokens.saturating_add(back).min(self.settings.budget);
    }

    #[must_use]
    pub fn tokens(&self) -> u32 {
        self.tokens
    }
}
