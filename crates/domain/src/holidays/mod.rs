//! Public holidays of a country, computed from the rules of its laws: [`COUNTRIES`](countries) names the sources.
//!
//! Where a holiday falls on a weekend and another day stands in for it, both are told, the latter as *… (observed)*. Rules hold from 1970 to 2099 as they are today, but
//! for what names its years; a day that was added or dropped before 2015 may be missing or too many.

mod countries;
mod rules;

use crate::calendar::DayRange;
use crate::forecast::Event;
use chrono::{Datelike as _, NaiveDate};
use countries::COUNTRIES;
use rules::Holiday;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;
use thiserror::Error;

/// A country whose holidays are known, by its ISO 3166-1 alpha-2 code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct HolidayCountry(usize);

#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("the holidays of {0:?} are not known; known are {known}", known = HolidayCountry::all().map(HolidayCountry::code).collect::<Vec<_>>().join(", "))]
pub struct UnknownCountry(String);

impl HolidayCountry {
    /// By code.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..COUNTRIES.len()).map(Self)
    }

    #[must_use]
    pub fn code(self) -> &'static str {
        COUNTRIES[self.0].0
    }

    /// By day; a day with two names is there twice.
    #[must_use]
    pub fn days(self, range: DayRange) -> BTreeSet<(NaiveDate, String)> {
        let holidays: &[Holiday] = COUNTRIES[self.0].1;
        let mut found = BTreeSet::new();
        // The stand-in of a new year's day may lie in the year before.
        for year in range.from.year()..=range.to.year().saturating_add(1) {
            for holiday in holidays {
                let (day, observed) = holiday.days(year);
                let observed = observed.map(|day| (day, format!("{} (observed)", holiday.name)));
                found.extend(day.map(|day| (day, holiday.name.to_owned())));
                found.extend(observed);
            }
        }
        found.retain(|(day, _)| range.contains(*day));
        found
    }

    /// As what a forecast may learn from, where the past shows that it helps.
    #[must_use]
    pub fn events(self, range: DayRange) -> Vec<Event> {
        let days = self.days(range).into_iter();
        days.map(|(day, name)| Event::holiday(day, name)).collect()
    }
}

impl FromStr for HolidayCountry {
    type Err = UnknownCountry;

    /// Without regard to case.
    fn from_str(code: &str) -> Result<Self, UnknownCountry> {
        let wanted = code.trim();
        let place = COUNTRIES
            .iter()
            .position(|(c, _)| c.eq_ignore_ascii_case(wanted));
        place
            .map(Self)
            .ok_or_else(|| UnknownCountry(code.to_owned()))
    }
}

impl TryFrom<String> for HolidayCountry {
    type Error = UnknownCountry;

    fn try_from(code: String) -> Result<Self, UnknownCountry> {
        code.parse()
    }
}

impl From<HolidayCountry> for String {
    fn from(country: HolidayCountry) -> Self {
        country.code().to_owned()
    }
}

impl fmt::Display for HolidayCountry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn of(code: &str, year: i32) -> Vec<String> {
        let range = DayRange {
            from: NaiveDate::from_ymd_opt(year, 1, 1).unwrap(),
            to: NaiveDate::from_ymd_opt(year, 12, 31).unwrap(),
        };
        let country: HolidayCountry = code.parse().unwrap();
        let days = country.days(range).into_iter();
        days.map(|(day, name)| format!("{} {name}", day.format("%m-%d")))
            .collect()
    }

    #[test]
    fn easter_is_where_the_church_has_it() {
        let known = [
            "1961-04-02",
            "2000-04-23",
            "2008-03-23",
            "2026-04-05",
            "2038-04-25",
            "2049-04-18",
        ];
        for on in known.map(day) {
            assert_eq!(rules::easter(on.year()), Some(on));
        }
    }

    #[test]
    fn a_german_year_is_whole() {
        assert_eq!(
            of("de", 2026),
            [
                "01-01 New Year's Day",
                "04-03 Good Friday",
                "04-06 Easter Monday",
                "05-01 Labor Day",
                "05-14 Ascension Day",
                "05-25 Pentecost Monday",
                "10-03 German Unity Day",
                "12-25 Christmas Day",
                "12-26 Second Day of Christmas"
            ]
        );
    }

    #[test]
    fn what_falls_on_a_weekend_has_a_day_that_stands_in() {
        let us = of("US", 2021);
        assert!(us.contains(&"07-05 Independence Day (observed)".to_owned()));
        assert!(
            us.contains(&"12-31 New Year's Day (observed)".to_owned()),
            "of the next year's"
        );
        let gb = of("GB", 2022);
        for on in [
            "01-03 New Year's Day (observed)",
            "06-02 Spring Bank Holiday",
            "12-27 Christmas Day (observed)",
        ] {
            assert!(gb.contains(&on.to_owned()), "{on}: {gb:?}");
        }
        assert!(!gb.iter().any(|d| d.starts_with("05-30")));
    }

    #[test]
    fn days_that_came_and_went_have_their_years() {
        let has = |code, year, name: &str| of(code, year).iter().any(|d| d.ends_with(name));
        assert!(has("DK", 2023, "Great Prayer Day") && !has("DK", 2024, "Great Prayer Day"));
        assert!(!has("US", 2020, "Juneteenth National Independence Day"));
        assert!(of("NL", 2025).contains(&"04-26 King's Day".to_owned()));
        assert!(of("NZ", 2026).contains(&"07-10 Matariki".to_owned()));
    }

    #[test]
    fn who_is_not_known_is_named_with_those_who_are() {
        let error = HolidayCountry::from_str("ZZ").unwrap_err().to_string();
        assert!(error.contains("ZZ") && error.contains("AT, AU"), "{error}");
        assert_eq!(
            serde_json::to_string(&HolidayCountry::from_str("fr").unwrap()).unwrap(),
            "\"FR\""
        );
        let codes: Vec<_> = HolidayCountry::all().map(HolidayCountry::code).collect();
        assert!(codes.is_sorted());
    }
}
