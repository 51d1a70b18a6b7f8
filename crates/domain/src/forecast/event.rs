//! Days on which something is known to happen: a promotion, a holiday, a payday.

use chrono::NaiveDate;
use thiserror::Error;

/// Whether its effect is taken on somebody's word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum EventKind {
    /// Somebody entered it.
    Told,
    /// It stands in the calendar: used only where the past of the series shows that it helps.
    Holiday,
}

/// A named day. Days of one name are expected to have the same effect.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Event {
    pub day: NaiveDate,
    pub name: String,
    /// Only for this series; for all when `None`.
    pub series: Option<String>,
    pub kind: EventKind,
}

#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum EventError {
    #[error("an event needs a name")]
    NoName,
    #[error("{0:?} is no day: write it as 2026-12-24")]
    Day(String),
}

impl Event {
    /// `series` empty: for all of them.
    pub fn parse(day: &str, name: &str, series: &str) -> Result<Self, EventError> {
        let named = name.trim();
        if named.is_empty() {
            return Err(EventError::NoName);
        }
        let series = series.trim();
        Ok(Self {
            day: day
                .trim()
                .parse()
                .map_err(|_| EventError::Day(day.to_owned()))?,
            name: named.to_owned(),
            series: (!series.is_empty()).then(|| series.to_owned()),
            kind: EventKind::Told,
        })
    }

    /// Of all series.
    #[must_use]
    pub const fn holiday(day: NaiveDate, name: String) -> Self {
        Self {
            day,
            name,
            series: None,
            kind: EventKind::Holiday,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_an_event_or_says_why_not() {
        let all = Event::parse("2026-11-27", " Black Friday ", "").unwrap();
        assert_eq!((all.name.as_str(), all.series), ("Black Friday", None));
        assert_eq!(Event::parse("2026-11-27", " ", ""), Err(EventError::NoName));
        let day = Event::parse("27.11.2026", "sale", "").unwrap_err();
        assert_eq!(
            day.to_string(),
            "\"27.11.2026\" is no day: write it as 2026-12-24"
        );
    }
}
