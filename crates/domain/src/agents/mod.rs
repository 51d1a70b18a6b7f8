//! Agents: named policies that look at recorded facts and propose changes. What every agent has in common: what it is, how it
//! is set, what one run of it is, what it proposes, and how it fares over the past.
//!
//! An agent is one folder here with its facts, its settings and `decide(facts, settings, now, seed) -> Decision`, which is a pure
//! function: the same arguments give the same proposals, bit for bit, on every machine. Facts can be written down, so that a run
//! can be replayed.
//!
//! Must not know: where facts come from, how a proposal becomes a change-set, what time it is.

pub mod analytics;
mod decision;
pub mod inventory;
pub mod marketing;
pub mod orders;
pub mod pricing;
pub mod recommendation;
mod rehearsal;
pub mod research;
pub mod rules;
mod run;
pub mod schedule;
mod settings;
mod spec;
pub(crate) mod stats;
pub mod supply;
pub mod support;

pub use decision::{Decision, Handling, Note, Proposal, subjects};
pub use rehearsal::{Rehearsal, RehearsedDay, Rehearser, Repeats, rehearse};
pub use run::{
    AgentRun, FactsUsed, LogLevel, LogLine, RunKind, RunStatus, Step, StepState, Trigger,
};
pub use settings::{AgentConfig, Autonomy, Budget, SettingFault, Value, Values};
pub use spec::{AgentSpec, Field, Text, Unit};
