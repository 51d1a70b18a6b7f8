//! Starting a run: by a person, by the schedule, by an event.

use super::{AgentError, Agents, Fault};
use crate::traces::asked;
use chrono::{Days, NaiveDate};
use domain::agents::{AgentConfig, AgentRun, AgentSpec, RunKind, RunStatus, Trigger};
use domain::audit::{Actor, NewEntry};
use domain::ids::RunId;
use domain::store::Store;
use ports::Kind;
use serde_json::{Value, json};
use uuid::Uuid;

/// In characters of their JSON.
pub(super) const LONGEST_PARAMETERS: usize = 10_000;
/// A leap year.
const LONGEST_REHEARSAL: u64 = 366;

impl Agents {
    /// Queues a run that decides.
    pub async fn start(
        &self,
        store: &Store,
        agent: &str,
        parameters: Value,
        who: Actor,
    ) -> Result<AgentRun, AgentError> {
        let spec = self.spec(store, agent).await?;
        if parameters.to_string().chars().count() > LONGEST_PARAMETERS {
            let message = format!("have at most {LONGEST_PARAMETERS} characters");
            return Err(AgentError::Invalid(vec![Fault::new("parameters", message)]));
        }
        self.not_stopped(store.scope.workspace, &spec.id).await?;
        let config = self.config(store, &spec).await?;
        self.within_budget(&config, &spec).await?;
        let trigger = Trigger::Person { who };
        let mut run = self.new_run(&config, RunKind::Decide, trigger);
        if !parameters.is_null() {
            run.parameters = parameters;
        }
        let policy = &self.registry.entry(&spec.id)?.policy;
        run.parameters = policy.parameters(store, run.created_at, run.parameters)?;
        self.create(run).await
    }

    /// Queues a run that tells what the policy, as it is set now, would have done on these days.
    pub async fn rehearse(
        &self,
        store: &Store,
        agent: &str,
        from: NaiveDate,
        to: NaiveDate,
        who: Actor,
    ) -> Result<AgentRun, AgentError> {
        let spec = self.spec(store, agent).await?;
        self.check_range(store, from, to).await?;
        let config = self.config(store, &spec).await?;
        let kind = RunKind::Rehearse { from, to };
        self.create(self.new_run(&config, kind, Trigger::Person { who }))
            .await
    }

    async fn check_range(
        &self,
        store: &Store,
        from: NaiveDate,
        to: NaiveDate,
    ) -> Result<(), AgentError> {
        let fault = |field: &str, message: String| {
            Err(AgentError::Invalid(vec![Fault::new(field, message)]))
        };
        if to < from {
            return fault("to", "lies before the first day".to_owned());
        }
        if from + Days::new(LONGEST_REHEARSAL - 1) < to {
            return fault("to", format!("lies at most {LONGEST_REHEARSAL} days on"));
        }
        let span = self.ports.orders.span(store.scope).await?;
        let Some(first) = span.first_day else {
            return fault("from", "there are no orders yet to learn from".to_owned());
        };
        if from < first {
            return fault("from", format!("lies before the first order, of {first}"));
        }
        let today = crate::ingest::calendar(store)?.day_of(self.ports.clock.now());
        if to >= today {
            return fault(
                "to",
                "is not over yet: only whole days are rehearsed".to_owned(),
            );
        }
        Ok(())
    }

    pub(super) fn new_run(
        &self,
        config: &AgentConfig,
        kind: RunKind,
        trigger: Trigger,
    ) -> AgentRun {
        let now = self.ports.clock.now();
        let priority = match &trigger {
            Trigger::Person { .. } => 10,
            Trigger::Event { .. } => 5,
            Trigger::Schedule { .. } => 0,
        };
        AgentRun {
            id: RunId(Uuid::now_v7()),
            scope: config.scope,
            agent: config.agent.clone(),
            kind,
            status: RunStatus::Queued,
            trigger,
            parameters: Value::Object(serde_json::Map::new()),
            config_version: config.version,
            seed: seed(),
            priority,
            failures: 0,
            crashes: 0,
            created_at: now,
            run_at: now,
            started_at: None,
            finished_at: None,
            steps: Vec::new(),
            progress: None,
            facts: None,
            log_lines: 0,
            looked_at: 0,
            proposals: 0,
            change_sets: Vec::new(),
            summary: None,
            error: None,
            rehearsal: None,
        }
    }

    async fn create(&self, run: AgentRun) -> Result<AgentRun, AgentError> {
        let told = by_person(&run);
        asked(&self.ports, run.scope.workspace, run.id.0).await;
        match self.queue.create(&run, told.as_ref()).await {
            Ok(()) => Ok(run),
            Err(error) if error.kind == Kind::Conflict => {
                let kind = run.kind.as_str();
                let holding = self.ports.runs.holding(run.scope, &run.agent, kind).await?;
                Err(holding.map_or(AgentError::Port(error), |held| {
                    AgentError::AlreadyRunning(held.id)
                }))
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Tells the worker and whoever watches.
    pub(super) fn started(&self) {
        self.queue.started();
    }

    /// Whether it would be let start by itself now.
    pub(super) async fn may_start(
        &self,
        config: &AgentConfig,
        spec: &AgentSpec,
    ) -> Result<bool, AgentError> {
        if !config.enabled {
            return Ok(false);
        }
        let stopped = self.not_stopped(config.scope.workspace, &spec.id).await;
        let refused = match stopped {
            Ok(()) => self.within_budget(config, spec).await,
            stopped => stopped,
        };
        match refused {
            Ok(()) => Ok(true),
            Err(AgentError::Stopped(why) | AgentError::OverBudget(why)) => {
                tracing::info!(agent = %spec.id, why, "an agent is not started");
                Ok(false)
            }
            Err(error) => Err(error),
        }
    }
}

/// What the audit tells of a run that a person started; those of schedules and events tell it themselves.
fn by_person(run: &AgentRun) -> Option<NewEntry> {
    let Trigger::Person { who } = &run.trigger else {
        return None;
    };
    let (action, asked) = match &run.kind {
        RunKind::Decide => ("agent.run", run.parameters.clone()),
        RunKind::Rehearse { from, to } => ("agent.rehearse", json!({ "from": from, "to": to })),
    };
    let target = ("agent", run.agent.as_str(), run.agent.as_str());
    let entry = NewEntry::done(
        run.scope.workspace,
        run.created_at,
        who.clone(),
        action,
        target,
    );
    Some(entry.after(&json!({ "run": run.id, "asked": asked })))
}

/// Within what every database's whole numbers hold.
fn seed() -> u64 {
    Uuid::new_v4().as_u64_pair().1 >> 2
}
