//! The brief of a store's morning: the day before, against the same weekday of the week before.

use super::anomaly::{Anomaly, Scale};
use crate::assistant::answer::Amount;
use crate::ids::{RunId, StoreScope};
use crate::money::Currency;
use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// One a store and day; what was known in the morning stays as it was told, until somebody has it written again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Brief {
    pub scope: StoreScope,
    /// The day that it speaks of, of the store's calendar.
    pub day: NaiveDate,
    pub against: NaiveDate,
    pub currency: Currency,
    pub made_at: DateTime<Utc>,
    /// When the newest order behind it was observed.
    pub as_of: Option<DateTime<Utc>>,
    pub headline: String,
    pub figures: Vec<BriefFigure>,
    /// Of the change of net profit, largest first; they add up to it.
    pub parts: Vec<Part>,
    /// Why there are none.
    pub parts_unknown: Option<String>,
    pub needs: Vec<Need>,
    pub anomalies: Vec<Anomaly>,
    pub gaps: Vec<Gap>,
    /// The run that wrote it; of older ones nobody knows.
    #[serde(default)]
    pub run: Option<RunId>,
    /// 1 when it was first written.
    #[serde(default = "first")]
    pub version: i64,
    /// Figures that were others in the version before.
    #[serde(default)]
    pub moved: Vec<Moved>,
}

const fn first() -> i64 {
    1
}

/// A figure that was told as another one before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moved {
    pub key: String,
    pub title: String,
    pub kind: FigureKind,
    /// As [`BriefFigure::value`].
    pub from: Option<i64>,
    pub to: Option<i64>,
}

impl Brief {
    /// Figures of its day that are others than those of an earlier version.
    #[must_use]
    pub fn moved_from(&self, earlier: &Self) -> Vec<Moved> {
        let was = |key: &str| earlier.figures.iter().find(|f| f.key == key);
        let moved = self.figures.iter().filter_map(|figure| {
            let from = was(&figure.key).and_then(|f| f.value);
            (from != figure.value).then(|| Moved {
                key: figure.key.clone(),
                title: figure.title.clone(),
                kind: figure.kind,
                from,
                to: figure.value,
            })
        });
        moved.collect()
    }

    /// Whether it tells the same of its day: figures, what they are compared with, causes, unusual days, and what is not known. What waits for
    /// people is another each time, and no reason to tell a day again.
    #[must_use]
    pub fn tells_the_same(&self, other: &Self) -> bool {
        let unusual = |brief: &Self| -> Vec<_> {
            let all = brief.anomalies.iter();
            all.map(|a| (a.id, a.value, a.expected)).collect()
        };
        self.figures == other.figures
            && self.parts == other.parts
            && self.parts_unknown == other.parts_unknown
            && self.gaps == other.gaps
            && unusual(self) == unusual(other)
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BriefFigure {
    pub key: String,
    pub title: String,
    pub kind: FigureKind,
    /// Minor units, a count, or ten-thousandths.
    pub value: Option<i64>,
    pub before: Option<i64>,
    /// Why there is no value.
    pub reason: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FigureKind {
    Money,
    Count,
    Share,
}

impl FigureKind {
    /// A number of this kind, as people read it.
    #[must_use]
    pub fn words(self, number: i64, currency: Currency) -> String {
        match self {
            Self::Money => Amount::Money {
                minor: number,
                currency,
            },
            Self::Count => Amount::Count { count: number },
            Self::Share => Amount::Percent {
                quotient: Decimal::new(number, 4),
            },
        }
        .words()
    }
}

impl From<Scale> for FigureKind {
    fn from(scale: Scale) -> Self {
        match scale {
            Scale::Money => Self::Money,
            Scale::Count => Self::Count,
            Scale::Share => Self::Share,
        }
    }
}

/// A cause and what it brought, in minor units.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    pub title: String,
    pub change: i64,
}

/// Something that waits for a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Need {
    pub text: String,
    /// An address inside the command center.
    pub link: String,
}

/// What is not known, or not yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gap {
    pub code: String,
    pub text: String,
    pub link: Option<String>,
}
