//! Dates and times as exports and spreadsheets write them.

use crate::calendar::Calendar;
use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use serde::{Deserialize, Serialize};

/// What `11/10/24` means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DateOrder {
    /// 11 October
    DayFirst,
    /// 10 November
    MonthFirst,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotADate {
    #[error("is not a date")]
    Words,
    #[error("is no day of the calendar")]
    NoSuchDay,
    #[error("does not exist in the store's time zone ({0}): the clocks were put forward over it")]
    Skipped(&'static str),
    #[error("can be read day first or month first")]
    Unclear,
}

/// A date with or without a time and an offset, as it stands in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    pub day: NaiveDate,
    pub time: Option<NaiveTime>,
    pub offset: Option<FixedOffset>,
}

impl Moment {
    /// In UTC; without an offset the store's zone decides, and a day without a time begins with its first instant.
    pub fn instant(&self, calendar: &Calendar) -> Result<DateTime<Utc>, NotADate> {
        let Some(time) = self.time else {
            return Ok(calendar.start_of(self.day));
        };
        let local = NaiveDateTime::new(self.day, time);
        match self.offset {
            Some(offset) => local
                .and_local_timezone(offset)
                .single()
                .map(|at| at.with_timezone(&Utc))
                .ok_or(NotADate::NoSuchDay),
            None => calendar
                .instant(local)
                .ok_or(NotADate::Skipped(calendar.zone_name())),
        }
    }
}

/// The three numbers of a date, before anybody knows their order.
struct Parts {
    first: u32,
    second: u32,
    third: u32,
    year_first: bool,
    /// `11.10.2024` is written day first wherever it is written.
    dotted: bool,
}

fn split(text: &str) -> Option<(Parts, &str)> {
    let text = text.trim();
    let end = text.find([' ', 'T']).unwrap_or(text.len());
    let (date, rest) = text.split_at(end);
    let separator = date.chars().find(|c| !c.is_ascii_digit())?;
    if !matches!(separator, '-' | '/' | '.') {
        return None;
    }
    let date = date.trim_end_matches('.');
    let numbers: Vec<&str> = date.split(separator).collect();
    let [a, b, c] = numbers[..] else { return None };
    let number = |t: &str| {
        let short = (1..=4).contains(&t.len()) && t.bytes().all(|b| b.is_ascii_digit());
        short.then(|| t.parse().ok()).flatten()
    };
    let parts = Parts {
        first: number(a)?,
        second: number(b)?,
        third: number(c)?,
        year_first: a.len() == 4,
        dotted: separator == '.',
    };
    Some((parts, rest.trim_start_matches([' ', 'T'])))
}

/// What one value says about the order of days and months in its file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hint {
    Nothing,
    Either,
    Sure(DateOrder),
}

pub(super) fn hint(text: &str) -> Hint {
    let Some((parts, _)) = split(text) else {
        return Hint::Nothing;
    };
    match parts {
        p if p.year_first || p.dotted || p.first == p.second => Hint::Nothing,
        p if p.first > 12 => Hint::Sure(DateOrder::DayFirst),
        p if p.second > 12 => Hint::Sure(DateOrder::MonthFirst),
        _ => Hint::Either,
    }
}

/// `order` decides where the file itself leaves both open.
pub fn parse_moment(text: &str, order: Option<DateOrder>) -> Result<Moment, NotADate> {
    let (parts, rest) = split(text).ok_or(NotADate::Words)?;
    let day = day(&parts, order)?;
    let (time, offset) = time(rest).ok_or(NotADate::Words)?;
    Ok(Moment { day, time, offset })
}

fn day(parts: &Parts, order: Option<DateOrder>) -> Result<NaiveDate, NotADate> {
    let (year, month, day) = if parts.year_first {
        (parts.first, parts.second, parts.third)
    } else {
        let order = match order {
            _ if parts.dotted => DateOrder::DayFirst,
            Some(order) => order,
            None if parts.first > 12 => DateOrder::DayFirst,
            None if parts.second > 12 || parts.first == parts.second => DateOrder::MonthFirst,
            None => return Err(NotADate::Unclear),
        };
        match order {
            DateOrder::DayFirst => (full_year(parts.third), parts.second, parts.first),
            DateOrder::MonthFirst => (full_year(parts.third), parts.first, parts.second),
        }
    };
    i32::try_from(year)
        .ok()
        .and_then(|year| NaiveDate::from_ymd_opt(year, month, day))
        .ok_or(NotADate::NoSuchDay)
}

const fn full_year(year: u32) -> u32 {
    match year {
        0..=69 => 2000 + year,
        70..=99 => 1900 + year,
        _ => year,
    }
}

