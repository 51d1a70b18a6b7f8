//! Days in words, resolved on a day of the store: `last 7 days` ends today, as in the command center's own periods; a week begins on Monday.

use super::numbers::number;
use super::phrase;
use super::words::Word;
use crate::calendar::DayRange;
use chrono::{Datelike as _, Days, Months, NaiveDate, Weekday};

/// Days, and how they are called in an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    pub range: DayRange,
    /// `yesterday`, `the last 7 days`, `October 2026`.
    pub words: String,
    /// Nobody said so: the usual days were taken.
    pub is_usual: bool,
}

/// What stands where days are expected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Found {
    Past(Span),
    /// So many days from tomorrow on.
    Ahead(u32),
    /// Days that there are not, or that have not come yet.
    Wrong,
}

#[derive(Clone, Copy)]
enum Unit {
    Day,
    Week,
    Month,
    Quarter,
    Year,
}

const UNITS: &[(&str, Unit)] = &[
    ("day", Unit::Day),
    ("days", Unit::Day),
    ("week", Unit::Week),
    ("weeks", Unit::Week),
    ("month", Unit::Month),
    ("months", Unit::Month),
    ("quarter", Unit::Quarter),
    ("quarters", Unit::Quarter),
    ("year", Unit::Year),
    ("years", Unit::Year),
];

const MONTHS: &[(&str, u32)] = &[
    ("january", 1),
    ("jan", 1),
    ("february", 2),
    ("feb", 2),
    ("march", 3),
    ("mar", 3),
    ("april", 4),
    ("apr", 4),
    ("may", 5),
    ("june", 6),
    ("jun", 6),
    ("july", 7),
    ("jul", 7),
    ("august", 8),
    ("aug", 8),
    ("september", 9),
    ("sep", 9),
    ("sept", 9),
    ("october", 10),
    ("oct", 10),
    ("november", 11),
    ("nov", 11),
    ("december", 12),
    ("dec", 12),
];

const WEEKDAYS: &[(&str, Weekday)] = &[
    ("monday", Weekday::Mon),
    ("tuesday", Weekday::Tue),
    ("wednesday", Weekday::Wed),
    ("thursday", Weekday::Thu),
    ("friday", Weekday::Fri),
    ("saturday", Weekday::Sat),
    ("sunday", Weekday::Sun),
];

/// Before days, without a meaning of their own.
const LEAD: &[&str] = &[
    "over the",
    "in the",
    "during the",
    "for the",
    "of the",
    "on the",
    "within the",
    "over",
    "in",
    "during",
    "on",
    "the",
    "for",
    "of",
    "within",
    "from",
    "at",
];

impl Span {
    fn new(from: NaiveDate, to: NaiveDate, words: impl Into<String>) -> Option<Self> {
        Some(Self {
            range: DayRange::new(from, to).ok()?,
            words: words.into(),
            is_usual: false,
        })
    }

    /// So many days up to today, today included.
    #[must_use]
    pub fn last(days: u64, today: NaiveDate) -> Self {
        let from = today - Days::new(days.saturating_sub(1));
        Self {
            range: DayRange { from, to: today },
            words: format!("the last {days} days"),
            is_usual: false,
        }
    }

    /// The same, where nobody said which days.
    #[must_use]
    pub fn usual(days: u64, today: NaiveDate) -> Self {
        Self {
            is_usual: true,
            ..Self::last(days, today)
        }
    }

    /// So many days that end the day before these; `None` beyond the calendar.
    pub(super) fn before(&self, days: u32) -> Option<Self> {
        let to = self.range.from.pred_opt()?;
        let from = self.range.from.checked_sub_days(Days::new(days.into()))?;
        Self::new(from, to, format!("the {days} days before"))
    }
}

/// `28 days before`, `previous two weeks`: how many days, and how many words that takes.
pub(super) fn days_before(words: &[Word]) -> Option<(u32, usize)> {
    let lead = phrase::any(&["previous", "preceding", "prior"], words).unwrap_or(0);
    let count = number(&words.get(lead)?.text).filter(|n| *n > 0)?;
    let rest = &words[lead + 1..];
    let (unit, taken) = phrase::longest(UNITS, rest)?;
    let days = match unit {
        Unit::Day => count,
        Unit::Week => count.checked_mul(7)?,
        Unit::Month | Unit::Quarter | Unit::Year => return None,
    };
    let end = match lead {
        0 => phrase::any(
            &["before", "before that", "earlier", "prior"],
            &rest[taken..],
        )?,
        _ => 0,
    };
    Some((days, lead + 1 + taken + end))
}

