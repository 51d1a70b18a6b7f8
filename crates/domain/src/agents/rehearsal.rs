//! What a policy would have done over the store's own past.

use super::decision::Proposal;
use crate::changes::Effect;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// One day, as it was known at its end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RehearsedDay {
    pub day: NaiveDate,
    pub proposals: Vec<Proposal>,
    /// What the proposals would have meant against doing nothing, in minor units of contribution margin; `None` where facts do not tell.
    pub effect: Option<Effect>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rehearsal {
    pub from: NaiveDate,
    pub to: NaiveDate,
    /// Each day of the range, in order, also those on which nothing would have been proposed.
    pub days: Vec<RehearsedDay>,
    pub proposals: u64,
    /// The most on one day.
    pub busiest: u64,
    /// The day whose effect would have been the lowest; `None` where no day's effect is known.
    pub worst: Option<NaiveDate>,
    /// Over the whole range, against doing nothing.
    pub effect: Option<Effect>,
    /// What the effect rests on, or why there is none.
    pub explanation: String,
}
