//! Intervals from what the forecast missed by on the series' own past (split conformal prediction over rolling origins).

use crate::num::{mean, of, quantile};
use domain::forecast::Level;

/// What was told of a stretch of days, and what followed.
#[derive(Debug, Clone)]
pub(crate) struct Checked {
    pub(crate) told: Vec<f64>,
    pub(crate) followed: Vec<f64>,
}

/// What series of one kind have in common.
#[derive(Debug, Clone)]
pub(crate) struct Shape {
    /// How far the bounds of each level lie from the forecast, in mean misses.
    pub(crate) reach: Vec<(f64, f64)>,
    /// What these must be multiplied by, so that what was left aside is covered.
    pub(crate) factor: Vec<f64>,
    /// The mean miss of each week ahead against that of all.
    pub(crate) growth: Vec<f64>,
}

impl Shape {
    /// Of a normal distribution, when nothing is known.
    pub(crate) fn normal(levels: &[Level]) -> Self {
        let reach = |level: &Level| {
            let reach = normal_quantile(level.share()) / MEAN_DEVIATION;
            (reach, reach)
        };
        Self {
            reach: levels.iter().map(reach).collect(),
            factor: vec![1.0; levels.len()],
            growth: vec![1.0],
        }
    }
}

/// Mean absolute deviation of the standard normal distribution: √(2/π).
const MEAN_DEVIATION: f64 = 0.797_884_560_8;

/// How far the bounds of a share in the middle lie from it (Abramowitz, Stegun: *Handbook of Mathematical Functions*, 26.2.23).
fn normal_quantile(share: f64) -> f64 {
    let t = (-2.0 * ((1.0 - share) / 2.0).ln()).sqrt();
    let above = 2.515_517 + t * (0.802_853 + t * 0.010_328);
    let below = 1.0 + t * (1.432_788 + t * (0.189_269 + t * 0.001_308));
    t - above / below
}

/// Misses grow with what is told, less than in proportion to it.
const POWER: f64 = 0.6;
/// Days of own misses that those of similar series count as.
const PRIOR: f64 = 84.0;
const WEEK: usize = 7;
/// What a bound may miss 0 by and still lie at it.
const ROUNDING: f64 = 1.0 + 1e-9;

/// How much a day may miss by against others of its series.
fn size(told: f64, level: f64, factors: bool) -> f64 {
    if factors && level > 0.0 {
        (told.max(0.05 * level) / level).powf(POWER)
    } else {
        1.0
    }
}

/// The misses of a series, each against its size.
#[derive(Debug, Clone)]
pub(crate) struct Misses {
    level: f64,
    factors: bool,
    /// Of each origin.
    by_origin: Vec<Vec<f64>>,
    /// Mean of their absolute values.
    mean: f64,
}

impl Misses {
    pub(crate) fn of(checked: &[Checked], level: f64, factors: bool, growth: &[f64]) -> Self {
        let miss = |c: &Checked| -> Vec<f64> {
            let pairs = c.told.iter().zip(&c.followed).enumerate();
            let against = |(h, (t, f)): (usize, (&f64, &f64))| {
                (f - t) / (size(*t, level, factors) * at_week(growth, h))
            };
            pairs.map(against).collect()
        };
        let by_origin: Vec<Vec<f64>> = checked.iter().map(miss).collect();
        let all: Vec<f64> = by_origin.iter().flatten().map(|m| m.abs()).collect();
        Self {
            level,
            factors,
            by_origin,
            mean: mean(&all),
        }
    }

    /// Without a past to look at: a mean miss from elsewhere.
    pub(crate) fn unknown(level: f64, factors: bool, mean: f64) -> Self {
        Self {
            level,
            factors,
            by_origin: Vec::new(),
            mean,
        }
    }

    /// Quantiles at both tails, over the mean miss.
    pub(crate) fn reach(
        &self,
        level: Level,
        told: &[f64],
        without: Option<usize>,
    ) -> Option<(f64, f64)> {
        let others = self.by_origin.iter().enumerate();
        let others = others.filter(|(at, _)| Some(*at) != without);
        let mut all: Vec<f64> = others.flat_map(|(_, m)| m.iter().copied()).collect();
        if all.is_empty() || self.mean <= 0.0 {
            return None;
        }
        let tail = (1.0 - level.share()) / 2.0;
        let down = (-quantile(&mut all, tail)).max(0.0);
        // Days whose lower bound is 0 are never missed below: the upper bound may be missed as much more often.
        let at_zero =
            |t: &&f64| self.factors && **t <= down * size(**t, self.level, true) * ROUNDING;
        let floor = of(told.iter().filter(at_zero).count()) / of(told.len().max(1));
        let up = quantile(&mut all, 1.0 - tail * (1.0 + floor)).max(0.0);
        Some((down / self.mean, up / self.mean))
    }

