//! A run that books orders again, because an input of their ledger changed or this version derives it otherwise.

use crate::ids::{OrderId, RecostId, StoreScope, UserId, VariantId};
use crate::inputs::InputChange;
use crate::sync::SyncStatus;
use chrono::{DateTime, Days, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// Which orders may be affected; what is not said limits nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecostExtent {
    /// Orders that sold one of `variants`, or are one of `orders`; all when both are `None`.
    pub variants: Option<Vec<VariantId>>,
    pub orders: Option<Vec<OrderId>>,
    /// Only orders that were sold or updated then or later: whatever happened to an order after an instant moved its update time
    /// past it, and one that a file brought has no other time than that of its sale.
    pub since: Option<DateTime<Utc>>,
}

impl RecostExtent {
    #[must_use]
    pub fn everything() -> Self {
        Self::default()
    }

    #[must_use]
    pub fn of_variants(variants: Vec<VariantId>, since: Option<DateTime<Utc>>) -> Self {
        Self {
            variants: Some(variants),
            orders: None,
            since,
        }
    }

    #[must_use]
    pub fn of_orders(orders: Vec<OrderId>) -> Self {
        Self {
            variants: None,
            orders: Some(orders),
            since: None,
        }
    }

    /// From a local day on, in whatever zone: no zone's day begins earlier than the day before it in UTC.
    #[must_use]
    pub fn since_day(day: Option<NaiveDate>) -> Self {
        let since = day.and_then(|d| d.checked_sub_days(Days::new(1)));
        Self {
            since: since.map(|d| d.and_time(chrono::NaiveTime::MIN).and_utc()),
            ..Self::default()
        }
    }

    fn is_narrow(&self) -> bool {
        self.variants.is_some() || self.orders.is_some()
    }

    /// Both together.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        let since = match (self.since, other.since) {
            (Some(a), Some(b)) => Some(a.min(b)),
            _ => None,
        };
        if !self.is_narrow() || !other.is_narrow() {
            return Self {
                since,
                ..Self::default()
            };
        }
        Self {
            variants: joined(self.variants, other.variants),
            orders: joined(self.orders, other.orders),
            since,
        }
    }

    /// Of several changes; `None` when no order hangs on any of them.
    #[must_use]
    pub fn of_all(extents: impl IntoIterator<Item = Self>) -> Option<Self> {
        extents.into_iter().reduce(Self::and)
    }
}

fn joined<T: Ord>(a: Option<Vec<T>>, b: Option<Vec<T>>) -> Option<Vec<T>> {
    if a.is_none() && b.is_none() {
        return None;
    }
    let mut all: Vec<T> = a.into_iter().chain(b).flatten().collect();
    all.sort_unstable();
    all.dedup();
    Some(all)
}

/// A longer list cannot be taken back by a cancellation alone; whoever made it keeps its inverse.
const KEPT_INVERSE: usize = 1_000;

/// Why a run came to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecostCause {
    /// Inputs changed.
    Inputs,
    /// This version derives the ledger otherwise than the one before.
    Upgrade,
    /// Exchange rates changed, by which costs in other currencies are converted.
    Rates,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecostRun {
    pub id: RecostId,
    pub scope: StoreScope,
    pub status: SyncStatus,
    pub cause: RecostCause,
    /// What was changed, in a few words for a person.
    pub summary: String,
    pub extent: RecostExtent,
    /// With what a cancellation takes the change back; empty when it cannot be cancelled.
    pub inverse: Vec<InputChange>,
    /// A cancellation has put the old inputs back, and the orders follow.
    pub reverting: bool,
    pub created_at: DateTime<Utc>,
    pub created_by: Option<UserId>,
    pub started_at: Option<DateTime<Utc>>,
    pub finished_at: Option<DateTime<Utc>>,
    /// How often it went on after a stop or a crash.
    pub resumed: u32,
    /// The last order that was looked at.
    pub after: Option<OrderId>,
    pub looked_at: u64,
    pub changed: u64,
    /// `None` while nobody knows.
    pub total: Option<u64>,
    pub error: Option<String>,
}

impl RecostRun {
    #[must_use]
    pub fn new(
        id: RecostId,
        scope: StoreScope,
        extent: RecostExtent,
        summary: impl Into<String>,
        created_at: DateTime<Utc>,
    ) -> Self {
        Self {
            id,
            scope,
            status: SyncStatus::Queued,
            cause: RecostCause::Inputs,
            summary: summary.into(),
            extent,
            inverse: Vec::new(),
            reverting: false,
            created_at,
            created_by: None,
            started_at: None,
            finished_at: None,
            resumed: 0,
            after: None,
            looked_at: 0,
            changed: 0,
            total: None,
            error: None,
        }
    }

    /// Knowing with what a cancellation takes the change back, unless that is too long to keep here.
    #[must_use]
    pub fn taken_back_by(mut self, inverse: &[InputChange]) -> Self {
        if inverse.len() <= KEPT_INVERSE {
            self.inverse = inverse.to_vec();
        }
        self
    }
}
