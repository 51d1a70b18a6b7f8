//! Rolling origins: the days to come are told from earlier days and held against what followed.

use crate::models::{self, COUNT, Past, Told};
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

/// Mean absolute error of each model over the origins but one; NaN where it had nothing to say at one of them.
pub(crate) fn errors(origins: &[Origin], without: Option<usize>) -> [f64; COUNT] {
    let mut sums = [0.0; COUNT];
    let mut count = 0.0;
    for (at, origin) in origins.iter().enumerate() {
        if Some(at) == without {
            continue;
        }
        count += 1.0;
        for (sum, told) in sums.iter_mut().zip(&origin.told) {
            *sum += told.as_ref().map_or(f64::NAN, |told| {
                let misses = told.iter().zip(&origin.followed);
                let total: f64 = misses.map(|(a, b)| (a - b).abs()).sum();
                total / of(told.len())
            });
        }
    }
    sums.map(|s| s / count)
}
