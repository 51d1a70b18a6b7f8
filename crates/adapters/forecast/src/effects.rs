//! What is known of single days: events that a person entered, and regressors. Their effect is taken out of the past before any model sees it,
//! and put into the days to come.

use crate::holidays;
use crate::linear::Normal;
use crate::num::{mean, of};
use crate::profile;
use domain::forecast::{Event, EventKind, Series};
use std::collections::BTreeMap;

/// What each day, of the past and to come, is multiplied by (or what is added, in a series with negative days).
#[derive(Debug)]
pub(crate) struct Effects {
    days: Vec<f64>,
    factors: bool,
}

/// Days around a day that tell its level.
const AROUND: usize = 14;
/// Occurrences without effect that an event's own are mixed with.
const DOUBT: f64 = 0.5;
/// The same for regressors, in days.
const DAYS_OF_DOUBT: f64 = 10.0;
/// A day with less of its level than this tells nothing about the level.
const LEAST: f64 = 0.2;
const MOST: f64 = 20.0;

impl Effects {
    /// `None` where nothing is known of any day.
    pub(crate) fn of(
        series: &Series,
        events: &[Event],
        (season, horizon): (usize, usize),
        factors: bool,
    ) -> Option<Self> {
        let named = days_of_events(series, events, (EventKind::Told, horizon));
        let holidays = if factors {
            holidays::days(days_of_events(
                series,
                events,
                (EventKind::Holiday, horizon),
            ))
        } else {
            BTreeMap::new()
        };
        let columns: Vec<&Vec<f64>> = series
            .regressors
            .iter()
            .enumerate()
            .filter(|(at, _)| series.known_ahead(*at, horizon))
            .map(|(_, column)| column)
            .collect();
        if named.is_empty() && columns.is_empty() && holidays.is_empty() {
            return None;
        }
        let n = series.values.len();
        let none = if factors { 1.0 } else { 0.0 };
        let mut effects = Self {
            days: vec![none; n + horizon],
            factors,
        };
        let mut special: Vec<usize> = named.values().flatten().copied().collect();
        special.extend(holidays.keys());
        let mut did_help = false;
        // The second time the usual level is seen without what the first found.
        for _ in 0..2 {
            let usual = effects.usual(&series.values, &special, season);
            let mut days = vec![none; n + horizon];
            for at in named.values() {
                let effect = event_effect(&series.values, &usual, at, factors);
                for day in at {
                    days[*day] = if factors {
                        days[*day] * effect
                    } else {
                        days[*day] + effect
                    };
                }
            }
            let found = holidays::learned(&series.values, &usual, &holidays);
            did_help = found.is_some();
            for (day, effect) in found.iter().flatten() {
                days[*day] *= effect;
            }
            effects.days = days;
            effects.add_regressors(&series.values, &usual, &columns);
        }
        (did_help || !named.is_empty() || !columns.is_empty()).then_some(effects)
    }

    /// The past as if nothing had been special.
    pub(crate) fn taken_out(&self, y: &[f64]) -> Vec<f64> {
        let n = y.len();
        let day = |at: usize| {
            let effect = self.days[at];
            if !self.factors {
                y[at] - effect
            } else if effect >= LEAST {
                y[at] / effect
            } else {
                // The day was closed, so to say: the days around it speak for it.
                let near = [at.checked_sub(7), at.checked_add(7).filter(|a| *a < n)];
                mean(&near.into_iter().flatten().map(|a| y[a]).collect::<Vec<_>>())
            }
        };
        (0..n).map(day).collect()
    }

    /// A day to come with what is known of it, after a past of so many days.
    pub(crate) fn put_in(&self, value: f64, day: usize) -> f64 {
        if self.factors {
            value * self.days[day]
        } else {
            value + self.days[day]
        }
    }