/// Days at the beginning of the words, and how many words they take.
pub(super) fn read(words: &[Word], today: NaiveDate) -> Option<(Found, usize)> {
    if let Some(found) = reach(words, today) {
        return Some(found);
    }
    let lead = phrase::any(LEAD, words).unwrap_or(0);
    let (found, taken) = bare(&words[lead..], today)?;
    Some((found, taken + lead))
}

/// `since March`, `from 2026-10-01 to 2026-10-15`, `between Monday and Wednesday`, `2026-10-01 to 2026-10-15`.
fn reach(words: &[Word], today: NaiveDate) -> Option<(Found, usize)> {
    if let Some(lead) = phrase::any(&["since the beginning of", "since"], words) {
        let (found, taken) = read(&words[lead..], today)?;
        let Found::Past(span) = found else {
            return Some((Found::Wrong, taken + lead));
        };
        let words = format!("since {}", span.words);
        let span = Span::new(span.range.from, today, words);
        return Some((span.map_or(Found::Wrong, Found::Past), taken + lead));
    }
    let lead = phrase::any(&["from", "between"], words).unwrap_or(0);
    let (first, taken) = bare(&words[lead..], today)?;
    let middle = lead + taken;
    let joint = phrase::any(&["to", "until", "till", "through", "and"], &words[middle..])?;
    let (last, taken) = bare(&words[middle + joint..], today)?;
    let taken = middle + joint + taken;
    let (Found::Past(first), Found::Past(last)) = (first, last) else {
        return Some((Found::Wrong, taken));
    };
    let (from, to) = (first.range.from, last.range.to);
    let span = Span::new(from, to, format!("{from} to {to}"));
    Some((span.map_or(Found::Wrong, Found::Past), taken))
}

fn bare(words: &[Word], today: NaiveDate) -> Option<(Found, usize)> {
    let first = words.first().filter(|w| !w.is_quoted)?;
    if first.text.len() == 10 && first.text.bytes().filter(|b| *b == b'-').count() == 2 {
        let day = first.day().filter(|day| *day <= today);
        let span = day.and_then(|day| Span::new(day, day, day.to_string()));
        return Some((span.map_or(Found::Wrong, Found::Past), 1));
    }
    fixed(words, today)
        .or_else(|| counted(words, today))
        .or_else(|| weekday(words, today))
        .or_else(|| month(words, today))
        .or_else(|| quarter_or_year(words, today))
}

fn past(span: Option<Span>, taken: usize) -> Option<(Found, usize)> {
    Some((span.map_or(Found::Wrong, Found::Past), taken))
}

fn fixed(words: &[Word], today: NaiveDate) -> Option<(Found, usize)> {
    let back = |days| today - Days::new(days);
    let one = |day, name| Span::new(day, day, name);
    const PHRASES: &[(&str, u8)] = &[
        ("today", 0),
        ("yesterday", 1),
        ("day before yesterday", 2),
        ("all time", 3),
        ("ever", 3),
        ("overnight", 4),
        ("last night", 4),
        ("last weekend", 5),
        ("weekend", 5),
        ("year to date", 6),
        ("month to date", 7),
        ("tomorrow", 8),
        ("next week", 9),
        ("next month", 10),
        ("coming week", 9),
        ("coming month", 10),
        ("black friday", 11),
        ("cyber monday", 12),
    ];
    let (which, taken) = phrase::longest(PHRASES, words)?;
    match which {
        0 => past(one(today, "today"), taken),
        1 => past(one(back(1), "yesterday"), taken),
        2 => past(one(back(2), "the day before yesterday"), taken),
        3 => {
            let days = u64::try_from(DayRange::MAX_DAYS).unwrap_or(1);
            past(Span::new(back(days - 1), today, "all time"), taken)
        }
        4 => past(Span::new(back(1), today, "since yesterday"), taken),
        5 => {
            let sunday = on_or_before(back(1), Weekday::Sun);
            let span = Span::new(sunday - Days::new(1), sunday, "the last weekend");
            past(span, taken)
        }
        6 => past(unit_so_far(Unit::Year, today), taken),
        7 => past(unit_so_far(Unit::Month, today), taken),
        8 => Some((Found::Ahead(1), taken)),
        9 => Some((Found::Ahead(7), taken)),
        11 => past(after_thanksgiving(1, "Black Friday", today), taken),
        12 => past(after_thanksgiving(4, "Cyber Monday", today), taken),
        _ => Some((Found::Ahead(30), taken)),
    }
}

