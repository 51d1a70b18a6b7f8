//! How figures, days and comparisons are said.

use chrono::NaiveDate;
use domain::assistant::answer::{Amount, Answer, Fact, Outcome, Source};
use domain::assistant::question::{Against, Question, Span, Topic};
use domain::calendar::{Comparison, DayRange};
use domain::money::Currency;
use domain::passport::{self, Definition, Unit, Value};
use rust_decimal::Decimal;

/// What a figure means.
pub(super) fn meaning(figure: &str) -> Answer {
    let Some(definition) = passport::find(figure) else {
        return Answer::of(Outcome::NotKnown, "There is no such figure.");
    };
    let mut text = format!(
        "{}: {}\nFormula: {} = {}",
        definition.title, definition.words, definition.name, definition.symbols
    );
    for peer in definition.peers {
        text += &format!(
            "\n{} calls it {}: {}. {}",
            peer.who, peer.calls_it, peer.formula, peer.so
        );
    }
    Answer::of(Outcome::Answered, text).link("Pulse", "/")
}

/// Of what is planned over all variants, explained by all parts of a figure, or looked for by name among a year's sales.
pub(super) fn lead(question: &Question, today: NaiveDate) -> Option<String> {
    match question {
        Question::Topic(Topic::RunsOut(_)) => {
            Some("By stock, forecasts and what is on its way: ".to_owned())
        }
        Question::Topic(Topic::ToOrder) => {
            Some("By stock, forecasts, lead times and what is on its way: ".to_owned())
        }
        Question::Topic(Topic::Demand(_)) => Some("By the forecasts: ".to_owned()),
        Question::Why(why) => {
            let is_open = why.span.range.to == today;
            let with = other_days(&why.span, &why.against, is_open);
            Some(format!("Held against {}: ", days(&with)))
        }
        Question::Figure(of) => of
            .of
            .as_ref()
            .map(|named| format!("About “{}”: ", named.name)),
        Question::Topic(_) | Question::Ranking(_) | Question::Meaning(_) => None,
    }
}

pub(super) fn amount(definition: &Definition, value: Value, currency: Currency) -> Amount {
    match (value, definition.unit) {
        (Value::Money(minor), _) => Amount::Money { minor, currency },
        (Value::Count(days), Unit::Days) => Amount::Days { days },
        (Value::Count(count), _) => Amount::Count { count },
        (Value::Quotient(quotient), Unit::Percent) => Amount::Percent { quotient },
        (Value::Quotient(ratio), _) => Amount::Ratio { ratio },
    }
}

/// `yesterday (2026-11-24)`, `in the last 7 days (2026-11-19 to 2026-11-25)`.
pub(super) fn days(span: &Span) -> String {
    let DayRange { from, to } = span.range;
    let is_year = span.words.len() == 4;
    let lead = match span.words.as_str() {
        _ if is_year => "in ",
        words if words.starts_with("the ") && !words.starts_with("the day") => "in ",
        words if words.starts_with(|c: char| c.is_ascii_digit()) && from != to => "from ",
        words if words.starts_with(|c: char| c.is_ascii_digit()) => return format!("on {from}"),
        words if words.starts_with('Q') => "in ",
        words if words.chars().next().is_some_and(char::is_uppercase) && from != to => "in ",
        words if words.chars().next().is_some_and(char::is_uppercase) => "on ",
        _ => "",
    };
    if span.words.contains(&from.to_string())
        && (from == to || span.words.contains(&to.to_string()))
    {
        return format!("{lead}{}", span.words);
    }
    match span.words.as_str() {
        "all time" => format!("over all time (up to {to})"),
        words if from == to => format!("{lead}{words} ({from})"),
        words => format!("{lead}{words} ({from} to {to})"),
    }
}

/// The days that a span is held against; of a span that is not over as many of them as it has so far.
pub(super) fn other_days(span: &Span, against: &Against, is_open: bool) -> Span {
    let (range, words) = match against {
        Against::Previous => {
            let range = span.range.compared(Comparison::Previous);
            let words = match range.len_days() {
                1 => "the day before".to_owned(),
                n => format!("the {n} days before"),
            };
            (range, words)
        }
        Against::YearBefore => {
            let range = span.range.compared(Comparison::Year);
            (range, "the same days a year before".to_owned())
        }
        Against::Span(other) => {
            let mut range = other.range;
            let (so_far, whole) = (span.range.len_days(), range.len_days());
            if is_open && whole > so_far {
                range.to = range.from + chrono::Days::new(so_far - 1);
                let words = format!("the first {so_far} days of {}", other.words);
                (range, words)
            } else {
                (range, other.words.clone())
            }
        }
    };
    Span {
        range,
        words,
        is_usual: false,
    }
}

