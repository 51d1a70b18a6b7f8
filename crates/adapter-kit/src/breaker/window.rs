//! The last outcomes of a closed circuit.

use std::collections::VecDeque;
use std::time::Duration;

use super::Observed;
use crate::settings::BreakerSettings;

#[derive(Debug, Default)]
pub(super) struct Window {
    outcomes: VecDeque<(Duration, Observed)>,
}

impl Window {
    pub(super) fn push(&mut self, observed: Observed, now: Duration, settings: &BreakerSettings) {
        self.outcomes.push_back((now, observed));
        while self.outcomes.len() > settings.window {
            self.outcomes.pop_front();
        }
        let oldest = now.saturating_sub(settings.window_age);
        while self.outcomes.front().is_some_and(|(at, _)| *at < oldest) {
            self.outcomes.pop_front();
        }
    }

    pub(super) fn clear(&mut self) {
        self.outcomes.clear();
    }

    /// Outcomes, failures and slow calls that still count at `now`.
    pub(super) fn counts(&self, now: Duration, settings: &BreakerSettings) -> Counts {
        let oldest = now.saturating_sub(settings.window_age);
        let mut counts = Counts::default();
        for (_, observed) in self.outcomes.iter().filter(|(at, _)| *at >= oldest) {
            counts.outcomes += 1;
            counts.failures += usize::from(observed.failure);
            counts.slow += usize::from(observed.slow);
        }
        counts
    }
}

/// What the window holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Counts {
    pub outcomes: usize,
    pub failures: usize,
    pub slow: usize,
}
