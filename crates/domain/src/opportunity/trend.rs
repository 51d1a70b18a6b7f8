//! How much is looked for what, week by week, as files tell it: indexes that others counted, such as exported search interest.
//!
//! An index compares weeks of one series and nothing else: it has no unit, and two files of the same word are never mixed. The last eight
//! weeks that are over are held against the same weeks of the year before, or, where a series is too short for that, against the 26 weeks
//! before them. As much as before has 50 points, twice as much or more 100, nothing 0. The interval is one standard error of both means.
//! Limits: a season is only told apart from a trend by a series of more than a year; a word that means two things is counted for both.

use super::facts::OwnFacts;
use crate::audit::Actor;
use crate::ids::{StoreScope, TrendSeriesId};
use crate::scoring::{Figure, Points};
use chrono::{DateTime, Days, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use uuid::Uuid;

const RECENT: u64 = 8;
const LEAST_RECENT: usize = 6;
const YEAR: u64 = 52;
const BEFORE: u64 = 26;
const LEAST_BEFORE: usize = 16;
/// What ended longer ago says nothing of now.
const MOST_AGE: u64 = 56;

/// What a series is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "kind", content = "text", rename_all = "snake_case")]
pub enum TrendAbout {
    /// It is of whatever has all its words in the title.
    Keyword(String),
    /// As offers name it, without regard to case.
    Category(String),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrendPoint {
    /// Its Monday.
    pub week: NaiveDate,
    /// Hundredths.
    pub index: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrendSeries {
    pub scope: StoreScope,
    pub id: TrendSeriesId,
    pub about: TrendAbout,
    /// Where the file is from, in the words of who brought it.
    pub source: String,
    /// SHA-256 of the file, in hex.
    pub sha256: String,
    pub read_at: DateTime<Utc>,
    pub read_by: Actor,
    /// By week, each once.
    pub points: Vec<TrendPoint>,
}

/// What a series comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrendFound {
    pub points: Points,
    /// Percent that the recent weeks are above those that they are held against.
    pub growth: i64,
    pub against: &'static str,
    /// Sunday of the last week that counts.
    pub until: NaiveDate,
}

impl TrendAbout {
    #[must_use]
    pub fn text(&self) -> &str {
        match self {
            Self::Keyword(text) | Self::Category(text) => text,
        }
    }

    /// A series of the same thing in a store replaces the one before.
    #[must_use]
    pub fn id(&self, scope: StoreScope) -> TrendSeriesId {
        let kind = match self {
            Self::Keyword(_) => "keyword",
            Self::Category(_) => "category",
        };
        let name = format!("trend\n{kind}\n{}", self.text().trim().to_lowercase());
        TrendSeriesId(Uuid::new_v5(&scope.store.0, name.as_bytes()))
    }
}

struct Mean {
    value: f64,
    /// Square of the standard error.
    error: f64,
}

#[expect(
    clippy::cast_precision_loss,
    reason = "at most some hundred weeks of at most a million"
)]
fn mean(of: &[i64]) -> Mean {
    let n = of.len().max(1) as f64;
    let value = of.iter().map(|v| *v as f64).sum::<f64>() / n;
    let squares = of.iter().map(|v| (*v as f64 - value).powi(2)).sum::<f64>();
    Mean {
        value,
        error: squares / (n - 1.0).max(1.0) / n,
    }
}

#[expect(clippy::cast_possible_truncation, reason = "clamped before")]
fn whole(value: f64, low: f64, high: f64) -> i64 {
    value.clamp(low, high).round() as i64
}

/// 50 for as much as before, half a point more or less for each percent.
fn as_points(ratio: f64) -> i64 {
    whole(50.0 + (ratio - 1.0) * 50.0, 0.0, 100.0)
}

impl TrendSeries {
    fn between(&self, from: NaiveDate, below: NaiveDate) -> Vec<i64> {
        let there = self.points.iter();
        let there = there.filter(|p| p.week >= from && p.week < below);
        there.map(|p| p.index).collect()
    }

