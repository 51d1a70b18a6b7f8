//! One night's work on the forecasts of a store, and how far it is.

use super::score::Drift;
use crate::ids::{ForecastRunId, StoreScope};
use crate::reconciliation::Trigger;
use crate::sync::{SyncFailure, SyncStatus};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ForecastRun {
    pub id: ForecastRunId,
    pub scope: StoreScope,
    pub trigger: Trigger,
    pub status: SyncStatus,
    /// The first day that is told.
    pub day: NaiveDate,
    pub created_at: DateTime<Utc>,
    pub started_at: Option<DateTime<Utc>>,
    pub finished_at: Option<DateTime<Utc>>,
    /// How often it went on after a stop or a crash.
    pub resumed: u32,
    /// Series that were told, of all; `None` until they are counted.
    pub done: u64,
    pub total: Option<u64>,
    /// Of variants: made anew, carried on, told from too short a past.
    pub refitted: u64,
    pub reused: u64,
    pub too_little: u64,
    /// Days whose earlier forecasts were held against what followed.
    pub scored_days: u64,
    pub drift: Option<Drift>,
    pub error: Option<SyncFailure>,
}

impl ForecastRun {
    #[must_use]
    pub const fn queued(
        id: ForecastRunId,
        scope: StoreScope,
        day: NaiveDate,
        trigger: Trigger,
        now: DateTime<Utc>,
    ) -> Self {
        Self {
            id,
            scope,
            trigger,
            status: SyncStatus::Queued,
            day,
            created_at: now,
            started_at: None,
            finished_at: None,
            resumed: 0,
            done: 0,
            total: None,
            refitted: 0,
            reused: 0,
            too_little: 0,
            scored_days: 0,
            drift: None,
            error: None,
        }
    }
}
