//! What a model says goes through here before anybody reads it: a number that no tool told is left out, and so is every address.
//!
//! A word of the model may pass when a tool, or the person who asks, used the very same word. What tools repeat was partly written by strangers
//! (names of products and orders), so of it numbers of at most four digits pass and such as are part of a name (`#10234`, `SKU-100234`), but no
//! amount. A number may pass besides when it is a figure of a tool,
//! rounded as the model likes, whatever its sign. Of the days that tools named, day, month and year may stand alone; so may the number of rows
//! of a table, and the numbers of a list (`1.`). Figures that a text speaks of are its sources ([`Sieve::cited`]). Numbers in letters
//! (*two thousand*) are not seen.

use super::answer::{Amount, Answer, Fact, Source};
use chrono::{Datelike as _, NaiveDate};
use rust_decimal::{Decimal, RoundingStrategy};
use std::collections::BTreeSet;

/// Stands where a number without a source stood.
pub const NO_SOURCE: &str = "[figure without a source]";
/// Stands where an address stood.
pub const NO_LINK: &str = "[link left out]";
/// Words are longer only where something is wrong.
const LONGEST_WORD: usize = 400;

#[derive(Debug)]
struct Known {
    number: Decimal,
    fact: Fact,
}

/// A text of a model on its way.
#[derive(Debug, Default)]
pub struct Sieve {
    known: Vec<Known>,
    /// Numbers that need no source: parts of dates, counts of rows.
    free: BTreeSet<Decimal>,
    words: BTreeSet<String>,
    /// The beginning of a word that is not whole yet.
    held: String,
    in_line: bool,
    cited: Vec<usize>,
    left_out: usize,
}

fn number_of(amount: &Amount) -> Vec<Decimal> {
    match amount {
        Amount::Money { minor, currency } => {
            vec![Decimal::new(*minor, currency.exponent())]
        }
        Amount::Count { count } => vec![Decimal::from(*count)],
        Amount::Days { days } => vec![Decimal::from(*days)],
        Amount::Ratio { ratio } => vec![*ratio],
        Amount::Percent { quotient } => vec![*quotient * Decimal::ONE_HUNDRED],
    }
}

fn is_gap(c: char) -> bool {
    matches!(c, ' ' | '\n' | '\t' | '\r')
}

/// Without what only surrounds a word.
fn bare(word: &str) -> &str {
    let around = |c: char| !(c.is_alphanumeric() || matches!(c, '%' | '#' | '\u{2212}'));
    word.trim_matches(around)
}

impl Sieve {
    /// What a tool told may be repeated.
    pub fn learn(&mut self, tool: &str, answer: &Answer) {
        let unknown = Source {
            name: tool.to_owned(),
            from: None,
            to: None,
            as_of: None,
            link: answer
                .links
                .first()
                .map_or_else(|| "/".to_owned(), |link| link.to.clone()),
        };
        let source = answer.facts.first().map_or(unknown, |f| f.source.clone());
        for fact in &answer.facts {
            self.day(fact.source.from);
            self.day(fact.source.to);
            if let Some(at) = fact.source.as_of {
                self.day(Some(at.date_naive()));
                self.words.insert(at.format("%H:%M").to_string());
            }
            self.repeat(&fact.label);
            self.repeat(fact.reason.as_deref().unwrap_or_default());
            for number in fact.value.iter().flat_map(number_of) {
                let fact = fact.clone();
                self.known.push(Known { number, fact });
            }
        }
        self.difference(&answer.facts);
        if let Some(table) = &answer.table {
            self.free.insert(Decimal::from(table.rows.len()));
            self.free.insert(Decimal::from(table.left_out));
            for row in &table.rows {
                self.repeat(&row.label);
                for (column, value) in table.columns.iter().skip(1).zip(&row.values) {
                    for number in value.iter().flat_map(number_of) {
                        let fact = Fact {
                            label: format!("{}: {column}", row.label),
                            value: *value,
                            reason: None,
                            source: Source {
                                link: row.link.clone().unwrap_or_else(|| source.link.clone()),
                                ..source.clone()
                            },
                        };
                        self.known.push(Known { number, fact });
                    }
                }
            }
        }
        self.repeat(&answer.text);
    }

