//! What a policy would have done over the store's own past.

use super::decision::{Decision, Proposal};
use crate::calendar::Calendar;
use crate::changes::Effect;
use chrono::{DateTime, Duration, NaiveDate, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

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

/// When a subject that was proposed may be proposed again; nothing was done about it in the past that is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Repeats {
    /// It waits while it is valid, and for as long as its effect was counted for: else the same gain would be counted twice.
    AfterEffect,
    /// It is taken as decided on.
    Never,
}

/// Walks over the days of a range and collects what would have been proposed on each.
#[derive(Debug)]
pub struct Rehearser {
    calendar: Calendar,
    from: NaiveDate,
    to: NaiveDate,
    repeats: Repeats,
    /// Until when a subject that was proposed is not proposed again; `None`: for ever.
    open: BTreeMap<String, Option<DateTime<Utc>>>,
    days: Vec<RehearsedDay>,
}

impl Rehearser {
    /// Both days included.
    #[must_use]
    pub const fn new(from: NaiveDate, to: NaiveDate, zone: Tz, repeats: Repeats) -> Self {
        Self {
            calendar: Calendar::of(zone),
            from,
            to,
            repeats,
            open: BTreeMap::new(),
            days: Vec::new(),
        }
    }

    /// The day that comes next; `None`: the range is over.
    #[must_use]
    pub fn day(&self) -> Option<NaiveDate> {
        let next = match self.days.last() {
            Some(last) => last.day.succ_opt()?,
            None => self.from,
        };
        (next <= self.to).then_some(next)
    }

    /// The instant of its decision: its end.
    #[must_use]
    pub fn now(&self) -> Option<DateTime<Utc>> {
        self.day().map(|day| end_of(self.calendar, day))
    }

    /// What was proposed before and still counts: the facts of the day name it, so that it takes no room.
    #[must_use]
    pub fn told(&self) -> BTreeSet<String> {
        let Some(now) = self.now() else {
            return BTreeSet::new();
        };
        let open = self.open.iter();
        open.filter(|(_, until)| until.is_none_or(|until| now < until))
            .map(|(subject, _)| subject.clone())
            .collect()
    }

    /// Takes what was decided on the day that comes next.
    pub fn take(&mut self, decision: Decision) {
        let (Some(day), Some(now)) = (self.day(), self.now()) else {
            return;
        };
        let told = self.told();
        let mut proposals = decision.proposals;
        proposals.retain(|p| !told.contains(&p.subject));
        for proposal in &proposals {
            let until = match self.repeats {
                Repeats::Never => None,
                Repeats::AfterEffect => Some(now + counted(proposal)),
            };
            self.open.insert(proposal.subject.clone(), until);
        }
        let effect = sum(proposals.iter().filter_map(applied));
        self.days.push(RehearsedDay {
            day,
            proposals,
            effect,
        });
    }

    /// With a sentence on what the decisions could and could not rest on.
    #[must_use]
    pub fn finish(self, rests_on: &str) -> Rehearsal {
        let effects = || self.days.iter().flat_map(|d| &d.proposals);
        let effect = sum(effects().filter_map(applied));
        let known = self
            .days
            .iter()
            .filter_map(|d| d.effect.map(|e| (e.mean, d.day)));
        let counts = || self.days.iter().map(|d| d.proposals.len() as u64);
        let said = match effect {
            Some(_) => EFFECT_SAID,
            None => "None of the proposals has an effect that can be computed from facts.",
        };
        Rehearsal {
            from: self.from,
            to: self.to,
            proposals: counts().sum(),
            busiest: counts().max().unwrap_or(0),
            worst: known.min().map(|(_, day)| day),
            effect,
            explanation: format!("{said} {rests_on}").trim().to_owned(),
            days: self.days,
        }
    }
}

/// What a sum of effects means.
const EFFECT_SAID: &str = "The effect is what the policy's own model predicted on each day, not something that was observed: nothing was \
    changed in that past. It is the sum over the proposals, each over its own days and each counted once; the interval takes their errors \
    as independent, so that it is too narrow where they share a cause.";

/// Decides at the end of each day on what was known then. `facts_at` is given the day and the subjects that wait by then.
///
/// # Errors
/// The first one of `facts_at`.
pub fn rehearse<F, E>(
    mut rehearser: Rehearser,
    rests_on: &str,
    mut facts_at: impl FnMut(NaiveDate, BTreeSet<String>) -> Result<F, E>,
    mut decide: impl FnMut(&F, DateTime<Utc>) -> Decision,
) -> Result<Rehearsal, E> {
    while let (Some(day), Some(now)) = (rehearser.day(), rehearser.now()) {
        let facts = facts_at(day, rehearser.told())?;
        rehearser.take(decide(&facts, now));
    }
    Ok(rehearser.finish(rests_on))
}

/// The first instant after a day.
pub(super) fn end_of(calendar: Calendar, day: NaiveDate) -> DateTime<Utc> {
    calendar.start_of(day.succ_opt().unwrap_or(day))
}

fn counted(proposal: &Proposal) -> Duration {
    let valid = Duration::hours(i64::from(proposal.valid_hours));
    let days = proposal.effect.map_or(0, |e| i64::from(e.days));
    valid.max(Duration::days(days))
}

/// The effect of a proposal that would have changed something.
fn applied(proposal: &Proposal) -> Option<Effect> {
    proposal.effect.filter(|_| !proposal.wanted.is_empty())
}

/// Means add up; so do variances, as if the errors were independent of each other.
fn sum(effects: impl Iterator<Item = Effect>) -> Option<Effect> {
    let (mut days, mut mean, mut below, mut above) = (0, 0_i128, 0_u128, 0_u128);
    let square = |width: i128| width.unsigned_abs().saturating_mul(width.unsigned_abs());
    let mut any = false;
    for effect in effects {
        any = true;
        days = effect.days.max(days);
        mean += i128::from(effect.mean);
        let down = i128::from(effect.mean) - i128::from(effect.low);
        let up = i128::from(effect.high) - i128::from(effect.mean);
        below = below.saturating_add(square(down));
        above = above.saturating_add(square(up));
    }
    let clamp =
        |value: i128| i64::try_from(value).unwrap_or(if value < 0 { i64::MIN } else { i64::MAX });
    any.then(|| Effect {
        days,
        low: clamp(mean - root_up(below)),
        mean: clamp(mean),
        high: clamp(mean + root_up(above)),
    })
}

/// Rounded up: an interval is never drawn too narrow.
fn root_up(square: u128) -> i128 {
    let root = square.isqrt();
    i128::try_from(root + u128::from(root * root < square)).unwrap_or(i128::MAX / 4)
}
