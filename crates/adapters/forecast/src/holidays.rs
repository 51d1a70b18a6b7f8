//! What public holidays do to a series, where its own past shows that they do something.
//!
//! The ratio of a holiday's days to what would have been usual is mixed with one day of the ratio of all holidays, and that with half a day without effect. It is used
//! where it would have told the holidays of the past better: each of them is told from the others, and the absolute errors have to be [`BETTER`] of those without.

use crate::num::{mean, of};
use std::collections::BTreeMap;

/// Fewer days of the past show nothing.
const LEAST: usize = 4;
/// The share of the errors without that may be left.
const BETTER: f64 = 0.9;
/// Days without effect that the ratio of all holidays is mixed with.
const DOUBT: f64 = 0.5;
const MOST: f64 = 20.0;

/// One name for each day.
pub(crate) fn days(named: BTreeMap<&str, Vec<usize>>) -> BTreeMap<usize, &str> {
    let mut days = BTreeMap::new();
    for (name, places) in named {
        for place in places {
            days.entry(place).or_insert(name);
        }
    }
    days
}

#[derive(Clone, Copy, Default)]
struct Sum {
    had: f64,
    usual: f64,
    days: f64,
}

impl Sum {
    fn add(&mut self, had: f64, usual: f64) {
        self.had += had;
        self.usual += usual;
        self.days += 1.0;
    }

    fn without(self, (had, usual): (f64, f64)) -> Self {
        Self {
            had: self.had - had,
            usual: self.usual - usual,
            days: self.days - 1.0,
        }
    }

    /// Mixed with so much of what is usual, at another ratio.
    fn ratio(self, weight: f64, other: f64) -> f64 {
        let (had, usual) = (self.had + weight * other, self.usual + weight);
        if usual > 0.0 {
            (had / usual).clamp(0.0, MOST)
        } else {
            other
        }
    }
}

/// What each holiday, of the past and to come, is multiplied by; `None` where the past does not show that it helps.
pub(crate) fn learned(
    y: &[f64],
    usual: &[f64],
    holidays: &BTreeMap<usize, &str>,
) -> Option<Vec<(usize, f64)>> {
    let past: Vec<(usize, &str)> = holidays
        .range(..y.len())
        .map(|(day, name)| (*day, *name))
        .filter(|(day, _)| usual[*day] > 0.0)
        .collect();
    if past.len() < LEAST {
        return None;
    }
    let mut all = Sum::default();
    let mut by_name: BTreeMap<&str, Sum> = BTreeMap::new();
    for (day, name) in &past {
        all.add(y[*day], usual[*day]);
        by_name.entry(name).or_default().add(y[*day], usual[*day]);
    }
    let one = all.usual / of(past.len());
    let effect = |all: Sum, own: Sum| {
        let common = all.ratio(DOUBT * one, 1.0);
        own.ratio(one, common)
    };
    let errors = past.iter().map(|(day, name)| {
        let seen = (y[*day], usual[*day]);
        let own = by_name.get(name).copied().unwrap_or_default();
        let told = effect(all.without(seen), own.without(seen));
        ((seen.0 - seen.1 * told).abs(), (seen.0 - seen.1).abs())
    });
    let (with, without): (Vec<f64>, Vec<f64>) = errors.unzip();
    if mean(&with) >= BETTER * mean(&without) {
        return None;
    }
    let effects = holidays.iter().map(|(day, name)| {
        let own = by_name.get(name).copied().unwrap_or_default();
        (*day, effect(all, own))
    });
    Some(effects.collect())
}
