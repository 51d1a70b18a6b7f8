//! What a rule would propose at this moment; nothing is written.

use crate::agents::agent::Gathering;
use crate::agents::halt::{Halt, Progress};
use crate::agents::{AgentError, Agents, Fault};
use domain::agents::Decision;
use domain::agents::rules::{self, Rule};
use domain::ids::RunId;
use domain::store::Store;
use ports::{Kind, PortError, Retry};
use std::sync::Arc;
use std::time::Duration;
use uuid::Uuid;

/// Somebody waits for it.
const LIMIT: Duration = Duration::from_secs(60);

impl Agents {
    /// Of a rule as it is written, stored or not. `id` is that of the stored one: what it changed before and what of it waits has a say.
    pub async fn preview_rule(
        &self,
        store: &Store,
        id: Option<Uuid>,
        rule: &Rule,
    ) -> Result<Decision, AgentError> {
        let faults = rules::check(rule).into_iter();
        let faults: Vec<_> = faults.map(super::keep::named).collect();
        if !faults.is_empty() {
            return Err(AgentError::Invalid(faults));
        }
        let agent = super::rule_agent(id.unwrap_or(Uuid::nil()));
        let gathering = Gathering {
            ports: self.ports.clone(),
            changes: self.changes.clone(),
            store: store.clone(),
            spec: Arc::new(rules::spec(&agent, rule)),
            run: RunId(Uuid::nil()),
            parameters: serde_json::Value::Null,
            values: rules::values(rule.clone()),
            now: self.ports.clock.now(),
            progress: Progress::default(),
            entry: self.registry.entry(&agent)?.clone(),
        };
        let facts = tokio::time::timeout(LIMIT, gathering.facts()).await;
        let facts = facts.map_err(|_| too_long())?.map_err(of_halt)?;
        let (values, now) = (gathering.values, gathering.now);
        let work = tokio::task::spawn_blocking(move || facts.decide(&values, now, 0));
        work.await
            .map_err(|error| failed("the rule broke off").with_source(error).into())
    }
}

fn failed(detail: &str) -> PortError {
    PortError::new(
        Kind::Unavailable,
        Retry::Never,
        "royal",
        "rules.preview",
        detail,
    )
}

fn too_long() -> AgentError {
    let message = "asks for more than can be looked at while somebody waits";
    AgentError::Invalid(vec![Fault::new("rule.if", message)])
}

fn of_halt(halt: Halt) -> AgentError {
    match halt {
        Halt::Storage(error) => error.into(),
        Halt::Failed(sentence) | Halt::Hopeless(sentence) | Halt::Stopped(sentence) => {
            failed(&sentence).into()
        }
        Halt::LostLease | Halt::Leaving | Halt::Cancelled => failed("nobody waits any more").into(),
    }
}
