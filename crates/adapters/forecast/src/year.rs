//! What a day of the year has to do with its level: of one series, and of all together.

use crate::linear::Normal;
use crate::num::{mean, of, tail};
use crate::profile::Profile;
use chrono::NaiveDate;
use domain::forecast::{Plan, Series};
use std::f64::consts::TAU;
use std::ops::Range;

/// Waves of the long profile.
const WAVES: usize = 6;
/// Weeks between two bends of the level.
const BEND: usize = 13;
const WEEK: usize = 7;

/// What all series share of the year.
#[derive(Debug)]
pub(crate) struct Years {
    pub(crate) waves: Option<Waves>,
    pub(crate) shared: Option<SharedYear>,
}

impl Years {
    pub(crate) fn of(plan: &Plan, series: &[Series], sample: &[&Series]) -> Self {
        let waves = Waves::of(plan, series);
        let shared = waves.as_ref().and_then(|w| SharedYear::of(w, sample));
        Self { waves, shared }
    }
}

/// The waves of each day, told once for all series.
#[derive(Debug)]
pub(crate) struct Waves {
    period: usize,
    days: Vec<[f64; 2 * WAVES]>,
}

impl Waves {
    /// Of the days that the series and the horizon of a plan can reach; `None` without a long season.
    pub(crate) fn of(plan: &Plan, series: &[Series]) -> Option<Self> {
        let period = plan.long_season()?;
        let longest = series.iter().map(|s| s.values.len()).max()?;
        // Behind the furthest number of a first day.
        let cycle = usize::try_from(FOUR_YEARS).unwrap_or(0).max(period);
        let count = cycle + longest + plan.horizon();
        Some(Self {
            period,
            days: (0..count).map(|day| waves(of(day), period)).collect(),
        })
    }

    pub(crate) fn period(&self) -> usize {
        self.period
    }

    fn on(&self, day: usize) -> [f64; 2 * WAVES] {
        let known = self.days.get(day).copied();
        known.unwrap_or_else(|| waves(of(day), self.period))
    }
}

/// A year as a sum of waves: of the logarithm of the level where the series is never negative, else of the level.
#[derive(Debug, Clone)]
pub(crate) struct Year {
    waves: Vec<f64>,
    factors: bool,
}

impl Year {
    /// A quasi-Poisson regression (or least squares) of weekly means on waves and a bending level. Wants one and a half periods of past; `first`
    /// is the first day's number.
    pub(crate) fn fit(y: &[f64], first: usize, all: &Waves, factors: bool) -> Option<Self> {
        let period = all.period;
        let n = y.len();
        if 2 * n < 3 * period {
            return None;
        }
        // Weeks are counted back from the end.
        let recent = tail(y, 5 * period);
        let part = recent.len() % WEEK;
        let skipped = first + n - recent.len() + part;
        let weeks: Vec<f64> = recent[part..].chunks(WEEK).map(mean).collect();
        let scale = mean(&weeks);
        if factors && scale <= 0.0 {
            return None;
        }
        let row = |week: usize| -> Vec<f64> {
            let centre = skipped + week * WEEK + WEEK / 2;
            let mut row = bends(week, weeks.len());
            row.extend(all.on(centre));
            row
        };
        let rows: Vec<Vec<f64>> = (0..weeks.len()).map(row).collect();
        let bends = rows.first()?.len() - 2 * WAVES;
        let mut found = if factors {
            let targets: Vec<f64> = weeks.iter().map(|w| w / scale).collect();
            poisson(&rows, &targets, bends)?
        } else {
            let mut normal = Normal::new(bends + 2 * WAVES);
            for (row, target) in rows.iter().zip(&weeks) {
                normal.add(row, *target, 1.0);
            }
            normal.solve(&penalties(bends, 1.0))?
        };
        Some(Self {
            waves: found.split_off(bends),
            factors,
        })
    }

    /// Of so many days from the day of a number on.
    pub(crate) fn profile(&self, first: usize, days: usize, all: &Waves) -> Profile {
        Profile::new(self.days(first..first + days, all), self.factors)
    }

    fn days(&self, days: Range<usize>, all: &Waves) -> Vec<f64> {
        let day = |day: usize| {
            let waves = all.on(day);
            let sum: f64 = waves.iter().zip(&self.waves).map(|(a, b)| a * b).sum();
            if self.factors {
                sum.clamp(-2.0, 2.0).exp()
            } else {
                sum
            }
        };
        days.map(day).collect()
    }
}