/// `09:17`, `9:17:33 PM`, `10:37:33 -0500`, `10:37:33.5Z`; nothing is no time.
fn time(text: &str) -> Option<(Option<NaiveTime>, Option<FixedOffset>)> {
    let text = text.trim();
    if text.is_empty() {
        return Some((None, None));
    }
    let clock_end = text
        .find(|c: char| !c.is_ascii_digit() && !matches!(c, ':' | '.'))
        .unwrap_or(text.len());
    let (clock, rest) = text.split_at(clock_end);
    let mut parts = clock.split(':');
    let mut hour: u32 = parts.next()?.parse().ok()?;
    let minute: u32 = parts.next()?.parse().ok()?;
    let second: u32 = match parts.next() {
        Some(s) => s.split('.').next()?.parse().ok()?,
        None => 0,
    };
    let rest = rest.trim();
    let upper = rest.to_ascii_uppercase();
    let zone = if let Some(zone) = upper.strip_prefix("AM").or(upper.strip_prefix("A.M.")) {
        hour %= 12;
        zone.to_owned()
    } else if let Some(zone) = upper.strip_prefix("PM").or(upper.strip_prefix("P.M.")) {
        hour = hour % 12 + 12;
        zone.to_owned()
    } else {
        upper
    };
    let time = NaiveTime::from_hms_opt(hour, minute, second)?;
    Some((Some(time), offset(zone.trim())?))
}

#[expect(
    clippy::option_option,
    reason = "no offset, or one that cannot be read"
)]
fn offset(text: &str) -> Option<Option<FixedOffset>> {
    if text.is_empty() {
        return Some(None);
    }
    if matches!(text, "Z" | "UTC" | "GMT") {
        return Some(FixedOffset::east_opt(0));
    }
    let sign = match text.as_bytes().first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let digits: String = text[1..].chars().filter(|c| *c != ':').collect();
    if digits.len() != 4 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let (hours, minutes): (i32, i32) = (digits[..2].parse().ok()?, digits[2..].parse().ok()?);
    FixedOffset::east_opt(sign * (hours * 3600 + minutes * 60)).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, order: Option<DateOrder>, zone: &str, expected: &str) {
        let calendar = Calendar::parse(zone).unwrap();
        let at = parse_moment(text, order)
            .unwrap()
            .instant(&calendar)
            .unwrap();
        assert_eq!(at, expected.parse::<DateTime<Utc>>().unwrap(), "{text}");
    }

    #[test]
    fn the_offset_of_the_file_wins_over_the_zone_of_the_store() {
        check(
            "2025-12-06 10:37:33 -0500",
            None,
            "Asia/Kolkata",
            "2025-12-06T15:37:33Z",
        );
        check(
            "2025-12-06T10:37:33+01:00",
            None,
            "UTC",
            "2025-12-06T09:37:33Z",
        );
        check(
            "2025-12-06T10:37:33.250Z",
            None,
            "Asia/Kolkata",
            "2025-12-06T10:37:33Z",
        );
    }

    #[test]
    fn without_one_the_store_s_zone_decides() {
        let month_first = Some(DateOrder::MonthFirst);
        check(
            "11/10/24 09:17",
            month_first,
            "Pacific/Honolulu",
            "2024-11-10T19:17:00Z",
        );
        check(
            "11/10/24 09:17",
            Some(DateOrder::DayFirst),
            "UTC",
            "2024-10-11T09:17:00Z",
        );
        check("11.10.2024", None, "Europe/Berlin", "2024-10-10T22:00:00Z");
        check(
            "1/2/2024 9:05 PM",
            month_first,
            "UTC",
            "2024-01-02T21:05:00Z",
        );
        check("25/12/2024", None, "UTC", "2024-12-25T00:00:00Z");
        // The clocks went back at 02:00; the earlier of the two is meant.
        check(
            "2024-11-03 01:30",
            None,
            "America/New_York",
            "2024-11-03T05:30:00Z",
        );
    }

    #[test]
    fn what_is_no_date_says_why() {
        assert_eq!(parse_moment("soon", None), Err(NotADate::Words));
        assert_eq!(parse_moment("2024-02-30", None), Err(NotADate::NoSuchDay));
        assert_eq!(parse_moment("11/10/24", None), Err(NotADate::Unclear));
        assert_eq!(parse_moment("2024-01-01 25:00", None), Err(NotADate::Words));
        let skipped = parse_moment("2024-03-10 02:30", None).unwrap();
        let new_york = Calendar::parse("America/New_York").unwrap();
        assert_eq!(
            skipped.instant(&new_york),
            Err(NotADate::Skipped("America/New_York"))
        );
    }

    #[test]
    fn a_value_tells_the_order_or_that_it_could_be_either() {
        assert_eq!(hint("25/12/2024"), Hint::Sure(DateOrder::DayFirst));
        assert_eq!(hint("12/25/2024"), Hint::Sure(DateOrder::MonthFirst));
        assert_eq!(hint("11/10/24 09:17"), Hint::Either);
        for text in ["11/11/24", "2024-11-10", "11.10.2024", ""] {
            assert_eq!(hint(text), Hint::Nothing, "{text}");
        }
    }
}