/// The last such day that has begun, counted from the fourth Thursday of November.
fn after_thanksgiving(days: u64, name: &str, today: NaiveDate) -> Option<Span> {
    let of = |year| {
        let thursday = NaiveDate::from_weekday_of_month_opt(year, 11, Weekday::Thu, 4)?;
        thursday.checked_add_days(Days::new(days))
    };
    let this_year = of(today.year()).filter(|day| *day <= today);
    let day = this_year.or_else(|| of(today.year() - 1))?;
    Span::new(day, day, format!("{name} {}", day.year()))
}

/// `this week`, `last month`, `last 7 days`, `next two weeks`.
fn counted(words: &[Word], today: NaiveDate) -> Option<(Found, usize)> {
    #[derive(Clone, Copy, PartialEq)]
    enum Way {
        This,
        Last,
        Next,
    }
    const WAYS: &[(&str, Way)] = &[
        ("this", Way::This),
        ("current", Way::This),
        ("this current", Way::This),
        ("last", Way::Last),
        ("past", Way::Last),
        ("previous", Way::Last),
        ("trailing", Way::Last),
        ("next", Way::Next),
        ("coming", Way::Next),
        ("following", Way::Next),
    ];
    let (way, lead) = phrase::longest(WAYS, words)
        .or_else(|| Some((Way::Next, phrase::any(&["within", "in"], words)?)))
        .unwrap_or((Way::This, 0));
    let count = words.get(lead).and_then(|w| number(&w.text));
    let lead_count = lead + usize::from(count.is_some());
    let (unit, taken) = phrase::longest(UNITS, &words[lead_count.min(words.len())..])?;
    let taken = lead_count + taken;
    match (way, count) {
        (Way::Last, Some(0)) | (Way::Next, Some(0)) => Some((Found::Wrong, taken)),
        (Way::Last, Some(n)) => past(rolling(n, unit, today), taken),
        (Way::Last, None) => past(whole_before(unit, today), taken),
        (Way::Next, Some(n)) => past_ahead(n, unit, taken),
        (Way::Next, None) if lead > 0 && words[0].text != "in" => past_ahead(1, unit, taken),
        (Way::This, None) if lead > 0 => past(unit_so_far(unit, today), taken),
        // `7 days` on its own says neither before nor ahead: the last ones are meant where figures are asked for.
        (Way::This, Some(n)) if lead == 0 && n > 0 => past(rolling(n, unit, today), taken),
        _ => None,
    }
}

fn past_ahead(count: u32, unit: Unit, taken: usize) -> Option<(Found, usize)> {
    let days = match unit {
        Unit::Day => 1,
        Unit::Week => 7,
        Unit::Month => 30,
        Unit::Quarter => 91,
        Unit::Year => 365,
    };
    let ahead = count.checked_mul(days).filter(|n| *n <= 365);
    Some((ahead.map_or(Found::Wrong, Found::Ahead), taken))
}

fn rolling(count: u32, unit: Unit, today: NaiveDate) -> Option<Span> {
    let tomorrow = today.succ_opt()?;
    let back = |months: u32| tomorrow.checked_sub_months(Months::new(months));
    let (from, name) = match unit {
        Unit::Day => (
            tomorrow.checked_sub_days(Days::new(u64::from(count)))?,
            "days",
        ),
        Unit::Week => (
            tomorrow.checked_sub_days(Days::new(u64::from(count) * 7))?,
            "weeks",
        ),
        Unit::Month => (back(count)?, "months"),
        Unit::Quarter => (back(count.checked_mul(3)?)?, "quarters"),
        Unit::Year => (back(count.checked_mul(12)?)?, "years"),
    };
    let words = match count {
        1 => format!("the last {}", name.trim_end_matches('s')),
        n => format!("the last {n} {name}"),
    };
    Span::new(from, today, words)
}

fn start_of(unit: Unit, day: NaiveDate) -> Option<NaiveDate> {
    match unit {
        Unit::Day => Some(day),
        Unit::Week => Some(on_or_before(day, Weekday::Mon)),
        Unit::Month => day.with_day(1),
        Unit::Quarter => NaiveDate::from_ymd_opt(day.year(), day.month0() / 3 * 3 + 1, 1),
        Unit::Year => NaiveDate::from_ymd_opt(day.year(), 1, 1),
    }
}

fn name_of(unit: Unit) -> &'static str {
    match unit {
        Unit::Day => "day",
        Unit::Week => "week",
        Unit::Month => "month",
        Unit::Quarter => "quarter",
        Unit::Year => "year",
    }
}