    fn days(&self, without: Option<usize>) -> f64 {
        let others = self.by_origin.iter().enumerate();
        let others = others.filter(|(at, _)| Some(*at) != without);
        of(others.map(|(_, m)| m.len()).sum())
    }

    /// The bounds of days that were told, by own misses mixed with those of similar series.
    pub(crate) fn bounds(
        &self,
        told: &[f64],
        shape: &Shape,
        (at, level): (usize, Level),
        without: Option<usize>,
    ) -> Vec<(f64, f64)> {
        let (down, up) = self.mixed(told, shape, (at, level), without);
        let factor = shape.factor[at];
        let bound = |(h, t): (usize, &f64)| {
            let unit = size(*t, self.level, self.factors) * at_week(&shape.growth, h) * self.mean;
            // A lower bound at 0 stays there: above it lies none of the days without demand.
            let at_zero = self.factors && *t <= down * unit * ROUNDING;
            let lower = if at_zero {
                0.0
            } else {
                t - down * factor * unit
            };
            let upper = t + up * factor * unit;
            if self.factors {
                (lower.max(0.0), upper.max(0.0))
            } else {
                (lower, upper)
            }
        };
        told.iter().enumerate().map(bound).collect()
    }

    fn mixed(
        &self,
        told: &[f64],
        shape: &Shape,
        (at, level): (usize, Level),
        without: Option<usize>,
    ) -> (f64, f64) {
        let (down, up) = shape.reach[at];
        let Some(own) = self.reach(level, told, without) else {
            return (down, up);
        };
        let days = self.days(without);
        let mix = |own: f64, other: f64| (days * own + PRIOR * other) / (days + PRIOR);
        (mix(own.0, down), mix(own.1, up))
    }
}

pub(crate) fn at_week(growth: &[f64], day: usize) -> f64 {
    let week = day / WEEK;
    let last = growth.len() - 1;
    if week <= last {
        growth[week]
    } else {
        // Beyond what was looked at, errors grow as those of a random walk do, from there.
        growth[last] * (of(week + 1) / of(last + 1)).sqrt()
    }
}

/// How much one would have to widen bounds for this day to be within.
pub(crate) fn stretch(told: f64, followed: f64, bounds: (f64, f64)) -> f64 {
    let miss = followed - told;
    let reach = if miss >= 0.0 {
        bounds.1 - told
    } else {
        told - bounds.0
    };
    if miss == 0.0 || (miss < 0.0 && bounds.0 <= 0.0 && followed >= 0.0) {
        0.0
    } else {
        miss.abs() / reach.max(1e-12)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::num::of;

    fn shape() -> Shape {
        Shape::normal(&[Level::USUAL])
    }

    #[test]
    fn the_normal_interval_of_four_fifths_is_known() {
        assert!((normal_quantile(0.8) - 1.281_55).abs() < 1e-3);
        assert!((normal_quantile(0.95) - 1.959_96).abs() < 1e-3);
    }

    #[test]
    fn bounds_follow_the_side_that_is_missed() {
        // Above by up to 9, below by up to 1.
        let followed: Vec<f64> = (0..200).map(|i| 50.0 + of(i % 11) - 1.0).collect();
        let checked = [Checked {
            told: vec![50.0; 200],
            followed,
        }];
        let misses = Misses::of(&checked, 50.0, true, &[1.0]);
        let (lower, upper) = misses.bounds(&[50.0], &shape(), (0, Level::USUAL), None)[0];
        assert!(upper - 50.0 > 2.0 * (50.0 - lower), "{lower} {upper}");
    }

    #[test]
    fn rare_demand_has_an_upper_bound_that_alone_is_missed() {
        // Sold on three days of ten: nothing lies below 0, so that a fifth must lie above.
        let one = Checked {
            told: vec![0.1; 10],
            followed: vec![0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 2.0, 3.0],
        };
        let checked = vec![one; 20];
        let misses = Misses::of(&checked, 0.6, true, &[1.0, 1.0]);
        let (down, up) = misses.reach(Level::USUAL, &checked[0].told, None).unwrap();
        let (down, up) = (down * misses.mean, up * misses.mean);
        assert!((up * size(0.1, 0.6, true) - 1.0).abs() < 0.3, "{down} {up}");
    }

    #[test]
    fn growth_goes_on_beyond_what_was_seen() {
        let growth = [0.8, 1.0];
        assert_eq!((at_week(&growth, 6), at_week(&growth, 7)), (0.8, 1.0));
        assert!((at_week(&growth, 7 * 7) - 2.0).abs() < 1e-12);
    }

    #[test]
    fn a_bound_is_stretched_to_what_followed() {
        assert!((stretch(10.0, 14.0, (8.0, 12.0)) - 2.0).abs() < 1e-12);
        assert!((stretch(10.0, 9.0, (8.0, 12.0)) - 0.5).abs() < 1e-12);
        assert_eq!(stretch(1.0, 0.0, (0.0, 2.0)), 0.0);
    }
}
