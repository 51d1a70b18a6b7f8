//! What series of one kind have in common, learned from a sample of those that are asked about: a single series' past is short, and what
//! models did on a thousand like it says more than on one.

use crate::combine::{combine, relative, weigh};
use crate::interval::{Checked, Misses, Shape, stretch};
use crate::models::COUNT;
use crate::num::{mean, median, of, quantile, tail, zeros};
use crate::roll::{Loss, Rolled, errors};
use domain::forecast::Level;

/// Kinds, by the share of days without demand.
const KINDS: [f64; 4] = [0.1, 0.4, 0.7, 0.88];
/// Series that a kind needs before it is believed beside all others.
const LEAST: usize = 8;
/// Days that tell the kind.
const RECENT: usize = 182;

/// A series of the sample.
#[derive(Debug)]
pub(crate) struct Sampled {
    pub(crate) kind: usize,
    pub(crate) level: f64,
    pub(crate) factors: bool,
    pub(crate) rolled: Rolled,
}

#[derive(Debug, Clone)]
pub(crate) struct Common {
    /// Relative errors of the models; NaN where nothing is known.
    pub(crate) errors: [f64; COUNT],
    /// The same by squares.
    pub(crate) squares: [f64; COUNT],
    pub(crate) shape: Shape,
}

/// By kind.
#[derive(Debug)]
pub(crate) struct Pool {
    kinds: Vec<Common>,
}

pub(crate) fn kind_of(y: &[f64]) -> usize {
    let share = zeros(tail(y, RECENT));
    KINDS.iter().filter(|k| share > **k).count()
}

impl Pool {
    pub(crate) fn of(&self, kind: usize) -> &Common {
        &self.kinds[kind]
    }

    pub(crate) fn learn(sample: &[Sampled], levels: &[Level]) -> Self {
        let all: Vec<&Sampled> = sample
            .iter()
            .filter(|s| !s.rolled.origins.is_empty())
            .collect();
        let kinds = (0..=KINDS.len()).map(|kind| {
            let same: Vec<_> = all.iter().copied().filter(|s| s.kind == kind).collect();
            common(if same.len() >= LEAST { &same } else { &all }, levels)
        });
        Self {
            kinds: kinds.collect(),
        }
    }
}

fn common(sample: &[&Sampled], levels: &[Level]) -> Common {
    let errors = relative_errors(sample, Loss::Absolute);
    let squares = relative_errors(sample, Loss::Square);
    let mut shape = Shape::normal(levels);
    let checked: Vec<Vec<Checked>> = sample.iter().map(|s| aside(&s.rolled, &errors)).collect();
    let pairs = || sample.iter().zip(&checked).filter(|(_, c)| !c.is_empty());
    let Some(growth) = growth(&checked) else {
        return Common {
            errors,
            squares,
            shape,
        };
    };
    shape.growth = growth;
    let misses: Vec<Misses> = pairs()
        .map(|(s, c)| Misses::of(c, s.level, s.factors, &shape.growth))
        .collect();
    let told: Vec<Vec<f64>> = pairs()
        .map(|(_, c)| c.iter().flat_map(|c| c.told.clone()).collect())
        .collect();
    for (at, level) in levels.iter().enumerate() {
        let reaches: Vec<_> = misses
            .iter()
            .zip(&told)
            .filter_map(|(m, t)| m.reach(*level, t, None))
            .collect();
        if reaches.is_empty() {
            continue;
        }
        let of_side =
            |side: fn(&(f64, f64)) -> f64| median(&reaches.iter().map(side).collect::<Vec<_>>());
        shape.reach[at] = (of_side(|r| r.0), of_side(|r| r.1));
        let mut stretches: Vec<f64> = Vec::new();
        for (misses, (_, checked)) in misses.iter().zip(pairs()) {
            for (aside, c) in checked.iter().enumerate() {
                let bounds = misses.bounds(&c.told, &shape, (at, *level), Some(aside));
                let days = c.told.iter().zip(&c.followed).zip(bounds);
                stretches.extend(days.map(|((t, f), b)| stretch(*t, *f, b)));
            }
        }
        shape.factor[at] = quantile(&mut stretches, level.share()).clamp(0.5, 3.0);
    }
    Common {
        errors,
        squares,
        shape,
    }
}

fn relative_errors(sample: &[&Sampled], loss: Loss) -> [f64; COUNT] {
    let (mut sums, mut counts) = ([0.0; COUNT], [0.0; COUNT]);
    for series in sample {
        let own = relative(&errors(&series.rolled.origins, loss, None));
        for (at, error) in own.iter().enumerate().filter(|(_, e)| e.is_finite()) {
            sums[at] += error;
            counts[at] += 1.0;
        }
    }
    let mut means = [f64::NAN; COUNT];
    for (mean, (sum, count)) in means.iter_mut().zip(sums.iter().zip(counts)) {
        if count > 0.0 {
            *mean = sum / count;
        }
    }
    means
}

/// What would have been told at each origin, by weights of the others: so it is held against days that had no say in it.
pub(crate) fn aside(rolled: &Rolled, prior: &[f64; COUNT]) -> Vec<Checked> {
    let origins = &rolled.origins;
    let one = |(at, origin): (usize, &crate::roll::Origin)| {
        let others = of(origins.len() - 1);
        let known = if origins.len() > 1 {
            errors(origins, Loss::Absolute, Some(at))
        } else {
            [f64::NAN; COUNT]
        };
        let weights = weigh(&known, others, prior);
        Checked {
            told: combine(&origin.told, &weights, origin.followed.len()),
            followed: origin.followed.clone(),
        }
    };
    origins.iter().enumerate().map(one).collect()
}

/// Mean miss of each week ahead against that of all, never falling; `None` without a miss.
fn growth(checked: &[Vec<Checked>]) -> Option<Vec<f64>> {
    let mut weeks: Vec<Vec<f64>> = Vec::new();
    for series in checked {
        let all: Vec<f64> = series.iter().flat_map(misses).collect();
        let overall = mean(&all);
        if overall <= 0.0 {
            continue;
        }
        for one in series {
            for (week, days) in misses(one).chunks(7).enumerate() {
                if weeks.len() <= week {
                    weeks.push(Vec::new());
                }
                weeks[week].push(mean(days) / overall);
            }
        }
    }
    let mut most = 0.0_f64;
    let means = weeks.iter().map(|w| {
        most = most.max(mean(w));
        most.clamp(0.5, 2.0)
    });
    let means: Vec<f64> = means.collect();
    (!means.is_empty()).then_some(means)
}

fn misses(checked: &Checked) -> Vec<f64> {
    let pairs = checked.told.iter().zip(&checked.followed);
    pairs.map(|(t, f)| (f - t).abs()).collect()
}
