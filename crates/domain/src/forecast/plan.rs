//! What a forecast is asked for.

use super::Event;
use thiserror::Error;

/// A coverage that an interval is made for, in percent.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Level(f64);

impl Level {
    pub const USUAL: Self = Self(80.0);

    /// Between 1 and 99.
    pub fn new(percent: f64) -> Result<Self, PlanError> {
        if (1.0..=99.0).contains(&percent) {
            Ok(Self(percent))
        } else {
            Err(PlanError::Level)
        }
    }

    /// E.g. 0.8.
    #[must_use]
    pub fn share(self) -> f64 {
        self.0 / 100.0
    }

    /// Percentiles of its bounds, e.g. 10 and 90.
    #[must_use]
    pub fn percentiles(self) -> (f64, f64) {
        let tail = (100.0 - self.0) / 2.0;
        (tail, 100.0 - tail)
    }
}

/// What a day is on which a series has no row.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Missing {
    /// 0 where the series tells no zeros of its own and many days are missing (a list of sales), else unknown.
    #[default]
    Auto,
    /// Nothing happened on it; the series reaches to the last day of all series.
    Zero,
    /// Nobody knows: it is bridged from the same weekday around it.
    Unknown,
}

/// What is asked.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    horizon: usize,
    seasons: Vec<usize>,
    levels: Vec<Level>,
    events: Vec<Event>,
}

#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PlanError {
    #[error("the horizon must be between 1 and {} days", Plan::LONGEST)]
    Horizon,
    #[error(
        "a season must be between 2 and {} days, and each different",
        Plan::LONGEST_SEASON
    )]
    Season,
    #[error("a level must be between 1 and 99 percent, and each different")]
    Level,
}

impl Plan {
    /// Two years: beyond it daily figures say nothing.
    pub const LONGEST: usize = 730;
    pub const LONGEST_SEASON: usize = 400;

    pub fn new(
        horizon: usize,
        mut seasons: Vec<usize>,
        levels: Vec<Level>,
        events: Vec<Event>,
    ) -> Result<Self, PlanError> {
        if !(1..=Self::LONGEST).contains(&horizon) {
            return Err(PlanError::Horizon);
        }
        let given = seasons.len();
        seasons.sort_unstable();
        seasons.dedup();
        let fits = |s: &usize| (2..=Self::LONGEST_SEASON).contains(s);
        if seasons.len() != given || !seasons.iter().all(fits) {
            return Err(PlanError::Season);
        }
        let twice = |(i, level): (usize, &Level)| levels[..i].contains(level);
        if levels.is_empty() || levels.iter().enumerate().any(twice) {
            return Err(PlanError::Level);
        }
        Ok(Self {
            horizon,
            seasons,
            levels,
            events,
        })
    }

    #[must_use]
    pub const fn horizon(&self) -> usize {
        self.horizon
    }

    #[must_use]
    pub fn levels(&self) -> &[Level] {
        &self.levels
    }

    #[must_use]
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// The shortest season below fifty days, usually the week; 1 when there is none.
    #[must_use]
    pub fn short_season(&self) -> usize {
        let short = self.seasons.iter().find(|s| **s < Self::LONG_FROM);
        short.copied().unwrap_or(1)
    }

    /// The longest season of fifty days and more, usually the year.
    #[must_use]
    pub fn long_season(&self) -> Option<usize> {
        let long = self.seasons.iter().rev();
        long.copied().find(|s| *s >= Self::LONG_FROM)
    }

    /// Seasons beside those two, which nothing looks at.
    #[must_use]
    pub fn ignored_seasons(&self) -> Vec<usize> {
        let used = [Some(self.short_season()), self.long_season()];
        let all = self.seasons.iter().copied();
        all.filter(|s| !used.contains(&Some(*s))).collect()
    }

    const LONG_FROM: usize = 50;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(horizon: usize, seasons: &[usize], levels: &[f64]) -> Result<Plan, PlanError> {
        let levels = levels.iter().map(|l| Level::new(*l));
        let levels = levels.collect::<Result<Vec<_>, _>>()?;
        Plan::new(horizon, seasons.to_vec(), levels, Vec::new())
    }

    #[test]
    fn what_cannot_be_asked_is_refused() {
        assert_eq!(plan(0, &[7], &[80.0]), Err(PlanError::Horizon));
        assert_eq!(plan(10_000, &[7], &[80.0]), Err(PlanError::Horizon));
        assert_eq!(plan(28, &[1], &[80.0]), Err(PlanError::Season));
        assert_eq!(plan(28, &[7, 7], &[80.0]), Err(PlanError::Season));
        assert_eq!(plan(28, &[7], &[0.0]), Err(PlanError::Level));
        assert_eq!(plan(28, &[7], &[f64::NAN]), Err(PlanError::Level));
        assert_eq!(plan(28, &[7], &[80.0, 80.0]), Err(PlanError::Level));
        assert_eq!(plan(28, &[7], &[]), Err(PlanError::Level));
    }

    #[test]
    fn seasons_are_told_apart_by_their_length() {
        let plan = plan(28, &[365, 7, 30], &[80.0]).unwrap();
        assert_eq!(plan.short_season(), 7);
        assert_eq!(plan.long_season(), Some(365));
        assert_eq!(plan.ignored_seasons(), [30]);
        let percentiles = plan.levels()[0].percentiles();
        assert_eq!(percentiles, (10.0, 90.0));
    }
}
