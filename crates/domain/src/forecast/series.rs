//! A daily series, put together from rows in any order, and what had to be done to it.

use super::Missing;
use chrono::{Days, NaiveDate};
use std::collections::VecDeque;
use std::ops::AddAssign;
use thiserror::Error;

/// A value for every day from the first to the last.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    pub id: String,
    pub start: NaiveDate,
    pub values: Vec<f64>,
    /// What else is known of each day; may reach further than the values. A day without a figure is NaN.
    pub regressors: Vec<Vec<f64>>,
}

impl Series {
    /// `None` outside, and where nobody knows.
    #[must_use]
    pub fn on(&self, day: NaiveDate) -> Option<f64> {
        let at = usize::try_from((day - self.start).num_days()).ok()?;
        self.values.get(at).copied().filter(|value| !value.is_nan())
    }

    /// The day at a place; the first one beyond the calendar's end.
    #[must_use]
    pub fn day(&self, at: usize) -> NaiveDate {
        let after = u64::try_from(at).ok().map(Days::new);
        let day = after.and_then(|d| self.start.checked_add_days(d));
        day.unwrap_or(self.start)
    }

    /// Whether a regressor is told for every day of a horizon; one that is not cannot be used.
    #[must_use]
    pub fn known_ahead(&self, regressor: usize, horizon: usize) -> bool {
        let past = self.values.len();
        let column = self.regressors.get(regressor);
        let ahead = column.and_then(|column| column.get(past..past + horizon));
        ahead.is_some_and(|days| days.iter().all(|v| v.is_finite()))
    }
}

/// What was found in the rows, and done about it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Findings {
    /// Rows of a day that had one: added to it.
    pub doubled: u64,
    /// Rows that came after a later day: put in their place.
    pub out_of_order: u64,
    /// Rows without a figure: as if they were missing.
    pub no_figure: u64,
    /// Days between the first and the last that had no row or figure, taken as 0.
    pub taken_as_zero: u64,
    /// The same, bridged from the same weekday around them.
    pub bridged: u64,
    /// Days below 0: they stay, and the forecast is not held at 0 then.
    pub negative: u64,
}

impl AddAssign for Findings {
    fn add_assign(&mut self, other: Self) {
        self.doubled += other.doubled;
        self.out_of_order += other.out_of_order;
        self.no_figure += other.no_figure;
        self.taken_as_zero += other.taken_as_zero;
        self.bridged += other.bridged;
        self.negative += other.negative;
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Refused {
    #[error(
        "series {id:?} has {first} and {last}, more than {} days: one of them is no day of it",
        Builder::LONGEST
    )]
    TooLong {
        id: String,
        first: NaiveDate,
        last: NaiveDate,
    },
    #[error("series {0:?} has no day with a figure")]
    Empty(String),
}

/// Takes rows one by one and keeps eight bytes a day and column.
#[derive(Debug, Clone)]
pub struct Builder {
    start: NaiveDate,
    /// The values, then each regressor; all of one length.
    columns: Vec<VecDeque<f64>>,
    last_seen: NaiveDate,
    findings: Findings,
}

impl Builder {
    /// A century of days.
    pub const LONGEST: i64 = 36_600;
    /// From this share of missing days on, a series without a zero is a list of sales.
    const SPARSE: f64 = 0.1;

    /// Begins at the day of the first row, with as many columns as rows will have.
    #[must_use]
    pub fn new(day: NaiveDate, columns: usize) -> Self {
        Self {
            start: day,
            columns: vec![VecDeque::new(); columns.max(1)],
            last_seen: day,
            findings: Findings::default(),
        }
    }

    /// A row: the value, then the regressors; NaN where there is no figure. What is further away than a series can be long is refused.
    pub fn add(&mut self, id: &str, day: NaiveDate, row: &[f64]) -> Result<(), Refused> {
        let place = self.place(id, day)?;
        if day < self.last_seen {
            self.findings.out_of_order += 1;
        }
        self.last_seen = self.last_seen.max(day);
        let usable = |v: &f64| v.is_finite();
        let future = row.len() > 1 && row[1..].iter().any(usable);
        if !row.first().is_some_and(usable) && !future {
            self.findings.no_figure += 1;
        }
        for (at, (column, value)) in self.columns.iter_mut().zip(row).enumerate() {
            let slot = &mut column[place];
            if !value.is_finite() {
                continue;
            }
            if slot.is_nan() {
                *slot = *value;
            } else if at == 0 {
                *slot += value;
                self.findings.doubled += 1;
            }
        }
        Ok(())
    }