/// The year of all series together: a rare thing's own year cannot be seen, but that of the shop can.
#[derive(Debug)]
pub(crate) struct SharedYear {
    period: usize,
    /// Factors of the days with the numbers from 0 on.
    days: Vec<f64>,
    /// The day with the number 0.
    origin: NaiveDate,
}

/// Series that must have a day for it to count, so that none of them hears itself.
const TOGETHER: usize = 20;

impl SharedYear {
    /// Of series that are never negative, each against its own mean. `None` of few series or short ones.
    pub(crate) fn of(waves: &Waves, sample: &[&Series]) -> Option<Self> {
        let usable = |s: &&&Series| s.values.iter().all(|v| *v >= 0.0) && mean(&s.values) > 0.0;
        let series: Vec<&Series> = sample.iter().filter(usable).copied().collect();
        let origin = series.iter().map(|s| s.start).min()?;
        let place = |s: &Series| usize::try_from((s.start - origin).num_days()).unwrap_or(0);
        let end = series.iter().map(|s| place(s) + s.values.len()).max()?;
        let (mut sums, mut counts) = (vec![0.0; end], vec![0_usize; end]);
        for one in &series {
            let mean = mean(&one.values);
            for (at, value) in (place(one)..).zip(&one.values) {
                sums[at] += value / mean;
                counts[at] += 1;
            }
        }
        let enough = |count: &usize| *count >= TOGETHER;
        let first = counts.iter().position(enough)?;
        let length = counts[first..].iter().take_while(|c| enough(c)).count();
        let days = first..first + length;
        let together: Vec<f64> = days.map(|at| sums[at] / of(counts[at])).collect();
        let year = Year::fit(&together, first, waves, true)?;
        Some(Self {
            period: waves.period,
            days: year.days(0..waves.days.len(), waves),
            origin,
        })
    }

    /// Of so many days from the day of a number on.
    pub(crate) fn profile(&self, first: usize, days: usize) -> Profile {
        let days = self.days.iter().skip(first).take(days);
        Profile::new(days.copied().collect(), true)
    }

    /// The number of a day.
    pub(crate) fn number(&self, day: NaiveDate) -> usize {
        // A series that is older than the sample: whole years further on.
        let days = (day - self.origin).num_days();
        let period = i64::try_from(self.period).unwrap_or(1);
        let cycle = if period == YEAR { FOUR_YEARS } else { period };
        usize::try_from(days.rem_euclid(cycle)).unwrap_or(0)
    }
}

const YEAR: i64 = 365;
const FOUR_YEARS: i64 = 1_461;

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

#[cfg(test)]
mod tests {
    use super::*;
    use domain::forecast::Level;

    fn plan() -> Plan {
        Plan::new(28, vec![7, 365], vec![Level::USUAL], Vec::new()).unwrap()
    }

    fn series(at: usize) -> Series {
        Series {
            id: at.to_string(),
            start: NaiveDate::from_ymd_opt(2024, 1, 1).unwrap(),
            values: (0..730).map(seasonal).collect(),
            regressors: Vec::new(),
        }
    }

    fn seasonal(day: usize) -> f64 {
        10.0 * (1.0 + 0.3 * (TAU * of(day) / 365.25).sin())
    }

    #[test]
    fn a_year_is_found_from_two() {
        let y: Vec<f64> = (0..730).map(seasonal).collect();
        let waves = Waves::of(&plan(), &[series(0)]).unwrap();
        let year = Year::fit(&y, 0, &waves, true).unwrap();
        let level = year.profile(0, 730, &waves).adjust(&y);
        let spread = level
            .iter()
            .fold((f64::MAX, f64::MIN), |(a, b), v| (a.min(*v), b.max(*v)));
        assert!(spread.1 / spread.0 < 1.15, "{spread:?}");
        assert!(Year::fit(&y[..500], 0, &waves, true).is_none());
    }

    #[test]
    fn many_tell_the_year_of_a_rare_one_and_few_do_not() {
        let series: Vec<Series> = (0..TOGETHER).map(series).collect();
        let waves = Waves::of(&plan(), &series).unwrap();
        let all: Vec<&Series> = series.iter().collect();
        let shared = SharedYear::of(&waves, &all).unwrap();
        let summer = shared.number(NaiveDate::from_ymd_opt(2026, 4, 1).unwrap());
        let (high, low) = (shared.profile(summer, 1), shared.profile(summer + 183, 1));
        assert!(high.restore(&[1.0], 0)[0] > 1.15 && low.restore(&[1.0], 0)[0] < 0.87);
        assert!(SharedYear::of(&waves, &all[1..]).is_none());
    }
}
