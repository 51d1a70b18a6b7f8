//! What an agent comes to.

use crate::changes::plan::Wanted;
use crate::changes::{Effect, Evidence, Risk};
use serde::{Deserialize, Serialize};

/// What the policy wants to become of a proposal; the agent's autonomy and the guardrails may want less.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Handling {
    /// Sure and small enough to be applied without asking, where the autonomy is `act`.
    Apply,
    Ask,
    /// A finding: shown, with nothing to apply.
    Notify,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// What it is about, the same in each run that finds it again (`price:42`, `hold:7`): one that waits already is not proposed twice.
    pub subject: String,
    pub title: String,
    pub reason: String,
    pub wanted: Vec<Wanted>,
    pub evidence: Vec<Evidence>,
    pub effect: Option<Effect>,
    /// Why there is no effect.
    pub effect_unknown: Option<String>,
    pub risk: Risk,
    /// In thousandths.
    pub confidence: u32,
    pub handling: Handling,
    pub valid_hours: u32,
}

/// Something that was seen, of which nothing follows: what was left out and why, what is missing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// The thing, as people know it.
    pub about: String,
    pub text: String,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// The most urgent first.
    pub proposals: Vec<Proposal>,
    pub notes: Vec<Note>,
    /// Things that were looked at.
    pub looked_at: u64,
}
