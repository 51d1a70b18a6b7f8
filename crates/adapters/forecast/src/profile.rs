//! Seasonal profiles: what a day of the week or of the year has to do with its level.

use crate::linear::Normal;
use crate::num::{mean, of, tail};
use std::f64::consts::TAU;

/// What each day has, of the past and of the days to come: a factor where the series is never negative, else a summand.
#[derive(Debug, Clone)]
pub(crate) struct Profile {
    pub(crate) days: Vec<f64>,
    factors: bool,
}

impl Profile {
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

/// Waves of the long profile.
const WAVES: usize = 6;
/// Weeks between two bends of the level.
const BEND: usize = 13;
const WEEK: usize = 7;

/// Long profile of a period, e.g. the year: a quasi-Poisson regression (or least squares) of weekly means on waves and a bending level.
/// Wants one and a half periods of past.
pub(crate) fn long(y: &[f64], period: usize, more: usize, factors: bool) -> Option<Profile> {
    let n = y.len();
    if 2 * n < 3 * period {
        return None;
    }
    // Weeks are counted back from the end.
    let recent = tail(y, 5 * period);
    let skipped = n - recent.len() + recent.len() % WEEK;
    let weeks: Vec<f64> = recent[recent.len() % WEEK..]
        .chunks(WEEK)
        .map(mean)
        .collect();
    let scale = mean(&weeks);
    if factors && scale <= 0.0 {
        return None;
    }
    let centre = |week: usize| of(skipped + week * WEEK + WEEK / 2);
    let rows: Vec<Vec<f64>> = (0..weeks.len())
        .map(|week| {
            let mut row = bends(week, weeks.len());
            row.extend(waves(centre(week), period));
            row
        })
        .collect();
    let bends = rows.first()?.len() - 2 * WAVES;
    let targets: Vec<f64> = weeks
        .iter()
        .map(|w| if factors { w / scale } else { *w })
        .collect();
    let found = if factors {
        poisson(&rows, &targets, bends)?
    } else {
        let mut normal = Normal::new(bends + 2 * WAVES);
        for (row, target) in rows.iter().zip(&targets) {
            normal.add(row, *target, 1.0);
        }
        normal.solve(&penalties(bends, 1.0))?
    };
    let waves_of = |day: usize| -> f64 {
        let waves = waves(of(day), period);
        waves.iter().zip(&found[bends..]).map(|(a, b)| a * b).sum()
    };
    let days = (0..n + more).map(|day| {
        let sum = waves_of(day);
        if factors {
            sum.clamp(-2.0, 2.0).exp()
        } else {
            sum
        }
    });
    Some(Profile {
        days: days.collect(),
        factors,
    })
}

/// 1, then how far the week lies behind each bend, in quarters.
fn bends(week: usize, weeks: usize) -> Vec<f64> {
    let count = weeks / BEND;
    let bend = |b: usize| of(week.saturating_sub(b * BEND)) / of(BEND);
    std::iter::once(1.0).chain((0..count).map(bend)).collect()
}

fn waves(day: f64, period: usize) -> [f64; 2 * WAVES] {
    let turn = TAU * day / (if period == 365 { 365.25 } else { of(period) });
    let (sin, cos) = turn.sin_cos();
    let (mut s, mut c) = (0.0, 1.0);
    let mut waves = [0.0; 2 * WAVES];
    for pair in waves.chunks_exact_mut(2) {
        // Each wave from the one before: the sum of two angles.
        (s, c) = (s * cos + c * sin, c * cos - s * sin);
        pair.copy_from_slice(&[s, c]);
    }
    waves
}

/// The constant is free; bends are dear, waves the dearer the shorter.
fn penalties(bends: usize, noise: f64) -> Vec<f64> {
    let level = std::iter::once(1e-6).chain(std::iter::repeat_n(BEND_PENALTY * noise, bends - 1));
    let wave = |k: usize| [WAVE_PENALTY * noise * of(k * k); 2];
    level.chain((1..=WAVES).flat_map(wave)).collect()
}

const BEND_PENALTY: f64 = 20.0;
const WAVE_PENALTY: f64 = 10.0;

/// Iteratively reweighted least squares with the logarithm as link.
fn poisson(rows: &[Vec<f64>], targets: &[f64], bends: usize) -> Option<Vec<f64>> {
    let size = rows.first()?.len();
    let mut found = vec![0.0; size];
    let mut noise = 0.1;
    for _ in 0..5 {
        let mut normal = Normal::new(size);
        let mut pearson = 0.0;
        for (row, target) in rows.iter().zip(targets) {
            let eta: f64 = row.iter().zip(&found).map(|(a, b)| a * b).sum();
            let eta = eta.clamp(-5.0, 5.0);
            let mu = eta.exp();
            // One wild week must not bend the year.
            let target = target.min(4.0 * mu.max(0.25));
            pearson += (target - mu).powi(2) / mu;
            normal.add(row, eta + (target - mu) / mu, mu);
        }
        noise = f64::midpoint(noise, pearson / of(rows.len())).max(1e-4);
        found = normal.solve(&penalties(bends, noise))?;
    }
    Some(found)
}
