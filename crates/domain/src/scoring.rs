//! A score out of weighed factors, of which some may be missing.
//!
//! A missing factor is left out and its weight shared by the others; the interval shows what the score could be, whatever the missing ones are.

use serde::{Deserialize, Serialize};

/// From 0 to 100.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Points {
    pub low: i64,
    pub value: i64,
    pub high: i64,
}

impl Points {
    #[must_use]
    pub const fn sure(points: i64) -> Self {
        Self {
            low: points,
            value: points,
            high: points,
        }
    }
}

/// A value with its source, or the reason why there is none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figure<T> {
    pub value: Option<T>,
    /// The source of the value; without one, the reason.
    pub why: String,
}

impl<T> Figure<T> {
    #[must_use]
    pub fn known(value: T, source: impl Into<String>) -> Self {
        Self {
            value: Some(value),
            why: source.into(),
        }
    }

    #[must_use]
    pub fn unknown(reason: impl Into<String>) -> Self {
        Self {
            value: None,
            why: reason.into(),
        }
    }
}

/// Scores in hundredths of a point.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Weighed {
    /// `None` where every factor is missing.
    pub score: Option<i64>,
    pub low: i64,
    pub high: i64,
    /// Percent of the weights that have a source.
    pub completeness: i64,
}

impl Weighed {
    /// Of weights and what their factors came to.
    #[must_use]
    pub fn of(factors: impl IntoIterator<Item = (u32, Option<Points>)>) -> Self {
        let (mut known, mut all) = (0, 0);
        let (mut low, mut value, mut high) = (0, 0, 0);
        for (weight, points) in factors {
            let weight = i64::from(weight);
            all += weight;
            if let Some(points) = points {
                known += weight;
                value += weight * points.value;
            }
            // Nobody knows what a missing one would be.
            low += weight * points.map_or(0, |p| p.low);
            high += weight * points.map_or(100, |p| p.high);
        }
        let whole = all.max(1);
        Self {
            score: (known > 0).then(|| divide(value * 100, known)),
            low: divide(low * 100, whole),
            high: divide(high * 100, whole),
            completeness: divide(known * 100, whole),
        }
    }
}

/// Rounded half away from zero; `by` is positive.
#[must_use]
pub const fn divide(amount: i64, by: i64) -> i64 {
    let half = by / 2;
    if amount < 0 {
        (amount - half) / by
    } else {
        (amount + half) / by
    }
}