    /// The place of a day, which is made when it is new.
    fn place(&mut self, id: &str, day: NaiveDate) -> Result<usize, Refused> {
        let offset = (day - self.start).num_days();
        let length = self.columns[0].len();
        let too_long = || Refused::TooLong {
            id: id.to_owned(),
            first: day.min(self.start),
            last: day.max(self.last_seen),
        };
        let span = (day.max(self.last_seen) - day.min(self.start)).num_days();
        if span >= Self::LONGEST {
            return Err(too_long());
        }
        if let Ok(at) = usize::try_from(offset) {
            if at >= length {
                for column in &mut self.columns {
                    column.resize(at + 1, f64::NAN);
                }
            }
            return Ok(at);
        }
        for _ in 0..-offset {
            for column in &mut self.columns {
                column.push_front(f64::NAN);
            }
        }
        self.start = day;
        Ok(0)
    }

    /// The last day with a figure.
    #[must_use]
    pub fn last(&self) -> Option<NaiveDate> {
        let at = self.columns[0].iter().rposition(|v| v.is_finite())?;
        self.start
            .checked_add_days(Days::new(u64::try_from(at).ok()?))
    }

    /// The series; under `Missing::Zero` it reaches to `until`.
    pub fn build(
        self,
        id: String,
        missing: Missing,
        until: NaiveDate,
    ) -> Result<(Series, Findings), Refused> {
        let last = self.last();
        let mut findings = self.findings;
        let mut columns = self.columns.into_iter().map(Vec::from);
        let mut values = columns.next().unwrap_or_default();
        let mut regressors: Vec<_> = columns.collect();
        let (Some(first), Some(last)) = (values.iter().position(|v| v.is_finite()), last) else {
            return Err(Refused::Empty(id));
        };
        let end = values.iter().rposition(|v| v.is_finite()).unwrap_or(first);
        values.truncate(end + 1);
        values.drain(..first);
        for column in &mut regressors {
            column.drain(..first);
        }
        let missing = match missing {
            Missing::Auto if is_list_of_sales(&values) => Missing::Zero,
            Missing::Auto => Missing::Unknown,
            Missing::Zero => {
                let more = usize::try_from((until - last).num_days()).unwrap_or(0);
                values.resize(values.len() + more, f64::NAN);
                Missing::Zero
            }
            Missing::Unknown => Missing::Unknown,
        };
        let gaps = values.iter().filter(|v| v.is_nan()).count() as u64;
        if missing == Missing::Zero {
            findings.taken_as_zero += gaps;
            let gaps = values.iter_mut().filter(|v| v.is_nan());
            gaps.for_each(|v| *v = 0.0);
        } else {
            findings.bridged += gaps;
            bridge(&mut values);
        }
        findings.negative += values.iter().filter(|v| **v < 0.0).count() as u64;
        let start = self.start + Days::new(first as u64);
        values.shrink_to_fit();
        let series = Series {
            id,
            start,
            values,
            regressors,
        };
        Ok((series, findings))
    }
}

fn is_list_of_sales(values: &[f64]) -> bool {
    let share = |n: usize| {
        let part = u32::try_from(n).map_or(0.0, f64::from);
        part / u32::try_from(values.len()).map_or(1.0, f64::from)
    };
    let missing = values.iter().filter(|v| v.is_nan()).count();
    !values.contains(&0.0) && share(missing) >= Builder::SPARSE
}

/// A missing day (NaN) becomes the mean of the nearest same weekdays before and after it; beyond these, of the nearest days; 0 when there is none.
pub(super) fn bridge(values: &mut [f64]) {
    if !values.iter().any(|v| v.is_nan()) {
        return;
    }
    let known = values.to_vec();
    let look = |at: usize, step: usize| {
        let before = (1..).map_while(|k| at.checked_sub(k * step));
        let before = before.map(|i| known[i]).find(|v| v.is_finite());
        let after = (1..).map_while(|k| known.get(at + k * step));
        let after = after.copied().find(|v| v.is_finite());
        match (before, after) {
            (Some(a), Some(b)) => Some(f64::midpoint(a, b)),
            (one, other) => one.or(other),
        }
    };
    for (at, value) in values.iter_mut().enumerate() {
        if value.is_nan() {
            *value = look(at, 7).or_else(|| look(at, 1)).unwrap_or(0.0);
        }
    }
}

#[cfg(test)]
mod tests;
