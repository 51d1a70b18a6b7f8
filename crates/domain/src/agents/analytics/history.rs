//! The past of a store's figures, for a rehearsal.

use super::facts::{DayFacts, Facts};
use crate::ids::StoreScope;
use crate::money::Currency;
use chrono::NaiveDate;
use chrono_tz::Tz;
use std::collections::BTreeSet;

#[derive(Debug, Clone)]
pub struct History {
    pub zone: Tz,
    pub scope: StoreScope,
    pub currency: Currency,
    /// In order.
    pub days: Vec<DayFacts>,
}

impl History {
    pub const RESTS_ON: &str = "Figures of past days are taken as they are known now: refunds and costs that came later are in them. No brief is written.";

    /// What is known at the end of a day; nothing of later ones.
    #[must_use]
    pub fn known_at(&self, day: NaiveDate, told: BTreeSet<String>) -> Facts {
        let days: Vec<_> = self.days.iter().filter(|d| d.day <= day).cloned().collect();
        Facts {
            as_of: None,
            scope: self.scope,
            currency: self.currency,
            day,
            is_read: true,
            days,
            known: Vec::new(),
            draft: None,
            written: None,
            told,
        }
    }
}
