//! What people decided about an opportunity.

use super::Opportunity;
use crate::audit::Actor;
use crate::ids::ChangeSetId;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Watch {
    /// It waits for somebody.
    #[default]
    Proposed,
    Approved,
    Rejected,
    /// It waits again from some moment on.
    Snoozed,
}

impl Watch {
    pub const ALL: [Self; 4] = [
        Self::Proposed,
        Self::Approved,
        Self::Rejected,
        Self::Snoozed,
    ];

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Proposed => "proposed",
            Self::Approved => "approved",
            Self::Rejected => "rejected",
            Self::Snoozed => "snoozed",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    pub watch: Watch,
    pub by: Actor,
    pub at: DateTime<Utc>,
    pub reason: Option<String>,
    /// Of what is snoozed.
    pub until: Option<DateTime<Utc>>,
    /// What an approval proposed to the shop.
    pub change_set: Option<ChangeSetId>,
}

/// An opportunity as it is kept: its figures are computed again and again, what people decided stays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Watched {
    pub opportunity: Opportunity,
    pub discovered_at: DateTime<Utc>,
    /// Counts decisions.
    pub version: i64,
    pub decision: Option<Decision>,
    /// No supplier offers it any more.
    pub gone: bool,
}

impl Watched {
    #[must_use]
    pub fn watch(&self, now: DateTime<Utc>) -> Watch {
        match &self.decision {
            None => Watch::Proposed,
            Some(decision) if decision.watch == Watch::Snoozed => {
                let is_over = decision.until.is_none_or(|until| until <= now);
                if is_over {
                    Watch::Proposed
                } else {
                    Watch::Snoozed
                }
            }
            Some(decision) => decision.watch,
        }
    }
}
