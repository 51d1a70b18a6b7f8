//! How fast a run is, from what it has done since it started.

use chrono::{DateTime, Utc};
use domain::sync::{StepStatus, SyncRun, SyncStatus};

/// Before this there is nothing to judge by.
const WARM_UP_MS: i64 = 2_000;

#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Pace {
    pub rows_per_second: Option<f64>,
    /// `None` while totals are unknown, or nothing is running.
    pub eta_seconds: Option<u64>,
}

impl Pace {
    #[must_use]
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "an estimate for people"
    )]
    pub fn of(run: &SyncRun, now: DateTime<Utc>) -> Self {
        let Some(started) = run.started_at else {
            return Self::default();
        };
        let elapsed = (run.finished_at.unwrap_or(now) - started).num_milliseconds();
        let done: u64 = run.steps.iter().map(|s| s.done).sum();
        if elapsed < WARM_UP_MS || done == 0 {
            return Self::default();
        }
        let rate = done as f64 * 1000.0 / elapsed as f64;
        let open = run
            .steps
            .iter()
            .filter(|s| matches!(s.status, StepStatus::Pending | StepStatus::Running));
        let left: u64 = open
            .filter_map(|s| s.total.map(|t| t.saturating_sub(s.done)))
            .sum();
        let known = run.steps.iter().any(|s| s.total.is_some());
        let eta = (run.status == SyncStatus::Running && known)
            .then(|| (left as f64 / rate).ceil() as u64);
        Self {
            rows_per_second: Some((rate * 10.0).round() / 10.0),
            eta_seconds: eta,
        }
    }
}
