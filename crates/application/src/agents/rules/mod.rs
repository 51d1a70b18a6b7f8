//! Rules that people write: what they are told, how they are kept, and what they would do.

mod keep;
mod preview;
mod told;

pub use keep::{KeptRule, LastRun, RuleChange, RuleVersion, rule_agent};

use super::agent::{Agent, Gathering, Known};
use super::halt::Halt;
use super::rehearse::{Unwanted, Watched};
use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, Utc};
use domain::agents::rules::{self, About, Facts, History, Rule, SPEC, Things};
use domain::agents::{AgentSpec, Decision, Rehearsal, Values};
use std::collections::BTreeSet;

/// The agents that rules are.
pub(super) struct Rules;

#[async_trait]
impl Agent for Rules {
    const KINDS: &'static [&'static str] = &["rule"];
    type Facts = Facts;
    type Past = History;

    fn spec() -> &'static AgentSpec {
        &SPEC
    }

    async fn gather(of: &Gathering) -> Result<Facts, Halt> {
        let rule = rule(of)?;
        match rule.about {
            About::Variants => told::variants(of, rule).await,
            About::Orders => told::orders(of, rule).await,
        }
    }

    fn decide(facts: &Facts, values: &Values, now: DateTime<Utc>, _seed: u64) -> Decision {
        rules::of(values).map_or_else(Decision::default, |rule| rules::decide(rule, facts, now))
    }

    async fn past(of: &Gathering, days: (NaiveDate, NaiveDate)) -> Result<(History, String), Halt> {
        match rule(of)?.about {
            About::Variants => told::past_variants(of, days).await,
            About::Orders => {
                let past = super::orders::past(of, days).await?;
                let told = format!("{} orders of the past", past.orders.len());
                Ok((History::Orders(past), told))
            }
        }
    }

    fn rehearse(
        past: &History,
        values: &Values,
        days: (NaiveDate, NaiveDate),
        _seed: u64,
        watched: &Watched,
    ) -> Result<Rehearsal, Unwanted> {
        // Without a rule no past was recalled.
        let rule = rules::of(values).ok_or(Unwanted)?;
        rules::rehearsed(past, rule, days, || watched.next())
    }

    fn written(id: &str, values: &Values) -> Option<AgentSpec> {
        rules::of(values).map(|rule| rules::spec(id, rule))
    }

    fn is_written() -> bool {
        true
    }
}

impl Known for Facts {
    fn as_of(&self) -> Option<DateTime<Utc>> {
        self.as_of
    }

    fn brought_up(&self) -> &BTreeSet<String> {
        &self.told
    }

    fn told(&self) -> String {
        match &self.things {
            Things::Variants {
                from,
                until,
                variants,
            } => format!(
                "{} variants, with their sales from {from} to {until}",
                variants.len()
            ),
            Things::Orders(orders) => format!("{} orders", orders.len()),
        }
    }
}

fn rule(of: &Gathering) -> Result<&Rule, Halt> {
    let gone = || Halt::Hopeless("there is no rule in these settings".to_owned());
    rules::of(&of.values).ok_or_else(gone)
}
