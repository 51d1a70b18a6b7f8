//! The brief of a store's morning: the day before, against the same weekday of the week before.

use super::anomaly::{Anomaly, Scale};
use crate::ids::StoreScope;
use crate::money::Currency;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// One a store and day; what was known in the morning stays as it was told.
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
