//! How right earlier proposals were, and what that says about the next ones.

use super::facts::{Facts, Outcome};
use super::spec::SPEC;
use crate::agents::settings::Values;
use crate::agents::stats::wilson;
use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// So many usual answers are added to those of a kind of goods or a supplier: few answers move little.
const PRIOR: i64 = 4;

/// A share with its interval, in ten-thousandths.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rate {
    pub hits: i64,
    pub of: i64,
    /// `None` of none.
    pub share: Option<i64>,
    /// Wilson's score interval of 95 %.
    pub interval: Option<(i64, i64)>,
}

impl Rate {
    fn of(hits: i64, of: i64) -> Self {
        Self {
            hits,
            of,
            share: (of > 0).then(|| hits * 10_000 / of.max(1)),
            interval: wilson(hits, of),
        }
    }
}

/// Of one kind of goods, or one supplier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Learned {
    /// In small letters.
    pub name: String,
    pub accepted: i64,
    pub rejected: i64,
    /// Of the drafts whose days are over.
    pub sold: i64,
    pub unsold: i64,
    /// Hundredths of points that are added to a score.
    pub lean: i64,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// Drafts that sold enough within their days, of those whose days are over.
    pub hits: Rate,
    /// Drafts whose days are not over.
    pub open: i64,
    /// What people said yes to.
    pub accepted: Rate,
    pub categories: Vec<Learned>,
    pub suppliers: Vec<Learned>,
}

#[derive(Default, Clone, Copy)]
struct Tally {
    accepted: i64,
    rejected: i64,
    sold: i64,
    unsold: i64,
}

impl Tally {
    fn add(&mut self, outcome: &Outcome, sold: Option<bool>) {
        if outcome.accepted {
            self.accepted += 1;
        } else {
            self.rejected += 1;
        }
        match sold {
            Some(true) => self.sold += 1,
            Some(false) => self.unsold += 1,
            None => {}
        }
    }

    /// Answers for it, and all answers: a yes, and a sale, count alike.
    const fn answers(self) -> (i64, i64) {
        let good = self.accepted + self.sold;
        (good, good + self.rejected + self.unsold)
    }
}

/// Whether it sold enough; `None`: there was no draft, or its days are not over.
fn is_hit(outcome: &Outcome, today: NaiveDate, values: &Values) -> Option<bool> {
    let days = SPEC.number(values, "hit_days").unsigned_abs();
    let made = outcome.made_on?;
    let end = made.checked_add_days(Days::new(days))?;
    if end >= today {
        return None;
    }
    let within = outcome
        .sold
        .iter()
        .filter(|(day, _)| (made..=end).contains(day));
    let units: i64 = within.map(|(_, units)| units).sum();
    Some(units >= SPEC.number(values, "hit_units"))
}

impl Record {
    #[must_use]
    pub fn of(facts: &Facts, values: &Values) -> Self {
        let mut all = Tally::default();
        let mut categories: BTreeMap<String, Tally> = BTreeMap::new();
        let mut suppliers: BTreeMap<String, Tally> = BTreeMap::new();
        let mut open = 0;
        for outcome in &facts.outcomes {
            let sold = is_hit(outcome, facts.today, values);
            open += i64::from(outcome.made_on.is_some() && sold.is_none());
            all.add(outcome, sold);
            for (told, known) in [
                (&outcome.category, &mut categories),
                (&outcome.supplier, &mut suppliers),
            ] {
                if let Some(name) = name(told.as_deref()) {
                    known.entry(name).or_default().add(outcome, sold);
                }
            }
        }
        let learned = |known: BTreeMap<String, Tally>| {
            let rows = known.into_iter().map(|(name, tally)| Learned {
                name,
                accepted: tally.accepted,
                rejected: tally.rejected,
                sold: tally.sold,
                unsold: tally.unsold,
                lean: lean(tally, all, SPEC.number(values, "weight_learned")),
            });
            rows.collect()
        };
        Self {
            hits: Rate::of(all.sold, all.sold + all.unsold),
            open,
            accepted: Rate::of(all.accepted, all.accepted + all.rejected),
            categories: learned(categories),
            suppliers: learned(suppliers),
        }
    }

    /// What is added to a score, in hundredths of points.
    #[must_use]
    pub fn lean(&self, category: Option<&str>, supplier: Option<&str>) -> i64 {
        let of = |rows: &[Learned], told: Option<&str>| {
            let name = name(told)?;
            rows.iter().find(|l| l.name == name).map(|l| l.lean)
        };
        of(&self.categories, category).unwrap_or(0) + of(&self.suppliers, supplier).unwrap_or(0)
    }
}

fn name(told: Option<&str>) -> Option<String> {
    let name = told?.trim().to_lowercase();
    (!name.is_empty()).then_some(name)
}

/// How much better or worse than the usual its answers are, as so many of `most` points. Half of them for each of category and supplier.
fn lean(of: Tally, all: Tally, most: i64) -> i64 {
    let (good, count) = of.answers();
    let (all_good, all_count) = all.answers();
    if count == 0 || all_count == 0 {
        return 0;
    }
    let usual = all_good * 10_000 / all_count;
    let own = (good * 10_000 + PRIOR * usual) / (count + PRIOR);
    // Ten-thousandths of points to hundredths.
    (own - usual) * most / 200
}
