//! Mistakes that can be planted, one of each kind, to see that the simulation finds them.

use std::fmt;
use std::str::FromStr;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Plant {
    /// Storage hands out work that somebody holds, and lets an old lease write: both send.
    LeaseIgnored,
    /// An adapter tells a lost answer as if the provider had turned the call away.
    LostAnswerAsRefusal,
    /// The intent is not stored beside the set: limits on sums see nothing.
    IntentForgotten,
    /// The guard is asked before the transaction of the intent: a stop comes in between.
    GuardOutside,
    /// A webhook is acknowledged, and not always stored.
    AcknowledgedUnstored,
    /// A webhook counts as settled as soon as it is taken: whoever dies then has lost it.
    SettledFirst,
    /// What became of a write is saved without its entry in the audit.
    AuditOmitted,
    /// An entry is missing in the middle of the audit.
    AuditCut,
    /// An order that is written again is added to the rollups once more.
    BookedTwice,
}

impl Plant {
    pub const ALL: [Self; 9] = [
        Self::LeaseIgnored,
        Self::LostAnswerAsRefusal,
        Self::IntentForgotten,
        Self::GuardOutside,
        Self::AcknowledgedUnstored,
        Self::SettledFirst,
        Self::AuditOmitted,
        Self::AuditCut,
        Self::BookedTwice,
    ];

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::LeaseIgnored => "lease-ignored",
            Self::LostAnswerAsRefusal => "lost-answer-as-refusal",
            Self::IntentForgotten => "intent-forgotten",
            Self::GuardOutside => "guard-outside",
            Self::AcknowledgedUnstored => "acknowledged-unstored",
            Self::SettledFirst => "settled-first",
            Self::AuditOmitted => "audit-omitted",
            Self::AuditCut => "audit-cut",
            Self::BookedTwice => "booked-twice",
        }
    }
}

impl fmt::Display for Plant {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(self.as_str())
    }
}

impl FromStr for Plant {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|plant| plant.as_str() == text);
        found.ok_or_else(|| {
            let names: Vec<_> = Self::ALL.iter().map(|plant| plant.as_str()).collect();
            format!("is one of {}", names.join(", "))
        })
    }
}
