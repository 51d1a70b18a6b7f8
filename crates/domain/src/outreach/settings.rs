//! How often somebody is written to, and when a checkout counts as left behind.

use crate::audit::Actor;
use crate::ids::StoreScope;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutreachLimits {
    /// So many exports at most name a person within [`Self::within_days`], whatever the segment.
    pub most: u32,
    pub within_days: u32,
    /// A first order so many days ago is new.
    pub new_days: u32,
    /// A checkout is left behind after so many hours without a step.
    pub checkout_hours: u32,
    /// Older ones are let go.
    pub checkout_days: u32,
}

impl Default for OutreachLimits {
    fn default() -> Self {
        Self {
            most: 1,
            within_days: 7,
            new_days: 30,
            checkout_hours: 4,
            checkout_days: 14,
        }
    }
}

impl OutreachLimits {
    /// What is wrong, by key.
    #[must_use]
    pub fn faults(&self) -> Vec<(&'static str, String)> {
        let bounds = [
            ("most", self.most, 1, 30),
            ("within_days", self.within_days, 1, 90),
            ("new_days", self.new_days, 1, 365),
            ("checkout_hours", self.checkout_hours, 1, 240),
            // The shop forgets carts of more than three months.
            ("checkout_days", self.checkout_days, 1, 90),
        ];
        let mut faults: Vec<_> = bounds
            .into_iter()
            .filter(|(_, value, least, most)| value < least || value > most)
            .map(|(key, _, least, most)| (key, format!("lies from {least} to {most}")))
            .collect();
        if faults.is_empty() && self.checkout_hours >= self.checkout_days * 24 {
            let why = "is shorter than the days after which a checkout is let go";
            faults.push(("checkout_hours", why.to_owned()));
        }
        faults
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutreachSettings {
    pub scope: StoreScope,
    /// 1 at first, one more with each change.
    pub version: i64,
    pub limits: OutreachLimits,
    pub updated_at: DateTime<Utc>,
    pub updated_by: Actor,
}
