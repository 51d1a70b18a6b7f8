//! Rolling origins: the days to come are told from earlier days and held against what followed.

use crate::models::{self, COUNT, MEDIANS, Past, Told};
use crate::num::{naive_error, of};

/// One earlier day to forecast from.
#[derive(Debug, Clone)]
pub(crate) struct Origin {
    pub(crate) told: Told,
    pub(crate) followed: Vec<f64>,
}

/// A series seen from several of its own days.
#[derive(Debug, Clone)]
pub(crate) struct Rolled {
    /// The newest first.
    pub(crate) origins: Vec<Origin>,
    /// What the season before misses by.
    pub(crate) scale: f64,
}

/// As many origins as the past allows.
pub(crate) const ORIGINS: usize = 6;
/// The longest stretch that is held against what followed; more would leave too few origins.
const LONGEST: usize = 56;
/// Seasons that must lie before an origin.
const LEAST_SEASONS: usize = 3;

/// Days that a series needs for one origin over the whole horizon.
pub(crate) fn needed(season: usize, horizon: usize) -> usize {
    least(season) + horizon.min(LONGEST)
}

fn least(season: usize) -> usize {
    (LEAST_SEASONS * season).max(14)
}

/// No origins where the past is too short even for a week.
pub(crate) fn roll(past: Past<'_>, horizon: usize) -> Rolled {
    let n = past.y.len();
    let least = least(past.season);
    let room = n.saturating_sub(least);
    let mut origins = Vec::new();
    if room >= past.season.max(7).min(horizon) {
        let ahead = horizon.min(LONGEST).min(room);
        let step = (ahead / 2).clamp(7, 28);
        let mut at = n - ahead;
        while origins.len() < ORIGINS && at >= least {
            let y = &past.y[..at];
            origins.push(Origin {
                told: models::all(Past { y, ..past }, ahead),
                followed: past.y[at..at + ahead].to_vec(),
            });
            let Some(earlier) = at.checked_sub(step) else {
                break;
            };
            at = earlier;
        }
    }
    Rolled {
        origins,
        scale: naive_error(past.y, past.season),
    }
}

/// By what a miss counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Loss {
    /// By its size: leads to the middle of what may come.
    Absolute,
    /// By its square: leads to its mean.
    Square,
}

/// Mean absolute (or root of the mean squared) error of each model over the origins but one; NaN where it had nothing to say at one of them, and
/// where it aims at something else than the loss.
pub(crate) fn errors(origins: &[Origin], loss: Loss, without: Option<usize>) -> [f64; COUNT] {
    let mut sums = [0.0; COUNT];
    let mut count = 0.0;
    for (at, origin) in origins.iter().enumerate() {
        if Some(at) == without {
            continue;
        }
        count += 1.0;
        for (sum, told) in sums.iter_mut().zip(&origin.told) {
            *sum += told.as_ref().map_or(f64::NAN, |told| {
                let misses = told
                    .iter()
                    .zip(&origin.followed)
                    .map(|(a, b)| (a - b).abs());
                let total: f64 = match loss {
                    Loss::Absolute => misses.sum(),
                    Loss::Square => misses.map(|m| m * m).sum(),
                };
                total / of(told.len())
            });
        }
    }
    let mut errors = sums.map(|s| s / count);
    if loss == Loss::Square {
        errors = errors.map(f64::sqrt);
        MEDIANS.iter().for_each(|at| errors[*at] = f64::NAN);
    }
    errors
}
