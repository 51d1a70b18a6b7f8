//! Rules: agents that people write. *When* something happens, *if* facts are so, *then* one operation is proposed.
//!
//! A rule is a document ([`Rule`]) that stands among the settings of an agent of its own, so that its versions, its runs, its
//! rehearsals and its autonomy are those of any agent. Deciding is a pure function of the document and of the facts.

mod check;
mod conflict;
mod decide;
mod document;
mod facts;
mod figure;
mod history;
mod meets;
mod price;
mod signal;
mod words;

pub use check::{check, is_settling};
pub use conflict::undoes;
pub use decide::decide;
pub use document::{
    About, Comparator, Condition, Conditions, Limits, Match, Operand, Operation, Rounding, Rule,
    SignalFigure, When,
};
pub use facts::{DayFigures, Facts, OrderThing, ProductFacts, Things, Touched, VariantThing};
pub use figure::{Figure, Kind};
pub use history::{History, PastVariants, rehearsed};
pub use words::sentence;

use super::settings::{Value, Values};
use super::spec::AgentSpec;
use std::borrow::Cow;

/// Under which a rule stands among the settings of its agent.
pub const KEY: &str = "rule";

/// What all rules have in common.
pub static SPEC: AgentSpec = AgentSpec {
    id: Cow::Borrowed("rule"),
    name: Cow::Borrowed("Rules"),
    decides: Cow::Borrowed("What people wrote down: when, if, then."),
    capabilities: &["proposes one operation on what meets its conditions"],
    schedule: Cow::Borrowed("0 * * * *"),
    triggers: Cow::Borrowed(&[]),
    time_limit_s: 300,
    fields: &[],
};

/// The rule that an agent is.
#[must_use]
pub fn of(values: &Values) -> Option<&Rule> {
    match values.get(KEY) {
        Some(Value::Rule(rule)) => Some(rule),
        _ => None,
    }
}

/// As the settings of an agent have it.
#[must_use]
pub fn values(rule: Rule) -> Values {
    Values::from([(KEY.to_owned(), Value::Rule(Box::new(rule)))])
}

/// The agent that a rule is.
#[must_use]
pub fn spec(id: &str, rule: &Rule) -> AgentSpec {
    AgentSpec {
        id: Cow::Owned(id.to_owned()),
        name: Cow::Owned(rule.name.clone()),
        decides: Cow::Owned(sentence(rule)),
        schedule: Cow::Owned(rule.when.schedule().to_owned()),
        triggers: match &rule.when {
            When::Event { event } => Cow::Owned(vec![Cow::Owned(event.clone())]),
            When::Schedule { .. } => Cow::Borrowed(&[]),
        },
        ..SPEC.clone()
    }
}

#[cfg(test)]
mod tests;
