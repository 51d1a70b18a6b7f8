//! The store's own days: an instant belongs to the local day of the shop's IANA zone, daylight saving included.

use chrono::{DateTime, Datelike as _, Days, NaiveDate, TimeZone as _, Timelike as _, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

/// A span of local days, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayRange {
    pub from: NaiveDate,
    pub to: NaiveDate,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CalendarError {
    #[error("{0:?} is not a time zone of the IANA database")]
    UnknownZone(String),
    #[error("the range ends ({to}) before it begins ({from})")]
    Backwards { from: NaiveDate, to: NaiveDate },
    #[error("the range covers {days} days; at most {max} are answered at once")]
    TooLong { days: i64, max: i64 },
}

/// With which a report compares itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Comparison {
    /// The span of the same length that ends the day before.
    Previous,
    /// The same days one year earlier (29 February becomes the 28th).
    Year,
}

impl DayRange {
    /// Twenty years: more is a mistake.
    pub const MAX_DAYS: i64 = 7320;

    pub fn new(from: NaiveDate, to: NaiveDate) -> Result<Self, CalendarError> {
        let days = (to - from).num_days() + 1;
        if days < 1 {
            return Err(CalendarError::Backwards { from, to });
        }
        if days > Self::MAX_DAYS {
            return Err(CalendarError::TooLong {
                days,
                max: Self::MAX_DAYS,
            });
        }
        Ok(Self { from, to })
    }

    #[must_use]
    pub fn len_days(&self) -> u64 {
        u64::try_from((self.to - self.from).num_days()).unwrap_or(0) + 1
    }

    pub fn days(&self) -> impl Iterator<Item = NaiveDate> {
        let to = self.to;
        self.from.iter_days().take_while(move |d| *d <= to)
    }

    #[must_use]
    pub fn contains(&self, day: NaiveDate) -> bool {
        self.from <= day && day <= self.to
    }

    #[must_use]
    pub fn compared(&self, with: Comparison) -> Self {
        match with {
            Comparison::Previous => {
                let shift = Days::new(self.len_days());
                Self {
                    from: self.from - shift,
                    to: self.to - shift,
                }
            }
            Comparison::Year => Self {
                from: year_before(self.from),
                to: year_before(self.to),
            },
        }
    }
}

fn year_before(day: NaiveDate) -> NaiveDate {
    day.with_year(day.year() - 1).unwrap_or_else(|| {
        day.pred_opt()
            .and_then(|d| d.with_year(d.year() - 1))
            .unwrap_or(day)
    })
}

/// Days, weeks and months of one store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Calendar {
    zone: Tz,
}

impl Calendar {
    #[must_use]
    pub const fn of(zone: Tz) -> Self {
        Self { zone }
    }

    pub fn parse(zone: &str) -> Result<Self, CalendarError> {
        zone.parse()
            .map(|zone| Self { zone })
            .map_err(|_| CalendarError::UnknownZone(zone.to_owned()))
    }

    #[must_use]
    pub fn zone_name(&self) -> &'static str {
        self.zone.name()
    }

    /// The local day on which the instant falls.
    #[must_use]
    pub fn hour_of(&self, at: DateTime<Utc>) -> u32 {
        at.with_timezone(&self.zone).hour()
    }

    #[must_use]
    pub fn day_of(&self, at: DateTime<Utc>) -> NaiveDate {
        at.with_timezone(&self.zone).date_naive()
    }

    /// The instant of a local time: the earlier one where clocks went back, `None` where they were put forward over it.
    #[must_use]
    pub fn instant(&self, local: chrono::NaiveDateTime) -> Option<DateTime<Utc>> {
        let at = self.zone.from_local_datetime(&local).earliest()?;
        Some(at.with_timezone(&Utc))
    }

    /// Whether the zone had this day: one that crossed the date line left a day out.
    #[must_use]
    pub fn has(&self, day: NaiveDate) -> bool {
        self.day_of(self.start_of(day)) == day
    }

    /// The first instant of the local day; where a zone skips midnight, the first instant that exists.
    #[must_use]
    pub fn start_of(&self, day: NaiveDate) -> DateTime<Utc> {
        let mut local = day.and_time(chrono::NaiveTime::MIN);
        for _ in 0..48 {
            if let Some(at) = self.zone.from_local_datetime(&local).earliest() {
                return at.with_timezone(&Utc);
            }
            local += chrono::Duration::minutes(30);
        }
        Utc.from_utc_datetime(&day.and_time(chrono::NaiveTime::MIN))
    }
}

/// Periods into which days are gathered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Grain {
    Day,
    /// ISO 8601 weeks, Monday first: `2026-W07`.
    Week,
    Month,
}

impl Grain {
    /// `2026-02-14`, `2026-W07`, `2026-02`.
    #[must_use]
    pub fn key(self, day: NaiveDate) -> String {
        match self {
            Self::Day => day.to_string(),
            Self::Week => {
                let week = day.iso_week();
                format!("{:04}-W{:02}", week.year(), week.week())
            }
            Self::Month => format!("{:04}-{:02}", day.year(), day.month()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[track_caller]
    fn check(zone: &str, instant: &str, expected: &str) {
        let at: DateTime<Utc> = instant.parse().unwrap();
        assert_eq!(Calendar::parse(zone).unwrap().day_of(at), day(expected));
    }

    #[test]
    fn a_day_is_the_shop_s_day_across_daylight_saving() {
        check("America/New_York", "2026-03-08T04:59:59Z", "2026-03-07");
        check("America/New_York", "2026-03-09T03:59:59Z", "2026-03-08");
        check("America/New_York", "2026-03-09T04:00:00Z", "2026-03-09");
        check("Europe/London", "2010-06-30T23:30:00Z", "2010-07-01");
        check("Pacific/Kiritimati", "2026-01-01T10:00:00Z", "2026-01-02");
    }

    #[test]
    fn a_day_starts_where_it_exists() {
        let sao_paulo = Calendar::parse("America/Sao_Paulo").unwrap();
        // On 2018-11-04 the clocks went from 00:00 to 01:00.
        let start = sao_paulo.start_of(day("2018-11-04"));
        assert_eq!(start.to_rfc3339(), "2018-11-04T03:00:00+00:00");
        assert_eq!(sao_paulo.day_of(start), day("2018-11-04"));
    }

    #[test]
    fn ranges_compare_with_what_came_before() {
        let range = DayRange::new(day("2024-02-29"), day("2024-03-02")).unwrap();
        let previous = range.compared(Comparison::Previous);
        assert_eq!(
            (previous.from, previous.to),
            (day("2024-02-26"), day("2024-02-28"))
        );
        let year = range.compared(Comparison::Year);
        assert_eq!((year.from, year.to), (day("2023-02-28"), day("2023-03-02")));
        assert!(matches!(
            DayRange::new(day("2024-01-02"), day("2024-01-01")),
            Err(CalendarError::Backwards { .. })
        ));
    }

    #[test]
    fn weeks_follow_iso_over_the_turn_of_the_year() {
        assert_eq!(Grain::Week.key(day("2027-01-01")), "2026-W53");
        assert_eq!(Grain::Month.key(day("2027-01-01")), "2027-01");
    }

    #[test]
    fn an_unknown_zone_is_named() {
        assert_eq!(
            Calendar::parse("EST5"),
            Err(CalendarError::UnknownZone("EST5".into()))
        );
    }
}
