//! The policy over days that are past: what was found by then, and what had been decided and sold.

use super::facts::{Candidate, Facts, Outcome};
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

#[derive(Debug, Clone)]
pub struct History {
    pub zone: Tz,
    /// Also what was decided about since, as it is now.
    pub now: Facts,
}

impl History {
    /// Nobody wrote down earlier scores.
    pub const RESTS_ON: &'static str = "What was found by each day, with its score, cost and offers as they are now, because earlier ones are not \
         kept; what people had decided and what had sold by then. What a draft would have sold nobody knows.";

    /// What was known at the end of a day.
    #[must_use]
    pub fn known_at(&self, day: NaiveDate, end: DateTime<Utc>) -> Facts {
        let outcomes = self.now.outcomes.iter().filter(|o| o.at <= end);
        let outcomes: Vec<Outcome> = outcomes
            .map(|o| Outcome {
                made_on: o.made_on.filter(|made| *made <= day),
                sold: o.sold.iter().copied().filter(|(d, _)| *d <= day).collect(),
                ..o.clone()
            })
            .collect();
        let decided = |c: &&Candidate| !outcomes.iter().any(|o| o.id == c.id);
        let found = self.now.candidates.iter();
        let found = found.filter(|c| c.discovered_at <= end).filter(decided);
        Facts {
            today: day.succ_opt().unwrap_or(day),
            as_of: Some(end),
            candidates: found.cloned().collect(),
            outcomes,
            ..self.now.clone()
        }
    }
}
