//! What a run decides on, as it is written down before it decides.

use super::agent::{Agent, Booked, Gathering, Known};
use super::halt::Halt;
use super::packed::{pack, unpack};
use super::registry::Registry;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::agents::{Decision, FactsUsed, Values};
use ports::{Kind, PortError, PortResult, Retry};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeSet;

/// Everything that a decision is a function of but the seed, which the run itself has.
pub(super) struct Written {
    /// The instant at which it is decided.
    pub(super) now: DateTime<Utc>,
    /// As they were set.
    pub(super) values: Values,
    pub(super) facts: Box<dyn Facts>,
}

/// Facts of some agent.
#[async_trait]
pub(super) trait Facts: Send + Sync {
    fn as_of(&self) -> Option<DateTime<Utc>>;
    fn brought_up(&self) -> &BTreeSet<String>;
    fn told(&self) -> String;
    fn decide(&self, values: &Values, now: DateTime<Utc>, seed: u64) -> Decision;
    fn write(&self, values: &Values, now: DateTime<Utc>) -> serde_json::Result<String>;
    async fn book(&self, of: &Gathering) -> Result<Booked, Halt>;
}

/// Facts of this agent.
pub(super) struct Of<A: Agent>(pub(super) A::Facts);

/// As text, with the agent whose facts they are.
#[derive(Serialize, Deserialize)]
struct Form<V, F> {
    now: DateTime<Utc>,
    values: V,
    facts: Tagged<F>,
}

#[derive(Serialize, Deserialize)]
struct Tagged<F> {
    agent: String,
    known: F,
}

impl<A: Agent> Of<A> {
    pub(super) fn read(text: &str) -> serde_json::Result<Written> {
        let form: Form<Values, A::Facts> = serde_json::from_str(text)?;
        Ok(Written {
            now: form.now,
            values: form.values,
            facts: Box::new(Self(form.facts.known)),
        })
    }
}

#[async_trait]
impl<A: Agent> Facts for Of<A> {
    fn as_of(&self) -> Option<DateTime<Utc>> {
        self.0.as_of()
    }

    fn brought_up(&self) -> &BTreeSet<String> {
        self.0.brought_up()
    }

    fn told(&self) -> String {
        self.0.told()
    }

    fn decide(&self, values: &Values, now: DateTime<Utc>, seed: u64) -> Decision {
        A::decide(&self.0, values, now, seed)
    }

    fn write(&self, values: &Values, now: DateTime<Utc>) -> serde_json::Result<String> {
        serde_json::to_string(&Form {
            now,
            values,
            facts: Tagged {
                agent: A::spec().id.to_string(),
                known: &self.0,
            },
        })
    }

    async fn book(&self, of: &Gathering) -> Result<Booked, Halt> {
        A::book(&self.0, of).await
    }
}

impl Written {
    /// From the text that they were written down as.
    pub(super) fn read(registry: &Registry, agent: &str, text: &str) -> PortResult<Self> {
        let entry = registry
            .entry(agent)
            .map_err(|error| corrupt("there is no such agent any more", error))?;
        entry.policy.read(text).map_err(|error| {
            let detail = "the facts that were written down cannot be read by this version";
            corrupt(detail, error)
        })
    }

    /// What is known of the facts, and what is stored of them.
    pub(super) fn written(&self) -> PortResult<(FactsUsed, String)> {
        let cannot = "the facts cannot be written down";
        let text = self.facts.write(&self.values, self.now);
        let text = text.map_err(|error| corrupt(cannot, error))?;
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
        self.facts.decide(&self.values, self.now, seed)
    }
}

/// Facts of an agent that is known, from the text that they were written down as, with when and by what they were decided on.
pub(super) fn read<A: Agent>(text: &str) -> PortResult<(DateTime<Utc>, Values, A::Facts)> {
    let form: Form<Values, A::Facts> = serde_json::from_str(text).map_err(|error| {
        let detail = "the facts that were written down cannot be read by this version";
        corrupt(detail, error)
    })?;
    Ok((form.now, form.values, form.facts.known))
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