    /// What each day of the past would usually have had: its weekday's share of the level around it.
    fn usual(&self, y: &[f64], special_days: &[usize], season: usize) -> Vec<f64> {
        let clean = self.taken_out(y);
        let week = profile::short(&clean, season, 0, self.factors);
        let level = week.adjust(&clean);
        let mut special = vec![false; y.len()];
        for day in special_days.iter().filter(|d| **d < y.len()) {
            special[*day] = true;
        }
        let around = |at: usize| {
            let span = at.saturating_sub(AROUND)..(at + AROUND + 1).min(y.len());
            let days: Vec<f64> = span.filter(|d| !special[*d]).map(|d| level[d]).collect();
            if days.is_empty() {
                level[at]
            } else {
                mean(&days)
            }
        };
        let levels: Vec<f64> = (0..y.len()).map(around).collect();
        week.restore(&levels, 0)
    }

    fn add_regressors(&mut self, y: &[f64], usual: &[f64], columns: &[&Vec<f64>]) {
        if columns.is_empty() {
            return;
        }
        let centred: Vec<Vec<f64>> = columns.iter().map(|c| centred(c, y.len())).collect();
        let row = |day: usize| -> Vec<f64> { centred.iter().map(|c| c[day]).collect() };
        let level = mean(usual);
        let mut normal = Normal::new(columns.len());
        for (day, (value, usual)) in y.iter().zip(usual).enumerate() {
            let row = row(day);
            let expected = if self.factors {
                usual * self.days[day]
            } else {
                usual + self.days[day]
            };
            let (miss, weight) = if self.factors {
                // Few units miss by much of their level, by chance: they weigh as little as they are.
                (value / expected.max(1e-9) - 1.0, expected / level.max(1e-9))
            } else {
                (value - expected, 1.0)
            };
            if expected.abs() > 1e-9 && row.iter().all(|v| v.is_finite()) {
                normal.add(&row, miss.min(MOST), weight);
            }
        }
        let Some(found) = normal.solve(&vec![DAYS_OF_DOUBT; columns.len()]) else {
            return;
        };
        for day in 0..self.days.len() {
            let row = row(day);
            let sum: f64 = row
                .iter()
                .zip(&found)
                .filter(|(v, _)| v.is_finite())
                .map(|(a, b)| a * b)
                .sum();
            if self.factors {
                self.days[day] *= (1.0 + sum).clamp(0.0, MOST);
            } else {
                self.days[day] += sum;
            }
        }
    }
}

/// In standard deviations from its mean over the past.
fn centred(column: &[f64], past: usize) -> Vec<f64> {
    let known: Vec<f64> = column[..past]
        .iter()
        .copied()
        .filter(|v| v.is_finite())
        .collect();
    let centre = mean(&known);
    let squares: Vec<f64> = known.iter().map(|v| (v - centre).powi(2)).collect();
    let spread = mean(&squares).sqrt();
    let scale = if spread > 0.0 { 1.0 / spread } else { 0.0 };
    column.iter().map(|v| (v - centre) * scale).collect()
}

/// Places of the days of each event, of the past and to come.
fn days_of_events<'a>(
    series: &Series,
    events: &'a [Event],
    (kind, horizon): (EventKind, usize),
) -> BTreeMap<&'a str, Vec<usize>> {
    let mut named: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for event in events {
        if event.kind != kind || event.series.as_ref().is_some_and(|id| *id != series.id) {
            continue;
        }
        let place = usize::try_from((event.day - series.start).num_days());
        if let Ok(place) = place
            && place < series.values.len() + horizon
        {
            named.entry(&event.name).or_default().push(place);
        }
    }
    named
}

