//! Which day of a year a holiday falls on.

use chrono::{Datelike as _, Days, NaiveDate, Weekday};

/// What is added when the day falls on a weekend; the day itself stays, because shops feel both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Observed {
    Never,
    /// Friday before a Saturday, Monday after a Sunday.
    Nearest,
    /// The Monday after.
    Monday,
    /// Two days later: of two holidays in a row each has a day of its own then.
    TwoOn,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rule {
    /// Month and day.
    On(u32, u32),
    /// Days after Easter Sunday of the western churches.
    Easter(i64),
    /// The nth such weekday of a month.
    Nth(u8, Weekday, u32),
    Last(Weekday, u32),
    /// The first such weekday from a month's day on.
    From(Weekday, u32, u32),
    /// Days that a law or a proclamation names one by one.
    Days(&'static [(i32, u32, u32)]),
}

/// A holiday of a country, in the years that it is one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Holiday {
    pub name: &'static str,
    pub rule: Rule,
    pub observed: Observed,
    pub first: i32,
    pub last: i32,
}

impl Holiday {
    pub(super) const fn new(name: &'static str, rule: Rule) -> Self {
        Self {
            name,
            rule,
            observed: Observed::Never,
            first: i32::MIN,
            last: i32::MAX,
        }
    }

    pub(super) const fn observed(self, observed: Observed) -> Self {
        Self { observed, ..self }
    }

    pub(super) const fn since(self, first: i32) -> Self {
        Self { first, ..self }
    }

    pub(super) const fn until(self, last: i32) -> Self {
        Self { last, ..self }
    }

    /// Its day of a year, and the one that stands in for it where there is one.
    pub(super) fn days(&self, year: i32) -> (Option<NaiveDate>, Option<NaiveDate>) {
        if !(self.first..=self.last).contains(&year) {
            return (None, None);
        }
        let day = self.rule.day(year);
        (day, day.and_then(|day| self.observed.day(day)))
    }
}

impl Observed {
    fn day(self, day: NaiveDate) -> Option<NaiveDate> {
        let later = |days| day.checked_add_days(Days::new(days));
        match (self, day.weekday()) {
            (Self::Nearest, Weekday::Sat) => day.pred_opt(),
            (Self::Nearest | Self::Monday, Weekday::Sun) => later(1),
            (Self::Monday | Self::TwoOn, Weekday::Sat) | (Self::TwoOn, Weekday::Sun) => later(2),
            _ => None,
        }
    }
}

impl Rule {
    fn day(self, year: i32) -> Option<NaiveDate> {
        match self {
            Self::On(month, day) => NaiveDate::from_ymd_opt(year, month, day),
            Self::Easter(days) => {
                easter(year)?.checked_add_signed(chrono::TimeDelta::try_days(days)?)
            }
            Self::Nth(nth, weekday, month) => {
                NaiveDate::from_weekday_of_month_opt(year, month, weekday, nth)
            }
            Self::Last(weekday, month) => {
                let fifth = NaiveDate::from_weekday_of_month_opt(year, month, weekday, 5);
                fifth.or_else(|| NaiveDate::from_weekday_of_month_opt(year, month, weekday, 4))
            }
            Self::From(weekday, month, day) => {
                let mut found = NaiveDate::from_ymd_opt(year, month, day)?;
                while found.weekday() != weekday {
                    found = found.succ_opt()?;
                }
                Some(found)
            }
            Self::Days(days) => {
                let of = days.iter().find(|(y, _, _)| *y == year)?;
                NaiveDate::from_ymd_opt(of.0, of.1, of.2)
            }
        }
    }
}

/// Easter Sunday by the Gregorian computus (Meeus: *Astronomical Algorithms*, 2nd edition, chapter 8).
pub(super) fn easter(year: i32) -> Option<NaiveDate> {
    let (a, b, c) = (year % 19, year / 100, year % 100);
    let (d, e) = (b / 4, b % 4);
    let f = (b + 8) / 25;
    let g = (b - f + 1) / 3;
    let h = (19 * a + b - d - g + 15) % 30;
    let (i, k) = (c / 4, c % 4);
    let l = (32 + 2 * e + 2 * i - h - k) % 7;
    let m = (a + 11 * h + 22 * l) / 451;
    let n = h + l - 7 * m + 114;
    let (month, day) = (u32::try_from(n / 31).ok()?, u32::try_from(n % 31 + 1).ok()?);
    NaiveDate::from_ymd_opt(year, month, day)
}
