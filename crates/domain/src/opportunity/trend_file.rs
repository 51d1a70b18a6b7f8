//! Reading a table of indexes: one column a term beside the week, as search engines export it, or one row a week and term.
//!
//! The first column is a day; of days closer than a week the mean of a week is taken. `<1` is told of what is too little to be counted, and is
//! counted as 0. What cannot be read is refused by its line, and a term with such a line is left out as a whole: a gap that nobody sees would
//! look like a change.

use super::trend::{TrendAbout, TrendPoint};
use crate::scoring::divide;
use chrono::{Datelike as _, Days, NaiveDate, Weekday};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;
use std::collections::{BTreeMap, BTreeSet};

/// Terms of a file, at most.
pub const MOST_SERIES: usize = 200;
/// Weeks of a series, at most.
const MOST_WEEKS: usize = 520;
const LONGEST_TERM: usize = 120;
const MOST_INDEX: i64 = 1_000_000;

/// A header, and rows with the line on which each begins.
pub type Table = (Vec<String>, Vec<(u64, Vec<String>)>);

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadTrend {
    pub about: TrendAbout,
    pub points: Vec<TrendPoint>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReadTrends {
    pub series: Vec<ReadTrend>,
    /// Lines that could not be read, and why.
    pub refused: Vec<(u64, String)>,
    /// Terms that are left out because of such lines.
    pub left_out: BTreeSet<String>,
}

/// A cell of one term.
struct Cell {
    line: u64,
    about: TrendAbout,
    day: Result<NaiveDate, String>,
    index: Result<i64, String>,
}

fn small(text: &str) -> String {
    text.trim().to_lowercase()
}

/// `2026-01-31`, or the first day of `2026-01-25 - 2026-01-31`.
fn day(text: &str) -> Result<NaiveDate, String> {
    let first = text.trim().get(..10).unwrap_or(text.trim());
    let read = NaiveDate::parse_from_str(first, "%Y-%m-%d");
    read.map_err(|_| format!("{:?} is no day like 2026-01-31", text.trim()))
}

fn index(text: &str) -> Result<i64, String> {
    let text = text.trim();
    if text == "<1" {
        return Ok(0);
    }
    let wrong = || format!("{text:?} is no index from 0 to {MOST_INDEX}");
    let number: Decimal = text.parse().map_err(|_| wrong())?;
    let hundredths = (number * Decimal::ONE_HUNDRED).round().to_i64();
    let fits = |n: &i64| (0..=MOST_INDEX * 100).contains(n);
    hundredths.filter(fits).ok_or_else(wrong)
}

/// `lamp: (Worldwide)` is the term and where it was counted.
fn term(header: &str) -> String {
    let bare = match header.rsplit_once(": (") {
        Some((term, rest)) if rest.ends_with(')') => term,
        _ => header,
    };
    bare.trim().to_owned()
}

/// Weeks that begin on a Sunday are told by their Monday.
fn week(day: NaiveDate, weekly: bool) -> NaiveDate {
    if weekly && day.weekday() == Weekday::Sun {
        return day + Days::new(1);
    }
    day - Days::new(day.weekday().num_days_from_monday().into())
}

fn cells(table: &Table) -> Result<Vec<Cell>, String> {
    let (headers, rows) = table;
    let names: Vec<String> = headers.iter().map(|h| small(h)).collect();
    let at = |wanted: &[&str]| names.iter().position(|n| wanted.contains(&n.as_str()));
    let when = at(&["week", "day", "date", "time", "woche", "tag", "datum"]);
    let when = when.ok_or("has no column week, day or date")?;
    let told = |cells: &[String], at: usize| cells.get(at).cloned().unwrap_or_default();
    let keyword = at(&["keyword", "term", "query"]);
    let category = at(&["category", "type"]);
    let value = at(&["index", "value", "interest"]);
    let mut all = Vec::new();
    if let Some(value) = value
        && (keyword.is_some() || category.is_some())
    {
        for (line, row) in rows {
            let named = |at: Option<usize>| {
                let text = at.map(|at| told(row, at).trim().to_owned());
                text.filter(|text| !text.is_empty())
            };
            let about = match (named(keyword), named(category)) {
                (Some(text), _) => TrendAbout::Keyword(text),
                (None, Some(text)) => TrendAbout::Category(text),
                (None, None) => TrendAbout::Keyword(String::new()),
            };
            all.push(Cell {
                line: *line,
                about,
                day: day(&told(row, when)),
                index: index(&told(row, value)),
            });
        }
        return Ok(all);
    }
    let is_partial = |name: &str| name == "ispartial";
    for (at, header) in headers.iter().enumerate() {
        if at == when || is_partial(&names[at]) {
            continue;
        }
        for (line, row) in rows {
            all.push(Cell {
                line: *line,
                about: TrendAbout::Keyword(term(header)),
                day: day(&told(row, when)),
                index: index(&told(row, at)),
            });
        }
    }
    Ok(all)
}

fn by_week(days: &BTreeMap<NaiveDate, i64>) -> Vec<TrendPoint> {
    let gaps = days.keys().zip(days.keys().skip(1));
    let weekly = gaps.map(|(a, b)| (*b - *a).num_days()).min() >= Some(7);
    let mut weeks: BTreeMap<NaiveDate, (i64, i64)> = BTreeMap::new();
    for (day, index) in days {
        let place = weeks.entry(week(*day, weekly)).or_default();
        *place = (place.0 + index, place.1 + 1);
    }
    let points = weeks.into_iter().map(|(week, (sum, days))| TrendPoint {
        week,
        index: divide(sum, days),
    });
    points.collect()
}

/// # Errors
/// It is no such table, as a sentence that goes on after its name.
pub fn read_trends(table: &Table) -> Result<ReadTrends, String> {
    let mut read = ReadTrends::default();
    let mut days: BTreeMap<TrendAbout, BTreeMap<NaiveDate, i64>> = BTreeMap::new();
    let mut refused: BTreeMap<(u64, String), BTreeSet<TrendAbout>> = BTreeMap::new();
    for cell in cells(table)? {
        let name = cell.about.text().chars().count();
        let about = cell.about;
        let fault = match (&cell.day, &cell.index) {
            _ if name == 0 => Some("no keyword and no category is told".to_owned()),
            _ if name > LONGEST_TERM => Some(format!("a term has at most {LONGEST_TERM} letters")),
            (Err(why), _) | (_, Err(why)) => Some(why.clone()),
            (Ok(day), Ok(index)) => {
                let known = days.entry(about.clone()).or_default().insert(*day, *index);
                known.map(|_| format!("{} tells {day} twice", about.text()))
            }
        };
        if let Some(why) = fault {
            refused.entry((cell.line, why)).or_default().insert(about);
        }
    }
    if days.len() > MOST_SERIES {
        return Err(format!("has more than {MOST_SERIES} terms"));
    }
    let broken: BTreeSet<&TrendAbout> = refused.values().flatten().collect();
    for (about, days) in &days {
        if broken.contains(about) {
            read.left_out.insert(about.text().to_owned());
            continue;
        }
        let points = by_week(days);
        if points.len() > MOST_WEEKS {
            return Err(format!("has more than {MOST_WEEKS} weeks"));
        }
        let about = about.clone();
        read.series.push(ReadTrend { about, points });
    }
    read.refused = refused.into_keys().collect();
    if read.series.is_empty() && read.refused.is_empty() {
        return Err("has no weeks".to_owned());
    }
    Ok(read)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(text: &str) -> Table {
        let mut lines = text
            .lines()
            .map(|l| l.split(',').map(str::to_owned).collect());
        let headers = lines.next().unwrap();
        (headers, (2..).zip(lines).collect())
    }

    fn told(text: &str) -> ReadTrends {
        read_trends(&table(text)).unwrap()
    }

    fn points(of: &ReadTrend) -> Vec<(String, i64)> {
        let points = of.points.iter();
        points.map(|p| (p.week.to_string(), p.index)).collect()
    }

    #[test]
    fn a_column_a_term_is_read_as_search_engines_export_it() {
        let read = told(
            "Week,camping lamp: (Worldwide),tent: (Germany)\n2026-01-04,45,<1\n2026-01-11,50.5,7",
        );
        assert_eq!(read.refused, []);
        let names: Vec<_> = read.series.iter().map(|s| s.about.text()).collect();
        assert_eq!(names, ["camping lamp", "tent"]);
        // Weeks that begin on a Sunday.
        let weeks = [
            ("2026-01-05".to_owned(), 4_500),
            ("2026-01-12".to_owned(), 5_050),
        ];
        assert_eq!(points(&read.series[0]), weeks);
        assert_eq!(
            read.series[1].points[0].index, 0,
            "too little to be counted"
        );
    }

    #[test]
    fn a_row_a_week_and_days_are_read() {
        let read = told(
            "date,keyword,category,index\n2026-01-05,lamp,,10\n2026-01-06,lamp,,20\n2026-01-11,lamp,,30\n2026-01-05,,Tents,5",
        );
        assert_eq!(points(&read.series[0]), [("2026-01-05".to_owned(), 2_000)]);
        assert_eq!(
            read.series[1].about,
            TrendAbout::Category("Tents".to_owned())
        );
    }

    #[test]
    fn a_term_with_a_line_that_cannot_be_read_is_left_out_whole() {
        let read = told("week,a,b\n2026-01-05,10,many\n2026-01-12,11,5\nsoon,1,2");
        assert_eq!(read.series, []);
        let lines: Vec<u64> = read.refused.iter().map(|(line, _)| *line).collect();
        assert_eq!(lines, [2, 4]);
        let read = told("week,a,b\n2026-01-05,10,many\n2026-01-12,11,5");
        assert_eq!(read.series.len(), 1);
        assert!(read.left_out.contains("b"));
        let twice = told("week,a\n2026-01-05,10\n2026-01-05,11");
        assert!(twice.refused[0].1.contains("twice"), "{twice:?}");
        assert!(
            told("week,a\n2026-01-05,-1").refused[0]
                .1
                .contains("no index")
        );
    }

    #[test]
    fn what_is_no_such_table_is_refused() {
        assert!(read_trends(&table("lamp,tent\n1,2")).is_err());
        assert!(read_trends(&table("week\n2026-01-05")).is_err());
        let wide: Vec<String> = (0..=MOST_SERIES).map(|n| format!("t{n}")).collect();
        let row = vec!["1"; MOST_SERIES + 1].join(",");
        let text = format!("week,{}\n2026-01-05,{row}", wide.join(","));
        assert!(read_trends(&table(&text)).unwrap_err().contains("terms"));
    }
}
