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

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn schedule(pattern: &str) -> Schedule {
        Schedule::parse(pattern).unwrap()
    }

    #[track_caller]
    fn check(pattern: &str, zone: &str, from: &str, starts: &[&str]) {
        let (schedule, zone) = (schedule(pattern), zone.parse().unwrap());
        let mut last = at(from);
        for expected in starts {
            last = schedule.next_after(last, zone).unwrap();
            assert_eq!(last, at(expected), "{pattern} in {zone}");
        }
    }

    #[test]
    fn times_of_day_are_the_store_s() {
        check(
            "0 9 * * *",
            "America/New_York",
            "2026-01-10T14:00:00Z",
            &["2026-01-11T14:00:00Z"],
        );
        check(
            "0 9 * * MON",
            "Asia/Tokyo",
            "2026-06-05T00:00:00Z",
            &["2026-06-08T00:00:00Z", "2026-06-15T00:00:00Z"],
        );
    }

    #[test]
    fn a_time_that_clocks_skip_starts_once_and_after_it() {
        // 02:00 → 03:00 on 29 March 2026: 02:30 does not exist.
        check(
            "30 2 * * *",
            "Europe/Berlin",
            "2026-03-28T12:00:00Z",
            &["2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z"],
        );
    }

    #[test]
    fn a_time_that_comes_twice_starts_once() {
        // 03:00 → 02:00 on 25 October 2026: 02:30 is at 00:30 and at 01:30 UTC.
        check(
            "30 2 * * *",
            "Europe/Berlin",
            "2026-10-24T12:00:00Z",
            &["2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"],
        );
    }

    #[test]
    fn what_starts_every_so_often_goes_on_while_clocks_change() {
        check(
            "*/30 * * * *",
            "Europe/Berlin",
            "2026-10-25T00:10:00Z",
            &[
                "2026-10-25T00:30:00Z",
                "2026-10-25T01:00:00Z",
                "2026-10-25T01:30:00Z",
                "2026-10-25T02:00:00Z",
            ],
        );
        check(
            "*/30 * * * *",
            "Europe/Berlin",
            "2026-03-29T00:10:00Z",
            &["2026-03-29T00:30:00Z", "2026-03-29T01:00:00Z"],
        );
    }

    #[test]
    fn a_long_pause_is_caught_up_by_the_latest_start_alone() {
        let due = |last, now| schedule("0 */2 * * *").due(at(last), at(now), Tz::UTC);
        let late = due("2026-05-01T00:00:00Z", "2026-05-09T05:00:00Z");
        assert_eq!(late.missed, Some(at("2026-05-09T04:00:00Z")));
        assert_eq!(late.next, Some(at("2026-05-09T06:00:00Z")));
        let early = due("2026-05-09T04:00:00Z", "2026-05-09T05:59:59Z");
        assert_eq!(early.missed, None);
        let exact = due("2026-05-09T04:00:00Z", "2026-05-09T06:00:00Z");
        assert_eq!(exact.missed, Some(at("2026-05-09T06:00:00Z")));
        assert_eq!(exact.next, Some(at("2026-05-09T08:00:00Z")));
        let back = due("2026-05-09T04:00:00Z", "2026-05-09T01:00:00Z");
        assert_eq!(back.missed, None, "a clock that jumped back starts nothing");
    }

    #[test]
    fn a_skipped_time_is_caught_up_too() {
        let due = schedule("30 2 * * *").due(
            at("2026-03-28T01:30:00Z"),
            at("2026-03-29T10:00:00Z"),
            "Europe/Berlin".parse().unwrap(),
        );
        assert_eq!(due.missed, Some(at("2026-03-29T01:00:00Z")));
    }

    #[track_caller]
    fn refused(pattern: &str, expected: &str) {
        let error = Schedule::parse(pattern).unwrap_err().to_string();
        assert!(error.starts_with(expected), "{pattern}: {error}");
    }

    #[test]
    fn what_is_no_pattern_of_minutes_is_refused() {
        refused("", "has five fields");
        refused("* * * *", "has five fields");
        refused("*/10 * * * * *", "has five fields");
        refused("0 0 * * * 2027 1", "has five fields");
        refused("61 * * * *", "is not a cron pattern");
        refused("a b c d e", "is not a cron pattern");
        refused("@sometimes", "is not a cron pattern");
        refused("0 0 30 2 *", "never comes due");
        refused(&"1,".repeat(60), "is longer than");
        assert!(Schedule::parse("@daily").is_ok());
        assert!(Schedule::parse("0 0 29 2 *").is_ok());
    }
}
