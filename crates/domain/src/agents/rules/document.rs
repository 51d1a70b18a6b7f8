//! A rule as people write it.

use super::figure::Figure;
use crate::changes::HoldReason;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    pub name: String,
    /// What it looks at.
    pub about: About,
    pub when: When,
    #[serde(rename = "if")]
    pub given: Conditions,
    pub then: Operation,
    #[serde(default)]
    pub limits: Limits,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum About {
    Variants,
    Orders,
}

/// What starts it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "snake_case", deny_unknown_fields)]
pub enum When {
    /// A cron pattern of five fields in the store's zone.
    Schedule { schedule: String },
    /// The type of an event: `orders.changed`, `products.changed`, or one that somebody tells.
    Event { event: String },
}

impl When {
    /// Empty where no schedule starts it.
    #[must_use]
    pub fn schedule(&self) -> &str {
        match self {
            Self::Schedule { schedule } => schedule,
            Self::Event { .. } => "",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Match {
    All,
    Any,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Conditions {
    #[serde(rename = "match")]
    pub of: Match,
    pub conditions: Vec<Condition>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    pub figure: Figure,
    /// Of a figure that is counted over days: the last so many whole ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days: Option<u32>,
    pub is: Comparator,
    pub value: Operand,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Comparator {
    AtLeast,
    AtMost,
    Above,
    Below,
    Equals,
    /// One of the words, or has one of the tags.
    AnyOf,
    NoneOf,
}

/// What a figure is held against: a number as its kind counts it, a switch, or words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Operand {
    Flag(bool),
    Number(i64),
    Words(Vec<String>),
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case", deny_unknown_fields)]
pub enum Operation {
    /// Of a variant, by a share of its price in ten-thousandths; below zero lowers it.
    PricePercent {
        percent: i64,
        rounding: Rounding,
    },
    /// Of a variant, to the least price that leaves a share of itself after the cost of the unit, in ten-thousandths.
    PriceToMargin {
        margin: i64,
        rounding: Rounding,
    },
    /// To the order, or to the product of a variant.
    AddTags {
        tags: Vec<String>,
    },
    RemoveTags {
        tags: Vec<String>,
    },
    HoldOrder {
        reason: HoldReason,
        note: String,
    },
    /// Takes holds of ours away.
    ReleaseOrder {},
    /// Is told, and changes nothing.
    Notify {},
    /// Tells automations outside of it, with these figures.
    Signal {
        event: String,
        figures: Vec<SignalFigure>,
    },
}

/// A figure that leaves the house with a signal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignalFigure {
    pub figure: Figure,
    /// As of a condition.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days: Option<u32>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rounding {
    /// To the last minor unit.
    Exact,
    /// No minor units.
    Whole,
    /// One minor unit below a whole one.
    Ending99,
    /// As most prices of the store end.
    Store,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Proposals that one run makes at most.
    pub per_run: u32,
    /// How long it leaves a thing alone after it changed it, or after people said no.
    pub cool_down_hours: u32,
    /// Nobody's decision within this time is a no.
    pub valid_hours: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            per_run: 20,
            cool_down_hours: 24,
            valid_hours: 24,
        }
    }
}