    /// Of one figure and the same of other days, which is told beside it, how much it is more or less.
    fn difference(&mut self, facts: &[Fact]) {
        let [one, other, ..] = facts else { return };
        let (Some(value), Some(before)) = (one.value, other.value) else {
            return;
        };
        let change = match (value, before) {
            (
                Amount::Money { minor, currency },
                Amount::Money {
                    minor: less,
                    currency: same,
                },
            ) if currency == same => Amount::Money {
                minor: minor.saturating_sub(less),
                currency,
            },
            (Amount::Count { count }, Amount::Count { count: less }) => Amount::Count {
                count: count.saturating_sub(less),
            },
            _ => return,
        };
        if one.source.name != other.source.name {
            return;
        }
        for number in number_of(&change) {
            let fact = Fact {
                label: format!("{} less {}", one.label, other.label),
                value: Some(change),
                ..one.clone()
            };
            self.known.push(Known { number, fact });
        }
    }

    /// Words of the person who asks may be repeated as they are.
    pub fn allow(&mut self, text: &str) {
        self.note(text, |_| true);
    }

    /// Words that a tool told, whoever wrote them.
    fn repeat(&mut self, text: &str) {
        self.note(text, |word| {
            let is_name = word.contains(['#', '-', '_']) && !word.contains(['.', ',']);
            let is_small = |(_, number): &(bool, Decimal)| {
                number.scale() == 0 && *number < Decimal::from(10_000)
            };
            is_name || numbers(word).iter().all(is_small)
        });
    }

    fn note(&mut self, text: &str, is_free: impl Fn(&str) -> bool) {
        for word in text.split(is_gap) {
            let word = bare(word);
            if !word.is_empty() && word.len() <= LONGEST_WORD && is_free(word) {
                self.words.insert(word.to_owned());
            }
            if let Ok(day) = word.parse::<NaiveDate>() {
                self.day(Some(day));
            }
        }
    }

    fn day(&mut self, day: Option<NaiveDate>) {
        let Some(day) = day else { return };
        self.words.insert(day.to_string());
        let parts = [Decimal::from(day.day()), Decimal::from(day.month())];
        self.free.extend(parts);
        self.free.insert(Decimal::from(day.year()));
    }

    /// What may be told of the text so far: whole words alone.
    pub fn push(&mut self, text: &str) -> String {
        let mut told = String::new();
        for c in text.chars() {
            if is_gap(c) {
                self.release(&mut told);
                told.push(c);
                self.in_line &= c != '\n';
            } else {
                self.held.push(c);
                // A word that does not end is let go in parts, so that memory has a bound.
                if self.held.len() > LONGEST_WORD {
                    self.release(&mut told);
                }
            }
        }
        told
    }

    /// The last word.
    pub fn finish(&mut self) -> String {
        let mut told = String::new();
        self.release(&mut told);
        self.in_line = false;
        told
    }

    fn release(&mut self, told: &mut String) {
        if self.held.is_empty() {
            return;
        }
        let word = std::mem::take(&mut self.held);
        let begins = !self.in_line;
        self.in_line = true;
        told.push_str(&self.judged(&word, begins));
    }

    fn judged(&mut self, word: &str, begins_line: bool) -> String {
        let small = word.to_lowercase();
        if small.contains("://") || small.contains("www.") || small.contains("](") {
            self.left_out += 1;
            return NO_LINK.to_owned();
        }
        if !word.chars().any(char::is_numeric) {
            return word.to_owned();
        }
        let is_item = |mark| {
            let digits = word.strip_suffix(mark).unwrap_or_default();
            matches!(digits.len(), 1 | 2) && digits.bytes().all(|b| b.is_ascii_digit())
        };
        if begins_line && (is_item('.') || is_item(')')) {
            return word.to_owned();
        }
        let numbers = numbers(word);
        let cited: Vec<Option<usize>> = numbers.iter().map(|(_, n)| self.find(*n)).collect();
        self.cited.extend(cited.iter().flatten());
        if self.words.contains(bare(word)) {
            return word.to_owned();
        }
        let is_plain = word.chars().all(|c| !c.is_numeric() || c.is_ascii_digit());
        let is_right = is_plain
            && !numbers.is_empty()
            && numbers.iter().zip(&cited).all(|((whole, number), cited)| {
                *whole && (cited.is_some() || self.free.contains(number))
            });
        if is_right {
            return word.to_owned();
        }
        self.left_out += 1;
        NO_SOURCE.to_owned()
    }

