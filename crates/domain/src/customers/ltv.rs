//! Lifetime value in contribution margin (CM2), day by day since the first order, and the day on which it pays for acquisition.
//!
//! The value of day *h* is the mean over all customers who have been there for *h* days; nobody counts for a day that has not come.

use super::cohort::HorizonValue;
use super::estimate::Estimate;
use serde::{Deserialize, Serialize};

/// Days after the first order.
pub const HORIZONS: [u32; 5] = [30, 60, 90, 180, 365];
/// Days from which a projection starts: the latest that a cohort has been observed for.
pub(super) const BASES: [u32; 5] = [0, 30, 60, 90, 180];
pub(super) const LAST_DAY: usize = 365;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct LtvPoint {
    pub day: u32,
    pub value: Estimate,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ltv {
    /// From day 0 to the last day that anybody has been observed for, 365 at most; empty without costs.
    pub points: Vec<LtvPoint>,
    /// One for each of [`HORIZONS`].
    pub values: Vec<HorizonValue>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Payback {
    Day(u32),
    /// Not within the days that are observed.
    NotWithin {
        days: u32,
    },
    /// Nothing is observed.
    Unknown,
}

/// The first day on which a customer has brought at least what acquiring one cost.
#[must_use]
pub fn payback(points: &[LtvPoint], acquisition_cost: i64) -> Payback {
    let Some(last) = points.last() else {
        return Payback::Unknown;
    };
    points
        .iter()
        .find(|p| p.value.mean >= acquisition_cost)
        .map_or(Payback::NotWithin { days: last.day }, |p| {
            Payback::Day(p.day)
        })
}
