//! Forecasts of earlier nights, held against what was sold.
//!
//! Sums, not means, are kept, so that days, horizons and models add up to any range. How well sizes were told is measured by `point`, the centre with the
//! smallest absolute error; whether too much or too little was told by `mean`, because stock is bought by it.

use super::stored::{StoredForecast, TargetLevel};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::ops::AddAssign;

/// Days ahead that belong together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Bucket {
    Tomorrow,
    Week,
    SecondWeek,
    Later,
}

impl Bucket {
    pub const ALL: [Self; 4] = [Self::Tomorrow, Self::Week, Self::SecondWeek, Self::Later];

    /// First and last day ahead.
    #[must_use]
    pub const fn days(self) -> (usize, usize) {
        match self {
            Self::Tomorrow => (1, 1),
            Self::Week => (2, 7),
            Self::SecondWeek => (8, 14),
            Self::Later => (15, 28),
        }
    }

    fn of(ahead: usize) -> Option<Self> {
        Self::ALL.into_iter().find(|b| {
            let (from, to) = b.days();
            (from..=to).contains(&ahead)
        })
    }
}

/// Sums over days that were compared.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Sums {
    pub days: u64,
    pub missed: f64,
    /// Expected less sold.
    pub over: f64,
    pub sold: f64,
    pub within: u64,
    /// Misses in those of the same weekday a week before, of the days that have such a scale.
    pub scaled: f64,
    pub scaled_days: u64,
}

impl AddAssign for Sums {
    fn add_assign(&mut self, other: Self) {
        self.days += other.days;
        self.missed += other.missed;
        self.over += other.over;
        self.sold += other.sold;
        self.within += other.within;
        self.scaled += other.scaled;
        self.scaled_days += other.scaled_days;
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "counts of compared days, far below 2⁵³"
)]
impl Sums {
    #[must_use]
    pub fn mase(&self) -> Option<f64> {
        (self.scaled_days > 0).then(|| self.scaled / self.scaled_days as f64)
    }

    #[must_use]
    pub fn wape(&self) -> Option<f64> {
        (self.sold > 0.0).then(|| self.missed / self.sold)
    }

    /// Above 0: too much was told.
    #[must_use]
    pub fn bias(&self) -> Option<f64> {
        (self.sold > 0.0).then(|| self.over / self.sold)
    }

    /// Share of the days inside the interval of 80 %.
    #[must_use]
    pub fn coverage(&self) -> Option<f64> {
        (self.days > 0).then(|| self.within as f64 / self.days as f64)
    }
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Cell {
    pub level: TargetLevel,
    pub bucket: Bucket,
    pub model: String,
}

/// What one day said about the forecasts of the nights before it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DayScores {
    pub day: NaiveDate,
    pub cells: Vec<(Cell, Sums)>,
}

impl DayScores {
    pub fn total(&self, level: TargetLevel) -> Sums {
        let mut sums = Sums::default();
        let mine = self.cells.iter().filter(|(cell, _)| cell.level == level);
        mine.for_each(|(_, s)| sums += *s);
        sums
    }
}

/// Holds forecasts against days, one forecast after the other.
#[derive(Debug, Default)]
pub struct Scorer {
    days: BTreeMap<NaiveDate, BTreeMap<Cell, Sums>>,
}

impl Scorer {
    /// Of these days.
    #[must_use]
    pub fn of(days: impl IntoIterator<Item = NaiveDate>) -> Self {
        Self {
            days: days.into_iter().map(|d| (d, BTreeMap::new())).collect(),
        }
    }