/// `12.3 % (34.00 USD) more than …`; nothing where one of them is unknown.
pub(super) fn compared(now: Amount, then: Amount, with: &str) -> Option<String> {
    let (change, share) = match (now, then) {
        (Amount::Money { minor, currency }, Amount::Money { minor: before, .. }) => {
            let minor = minor - before;
            (Amount::Money { minor, currency }, share(minor, before))
        }
        (Amount::Count { count }, Amount::Count { count: before }) => {
            let count = count - before;
            (Amount::Count { count }, share(count, before))
        }
        (Amount::Days { days }, Amount::Days { days: before }) => {
            let days = days - before;
            (Amount::Days { days }, None)
        }
        (Amount::Ratio { ratio }, Amount::Ratio { ratio: before }) => {
            let ratio = ratio - before;
            (Amount::Ratio { ratio }, None)
        }
        (Amount::Percent { quotient }, Amount::Percent { quotient: before }) => {
            let points = ((quotient - before) * Decimal::ONE_HUNDRED).round_dp(1);
            let then = then.words();
            return Some(match points.is_zero() {
                true => format!("The same as {with}."),
                false => format!(
                    "{} percentage points {} than {with} ({then}).",
                    points.abs().normalize(),
                    if points.is_sign_positive() {
                        "more"
                    } else {
                        "less"
                    }
                ),
            });
        }
        _ => return None,
    };
    let (is_none, is_more, size) = match change {
        Amount::Money { minor, currency } => {
            let size = Amount::Money {
                minor: minor.abs(),
                currency,
            };
            (minor == 0, minor > 0, size)
        }
        Amount::Count { count } => (count == 0, count > 0, Amount::Count { count: count.abs() }),
        Amount::Days { days } => (days == 0, days > 0, Amount::Days { days: days.abs() }),
        Amount::Ratio { ratio } | Amount::Percent { quotient: ratio } => {
            let size = Amount::Ratio { ratio: ratio.abs() };
            (ratio.is_zero(), ratio.is_sign_positive(), size)
        }
    };
    if is_none {
        return Some(format!("The same as {with}."));
    }
    let way = if is_more { "more" } else { "less" };
    let (size, then) = (size.words(), then.words());
    Some(match share {
        Some(share) => format!("{share} % ({size}) {way} than {with} ({then})."),
        None => format!("{size} {way} than {with} ({then})."),
    })
}

/// In percent of what was; of nothing, and across zero, a share says nothing.
fn share(change: i64, before: i64) -> Option<Decimal> {
    let after = before.checked_add(change)?;
    if before == 0 || (before < 0) != (after < 0) && after != 0 {
        return None;
    }
    let quotient = passport::quotient(change.checked_abs()?, before.checked_abs()?)?;
    Some((quotient * Decimal::ONE_HUNDRED).round_dp(1).normalize())
}

pub(super) fn fact(
    label: impl Into<String>,
    value: Option<Amount>,
    reason: Option<String>,
    source: Source,
) -> Fact {
    Fact {
        label: label.into(),
        reason: reason.filter(|_| value.is_none()),
        value,
        source,
    }
}

/// A count of something that has a page.
pub(super) fn count(label: &str, count: usize, name: &str, link: &str) -> Fact {
    let count = i64::try_from(count).unwrap_or(i64::MAX);
    let source = Source {
        name: name.to_owned(),
        from: None,
        to: None,
        as_of: None,
        link: link.to_owned(),
    };
    fact(label, Some(Amount::Count { count }), None, source)
}

/// The page of the days' profit, or of one thing.
pub(super) fn page(path: &str, range: DayRange) -> String {
    format!("{path}?from={}&to={}", range.from, range.to)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::assistant::question::{Question, Reading, read};

    fn span(text: &str) -> Span {
        let today = chrono::NaiveDate::from_ymd_opt(2026, 11, 25).unwrap_or_default();
        match read(&format!("profit {text}"), today) {
            Reading::Understood(Question::Figure(question)) => question.span,
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn days_read_well() {
        let said = [
            "yesterday",
            "last 7 days",
            "last week",
            "in October",
            "on Monday",
            "on 2026-10-03",
            "from 2026-10-01 to 2026-10-15",
            "since Monday",
            "in 2025",
            "q3",
            "",
        ]
        .map(|text| days(&span(text)));
        assert_eq!(
            said,
            [
                "yesterday (2026-11-24)",
                "in the last 7 days (2026-11-19 to 2026-11-25)",
                "last week (2026-11-16 to 2026-11-22)",
                "in October 2026 (2026-10-01 to 2026-10-31)",
                "on Monday 2026-11-23",
                "on 2026-10-03",
                "from 2026-10-01 to 2026-10-15",
                "since Monday 2026-11-23 (2026-11-23 to 2026-11-25)",
                "in 2025 (2025-01-01 to 2025-12-31)",
                "in Q3 2026 (2026-07-01 to 2026-09-30)",
                "in the last 30 days (2026-10-27 to 2026-11-25)",
            ]
        );
    }

    #[test]
    fn a_period_that_is_not_over_is_held_against_as_many_days() {
        let against = Against::Span(span("last month"));
        let open = other_days(&span("this month"), &against, true);
        assert_eq!(open.range.to.to_string(), "2026-10-25");
        assert_eq!(open.words, "the first 25 days of last month");
        let whole = other_days(&span("last month"), &against, false);
        assert_eq!(whole.range.to.to_string(), "2026-10-31");
    }

    #[test]
    fn changes_are_said_both_ways_and_shares_only_where_they_mean_something() {
        let usd = Currency::parse("USD").unwrap();
        let money = |minor| Amount::Money {
            minor,
            currency: usd,
        };
        let said = |now, then| compared(money(now), money(then), "the day before").unwrap();
        assert_eq!(
            said(12_000, 10_000),
            "20 % (20.00 USD) more than the day before (100.00 USD)."
        );
        assert_eq!(
            said(-5_000, 10_000),
            "150.00 USD less than the day before (100.00 USD)."
        );
        assert_eq!(said(7, 7), "The same as the day before.");
        let percent = |n| Amount::Percent {
            quotient: Decimal::new(n, 4),
        };
        assert_eq!(
            compared(percent(1200), percent(1000), "last week").unwrap(),
            "2 percentage points more than last week (10 %)."
        );
    }
}
