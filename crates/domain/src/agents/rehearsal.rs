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
            let subjects = proposal.subjects().into_iter();
            self.open.extend(subjects.map(|subject| (subject, until)));
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agents::decision::Handling;
    use crate::changes::plan::Wanted;
    use crate::changes::{Action, Risk};
    use crate::ids::{ProductId, VariantId};
    use std::convert::Infallible;

    fn day(d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 5, d).unwrap()
    }

    fn proposal(subject: &str, effect: Option<(i64, i64, i64)>) -> Proposal {
        Proposal {
            subject: subject.to_owned(),
            title: String::new(),
            reason: String::new(),
            wanted: vec![Wanted {
                action: Action::Price {
                    product: ProductId(1),
                    variant: VariantId(1),
                    before: 1,
                    after: 2,
                },
                label: String::new(),
            }],
            evidence: vec![],
            effect: effect.map(|(low, mean, high)| Effect {
                days: 3,
                low,
                mean,
                high,
            }),
            effect_unknown: None,
            risk: Risk {
                score: 0,
                reasons: vec![],
            },
            confidence: 1_000,
            handling: Handling::Ask,
            valid_hours: 24,
        }
    }

    fn over(
        days: u32,
        repeats: Repeats,
        mut decide: impl FnMut(NaiveDate) -> Vec<Proposal>,
    ) -> Rehearsal {
        let rehearser = Rehearser::new(day(1), day(days), Tz::UTC, repeats);
        let facts_at = |day, _| Ok::<_, Infallible>(day);
        let Ok(rehearsal) = rehearse(rehearser, "Said.", facts_at, |day, now| {
            assert_eq!(now.date_naive(), day.succ_opt().unwrap());
            Decision {
                proposals: decide(*day),
                ..Decision::default()
            }
        });
        rehearsal
    }

    fn counts(rehearsal: &Rehearsal) -> Vec<usize> {
        let days = rehearsal.days.iter();
        days.map(|d| d.proposals.len()).collect()
    }

    #[test]
    fn a_subject_waits_while_it_is_valid_or_its_effect_is_counted() {
        let with = over(7, Repeats::AfterEffect, |_| {
            vec![proposal("a", Some((1, 2, 3)))]
        });
        assert_eq!(counts(&with), [1, 0, 0, 1, 0, 0, 1]);
        let without = over(3, Repeats::AfterEffect, |_| vec![proposal("a", None)]);
        assert_eq!(counts(&without), [1, 1, 1]);
        let once = over(3, Repeats::Never, |_| vec![proposal("a", None)]);
        assert_eq!(counts(&once), [1, 0, 0]);
    }

    #[test]
    fn variances_add_up_and_the_worst_day_is_the_lowest() {
        let rehearsal = over(3, Repeats::Never, |d| match d {
            d if d == day(1) => vec![
                proposal("a", Some((-200, 100, 500))),
                proposal("b", Some((-300, 100, 400))),
            ],
            d if d == day(2) => vec![proposal("c", Some((-50, -50, -50)))],
            _ => vec![],
        });
        // Down 300 and 400, up 400 and 300: 500 each way.
        let of = |e: Effect| (e.low, e.mean, e.high);
        assert_eq!(rehearsal.days[0].effect.map(of), Some((-300, 200, 700)));
        assert_eq!(rehearsal.days[2].effect, None);
        assert_eq!(rehearsal.effect.map(of), Some((-350, 150, 650)));
        assert_eq!((rehearsal.worst, rehearsal.busiest), (Some(day(2)), 2));
        assert_eq!(rehearsal.proposals, 3);
        assert!(
            rehearsal
                .explanation
                .contains("not something that was observed")
        );
        assert!(rehearsal.explanation.ends_with("Said."));
    }

    #[test]
    fn findings_that_change_nothing_have_no_effect() {
        let rehearsal = over(1, Repeats::Never, |_| {
            let mut told = proposal("a", Some((1, 2, 3)));
            told.wanted.clear();
            vec![told]
        });
        assert_eq!((rehearsal.effect, rehearsal.worst), (None, None));
        assert_eq!(rehearsal.proposals, 1);
        assert!(rehearsal.explanation.starts_with("None of the proposals"));
    }

    #[test]
    fn a_range_that_ends_before_it_begins_has_no_days() {
        let mut rehearser = Rehearser::new(day(2), day(1), Tz::UTC, Repeats::Never);
        rehearser.take(Decision::default());
        let rehearsal = rehearser.finish("");
        assert_eq!((rehearsal.days.len(), rehearsal.busiest), (0, 0));
    }
}
