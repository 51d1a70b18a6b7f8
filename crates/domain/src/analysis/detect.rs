//! Whether a day is unlike its own past.
//!
//! A figure is made even in its spread (square roots of counts and money, after Anscombe, *Biometrika* 35, 1948), freed of its weekday (the median of
//! what each weekday differs from the middle of the week around it) and of its trend (the slope of Theil and Sen over twelve weeks, *JASA* 63, 1968,
//! with the level of the newest four). What is left is held against its own spread as a modified z-score: the distance over 1.4826 × the median
//! absolute deviation, unusual from 3.5 on (Iglewicz and Hoaglin, *How to Detect and Handle Outliers*, 1993). The spread is widened by what medians of
//! few days do not know (π ∕ 2n each). Figures that jump by nature are held to more: a day must be further away than the second furthest of its past.
//!
//! A small change that stays is found with the day after: two days on the same side, each from 2 on, whose sum over √2 is as far as a single one.
//! Limits: holidays and sales of the store are not known here, so they may be told as unusual; what is slower than the trend is not told.

use super::anomaly::{Scale, Watched};
use chrono::{Datelike as _, NaiveDate};

/// Days of the past that are looked at.
pub const WINDOW: usize = 84;
/// With fewer days that are known nothing is said.
pub const LEAST: usize = 42;
/// Days whose middle is the level.
const LEVEL: usize = 28;
pub const CUT: f64 = 3.5;
const EACH_OF_TWO: f64 = 2.0;
/// A median absolute deviation as a standard deviation of the normal distribution.
const MAD: f64 = 1.4826;
/// The same for a mean absolute deviation, where more than half of the days are alike.
const MEAN_AD: f64 = 1.2533;

/// What is unusual about the last day of a series.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Finding {
    pub value: i64,
    pub expected: i64,
    pub low: i64,
    pub high: i64,
    /// Robust standard deviations; below zero: less than expected.
    pub score: f64,
    pub over_two_days: bool,
    pub history: u32,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Looked {
    Usual,
    Unusual(Finding),
    /// Days that are known, of those that it takes.
    TooLittle(usize),
    /// The day itself is not known.
    Unknown,
}

fn even(figure: Watched, value: f64) -> f64 {
    match figure.scale() {
        Scale::Money => value.abs().sqrt().copysign(value),
        Scale::Count => (value.max(0.0) + 0.375).sqrt(),
        Scale::Share => value,
    }
}

fn back(figure: Watched, value: f64) -> f64 {
    match figure.scale() {
        Scale::Money => (value * value).copysign(value),
        Scale::Count => (value.max(0.0).powi(2) - 0.375).max(0.0),
        Scale::Share => value,
    }
}

/// Nobody wants to hear of less: shares by one point, others by about a tenth of what is usual.
fn least_spread(figure: Watched, level: f64) -> f64 {
    match figure.scale() {
        Scale::Share => 100.0,
        Scale::Money => 0.015 * level.abs().max(10.0),
        Scale::Count => 0.1,
    }
}

fn median(mut of: Vec<f64>) -> f64 {
    if of.is_empty() {
        return 0.0;
    }
    of.sort_by(f64::total_cmp);
    let middle = of.len() / 2;
    if of.len() % 2 == 1 {
        of[middle]
    } else {
        f64::midpoint(of[middle - 1], of[middle])
    }
}

struct Point {
    /// Days before the one that is looked at, below zero.
    at: f64,
    weekday: usize,
    value: f64,
}

struct Model {
    figure: Watched,
    weekday: [f64; 7],
    slope: f64,
    level: f64,
    spread: f64,
    /// What a day has to reach.
    cut: f64,
}

impl Model {
    fn expected(&self, at: f64, weekday: usize) -> f64 {
        self.level + self.slope * at + self.weekday[weekday]
    }

    fn score(&self, point: &Point) -> f64 {
        (point.value - self.expected(point.at, point.weekday)) / self.spread
    }

