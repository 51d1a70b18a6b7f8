//! What an agent comes to.

use crate::changes::plan::Wanted;
use crate::changes::{Action, Effect, Evidence, Risk};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeSet;

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

impl Proposal {
    /// Its own subject, and those of the other things that it deals with alike.
    #[must_use]
    pub fn subjects(&self) -> BTreeSet<String> {
        subjects(&self.subject, self.wanted.iter().map(|w| &w.action))
    }
}

/// A subject is a kind of proposal before the number of a thing; a proposal about several things has the number of each under its kind.
#[must_use]
pub fn subjects<'a>(
    subject: &str,
    actions: impl IntoIterator<Item = &'a Action>,
) -> BTreeSet<String> {
    let kind = subject.split(':').next().unwrap_or_default();
    let others = actions.into_iter().map(|action| {
        let entity = action.entity();
        let number = entity.rsplit(':').next().unwrap_or_default();
        format!("{kind}:{number}")
    });
    others.chain([subject.to_owned()]).collect()
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

impl Decision {
    /// SHA-256 in hexadecimal digits: two decisions with the same one are the same to the last bit. Fields are written in the order in which
    /// they are declared, and there is neither a map nor a float among them, so that there is one way to write a decision.
    #[must_use]
    pub fn digest(&self) -> String {
        let mut hash = Sha256::new();
        hash.update(b"royal-decision-v1\0");
        hash.update(serde_json::to_vec(self).unwrap_or_default());
        hash.finalize().iter().map(|b| format!("{b:02x}")).collect()
    }
}
