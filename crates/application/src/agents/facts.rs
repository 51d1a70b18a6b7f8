//! What a run decides on, as it is written down before it decides.

use super::packed::{pack, unpack};
use chrono::{DateTime, Utc};
use domain::agents::{Decision, FactsUsed, Values, orders, pricing};
use ports::{Kind, PortError, PortResult, Retry};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeSet;

/// Everything that a decision is a function of but the seed, which the run itself has.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Written {
    /// The instant at which it is decided.
    pub(super) now: DateTime<Utc>,
    /// As they were set.
    pub(super) values: Values,
    pub(super) facts: Facts,
}

/// Of one agent each.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "agent", content = "known")]
pub(super) enum Facts {
    #[serde(rename = "pricing_optimizer")]
    Pricing(pricing::Facts),
    #[serde(rename = "order_management")]
    Orders(orders::Facts),
}

impl Facts {
    pub(super) const fn as_of(&self) -> Option<DateTime<Utc>> {
        match self {
            Self::Pricing(facts) => facts.as_of,
            Self::Orders(facts) => facts.as_of,
        }
    }

    /// Subjects that are not brought up again.
    pub(super) const fn brought_up(&self) -> &BTreeSet<String> {
        match self {
            Self::Pricing(facts) => &facts.told,
            Self::Orders(facts) => &facts.told,
        }
    }

    /// What was gathered, as a sentence.
    pub(super) fn told(&self) -> String {
        match self {
            Self::Pricing(facts) => format!(
                "{} variants, with their sales from {} to {}",
                facts.variants.len(),
                facts.from,
                facts.until
            ),
            Self::Orders(facts) => format!("{} open orders", facts.orders.len()),
        }
    }
}

impl Written {
    /// From the text that they were written down as.
    pub(super) fn read(text: &str) -> PortResult<Self> {
        serde_json::from_str(text).map_err(|error| {
            let detail = "the facts that were written down cannot be read by this version";
            corrupt(detail, error)
        })
    }

    /// What is known of the facts, and what is stored of them.
    pub(super) fn written(&self) -> PortResult<(FactsUsed, String)> {
        let cannot = "the facts cannot be written down";
        let text = serde_json::to_string(self).map_err(|error| corrupt(cannot, error))?;
        let used = self.used(&text);
        let stored = pack(text).map_err(|error| corrupt(cannot, error))?;
        Ok((used, stored))
    }

    pub(super) fn used(&self, text: &str) -> FactsUsed {
        FactsUsed {
            sha256: sha256(text),
            bytes: text.len() as u64,
            as_of: self.facts.as_of(),
        }
    }

    /// Pure: the same whoever calls it, and whenever.
    pub(super) fn decide(&self, seed: u64) -> Decision {
        let (values, now) = (&self.values, self.now);
        match &self.facts {
            Facts::Pricing(facts) => pricing::decide(facts, values, now, seed),
            Facts::Orders(facts) => orders::decide(facts, values, now, seed),
        }
    }
}

/// The text that was written down, from what is stored.
pub(super) fn text(stored: String) -> PortResult<String> {
    unpack(stored).map_err(|error| corrupt("the facts that are stored are damaged", error))
}

/// Of the text, however it is stored.
pub(super) fn sha256(text: &str) -> String {
    hex::encode(Sha256::digest(text.as_bytes()))
}

fn corrupt(detail: &str, error: impl std::error::Error + Send + Sync + 'static) -> PortError {
    PortError::new(Kind::Corrupt, Retry::Never, "royal", "agents.facts", detail).with_source(error)
}
