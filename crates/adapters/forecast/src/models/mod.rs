//! The portfolio: each model tells the days to come from the days before, and nothing else.

mod intermittent;
mod smoothing;
mod windows;

use crate::profile::{self, Profile};
use crate::year::{SharedYear, Waves, Year};

/// What a model may know.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Past<'a> {
    pub(crate) y: &'a [f64],
    /// Days of the short season; 1 without one.
    pub(crate) season: usize,
    pub(crate) year: Option<&'a Waves>,
    /// The year of all series, with the number of the first day.
    pub(crate) shared: Option<(&'a SharedYear, usize)>,
    /// Whether days may be told as shares of a level: they are never negative.
    pub(crate) factors: bool,
}

pub(crate) const NAMES: [&str; COUNT] = [
    "seasonal naive",
    "weekday mean",
    "weekday median",
    "weekly exponential smoothing",
    "weekly Theta",
    "weekly damped trend",
    "weekly mean of 4 weeks",
    "weekly mean of 13 weeks",
    "weekly median of 8 weeks",
    "Croston SBA",
    "TSB",
    "weekly and yearly exponential smoothing",
    "weekly and yearly Theta",
    "weekly and yearly mean of 8 weeks",
    "last year",
    "weekly mean of all",
    "weekly and shared yearly exponential smoothing",
    "weekly and shared yearly median of 8 weeks",
    "weekly and shared yearly mean of 13 weeks",
    "weekly autoregression",
];
pub(crate) const COUNT: usize = 20;
/// Those that aim at the middle of what may come instead of its mean.
pub(crate) const MEDIANS: [usize; 4] = [2, 8, 17, 19];

/// Every model's days; `None` where it needs more past.
pub(crate) type Told = [Option<Vec<f64>>; COUNT];

/// All of them over one past.
pub(crate) fn all(past: Past<'_>, horizon: usize) -> Told {
    let Past {
        y,
        season,
        year,
        shared,
        factors,
    } = past;
    let n = y.len();
    let week = profile::short(y, season, horizon, factors);
    let weekly = week.adjust(y);
    let through = |profile: &Profile, levels: Vec<f64>| Some(profile.restore(&levels, n));
    let flat = |level: f64| vec![level; horizon];
    let smooth = smoothing::Simple::fit(&weekly);
    let mut told: Told = [
        Some(windows::seasonal_naive(y, season, horizon)),
        Some(windows::by_slot(y, season, horizon, windows::Centre::Mean)),
        Some(windows::by_slot(
            y,
            season,
            horizon,
            windows::Centre::Median,
        )),
        through(&week, flat(smooth.level)),
        through(&week, smoothing::theta(&weekly, smooth, horizon)),
        through(&week, smoothing::damped(&weekly, horizon)),
        through(&week, flat(windows::mean_of(&weekly, 28))),
        through(&week, flat(windows::mean_of(&weekly, 91))),
        through(&week, flat(windows::median_of(&weekly, 56))),
        factors
            .then(|| flat(intermittent::sba(&weekly)))
            .and_then(|l| through(&week, l)),
        factors
            .then(|| flat(intermittent::tsb(&weekly)))
            .and_then(|l| through(&week, l)),
        None,
        None,
        None,
        None,
        through(&week, flat(windows::mean_of(&weekly, 730))),
        None,
        None,
        None,
        factors
            .then(|| smoothing::reverting(&weekly, horizon))
            .and_then(|l| through(&week, l)),
    ];
    if let Some(year) = year {
        told[14] = windows::last_year(y, year.period(), season, horizon, factors);
        if let Some(long) = Year::fit(y, 0, year, factors) {
            let both = week.with(&long.profile(0, n + horizon, year));
            let level = both.adjust(y);
            let smooth = smoothing::Simple::fit(&level);
            told[11] = through(&both, flat(smooth.level));
            told[12] = through(&both, smoothing::theta(&level, smooth, horizon));
            told[13] = through(&both, flat(windows::mean_of(&level, 56)));
        }
    }
    if let Some((year, first)) = shared.filter(|_| factors) {
        let both = week.with(&year.profile(first, n + horizon));
        let level = both.adjust(y);
        let smooth = smoothing::Simple::fit(&level);
        told[16] = through(&both, flat(smooth.level));
        told[17] = through(&both, flat(windows::median_of(&level, 56)));
        told[18] = through(&both, flat(windows::mean_of(&level, 91)));
    }
    if factors {
        for days in told.iter_mut().flatten() {
            days.iter_mut().for_each(|d| *d = d.max(0.0));
        }
    }
    told
}
