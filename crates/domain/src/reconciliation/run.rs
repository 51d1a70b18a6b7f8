//! A run that compares a range of days, and what it found, day by day.

use super::{DayState, Reconciled, Source};
use crate::calendar::DayRange;
use crate::ids::{ConnectionId, ReconciliationId, StoreScope};
use crate::sync::{SyncFailure, SyncStatus};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// Who wanted it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trigger {
    Schedule,
    Request,
}

/// What a run counted so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    pub agree: u64,
    pub explained: u64,
    pub unexplained: u64,
}

impl Tally {
    #[must_use]
    pub fn of<'a>(days: impl IntoIterator<Item = &'a Reconciled>) -> Self {
        let mut tally = Self::default();
        for day in days {
            match day.state {
                DayState::Agrees => tally.agree += 1,
                DayState::Explained => tally.explained += 1,
                DayState::Unexplained => tally.unexplained += 1,
            }
        }
        tally
    }

    #[must_use]
    pub const fn days(&self) -> u64 {
        self.agree + self.explained + self.unexplained
    }

    pub fn add(&mut self, other: Self) {
        self.agree += other.agree;
        self.explained += other.explained;
        self.unexplained += other.unexplained;
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReconciliationRun {
    pub id: ReconciliationId,
    pub scope: StoreScope,
    pub connection: ConnectionId,
    pub range: DayRange,
    pub trigger: Trigger,
    pub status: SyncStatus,
    pub created_at: DateTime<Utc>,
    pub started_at: Option<DateTime<Utc>>,
    pub finished_at: Option<DateTime<Utc>>,
    /// How often it went on after a stop or a crash.
    pub resumed: u32,
    /// The last day whose result is saved; it goes on with the next one.
    pub done_through: Option<NaiveDate>,
    pub tally: Tally,
    pub source: Option<Source>,
    /// Why it is not the provider's analytics.
    pub source_reason: Option<String>,
    pub error: Option<SyncFailure>,
}

impl ReconciliationRun {
    #[must_use]
    pub const fn queued(
        id: ReconciliationId,
        scope: StoreScope,
        connection: ConnectionId,
        range: DayRange,
        trigger: Trigger,
        now: DateTime<Utc>,
    ) -> Self {
        Self {
            id,
            scope,
            connection,
            range,
            trigger,
            status: SyncStatus::Queued,
            created_at: now,
            started_at: None,
            finished_at: None,
            resumed: 0,
            done_through: None,
            tally: Tally {
                agree: 0,
                explained: 0,
                unexplained: 0,
            },
            source: None,
            source_reason: None,
            error: None,
        }
    }

    #[must_use]
    pub fn done_days(&self) -> u64 {
        self.done_through
            .and_then(|day| DayRange::new(self.range.from, day).ok())
            .map_or(0, |done| done.len_days())
    }

    /// The next days to compare, at most `at_once`.
    #[must_use]
    pub fn next(&self, at_once: u64) -> Option<DayRange> {
        let from = match self.done_through {
            Some(day) => day.succ_opt()?,
            None => self.range.from,
        };
        let last = from.checked_add_days(chrono::Days::new(at_once.saturating_sub(1)))?;
        DayRange::new(from, last.min(self.range.to)).ok()
    }
}
