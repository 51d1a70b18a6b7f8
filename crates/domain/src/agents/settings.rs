//! How an agent is set in one store: versioned, because a run says which version it used.

use super::rules::Rule;
use crate::audit::Actor;
use crate::changes::budget::{Allowance, UnknownEffect};
use crate::ids::StoreScope;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How far it may go. A person raises it; it falls by itself when what was predicted does not come true.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Autonomy {
    /// Reports what it would do.
    Observe,
    /// Proposes; people decide.
    Propose,
    /// Applies what the guardrails allow, and proposes the rest.
    Act,
}

impl Autonomy {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Observe => "observe",
            Self::Propose => "propose",
            Self::Act => "act",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Value {
    Flag(bool),
    Number(i64),
    Words(Vec<String>),
    /// What people wrote that the agent is.
    Rule(Box<Rule>),
}

/// By key; what is not there has the default of its field.
pub type Values = BTreeMap<String, Value>;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingFault {
    pub key: String,
    pub message: String,
}

/// What an agent may use up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Budget {
    pub runs_per_hour: u32,
    pub runs_per_day: u32,
    /// Proposals that one run may make.
    pub proposals_per_run: u32,
    /// Writes that it may make by itself within a day, in `act`.
    pub writes_per_day: u32,
    /// What all that it writes within a day may mean in contribution margin, whoever approved it, in minor units of the store's
    /// currency; `None`: as much as the other limits let.
    #[serde(default)]
    pub money_per_day: Option<i64>,
    #[serde(default)]
    pub unknown_effect: UnknownEffect,
    /// Calls of the provider for all that it writes within a day; `None`: as many as it takes.
    #[serde(default)]
    pub calls_per_day: Option<u32>,
}

impl Budget {
    /// What each of its writes is held against.
    #[must_use]
    pub const fn allowance(&self) -> Allowance {
        Allowance {
            money: self.money_per_day,
            unknown: self.unknown_effect,
            calls: self.calls_per_day,
        }
    }
}

impl Default for Budget {
    fn default() -> Self {
        Self {
            runs_per_hour: 60,
            runs_per_day: 1_000,
            proposals_per_run: 20,
            writes_per_day: 20,
            money_per_day: None,
            unknown_effect: UnknownEffect::Refused,
            calls_per_day: None,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgentConfig {
    pub scope: StoreScope,
    pub agent: String,
    /// 1 when it was first stored; 0: the defaults, nobody set anything.
    pub version: i64,
    /// Whether its schedule and its triggers start it; a person can always.
    pub enabled: bool,
    pub autonomy: Autonomy,
    /// A cron pattern in the store's zone.
    pub schedule: String,
    pub values: Values,
    pub budget: Budget,
    pub updated_at: DateTime<Utc>,
    pub updated_by: Actor,
    /// Why it was changed, in the words of whoever did.
    pub reason: Option<String>,
    /// Of an agent that people wrote: it was taken away, and is there only for those who ask what its runs used.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub removed: bool,
}