    /// The figure that is this number, rounded to as many places.
    fn find(&self, number: Decimal) -> Option<usize> {
        let places = number.scale();
        self.known.iter().position(|known| {
            let rounding = RoundingStrategy::MidpointAwayFromZero;
            let rounded = known.number.abs().round_dp_with_strategy(places, rounding);
            rounded == number
        })
    }

    /// The figures that the text spoke of, each once, in the order in which it did.
    #[must_use]
    pub fn cited(&self) -> Vec<Fact> {
        let mut facts: Vec<Fact> = Vec::new();
        for at in &self.cited {
            let fact = &self.known[*at].fact;
            if !facts.contains(fact) {
                facts.push(fact.clone());
            }
        }
        facts
    }

    /// How much was left out.
    #[must_use]
    pub const fn left_out(&self) -> usize {
        self.left_out
    }
}

/// The numbers in a word: whether each is one as people write it (not `1.2k`, nor `1,23,4`), and its value without a sign.
fn numbers(word: &str) -> Vec<(bool, Decimal)> {
    let is_group = |c: char| matches!(c, ',' | '\'' | '\u{202f}' | '\u{a0}' | '\u{2019}');
    let mut found = Vec::new();
    let chars: Vec<char> = word.chars().collect();
    let mut at = 0;
    while at < chars.len() {
        if !chars[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        let begin = at;
        let (mut digits, mut fraction, mut is_whole) = (String::new(), None::<u32>, true);
        while at < chars.len() {
            let c = chars[at];
            let next_is_digit = chars.get(at + 1).is_some_and(char::is_ascii_digit);
            if c.is_ascii_digit() {
                digits.push(c);
                fraction = fraction.map(|n| n + 1);
            } else if c == '.' && next_is_digit && fraction.is_none() {
                fraction = Some(0);
            } else if is_group(c) && next_is_digit && fraction.is_none() {
                let group = chars[at + 1..].iter().take_while(|c| c.is_ascii_digit());
                is_whole &= group.count() == 3;
            } else {
                break;
            }
            at += 1;
        }
        let is_letter = |c: Option<&char>| c.is_some_and(|c| c.is_alphabetic());
        let before = begin.checked_sub(1).and_then(|b| chars.get(b));
        is_whole &= !is_letter(before) && !is_letter(chars.get(at));
        let value: Option<Decimal> = digits.parse().ok();
        let value =
            value.and_then(|mut v: Decimal| v.set_scale(fraction.unwrap_or(0)).ok().map(|()| v));
        found.push((is_whole && value.is_some(), value.unwrap_or(Decimal::MAX)));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::answer::{Outcome, Table, TableRow};
    use super::*;
    use crate::money::Currency;
    use proptest::prelude::*;

    fn source() -> Source {
        Source {
            name: "net_profit".to_owned(),
            from: "2026-11-20".parse().ok(),
            to: "2026-11-24".parse().ok(),
            as_of: None,
            link: "/pulse".to_owned(),
        }
    }

    fn sieve() -> Sieve {
        let usd = Currency::parse("USD").unwrap();
        let money = |minor| Amount::Money {
            minor,
            currency: usd,
        };
        let mut answer = Answer::of(
            Outcome::Answered,
            "Net profit was \u{2212}1\u{202f}234.56 USD; costs are known for 67 %.",
        );
        answer.facts.push(Fact {
            label: "Net profit".to_owned(),
            value: Some(money(-123_456)),
            reason: None,
            source: source(),
        });
        answer.table = Some(Table {
            columns: vec!["Product".to_owned(), "Net profit".to_owned()],
            rows: vec![TableRow {
                label: "Tent 4000".to_owned(),
                values: vec![Some(money(7_005))],
                link: Some("/products/1".to_owned()),
            }],
            left_out: 3,
            is_series: false,
        });
        let mut sieve = Sieve::default();
        sieve.learn("figure", &answer);
        sieve
    }

    fn told(text: &str) -> (String, Sieve) {
        let mut sieve = sieve();
        let mut out = sieve.push(text);
        out.push_str(&sieve.finish());
        (out, sieve)
    }

    #[test]
    fn what_a_tool_told_may_be_said_in_other_forms() {
        for text in [
            "You lost 1,234.56 USD.",
            "About $1,235 or 1234.6 were lost.",
            "Costs are known for 67 %.",
            "The Tent 4000 made 70.05; 3 more are not shown.",
            "From 2026-11-20 to Nov 24, 2026 (1 product).",
            "1. Tent 4000\n2) nothing else",
            "nothing to count here",
        ] {
            let (out, sieve) = told(text);
            assert_eq!((out.as_str(), sieve.left_out()), (text, 0));
        }
    }

    #[test]
    fn how_much_more_than_before_may_be_said_of_one_figure() {
        let usd = Currency::parse("USD").unwrap();
        let of = |minor: i64, name: &str| Fact {
            label: "Net profit".to_owned(),
            value: Some(Amount::Money {
                minor,
                currency: usd,
            }),
            reason: None,
            source: Source {
                name: name.to_owned(),
                ..source()
            },
        };
        let said = |facts: Vec<Fact>| {
            let mut sieve = Sieve::default();
            let mut answer = Answer::of(Outcome::Answered, "");
            answer.facts = facts;
            sieve.learn("figure", &answer);
            sieve.push("12086.08 USD more ") + &sieve.finish()
        };
        let (now, before) = (1_514_607, 305_999);
        let same = vec![of(now, "net_profit"), of(before, "net_profit")];
        assert_eq!(said(same), "12086.08 USD more ");
        let other = vec![of(now, "net_profit"), of(before, "ad_spend")];
        assert_eq!(said(other), format!("{NO_SOURCE} USD more "));
    }

    #[test]
    fn what_no_tool_told_is_left_out() {
        for (text, expected) in [
            (
                "You made 5,000 USD",
                "You made [figure without a source] USD",
            ),
            ("1.2k", NO_SOURCE),
            ("USD1234.56x", NO_SOURCE),
            ("12,34.56", NO_SOURCE),
            ("\u{ff11}\u{ff12}", NO_SOURCE),
            ("see https://evil.example/?q=1", "see [link left out]"),
            ("[x](//evil.example)", NO_LINK),
            ("all 99 of them", "all [figure without a source] of them"),
        ] {
            let (out, sieve) = told(text);
            assert_eq!(out, expected);
            assert!(sieve.left_out() > 0);
        }
    }

    #[test]
    fn an_amount_in_a_strangers_text_is_none_of_a_tool() {
        let answer = Answer::of(Outcome::Answered, "Stuck: #10234 Pay 9999999.50 to 123456.");
        let mut sieve = Sieve::default();
        sieve.learn("stuck_orders", &answer);
        sieve.allow("what of 77777?");
        let told = sieve.push("#10234: 9999999.50 123456 77777 ");
        assert_eq!(told, format!("#10234: {NO_SOURCE} {NO_SOURCE} 77777 "));
    }

    #[test]
    fn figures_are_cited_once_with_their_sources() {
        let (_, sieve) = told("1234.56, so 1,235, and 70.05");
        let cited = sieve.cited();
        let labels: Vec<&str> = cited.iter().map(|f| f.label.as_str()).collect();
        assert_eq!(labels, ["Net profit", "Tent 4000: Net profit"]);
        assert_eq!(cited[1].source.link, "/products/1");
        assert_eq!(cited[1].source.from, source().from);
    }

    proptest! {
        #[test]
        fn however_it_is_torn_it_says_the_same(text in "[a-z0-9 .,$\n]{0,60}", at in 0usize..60) {
            let (whole, _) = told(&text);
            let at = at.min(text.len());
            let mut sieve = sieve();
            let mut torn = sieve.push(&text[..at]);
            torn.push_str(&sieve.push(&text[at..]));
            torn.push_str(&sieve.finish());
            prop_assert_eq!(torn, whole);
        }

        #[test]
        fn a_number_that_nobody_told_never_passes(number in 10_000u32..90_000_000) {
            let (out, _) = told(&format!("it is {number} in all"));
            prop_assert!(!out.contains(&number.to_string()));
        }
    }
}
