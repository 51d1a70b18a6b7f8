//! In which pieces the past is read: newest first, so that the days people look at are there at once; each piece twice as long as the
//! one before, and half as long again after a piece that the provider could not finish.

use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};

const FIRST_DAYS: i64 = 30;
const MAX_DAYS: i64 = 3650;

/// Where the backfill of orders stands; everything created at or after `until` has been stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Backfill {
    pub started_at: DateTime<Utc>,
    pub until: DateTime<Utc>,
    /// The oldest order that there is to read.
    pub floor: DateTime<Utc>,
    pub days: i64,
    /// Orders stored by finished pieces.
    pub done: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Window {
    pub from: DateTime<Utc>,
    pub until: DateTime<Utc>,
}

impl Backfill {
    /// `until` reaches into the future, because the provider's clock may be ahead of ours.
    pub(super) fn begin(now: DateTime<Utc>, floor: DateTime<Utc>) -> Self {
        Self {
            started_at: now,
            until: now + Duration::days(2),
            floor,
            days: FIRST_DAYS,
            done: 0,
        }
    }

    pub(super) fn window(&self) -> Option<Window> {
        (self.until > self.floor).then(|| Window {
            from: (self.until - Duration::days(self.days)).max(self.floor),
            until: self.until,
        })
    }

    pub(super) fn finished(&mut self, window: Window, orders: u64) {
        self.until = window.from;
        self.done += orders;
        self.days = (self.days * 2).min(MAX_DAYS);
    }

    /// `false` when the piece cannot be made smaller.
    pub(super) fn shrink(&mut self) -> bool {
        let smaller = self.days > 1;
        self.days = (self.days / 2).max(1);
        smaller
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn the_newest_month_comes_first() {
        let backfill = Backfill::begin(at("2026-07-01T00:00:00Z"), at("2025-01-01T00:00:00Z"));
        let first = backfill.window().unwrap();
        assert_eq!(
            (first.from, first.until),
            (at("2026-06-03T00:00:00Z"), at("2026-07-03T00:00:00Z"))
        );
    }

    proptest! {
        /// Whatever fails in between, the pieces touch each other and reach the oldest order.
        #[test]
        fn pieces_leave_no_gap(past_days in 0_i64..6000, failures in prop::collection::vec(any::<bool>(), 60)) {
            let now = at("2026-07-01T12:34:56Z");
            let floor = now - Duration::days(past_days);
            let mut backfill = Backfill::begin(now, floor);
            let mut reached = backfill.until;
            for failed in failures.into_iter().chain(std::iter::repeat_n(false, 40)) {
                let Some(window) = backfill.window() else { break };
                prop_assert_eq!(window.until, reached);
                if failed {
                    backfill.shrink();
                } else {
                    reached = window.from;
                    backfill.finished(window, 1);
                }
            }
            prop_assert_eq!(reached, floor);
        }
    }
}
