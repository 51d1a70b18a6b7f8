//! One run that reads what a supplier offers, and how far it is.

use crate::ids::{StoreScope, SupplierAccountId, SupplierProductId, SupplierSyncId};
use crate::reconciliation::Trigger;
use crate::sync::{SyncFailure, SyncStatus, SyncWarning};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Where a run is: what is known is read again first, then what is looked for, then everything is scored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "part", rename_all = "snake_case")]
pub enum SupplierPlace {
    Known {
        /// The last product that was read.
        after: Option<SupplierProductId>,
    },
    Search {
        /// Of the watch list, from 0.
        search: usize,
        /// From 1.
        page: u32,
    },
    Score,
}

impl Default for SupplierPlace {
    fn default() -> Self {
        Self::Known { after: None }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SupplierSyncRun {
    pub id: SupplierSyncId,
    pub scope: StoreScope,
    pub account: SupplierAccountId,
    /// As it was called when the run was queued.
    pub account_name: String,
    pub trigger: Trigger,
    pub status: SyncStatus,
    pub created_at: DateTime<Utc>,
    pub started_at: Option<DateTime<Utc>>,
    pub finished_at: Option<DateTime<Utc>>,
    /// How often it went on after a stop or a crash.
    pub resumed: u32,
    pub place: SupplierPlace,
    /// Products to read, as far as they are known.
    pub total: Option<u64>,
    pub products: u64,
    pub new_products: u64,
    /// Prices, stock, what is gone and what is back.
    pub changes: u64,
    /// Values that were told and could not be read.
    pub unread: u64,
    pub warnings: Vec<SyncWarning>,
    pub error: Option<SyncFailure>,
}

impl SupplierSyncRun {
    #[must_use]
    pub const fn queued(
        id: SupplierSyncId,
        scope: StoreScope,
        account: SupplierAccountId,
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
            place: SupplierPlace::Known { after: None },
            total: None,
            products: 0,
            new_products: 0,
            changes: 0,
            unread: 0,
            warnings: Vec::new(),
            error: None,
        }
    }

    /// One that failed is gone on with from where it stopped: what it has read stays, and costs nothing again.
    #[must_use]
    pub fn after(self, last: Option<&Self>) -> Self {
        match last {
            Some(last) if last.status == SyncStatus::Failed => Self {
                place: last.place.clone(),
                ..self
            },
            _ => self,
        }
    }

    /// Products read, and all.
    #[must_use]
    pub fn progress(&self) -> Option<(u64, u64)> {
        self.total.map(|total| (self.products.min(total), total))
    }
}
