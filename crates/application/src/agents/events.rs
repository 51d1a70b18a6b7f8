//! Events: told from outside or by the product itself, each kept once, with the runs that it starts.

use super::start::LONGEST_PARAMETERS;
use super::{AgentError, Agents, Fault};
use crate::traces::asked;
use chrono::{DateTime, Utc};
use domain::agents::{AgentRun, RunKind, Trigger};
use domain::ids::WorkspaceId;
use ports::runs::IncomingEvent;
use serde_json::Value;
use uuid::Uuid;

const LONGEST_TYPE: usize = 120;
const LONGEST_KEY: usize = 255;

/// What became of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    pub id: String,
    /// Whether it was not known before.
    pub new: bool,
    pub at: DateTime<Utc>,
}

impl Agents {
    /// Keeps it, and starts the agents that want to know of it, in one transaction. The same key names the same event.
    pub async fn accept(
        &self,
        workspace: WorkspaceId,
        event_type: String,
        data: Value,
        happened_at: Option<DateTime<Utc>>,
        key: Option<String>,
    ) -> Result<Accepted, AgentError> {
        let event_type = event_type.trim().to_owned();
        let mut faults = Vec::new();
        if event_type.is_empty() || event_type.chars().count() > LONGEST_TYPE {
            let message = format!("is needed, with at most {LONGEST_TYPE} characters");
            faults.push(Fault::new("event_type", message));
        }
        if key
            .as_ref()
            .is_some_and(|k| k.chars().count() > LONGEST_KEY)
        {
            let message = format!("has at most {LONGEST_KEY} characters");
            faults.push(Fault::new("key", message));
        }
        if !faults.is_empty() {
            return Err(AgentError::Invalid(faults));
        }
        let now = self.ports.clock.now();
        let id = match key {
            Some(key) => Uuid::new_v5(&workspace.0, key.as_bytes()),
            None => Uuid::now_v7(),
        };
        let event = IncomingEvent {
            id: id.to_string(),
            workspace,
            event_type,
            data,
            happened_at: happened_at.unwrap_or(now),
            accepted_at: now,
        };
        let runs = self.started_by(&event).await?;
        for run in &runs {
            asked(&self.ports, workspace, run.id.0).await;
        }
        let new = self.ports.runs.accept(&event, &runs).await?;
        if new && !runs.is_empty() {
            self.started();
        }
        Ok(Accepted {
            id: event.id,
            new,
            at: now,
        })
    }

    /// One for each agent of each store that wants to know; an event that names its store is of no other.
    async fn started_by(&self, event: &IncomingEvent) -> Result<Vec<AgentRun>, AgentError> {
        let mut runs = Vec::new();
        let named = event.data.get("store").and_then(Value::as_str);
        for store in self.stores.list(event.workspace).await? {
            if named.is_some_and(|named| named != store.scope.store.to_string()) {
                continue;
            }
            let mut wanting = self.members(&store).await?;
            wanting.retain(|spec| spec.wants(&event.event_type));
            for spec in &wanting {
                let config = self.config(&store, spec).await?;
                if !self.may_start(&config, spec).await? {
                    continue;
                }
                let trigger = Trigger::Event {
                    event: event.id.clone(),
                    event_type: event.event_type.clone(),
                };
                let mut run = self.new_run(&config, RunKind::Decide, trigger);
                // The event itself is kept; its run needs no copy of a long one.
                if event.data.is_object() && event.data.to_string().len() <= LONGEST_PARAMETERS {
                    run.parameters = event.data.clone();
                }
                runs.push(run);
            }
        }
        Ok(runs)
    }
}