/// What the event did on the days of the past that had it, mixed with nothing.
fn event_effect(y: &[f64], usual: &[f64], days: &[usize], factors: bool) -> f64 {
    let past: Vec<usize> = days.iter().copied().filter(|d| *d < y.len()).collect();
    let sum = |values: &[f64]| -> f64 { past.iter().map(|d| values[*d]).sum() };
    let (had, expected) = (sum(y), sum(usual));
    let count = of(past.len());
    if count == 0.0 {
        return if factors { 1.0 } else { 0.0 };
    }
    if factors {
        let doubt = DOUBT * expected / count;
        if expected > 0.0 {
            ((had + doubt) / (expected + doubt)).clamp(0.0, MOST)
        } else {
            1.0
        }
    } else {
        (had - expected) / (count + DOUBT)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::NaiveDate;

    fn series(values: Vec<f64>, regressors: Vec<Vec<f64>>) -> Series {
        Series {
            id: "a".to_owned(),
            start: NaiveDate::from_ymd_opt(2026, 1, 1).unwrap(),
            values,
            regressors,
        }
    }

    fn event(series: &Series, at: usize, only: Option<&str>) -> Event {
        Event {
            day: series.day(at),
            name: "sale".to_owned(),
            series: only.map(str::to_owned),
            kind: EventKind::Told,
        }
    }

    #[test]
    fn an_event_that_doubled_before_nearly_doubles_again() {
        let mut values = vec![10.0; 120];
        let places = [20, 50, 80, 110];
        places.iter().for_each(|p| values[*p] = 20.0);
        let series = series(values, Vec::new());
        let places = places.into_iter().chain([125]);
        let events: Vec<_> = places.map(|p| event(&series, p, None)).collect();
        let effects = Effects::of(&series, &events, (7, 14), true).unwrap();
        assert!((effects.put_in(10.0, 125) - 18.9).abs() < 0.5);
        assert!((effects.put_in(10.0, 124) - 10.0).abs() < 1e-9);
        let clean = effects.taken_out(&series.values);
        assert!(clean.iter().all(|v| (v - 10.0).abs() < 1.0));
    }

    #[test]
    fn an_event_of_another_series_or_never_seen_does_nothing() {
        let series = series(vec![5.0; 60], Vec::new());
        let other = event(&series, 10, Some("b"));
        assert!(Effects::of(&series, &[other], (7, 7), true).is_none());
        let new = event(&series, 62, None);
        let effects = Effects::of(&series, &[new], (7, 7), true).unwrap();
        assert_eq!(effects.put_in(5.0, 62), 5.0);
    }

    #[test]
    fn a_holiday_counts_where_the_past_shows_that_it_helps() {
        let places = [20, 55, 83, 110];
        let mut closed = vec![10.0; 120];
        places.iter().for_each(|p| closed[*p] = 0.0);
        let holidays = |series: &Series| -> Vec<Event> {
            let days = places.into_iter().chain([125]);
            days.map(|p| Event::holiday(series.day(p), format!("day {p}")))
                .collect()
        };
        let closed = series(closed, Vec::new());
        let effects = Effects::of(&closed, &holidays(&closed), (7, 14), true).unwrap();
        assert!(
            effects.put_in(10.0, 125) < 2.0,
            "one that was never seen is like the others"
        );
        assert_eq!(effects.put_in(10.0, 124), 10.0);
        let mut as_usual = vec![12.0; 120];
        let chance = places.iter().zip([11.0, 13.0, 11.0, 13.0]);
        chance.for_each(|(p, had)| as_usual[*p] = had);
        let as_usual = series(as_usual, Vec::new());
        let effects = Effects::of(&as_usual, &holidays(&as_usual), (7, 14), true);
        assert!(effects.is_none(), "nothing was special about them");
        let mut once = vec![10.0; 120];
        once[20] = 0.0;
        let once = series(once, Vec::new());
        let effects = Effects::of(&once, &holidays(&once), (7, 14), true);
        assert!(effects.is_none(), "one of four is chance");
    }

    #[test]
    fn a_regressor_that_is_known_ahead_moves_the_days_to_come() {
        let promoted = |day: usize| if day % 9 < 2 { 1.0 } else { 0.0 };
        let values = (0..200).map(|d| if promoted(d) > 0.0 { 16.0 } else { 8.0 });
        let column: Vec<f64> = (0..214).map(promoted).collect();
        let known = series(values.clone().collect(), vec![column.clone()]);
        let effects = Effects::of(&known, &[], (7, 14), true).unwrap();
        let (with, without) = (effects.put_in(9.8, 207), effects.put_in(9.8, 210));
        assert!(with / without > 1.6, "{with} {without}");
        let unknown = series(values.collect(), vec![column[..205].to_vec()]);
        assert!(Effects::of(&unknown, &[], (7, 14), true).is_none());
    }
}
