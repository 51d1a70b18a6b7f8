//! When an agent starts by itself: a cron pattern, read in the store's zone.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use croner::Cron;
use croner::parser::{CronParser, Seconds, Year};

/// A pattern of five fields: minute, hour, day of the month, month, day of the week. Nothing starts more often than once a minute.
#[derive(Debug, Clone)]
pub struct Schedule {
    cron: Cron,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ScheduleError {
    #[error("is longer than {MAX_PATTERN} characters")]
    TooLong,
    #[error("has five fields: minute, hour, day of the month, month and day of the week")]
    Fields,
    #[error("is not a cron pattern: {0}")]
    NotAPattern(String),
    #[error("never comes due")]
    Never,
}

const MAX_PATTERN: usize = 100;

/// A schedule that was looked at late.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    /// The latest instant that has come; earlier ones that were missed are not caught up, so that a long pause starts one run.
    /// `None`: none has come since.
    pub missed: Option<DateTime<Utc>>,
    /// The first one after now; `None`: there is none in this calendar.
    pub next: Option<DateTime<Utc>>,
}

impl Schedule {
    /// # Errors
    /// What is wrong with the pattern, as the end of a sentence that begins with "schedule".
    pub fn parse(pattern: &str) -> Result<Self, ScheduleError> {
        if pattern.chars().count() > MAX_PATTERN {
            return Err(ScheduleError::TooLong);
        }
        let pattern = pattern.trim();
        // `@daily` and the like stand for five fields.
        if !pattern.starts_with('@') && pattern.split_whitespace().count() != 5 {
            return Err(ScheduleError::Fields);
        }
        let parser = CronParser::builder()
            .seconds(Seconds::Disallowed)
            .year(Year::Disallowed)
            .build();
        let cron = parser
            .parse(pattern)
            .map_err(|error| ScheduleError::NotAPattern(error.to_string()))?;
        let schedule = Self { cron };
        // 30 February is a pattern, too.
        match schedule.next_after(DateTime::UNIX_EPOCH, Tz::UTC) {
            Some(_) => Ok(schedule),
            None => Err(ScheduleError::Never),
        }
    }

    /// The first start after an instant. A time of day that clocks put forward over starts when they have been put forward, and one that
    /// comes twice starts once; a pattern that starts every so often (`*/15 * * * *`) goes on through both.
    #[must_use]
    pub fn next_after(&self, at: DateTime<Utc>, zone: Tz) -> Option<DateTime<Utc>> {
        let local = at.with_timezone(&zone);
        let next = self.cron.find_next_occurrence(&local, false).ok()?;
        Some(next.with_timezone(&Utc))
    }

    /// What has come after `last` and up to `now`.
    #[must_use]
    pub fn due(&self, last: DateTime<Utc>, now: DateTime<Utc>, zone: Tz) -> Due {
        let local = now.with_timezone(&zone);
        let latest = self.cron.find_previous_occurrence(&local, true).ok();
        let missed = latest.map(|at| at.with_timezone(&Utc));
        Due {
            missed: missed.filter(|at| *at > last),
            next: self.next_after(now, zone),
        }
    }
}
