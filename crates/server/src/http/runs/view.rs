//! Runs as the API writes them.

use super::rehearsal::RehearsalBody;
use crate::problem::Problem;
use crate::state::App;
use chrono::{DateTime, NaiveDate, Utc};
use domain::agents::{AgentRun, FactsUsed, RunKind, RunStatus, Step, StepState, Trigger};
use domain::money::Currency;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use utoipa::ToSchema;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = RunStatus)]
pub(crate) enum StatusBody {
    Queued,
    Running,
    /// What it proposed waits for people.
    WaitingApproval,
    /// What was approved is being written.
    Applying,
    Cancelling,
    Succeeded,
    Failed,
    Cancelled,
    /// Its worker died too often.
    Dead,
}

macro_rules! same {
    ($here:ident and $there:ident: $($variant:ident),+) => {
        impl From<$there> for $here {
            fn from(value: $there) -> Self {
                match value { $($there::$variant => Self::$variant),+ }
            }
        }

        impl From<$here> for $there {
            fn from(value: $here) -> Self {
                match value { $($here::$variant => Self::$variant),+ }
            }
        }
    };
}

same!(StatusBody and RunStatus: Queued, Running, WaitingApproval, Applying, Cancelling, Succeeded, Failed, Cancelled, Dead);
same!(StepStateBody and StepState: Running, Done, Failed);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = RunKind)]
pub(crate) enum KindBody {
    Decide,
    /// Over the store's own past.
    Rehearse,
}

impl KindBody {
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Decide => "decide",
            Self::Rehearse => "rehearse",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = RunTriggerKind)]
pub(crate) enum TriggerKind {
    Person,
    Schedule,
    Event,
}

/// Why it was started.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RunTrigger)]
pub(crate) struct TriggerBody {
    by: TriggerKind,
    /// The person, when it was due, or the type of the event.
    label: String,
}

impl TriggerBody {
    fn of(trigger: &Trigger) -> Self {
        let (by, label) = match trigger {
            Trigger::Person { who } => (TriggerKind::Person, who.name.clone()),
            Trigger::Schedule { due } => {
                let due = due.to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
                (TriggerKind::Schedule, due)
            }
            Trigger::Event { event_type, .. } => (TriggerKind::Event, event_type.clone()),
        };
        Self { by, label }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = RunStepState)]
pub(crate) enum StepStateBody {
    Running,
    Done,
    Failed,
}

/// A part that is done once: a worker that takes over goes on after it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RunStep)]
pub(crate) struct StepBody {
    name: String,
    state: StepStateBody,
    started_at: DateTime<Utc>,
    ended_at: Option<DateTime<Utc>>,
    result: Option<String>,
}

impl StepBody {
    fn of(step: &Step) -> Self {
        Self {
            name: step.name.clone(),
            state: step.state.into(),
            started_at: step.started_at,
            ended_at: step.ended_at,
            result: step.result.clone(),
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RunProgress)]
pub(crate) struct ProgressBody {
    done: u64,
    total: u64,
}

impl ProgressBody {
    pub(crate) fn of((done, total): (u64, u64)) -> Self {
        Self { done, total }
    }
}

/// What it decided on.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RunFacts)]
pub(crate) struct FactsBody {
    sha256: String,
    bytes: u64,
    /// The latest moment at which something of it was observed.
    as_of: Option<DateTime<Utc>>,
}

impl FactsBody {
    fn of(facts: &FactsUsed) -> Self {
        Self {
            sha256: facts.sha256.clone(),
            bytes: facts.bytes,
            as_of: facts.as_of,
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Run)]
pub(crate) struct RunBody {
    #[schema(format = "uuid")]
    id: String,
    #[schema(format = "uuid")]
    store_id: String,
    agent_id: String,
    agent_name: String,
    kind: KindBody,
    /// First and last day of a rehearsal.
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
    status: StatusBody,
    trigger: TriggerBody,
    #[schema(value_type = Object)]
    parameters: Value,
    /// 0: the defaults.
    settings_version: i64,
    /// All chance of the run comes from it.
    seed: String,
    created_at: DateTime<Utc>,
    started_at: Option<DateTime<Utc>>,
    finished_at: Option<DateTime<Utc>>,
    /// When it is taken up again.
    next_try_at: Option<DateTime<Utc>>,
    /// From the first take-up to the end.
    seconds: Option<f64>,
    /// Tries that began.
    attempts: u32,
    /// Workers that died with it.
    crashes: u32,
    steps: Vec<StepBody>,
    progress: Option<ProgressBody>,
    facts: Option<FactsBody>,
    looked_at: u64,
    proposals: u32,
    change_sets: Vec<String>,
    /// What came of it.
    summary: Option<String>,
    error: Option<String>,
    rehearsal: Option<RehearsalBody>,
}

impl RunBody {
    pub(crate) fn of(run: &AgentRun, currency: Currency, names: &Names) -> Self {
        let (kind, from, to) = match run.kind {
            RunKind::Decide => (KindBody::Decide, None, None),
            RunKind::Rehearse { from, to } => (KindBody::Rehearse, Some(from), Some(to)),
        };
        let waits = run.status.is_open()
            && !matches!(run.status, RunStatus::Running | RunStatus::Cancelling);
        Self {
            id: run.id.to_string(),
            store_id: run.scope.store.to_string(),
            agent_id: run.agent.clone(),
            agent_name: name(names, &run.agent),
            kind,
            from,
            to,
            status: run.status.into(),
            trigger: TriggerBody::of(&run.trigger),
            parameters: run.parameters.clone(),
            settings_version: run.config_version,
            seed: run.seed.to_string(),
            created_at: run.created_at,
            started_at: run.started_at,
            finished_at: run.finished_at,
            next_try_at: waits.then_some(run.run_at),
            seconds: run.lasted().map(|d| d.as_seconds_f64()),
            attempts: u32::from(run.started_at.is_some()) + run.failures + run.crashes,
            crashes: run.crashes,
            steps: run.steps.iter().map(StepBody::of).collect(),
            progress: run.progress.map(ProgressBody::of),
            facts: run.facts.as_ref().map(FactsBody::of),
            looked_at: run.looked_at,
            proposals: run.proposals,
            change_sets: run.change_sets.iter().map(ToString::to_string).collect(),
            summary: run.summary.clone(),
            error: run.error.clone(),
            rehearsal: run
                .rehearsal
                .as_ref()
                .map(|r| RehearsalBody::of(r, currency)),
        }
    }
}

/// What agents are called, by their ids.
pub(crate) type Names = BTreeMap<String, String>;

/// An agent that this version does not have any more is called by its id.
pub(crate) fn name(names: &Names, agent: &str) -> String {
    names.get(agent).map_or(agent, String::as_str).to_owned()
}

/// In the currencies of their stores.
pub(super) async fn all(app: &App, runs: &[AgentRun]) -> Result<Vec<RunBody>, Problem> {
    let Some(first) = runs.first() else {
        return Ok(Vec::new());
    };
    let stores = app.stores.list(first.scope.workspace).await?;
    let names = app.agents.names(first.scope.workspace).await?;
    let body = |run: &AgentRun| {
        let store = stores.iter().find(|s| s.scope == run.scope);
        // A run goes with its store.
        store.map(|store| RunBody::of(run, store.currency, &names))
    };
    Ok(runs.iter().filter_map(body).collect())
}

pub(super) async fn one(app: &App, run: &AgentRun) -> Result<RunBody, Problem> {
    let bodies = all(app, std::slice::from_ref(run)).await?;
    bodies
        .into_iter()
        .next()
        .ok_or_else(|| Problem::not_found("run"))
}
