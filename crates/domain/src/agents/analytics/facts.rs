//! What the analyst is told: the figures of each day, and the draft of the brief.

use crate::analysis::{Anomaly, Brief, Watched};
use crate::ids::{AnomalyId, StoreScope};
use crate::money::Currency;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// When the newest order was observed; `None`: there is none, and nothing to say.
    pub as_of: Option<DateTime<Utc>>,
    pub scope: StoreScope,
    pub currency: Currency,
    /// The day that is over, of which the brief is.
    pub day: NaiveDate,
    /// Whether a sync that began since it ended succeeded. A day that lacks orders is unusual by itself, so it is not searched else.
    pub is_read: bool,
    /// In order, from the first with an entry on.
    pub days: Vec<DayFacts>,
    /// Unusual days that are stored of those that are looked at again, and that are not closed.
    pub known: Vec<Known>,
    /// The brief without what is decided here; `None`: a rehearsal writes none.
    pub draft: Option<Brief>,
    /// What is written of the day already.
    pub written: Option<Brief>,
    pub told: BTreeSet<String>,
}

/// In the order of [`Watched::ALL`]; `None` where a figure is not known of the day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayFacts {
    pub day: NaiveDate,
    pub values: [Option<i64>; Watched::ALL.len()],
    /// In part.
    pub is_estimated: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Known {
    pub id: AnomalyId,
    pub title: String,
}

impl Known {
    #[must_use]
    pub fn of(anomaly: &Anomaly) -> Self {
        Self {
            id: anomaly.id,
            title: anomaly.title(),
        }
    }
}
