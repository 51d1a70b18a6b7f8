//! Seasonal profiles: what a day of the week or of the year has to do with its level. The year's is fitted in `year`.

use crate::num::{mean, of};

/// What each day has, of the past and of the days to come: a factor where the series is never negative, else a summand.
#[derive(Debug, Clone)]
pub(crate) struct Profile {
    days: Vec<f64>,
    factors: bool,
}

impl Profile {
    pub(crate) fn new(days: Vec<f64>, factors: bool) -> Self {
        Self { days, factors }
    }

    /// The past without the profile.
    pub(crate) fn adjust(&self, y: &[f64]) -> Vec<f64> {
        let pairs = y.iter().zip(&self.days);
        if self.factors {
            pairs.map(|(y, f)| y / f.max(LEAST)).collect()
        } else {
            pairs.map(|(y, f)| y - f).collect()
        }
    }

    /// The days to come with it, after a past of so many days.
    pub(crate) fn restore(&self, levels: &[f64], past: usize) -> Vec<f64> {
        let pairs = levels.iter().zip(&self.days[past..]);
        if self.factors {
            pairs.map(|(l, f)| l * f).collect()
        } else {
            pairs.map(|(l, f)| l + f).collect()
        }
    }

    /// Both of them together.
    pub(crate) fn with(&self, other: &Self) -> Self {
        let pairs = self.days.iter().zip(&other.days);
        let days = if self.factors {
            pairs.map(|(a, b)| a * b).collect()
        } else {
            pairs.map(|(a, b)| a + b).collect()
        };
        Self {
            days,
            factors: self.factors,
        }
    }
}

/// A day with less of its level than this is not scaled up: it would be noise.
const LEAST: f64 = 0.05;
/// Seasons after which what a weekday was counts half.
const HALF_LIFE: f64 = 13.0;
/// Further back nothing counts.
const LOOK_BACK: usize = 52;
/// Seasons of the mean level that each weekday is mixed with, so that a few days prove little.
const SHRINK: f64 = 2.0;

/// Short profile of a period, e.g. the week: the ratio (or difference) of each of its days to the level around it, newer weeks first, shrunk
/// to none. Reaches `more` days into the future.
pub(crate) fn short(y: &[f64], period: usize, more: usize, factors: bool) -> Profile {
    let n = y.len();
    let none = if factors { 1.0 } else { 0.0 };
    if period < 2 || n < 2 * period {
        return Profile {
            days: vec![none; n + more],
            factors,
        };
    }
    let first = n.saturating_sub(LOOK_BACK * period);
    let overall = mean(&y[first..]).abs();
    let (mut sums, mut levels) = (vec![0.0; period], vec![0.0; period]);
    let around = around(&y[first..], period);
    for (at, (value, level)) in y[first..].iter().zip(&around).enumerate() {
        let age = of(n - first - 1 - at) / of(period);
        let weight = (-age / HALF_LIFE * std::f64::consts::LN_2).exp();
        let slot = (first + at) % period;
        let (sum, base) = if factors {
            (*value, *level)
        } else {
            (value - level, 1.0)
        };
        sums[slot] += weight * sum;
        levels[slot] += weight * base;
    }
    let slots: Vec<f64> = (0..period)
        .map(|slot| {
            if factors {
                let shrink = SHRINK * overall.max(1e-9);
                (sums[slot] + shrink) / (levels[slot] + shrink)
            } else {
                sums[slot] / (levels[slot] + SHRINK)
            }
        })
        .collect();
    let centre = mean(&slots);
    let slots = slots.iter().map(|s| {
        if factors {
            s / centre.max(1e-9)
        } else {
            s - centre
        }
    });
    let slots: Vec<f64> = slots.collect();
    Profile {
        days: (0..n + more).map(|day| slots[day % period]).collect(),
        factors,
    }
}

/// Mean of the period around each day, at the ends of the nearest whole period.
fn around(y: &[f64], period: usize) -> Vec<f64> {
    let n = y.len();
    let mut sums = vec![0.0; n + 1];
    for (at, value) in y.iter().enumerate() {
        sums[at + 1] = sums[at] + value;
    }
    let day = |at: usize| {
        let from = at.saturating_sub(period / 2).min(n - period);
        (sums[from + period] - sums[from]) / of(period)
    };
    (0..n).map(day).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_week_is_found_and_taken_out() {
        let y: Vec<f64> = (0..210)
            .map(|day| if day % 7 == 5 { 20.0 } else { 10.0 })
            .collect();
        let week = short(&y, 7, 7, true);
        let level = week.adjust(&y);
        assert!(
            level.iter().all(|l| (l - 80.0 / 7.0).abs() < 0.8),
            "{level:?}"
        );
        let told = week.restore(&[80.0 / 7.0; 7], 210);
        assert!((told[5] - 20.0).abs() < 1.2 && (told[0] - 10.0).abs() < 0.8);
    }

    #[test]
    fn differences_are_found_where_days_are_negative() {
        let y: Vec<f64> = (0..210)
            .map(|day| if day % 7 == 5 { 3.0 } else { -4.0 })
            .collect();
        let week = short(&y, 7, 7, false);
        let told = week.restore(&[-3.0; 7], 210);
        assert!(
            (told[5] - 3.0).abs() < 0.8 && (told[0] + 4.0).abs() < 0.8,
            "{told:?}"
        );
    }
}
