//! The state of every key, for health and metrics. Taking it moves nothing.

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::breaker::{Counts, State};
use crate::key::Key;
use ports::source::{Budget, LinkState};

/// One key as it stands.
#[derive(Debug, Clone, Serialize)]
pub struct Snapshot {
    pub key: Key,
    pub state: State,
    /// Since when it is in that state.
    pub since: DateTime<Utc>,
    /// Only while open.
    pub open_until: Option<DateTime<Utc>>,
    /// Openings in a row.
    pub openings: u32,
    pub failures_in_a_row: u32,
    /// Of the window.
    pub counts: Counts,
    pub totals: Totals,
    pub last_success: Option<DateTime<Utc>>,
    pub last_failure: Option<DateTime<Utc>>,
    /// A sentence for a person; no secrets.
    pub last_failure_detail: Option<String>,
    pub in_flight: usize,
    /// Tokens left of 500 (default).
    pub retry_tokens: u32,
    /// Until when the account is paused.
    pub paused_until: Option<DateTime<Utc>>,
    /// Points free in the provider's bucket; `None` until it reported one.
    pub points_available: Option<f64>,
    /// Size of that bucket and points restored per second.
    pub bucket: Option<(f64, f64)>,
    /// Since when the account's credentials do not work.
    pub credentials_broken_since: Option<DateTime<Utc>>,
}

impl Snapshot {
    /// As ports tell it.
    #[must_use]
    pub fn link(self) -> LinkState {
        let now = Utc::now();
        let left = |until: DateTime<Utc>| u64::try_from((until - now).num_milliseconds());
        let size = self.points_available.zip(self.bucket);
        LinkState {
            provider: self.key.provider.to_owned(),
            account: self.key.account.to_string(),
            effect: self.key.access.as_str(),
            breaker: self.state.as_str(),
            open_for_ms: self.open_until.map(|until| left(until).unwrap_or(0)),
            last_success_at: self.last_success,
            last_failure_at: self.last_failure,
            last_failure: self.last_failure_detail,
            budget: size.map(|(free, (most, per_second))| Budget {
                free,
                most,
                per_second,
            }),
            paused_until: self.paused_until,
        }
    }

    /// Whether there is anything to tell: a part of an account, as where it gives tokens or files, is of interest once it was used.
    fn is_told(&self) -> bool {
        let was_used = self.last_success.is_some() || self.last_failure.is_some();
        was_used || self.state != State::Closed || !self.key.account.contains('/')
    }

    pub(crate) fn links(all: Vec<Self>) -> Vec<LinkState> {
        let told = all.into_iter().filter(Self::is_told);
        told.map(Self::link).collect()
    }
}

/// Since the start of the process.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// Tries that were sent.
    pub calls: u64,
    pub successes: u64,
    pub failures: u64,
    pub throttled: u64,
    pub retries: u64,
    /// Refused by the circuit without sending.
    pub refused: u64,
}