fn unit_so_far(unit: Unit, today: NaiveDate) -> Option<Span> {
    let words = format!("this {}", name_of(unit));
    Span::new(start_of(unit, today)?, today, words)
}

fn whole_before(unit: Unit, today: NaiveDate) -> Option<Span> {
    let to = start_of(unit, today)?.pred_opt()?;
    let words = format!("last {}", name_of(unit));
    Span::new(start_of(unit, to)?, to, words)
}

fn on_or_before(day: NaiveDate, weekday: Weekday) -> NaiveDate {
    let back = day.weekday().days_since(weekday);
    day - Days::new(u64::from(back))
}

/// The last one that is over: on a Monday, `Monday` is a week ago.
fn weekday(words: &[Word], today: NaiveDate) -> Option<(Found, usize)> {
    let lead = phrase::any(&["last", "past"], words).unwrap_or(0);
    let (weekday, taken) = phrase::longest(WEEKDAYS, &words[lead..])?;
    let day = on_or_before(today.pred_opt()?, weekday);
    past(
        Span::new(day, day, format!("{}", day.format("%A %Y-%m-%d"))),
        lead + taken,
    )
}

/// `October`, `October 2025`, `October 3`, `3 October 2025`; without a year the last one that has begun.
fn month(words: &[Word], today: NaiveDate) -> Option<(Found, usize)> {
    let day_of = |word: Option<&Word>| {
        let text = &word?.text;
        let bare = ["st", "nd", "rd", "th"]
            .iter()
            .find_map(|end| text.strip_suffix(end))
            .unwrap_or(text);
        let digits =
            !bare.is_empty() && bare.len() <= 2 && bare.bytes().all(|b| b.is_ascii_digit());
        digits.then(|| bare.parse::<u32>().ok()).flatten()
    };
    let first_day = day_of(words.first());
    let mut at = usize::from(first_day.is_some());
    if at > 0 && words.get(at).is_some_and(|w| w.text == "of") {
        at += 1;
    }
    let (month, taken) = phrase::longest(MONTHS, words.get(at..)?)?;
    at += taken;
    let day = first_day.or_else(|| {
        let day = day_of(words.get(at));
        at += usize::from(day.is_some());
        day
    });
    let year = words.get(at).and_then(year_of);
    at += usize::from(year.is_some());
    let begins = |year: i32| NaiveDate::from_ymd_opt(year, month, day.unwrap_or(1));
    let from = match year {
        Some(year) => begins(year),
        None => begins(today.year())
            .filter(|d| *d <= today)
            .or_else(|| begins(today.year() - 1)),
    };
    let Some(from) = from.filter(|from| *from <= today) else {
        return Some((Found::Wrong, at));
    };
    if day.is_some() {
        return past(Span::new(from, from, from.to_string()), at);
    }
    let end = from.checked_add_months(Months::new(1))?.pred_opt()?;
    let words = from.format("%B %Y").to_string();
    past(Span::new(from, end.min(today), words), at)
}

fn year_of(word: &Word) -> Option<i32> {
    let digits = word.text.len() == 4 && word.text.bytes().all(|b| b.is_ascii_digit());
    let year = digits.then(|| word.text.parse::<i32>().ok()).flatten()?;
    (2000..=2100).contains(&year).then_some(year)
}

fn quarter_or_year(words: &[Word], today: NaiveDate) -> Option<(Found, usize)> {
    const QUARTERS: &[(&str, u32)] = &[("q1", 1), ("q2", 4), ("q3", 7), ("q4", 10)];
    if let Some((month, taken)) = phrase::longest(QUARTERS, words) {
        let year = words.get(taken).and_then(year_of);
        let taken = taken + usize::from(year.is_some());
        let begins = |year: i32| NaiveDate::from_ymd_opt(year, month, 1);
        let from = match year {
            Some(year) => begins(year)?,
            None => begins(today.year())
                .filter(|d| *d <= today)
                .or_else(|| begins(today.year() - 1))?,
        };
        let end = from.checked_add_months(Months::new(3))?.pred_opt()?;
        let words = format!("Q{} {}", month / 3 + 1, from.year());
        return past(Span::new(from, end.min(today), words), taken);
    }
    let year = year_of(words.first()?)?;
    let from = NaiveDate::from_ymd_opt(year, 1, 1)?;
    let end = NaiveDate::from_ymd_opt(year, 12, 31)?;
    past(Span::new(from, end.min(today), year.to_string()), 1)
}