    fn of(figure: Watched, past: &[Point]) -> Self {
        let around = |p: &Point| {
            let near = past.iter().filter(|q| (q.at - p.at).abs() <= 3.0);
            median(near.map(|q| q.value).collect())
        };
        let mut of_weekday: [Vec<f64>; 7] = Default::default();
        for point in past {
            of_weekday[point.weekday].push(point.value - around(point));
        }
        let samples = of_weekday.iter().map(Vec::len).min().unwrap_or(0).max(1);
        let weekday = of_weekday.map(median);
        let free: Vec<(f64, f64)> = past
            .iter()
            .map(|p| (p.at, p.value - weekday[p.weekday]))
            .collect();
        let mut slopes = Vec::with_capacity(free.len() * free.len() / 2);
        for (index, (at, value)) in free.iter().enumerate() {
            slopes.extend(free[..index].iter().map(|(b, v)| (value - v) / (at - b)));
        }
        let slope = median(slopes);
        let newest = &free[free.len().saturating_sub(LEVEL)..];
        let level = median(newest.iter().map(|(at, v)| v - slope * at).collect());
        let middle = median(free.iter().map(|(at, v)| v - slope * at).collect());
        let off = |(at, value): &(f64, f64)| (value - slope * at - middle).abs();
        let spread = MAD * median(free.iter().map(off).collect());
        let spread = if spread > 0.0 {
            spread
        } else {
            #[expect(clippy::cast_precision_loss, reason = "a number of days")]
            let days = free.len() as f64;
            MEAN_AD * free.iter().map(off).sum::<f64>() / days
        };
        #[expect(clippy::cast_precision_loss, reason = "a number of days")]
        let unknown = 1.0 / samples as f64 + 1.0 / newest.len().max(1) as f64;
        let spread = spread * (1.0 + std::f64::consts::FRAC_PI_2 * unknown).sqrt();
        let mut model = Self {
            figure,
            weekday,
            slope,
            level,
            spread: spread.max(least_spread(figure, level)),
            cut: CUT,
        };
        let mut past: Vec<f64> = past.iter().map(|p| model.score(p).abs()).collect();
        past.sort_by(|a, b| b.total_cmp(a));
        model.cut = past.get(1).map_or(CUT, |second| second.max(CUT));
        model
    }

    fn finding(&self, point: &Point, days: usize, (score, over_two_days): (f64, bool)) -> Finding {
        let expected = self.expected(point.at, point.weekday);
        let far = self.cut * self.spread;
        #[expect(clippy::cast_possible_truncation, reason = "amounts of a day")]
        let shown = |value: f64| back(self.figure, value).round() as i64;
        Finding {
            value: shown(point.value),
            expected: shown(expected),
            low: shown(expected - far),
            high: shown(expected + far),
            score,
            over_two_days,
            history: u32::try_from(days).unwrap_or(u32::MAX),
        }
    }
}

/// Looks at the last day of the series; days that are left out, or have no value, are not known. Oldest first, each day once.
#[must_use]
pub fn look(figure: Watched, series: &[(NaiveDate, Option<i64>)]) -> Looked {
    let Some((day, told)) = series.last() else {
        return Looked::Unknown;
    };
    let point = |(on, value): &(NaiveDate, Option<i64>)| {
        #[expect(clippy::cast_precision_loss, reason = "amounts of a day")]
        Some(Point {
            at: (*on - *day).num_days() as f64,
            weekday: on.weekday().num_days_from_monday() as usize,
            value: even(figure, (*value)? as f64),
        })
    };
    #[expect(clippy::cast_precision_loss, reason = "a number of days")]
    let oldest = -(WINDOW as f64) - 1.0;
    let known: Vec<Point> = series.iter().filter_map(point).collect();
    // The day before is not of the past, so that the two can be held against it together.
    let (past, newest): (Vec<Point>, Vec<Point>) = known.into_iter().partition(|p| p.at < -1.0);
    let past: Vec<Point> = past.into_iter().filter(|p| p.at >= oldest).collect();
    if past.len() < LEAST {
        return Looked::TooLittle(past.len());
    }
    let model = Model::of(figure, &past);
    let today = newest.iter().find(|p| p.at == 0.0);
    let Some((today, told)) = today.zip(*told) else {
        return Looked::Unknown;
    };
    let score = model.score(today);
    let days = past.len();
    if score.abs() > model.cut {
        let mut finding = model.finding(today, days, (score, false));
        finding.value = told;
        return Looked::Unusual(finding);
    }
    let before = newest.iter().find(|p| p.at != 0.0).map(|p| model.score(p));
    let Some(before) = before.filter(|b| b.signum() == score.signum()) else {
        return Looked::Usual;
    };
    let both = (before + score) / std::f64::consts::SQRT_2;
    let is_each = before.abs().min(score.abs()) >= EACH_OF_TWO;
    // The day before said it alone already.
    if !is_each || both.abs() <= model.cut || before.abs() > model.cut {
        return Looked::Usual;
    }
    let mut finding = model.finding(today, days, (both, true));
    finding.value = told;
    Looked::Unusual(finding)
}