    /// `sold` tells what was wanted on a day; `None`: nobody knows, it was out of stock.
    pub fn add(&mut self, forecast: &StoredForecast, sold: impl Fn(NaiveDate) -> Option<f64>) {
        for (day, cells) in &mut self.days {
            let Ok(at) = usize::try_from((*day - forecast.first).num_days()) else {
                continue;
            };
            let (Some(step), Some(bucket)) = (forecast.steps.get(at), Bucket::of(at + 1)) else {
                continue;
            };
            let Some(sold) = sold(*day) else { continue };
            let missed = (step.point - sold).abs();
            let cell = Cell {
                level: forecast.target.level(),
                bucket,
                model: forecast.lead.clone(),
            };
            *cells.entry(cell).or_default() += Sums {
                days: 1,
                missed,
                over: step.mean - sold,
                sold,
                within: u64::from((step.low..=step.high).contains(&sold)),
                scaled: forecast.scale.map_or(0.0, |scale| missed / scale),
                scaled_days: u64::from(forecast.scale.is_some()),
            };
        }
    }

    /// Days on which nothing could be compared are there, without cells.
    #[must_use]
    pub fn finish(self) -> Vec<DayScores> {
        let days = self.days.into_iter();
        days.map(|(day, cells)| DayScores {
            day,
            cells: cells.into_iter().collect(),
        })
        .collect()
    }
}

/// Whether forecasts got worse of late.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Drift {
    pub state: DriftState,
    pub recent: Option<f64>,
    pub past: Option<f64>,
    /// How often weeks of one and the same quality would differ that much.
    pub p_value: Option<f64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DriftState {
    TooEarly,
    None,
    Drifting,
}

const RECENT_WEEKS: usize = 4;
const LEAST_PAST_WEEKS: usize = 6;
/// What is called significant, and how much worse it has to be to matter.
const SIGNIFICANT: f64 = 0.01;
const MATTERS: f64 = 1.1;

impl Drift {
    /// The weekly errors of variants over the last 28 scored days against those of the (at most) half year before; days of a week know of each other, so weeks
    /// are compared: in which share of all ways to choose four of the weeks would these four be as bad?
    #[must_use]
    pub fn of(days: &[DayScores]) -> Self {
        let mut weeks: Vec<f64> = Vec::new();
        for week in days.rchunks_exact(7) {
            let mut sums = Sums::default();
            week.iter()
                .for_each(|d| sums += d.total(TargetLevel::Variant));
            weeks.extend(sums.mase());
        }
        // The newest first.
        weeks.truncate(RECENT_WEEKS + 26);
        if weeks.len() < RECENT_WEEKS + LEAST_PAST_WEEKS {
            return Self {
                state: DriftState::TooEarly,
                recent: None,
                past: None,
                p_value: None,
            };
        }
        let mean = |values: &[f64]| {
            let n = u32::try_from(values.len()).unwrap_or(1);
            values.iter().sum::<f64>() / f64::from(n.max(1))
        };
        let (recent, past) = weeks.split_at(RECENT_WEEKS);
        let (recent, past) = (mean(recent), mean(past));
        let p_value = as_bad(&weeks);
        let drifts = p_value < SIGNIFICANT && recent > MATTERS * past;
        Self {
            state: if drifts {
                DriftState::Drifting
            } else {
                DriftState::None
            },
            recent: Some(recent),
            past: Some(past),
            p_value: Some(p_value),
        }
    }
}

/// The exact test by permutation: of all choices of as many weeks as the first ones, the share with a sum at least as large.
fn as_bad(weeks: &[f64]) -> f64 {
    let seen: f64 = weeks[..RECENT_WEEKS].iter().sum();
    // Sums of the same numbers in another order differ in their last bits.
    let least = seen - 1e-9;
    let (mut all, mut worse) = (0_u32, 0_u32);
    let n = weeks.len();
    for a in 0..n {
        for b in a + 1..n {
            for c in b + 1..n {
                for d in c + 1..n {
                    all += 1;
                    let sum = weeks[a] + weeks[b] + weeks[c] + weeks[d];
                    worse += u32::from(sum >= least);
                }
            }
        }
    }
    f64::from(worse) / f64::from(all.max(1))
}

#[cfg(test)]
#[path = "score_tests.rs"]
mod tests;