    /// What it says now.
    ///
    /// # Errors
    /// Why it says nothing, as a sentence without its end.
    pub fn found(&self, now: DateTime<Utc>) -> Result<TrendFound, String> {
        let today = now.date_naive();
        let is_over = |p: &&TrendPoint| p.week + Days::new(7) <= today;
        let last = self.points.iter().rfind(is_over);
        let last = last.ok_or("no week of it is over yet")?.week;
        let (until, end) = (last + Days::new(6), last + Days::new(7));
        if today - end > chrono::TimeDelta::days(MOST_AGE.cast_signed()) {
            return Err(format!("it ends on {until}, which is too long ago"));
        }
        let from = end - Days::new(7 * RECENT);
        let recent = self.between(from, end);
        if recent.len() < LEAST_RECENT {
            return Err(format!(
                "it tells fewer than {LEAST_RECENT} of the last {RECENT} weeks"
            ));
        }
        let back = Days::new(7 * YEAR);
        let year = self.between(from - back, end - back);
        let (before, against) = if year.len() >= LEAST_RECENT {
            (year, "the same weeks of the year before")
        } else {
            let weeks = self.between(from - Days::new(7 * BEFORE), from);
            (weeks, "the 26 weeks before")
        };
        if against.starts_with("the 26") && before.len() < LEAST_BEFORE {
            return Err(format!(
                "it tells neither the year before nor {LEAST_BEFORE} weeks before the last {RECENT}"
            ));
        }
        let (recent, before) = (mean(&recent), mean(&before));
        if before.value <= 0.0 {
            return Err(format!(
                "its index was 0 in {against}: nothing to compare with"
            ));
        }
        let ratio = recent.value / before.value;
        // Of a quotient of two means; both sides to first order.
        let error = (recent.error + ratio * ratio * before.error).sqrt() / before.value;
        let value = as_points(ratio);
        Ok(TrendFound {
            points: Points {
                low: as_points(ratio - error).min(value),
                value,
                high: as_points(ratio + error).max(value),
            },
            growth: whole((ratio - 1.0) * 100.0, -100.0, 1e6),
            against,
            until,
        })
    }
}

fn words_of(text: &str) -> BTreeSet<String> {
    let words = text.split(|c: char| !c.is_alphanumeric());
    let words = words.filter(|w| !w.is_empty());
    words.map(str::to_lowercase).collect()
}

/// The one that says most exactly what it is: the keyword of most words, else the category; of several the newest.
#[must_use]
pub fn series_of<'a>(
    all: &'a [TrendSeries],
    title: &str,
    category: Option<&str>,
) -> Option<&'a TrendSeries> {
    let title = words_of(title);
    let category = category.map(|c| c.trim().to_lowercase());
    let fit = |series: &&TrendSeries| match &series.about {
        TrendAbout::Keyword(text) => {
            let words = words_of(text);
            (!words.is_empty() && words.is_subset(&title)).then_some(words.len() + 1)
        }
        TrendAbout::Category(text) => {
            let same = category.as_deref() == Some(text.trim().to_lowercase().as_str());
            same.then_some(1)
        }
    };
    let fitting = all.iter().filter_map(|s| Some((fit(&s)?, s)));
    let best = fitting.max_by_key(|(fit, s)| (*fit, s.read_at, s.id));
    best.map(|(_, series)| series)
}

/// The factor of the score with what was found in words.
pub(super) fn factor(
    own: &OwnFacts,
    title: &str,
    category: Option<&str>,
    now: DateTime<Utc>,
) -> (Option<String>, Figure<Points>) {
    if own.trends.is_empty() {
        return (None, Figure::unknown("no source of trends is connected"));
    }
    let Some(series) = series_of(&own.trends, title, category) else {
        let why = "no trend file has a keyword of its title, or its category";
        return (None, Figure::unknown(why));
    };
    let name = format!("“{}” of {}", series.about.text(), series.source);
    match series.found(now) {
        Ok(found) => {
            let sign = if found.growth > 0 { "+" } else { "" };
            let text = format!("{sign}{} % against {}", found.growth, found.against);
            let read = series.read_at.format("%Y-%m-%d");
            let why = format!("{name}, weeks until {}, read on {read}", found.until);
            (Some(text), Figure::known(found.points, why))
        }
        Err(why) => (None, Figure::unknown(format!("{name}: {why}"))),
    }
}

#[cfg(test)]
#[path = "trend_tests.rs"]
mod tests;
