//! A run that brings the local copy up to the provider's state: its steps, progress and end.

use crate::ids::{ConnectionId, StoreScope, SyncId};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SyncKind {
    /// Everything, newest first.
    Backfill,
    /// What changed since the last success, with an overlap.
    Incremental,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SyncStatus {
    Queued,
    Running,
    Cancelling,
    Cancelled,
    Succeeded,
    Failed,
}

impl SyncStatus {
    /// Whether it still holds its connection.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Queued | Self::Running | Self::Cancelling)
    }

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Cancelling => "cancelling",
            Self::Cancelled => "cancelled",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
        }
    }
}

/// Kinds of facts, in the order in which they are read: costs before the orders that need them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FactKind {
    Shop,
    Locations,
    Products,
    Orders,
    Inventory,
    Customers,
    Payouts,
}

impl FactKind {
    pub const ALL: [Self; 7] = [
        Self::Shop,
        Self::Locations,
        Self::Products,
        Self::Orders,
        Self::Inventory,
        Self::Customers,
        Self::Payouts,
    ];

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Shop => "shop",
            Self::Locations => "locations",
            Self::Products => "products",
            Self::Orders => "orders",
            Self::Inventory => "inventory",
            Self::Customers => "customers",
            Self::Payouts => "payouts",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepStatus {
    Pending,
    Running,
    Done,
    /// Not granted or not offered; the run goes on without it.
    Skipped,
    Failed,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncStep {
    pub kind: FactKind,
    pub status: StepStatus,
    pub done: u64,
    /// `None` while nobody knows.
    pub total: Option<u64>,
    pub reason: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncRun {
    pub id: SyncId,
    pub scope: StoreScope,
    pub connection: ConnectionId,
    pub kind: SyncKind,
    pub status: SyncStatus,
    pub created_at: DateTime<Utc>,
    pub started_at: Option<DateTime<Utc>>,
    pub finished_at: Option<DateTime<Utc>>,
    /// How often it went on after a stop or a crash.
    pub resumed: u32,
    pub steps: Vec<SyncStep>,
    /// Order days that can be looked at already.
    pub oldest_day: Option<NaiveDate>,
    pub newest_day: Option<NaiveDate>,
    pub warnings: Vec<SyncWarning>,
    pub error: Option<SyncFailure>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncWarning {
    /// Stable word, e.g. `scope_missing`, `version_fell_forward`, `unknown_enum`.
    pub code: String,
    pub message: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncFailure {
    pub message: String,
    pub remedy: String,
}

impl SyncRun {
    #[must_use]
    pub fn queued(
        id: SyncId,
        scope: StoreScope,
        connection: ConnectionId,
        kind: SyncKind,
        now: DateTime<Utc>,
    ) -> Self {
        let step = |kind| SyncStep {
            kind,
            status: StepStatus::Pending,
            done: 0,
            total: None,
            reason: None,
        };
        Self {
            id,
            scope,
            connection,
            kind,
            status: SyncStatus::Queued,
            created_at: now,
            started_at: None,
            finished_at: None,
            resumed: 0,
            steps: FactKind::ALL.into_iter().map(step).collect(),
            oldest_day: None,
            newest_day: None,
            warnings: Vec::new(),
            error: None,
        }
    }

    pub fn step_mut(&mut self, kind: FactKind) -> Option<&mut SyncStep> {
        self.steps.iter_mut().find(|s| s.kind == kind)
    }

    /// Share of the work done, 0 to 1, over the steps whose totals are known; `None` while none is.
    #[must_use]
    pub fn progress(&self) -> Option<f64> {
        if self.status == SyncStatus::Succeeded {
            return Some(1.0);
        }
        let counted: Vec<_> = self
            .steps
            .iter()
            .filter(|s| s.status != StepStatus::Skipped)
            .filter_map(|s| s.total.map(|total| (s.done.min(total), total)))
            .collect();
        let total: u64 = counted.iter().map(|(_, t)| t).sum();
        #[expect(clippy::cast_precision_loss, reason = "a share for a progress bar")]
        (total > 0).then(|| counted.iter().map(|(d, _)| d).sum::<u64>() as f64 / total as f64)
    }
}
