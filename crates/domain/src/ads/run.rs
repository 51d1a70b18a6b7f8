//! One run that reads an ad account, and how far it is.

use crate::calendar::DayRange;
use crate::ids::{AdAccountId, AdSyncId, StoreScope};
use crate::reconciliation::Trigger;
use crate::sync::{SyncFailure, SyncStatus, SyncWarning};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdSyncRun {
    pub id: AdSyncId,
    pub scope: StoreScope,
    pub account: AdAccountId,
    /// As it was called when the run was queued.
    pub account_name: String,
    pub trigger: Trigger,
    pub status: SyncStatus,
    pub created_at: DateTime<Utc>,
    pub started_at: Option<DateTime<Utc>>,
    pub finished_at: Option<DateTime<Utc>>,
    /// How often it went on after a stop or a crash.
    pub resumed: u32,
    /// Days to read, in the account's zone; `None` until the account was asked.
    pub range: Option<DayRange>,
    /// Days from here on are stored: days are read newest first.
    pub done_from: Option<NaiveDate>,
    pub campaigns: u64,
    pub ad_sets: u64,
    /// Rows of days that were new or different, and that were taken away because the platform does not tell them any more.
    pub rows_written: u64,
    pub rows_removed: u64,
    pub warnings: Vec<SyncWarning>,
    pub error: Option<SyncFailure>,
}

impl AdSyncRun {
    #[must_use]
    pub const fn queued(
        id: AdSyncId,
        scope: StoreScope,
        account: AdAccountId,
        account_name: String,
        trigger: Trigger,
        now: DateTime<Utc>,
    ) -> Self {
        Self {
            id,
            scope,
            account,
            account_name,
            trigger,
            status: SyncStatus::Queued,
            created_at: now,
            started_at: None,
            finished_at: None,
            resumed: 0,
            range: None,
            done_from: None,
            campaigns: 0,
            ad_sets: 0,
            rows_written: 0,
            rows_removed: 0,
            warnings: Vec::new(),
            error: None,
        }
    }

    /// Days done, and all.
    #[must_use]
    pub fn progress(&self) -> Option<(u64, u64)> {
        let range = self.range?;
        let done = self.done_from.map_or(0, |from| {
            u64::try_from((range.to - from).num_days() + 1).unwrap_or(0)
        });
        Some((done.min(range.len_days()), range.len_days()))
    }
}
