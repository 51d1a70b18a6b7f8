//! How much each factor counts, and from where on something is worth a look.

use crate::audit::Actor;
use crate::ids::StoreScope;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Percent; together 100.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Weights {
    pub margin: u32,
    pub trend: u32,
    pub viability: u32,
    pub reliability: u32,
    pub shipping: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScoreSettings {
    pub weights: Weights,
    /// The lowest score of a high potential, 0 to 100.
    pub high_potential: u32,
    /// Ten-thousandths of the price that have to be left.
    pub minimum_margin: i64,
}

impl Default for ScoreSettings {
    fn default() -> Self {
        Self {
            weights: Weights {
                margin: 30,
                trend: 25,
                viability: 20,
                reliability: 15,
                shipping: 10,
            },
            high_potential: 75,
            minimum_margin: 3_000,
        }
    }
}

impl ScoreSettings {
    /// What is wrong, by key.
    #[must_use]
    pub fn faults(&self) -> Vec<(&'static str, &'static str)> {
        let mut faults = Vec::new();
        let w = &self.weights;
        let all = [w.margin, w.trend, w.viability, w.reliability, w.shipping];
        if all.iter().any(|w| *w > 100) || all.iter().sum::<u32>() != 100 {
            faults.push(("weights", "are percentages that add up to 100"));
        }
        if self.high_potential > 100 {
            faults.push(("high_potential", "lies from 0 to 100"));
        }
        if !(0..=9_500).contains(&self.minimum_margin) {
            faults.push(("minimum_margin", "lies from 0 to 0.95"));
        }
        faults
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpportunitySettings {
    pub scope: StoreScope,
    pub version: i64,
    pub settings: ScoreSettings,
    pub updated_at: DateTime<Utc>,
    pub updated_by: Actor,
}
