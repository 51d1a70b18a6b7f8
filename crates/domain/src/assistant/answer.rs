//! An answer: a text, and the figures that it speaks of, each with where it comes from.

use crate::money::{Currency, in_words};
use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};

/// What became of a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Answered,
    /// It was not understood whole: `suggestions` are questions that would be.
    AskedBack,
    /// It was understood, and there is nothing that tells it.
    NotKnown,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    pub outcome: Outcome,
    /// Plain sentences; lines are parted by `\n`.
    pub text: String,
    pub facts: Vec<Fact>,
    pub table: Option<Table>,
    /// Where to look further.
    pub links: Vec<Link>,
    pub suggestions: Vec<String>,
}

/// One figure with its source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    pub label: String,
    pub value: Option<Amount>,
    /// Why there is no value.
    pub reason: Option<String>,
    pub source: Source,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Amount {
    /// Minor units.
    Money {
        minor: i64,
        currency: Currency,
    },
    Count {
        count: i64,
    },
    /// A plain quotient: 3.41.
    Ratio {
        ratio: Decimal,
    },
    /// 0.1234 is 12.34 %.
    Percent {
        quotient: Decimal,
    },
    Days {
        days: i64,
    },
}

/// Where a figure was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// The figure's name in the passport, or which list it was counted in.
    pub name: String,
    /// The days that it is about, in the store's zone.
    pub from: Option<NaiveDate>,
    pub to: Option<NaiveDate>,
    /// When the newest fact behind it was observed.
    pub as_of: Option<DateTime<Utc>>,
    /// Its page in the command center.
    pub link: String,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    pub columns: Vec<String>,
    pub rows: Vec<TableRow>,
    /// Rows that are not shown.
    pub left_out: u64,
    /// Rows follow each other in time, so that a line through them means something.
    pub is_series: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableRow {
    pub label: String,
    /// One for each further column; `None` is unknown.
    pub values: Vec<Option<Amount>>,
    pub link: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    pub label: String,
    pub to: String,
}

impl Answer {
    #[must_use]
    pub fn of(outcome: Outcome, text: impl Into<String>) -> Self {
        Self {
            outcome,
            text: text.into(),
            facts: Vec::new(),
            table: None,
            links: Vec::new(),
            suggestions: Vec::new(),
        }
    }

    #[must_use]
    pub fn link(mut self, label: &str, to: impl Into<String>) -> Self {
        self.links.push(Link {
            label: label.to_owned(),
            to: to.into(),
        });
        self
    }
}

impl Amount {
    /// As a sentence says it: `1234.50 USD`, `12.3 %`, `17`.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Money { minor, currency } => in_words(*minor, *currency),
            Self::Count { count } => count.to_string(),
            Self::Ratio { ratio } => rounded(*ratio, 2).to_string(),
            Self::Percent { quotient } => {
                let percent = rounded(quotient * Decimal::ONE_HUNDRED, 1).normalize();
                format!("{percent} %")
            }
            Self::Days { days } => format!("{days} {}", if *days == 1 { "day" } else { "days" }),
        }
    }
}

/// A half away from zero, as people round and as the sieve of a model's words does.
fn rounded(number: Decimal, places: u32) -> Decimal {
    number.round_dp_with_strategy(places, RoundingStrategy::MidpointAwayFromZero)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_said_with_their_units() {
        let usd = Currency::parse("USD").unwrap();
        let yen = Currency::parse("JPY").unwrap();
        let said = [
            Amount::Money {
                minor: -123_450,
                currency: usd,
            },
            Amount::Money {
                minor: 1500,
                currency: yen,
            },
            Amount::Count { count: 7 },
            Amount::Ratio {
                ratio: Decimal::new(34_144, 4),
            },
            Amount::Percent {
                quotient: Decimal::new(1230, 4),
            },
            Amount::Percent {
                quotient: Decimal::new(5285, 4),
            },
            Amount::Days { days: 1 },
        ]
        .map(|a| a.words());
        assert_eq!(
            said,
            [
                "\u{2212}1\u{202f}234.50 USD",
                "1\u{202f}500 JPY",
                "7",
                "3.41",
                "12.3 %",
                "52.9 %",
                "1 day"
            ]
        );
    }
}
