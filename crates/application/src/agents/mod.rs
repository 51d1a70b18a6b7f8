//! Agents at work: how they are set, what starts them, and their runs from facts to change-sets and their end.
//!
//! The run's row is the truth, and a worker holds it by a lease. Facts are written down before anything is decided on them, and a
//! proposal's id follows from its run and its subject: whoever takes over decides the same and proposes nothing twice.

mod agent;
mod analytics;
mod book;
mod budget;
mod calibrate;
mod configure;
mod events;
mod facts;
mod halt;
mod held;
mod inventory;
mod marketing;
mod orders;
mod packed;
mod past;
mod policy;
mod pricing;
mod propose;
mod queue;
mod recommendation;
mod registry;
mod rehearse;
mod replay;
mod research;
mod rewind;
mod rules;
mod run;
mod schedule;
mod start;
mod supply;
mod support;
mod watch;
mod what_if;
mod words;
mod worker;

pub use agent::{Agent, Booked, Due, Entry, Gathering, Known, Readiness};
pub use configure::ConfigChange;
pub use events::Accepted;
pub use halt::{Halt, Progress};
pub use held::Held;
pub use past::{brought_up, open_subjects};
pub use queue::Queue;
pub use recommendation::Recommended;
pub(crate) use registry::name_of;
pub use rehearse::{Unwanted, Watched};
pub use replay::Replay;
pub use research::{ResearchTold, WatchEntry};
pub use rules::{KeptRule, LastRun, RuleChange, RuleVersion, rule_agent};
pub use what_if::{LessOf, Prospect, Question, Told};
pub use worker::AT_ONCE;

use crate::Ports;
use crate::changes::{Changes, Fault};
use crate::events::EventHub;
use crate::stores::{StoreError, Stores};
use chrono::{DateTime, Duration, Utc};
use domain::agents::{AgentConfig, AgentRun, AgentSpec, Autonomy, Budget, LogLine, Values};
use domain::audit::Actor;
use domain::changes::ChangeSetStatus;
use domain::ids::{RunId, WorkspaceId};
use domain::store::Store;
use ports::changes::{ChangeFilter, Stop, StopScope};
use ports::runs::{RunFilter, RunStatistics};
use ports::{Kind, Page, PageRequest, PortError, PortResult};
use registry::Registry;
use std::collections::BTreeMap;
use std::sync::Arc;
use tokio::sync::Semaphore;

/// Whose facts are in memory at the same time.
const PLACES: usize = 8;
/// Over so many days it is told how an agent fares.
const STATISTICS_DAYS: i64 = 30;

#[derive(Debug, thiserror::Error)]
pub enum AgentError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("there is no such agent")]
    UnknownAgent,
    #[error("there is no such run")]
    UnknownRun,
    #[error("a run of this agent is under way already")]
    AlreadyRunning(RunId),
    /// The stop with its reason.
    #[error("{0}")]
    Stopped(String),
    /// What is used up.
    #[error("{0}")]
    OverBudget(String),
    #[error("this cannot be done as it was asked for")]
    Invalid(Vec<Fault>),
    #[error("somebody else changed the settings first; look at them again")]
    ChangedMeanwhile,
    #[error("the run has ended already")]
    Ended,
    #[error("what this run decided on is not kept, or not any more")]
    FactsForgotten,
    #[error(transparent)]
    Port(#[from] PortError),
}

/// An agent as it stands in a store.
#[derive(Debug, Clone)]
pub struct Standing {
    pub spec: Arc<AgentSpec>,
    pub config: AgentConfig,
    /// Over the last thirty days.
    pub statistics: RunStatistics,
    /// The one that is queued or under way.
    pub open_run: Option<AgentRun>,
    /// When its schedule starts it next; `None` while it is disabled.
    pub next_at: Option<DateTime<Utc>>,
    /// What its next start waits for although its time has come, as the end of a sentence.
    pub waits_for: Option<String>,
    /// What holds it back.
    pub stop: Option<Stop>,
    /// Whether it proposes changes at all; one that does not writes into our own books.
    pub proposes: bool,
    /// Its change-sets that wait for a decision.
    pub waiting: u64,
}

#[derive(Clone)]
pub struct Agents {
    ports: Ports,
    hub: EventHub,
    changes: Changes,
    stores: Stores,
    queue: Queue,
    places: Arc<Semaphore>,
    registry: Registry,
    prospects: what_if::Prospects,
}

impl Agents {
    #[must_use]
    pub fn new(ports: Ports, hub: EventHub, changes: Changes) -> Self {
        Self {
            stores: Stores::new(ports.clone()),
            queue: Queue::new(ports.runs.clone(), ports.clock.clone(), hub.clone()),
            places: Arc::new(Semaphore::new(PLACES)),
            ports,
            hub,
            changes,
            registry: Registry::default(),
            prospects: what_if::Prospects::default(),
        }
    }

    /// How long a run whose worker died waits for another one.
    #[must_use]
    pub fn with_lease(self, lease: Duration) -> Self {
        let queue = self.queue.with_lease(lease);
        Self { queue, ..self }
    }

    /// Knows one agent more.
    #[must_use]
    pub fn with_agent(self, entry: Entry) -> Self {
        let registry = self.registry.with(entry);
        Self { registry, ..self }
    }

    /// What an agent of a store is: one of the program's, or one that people wrote there.
    pub async fn spec(&self, store: &Store, agent: &str) -> Result<Arc<AgentSpec>, AgentError> {
        let entry = self.registry.entry(agent)?;
        if !entry.policy.is_written() {
            return Ok(Arc::clone(&entry.spec));
        }
        let config = self.ports.agent_configs.find(store.scope, agent).await?;
        let config = config.filter(|c| !c.removed);
        let spec = config.and_then(|c| entry.policy.written(agent, &c.values));
        spec.map(Arc::new).ok_or(AgentError::UnknownAgent)
    }

    /// The program's, in the order in which they are shown.
    fn own(&self) -> impl Iterator<Item = Arc<AgentSpec>> {
        let own = self.registry.entries().iter();
        let own = own.filter(|e| !e.policy.is_written());
        own.map(|e| Arc::clone(&e.spec))
    }

    /// All that there are in a store: the program's, then those that people wrote.
    async fn members(&self, store: &Store) -> PortResult<Vec<Arc<AgentSpec>>> {
        let configs = self.written(store).await?;
        let written = configs
            .iter()
            .filter_map(|config| self.written_spec(config));
        Ok(self.own().chain(written).collect())
    }

    /// The settings of all agents that people wrote in a store.
    async fn written(&self, store: &Store) -> PortResult<Vec<AgentConfig>> {
        let mut configs = self.ports.agent_configs.list(store.scope.workspace).await?;
        configs.retain(|c| c.scope == store.scope && self.written_spec(c).is_some());
        Ok(configs)
    }

    fn written_spec(&self, config: &AgentConfig) -> Option<Arc<AgentSpec>> {
        let entry = self.registry.entry(&config.agent).ok()?;
        let is_there = !config.removed && entry.policy.is_written();
        let spec = is_there.then(|| entry.policy.written(&config.agent, &config.values));
        spec.flatten().map(Arc::new)
    }

    /// What agents are called, those among them that people wrote, by their ids.
    pub async fn names(&self, workspace: WorkspaceId) -> PortResult<BTreeMap<String, String>> {
        let configs = self.ports.agent_configs.list(workspace).await?;
        let written = configs
            .iter()
            .filter_map(|config| self.written_spec(config));
        let all = self.own().chain(written);
        Ok(all
            .map(|s| (s.id.to_string(), s.name.to_string()))
            .collect())
    }

    /// The program's, in the order in which they are shown.
    pub async fn list(&self, store: &Store) -> Result<Vec<Standing>, AgentError> {
        let statistics = self.statistics(store).await?;
        let stops = self.ports.stops.stops(store.scope.workspace).await?;
        let mut standings = Vec::new();
        for spec in self.own() {
            standings.push(self.stands(store, spec, &statistics, &stops).await?);
        }
        Ok(standings)
    }

    pub async fn standing(&self, store: &Store, agent: &str) -> Result<Standing, AgentError> {
        let spec = self.spec(store, agent).await?;
        let statistics = self.statistics(store).await?;
        let stops = self.ports.stops.stops(store.scope.workspace).await?;
        self.stands(store, spec, &statistics, &stops).await
    }

    async fn statistics(&self, store: &Store) -> PortResult<Vec<RunStatistics>> {
        let since = self.ports.clock.now() - Duration::days(STATISTICS_DAYS);
        let (workspace, id) = (store.scope.workspace, Some(store.scope.store));
        self.ports.runs.statistics(workspace, id, since).await
    }

    async fn stands(
        &self,
        store: &Store,
        spec: Arc<AgentSpec>,
        statistics: &[RunStatistics],
        stops: &[Stop],
    ) -> Result<Standing, AgentError> {
        let config = self.config(store, &spec).await?;
        let runs = &self.ports.runs;
        let next_at = runs.next_at(store.scope, &spec.id).await?;
        let next_at = next_at.filter(|_| config.enabled);
        let stop = stop_of(stops, &spec.id).cloned();
        let has_come = next_at.is_some_and(|at| at <= self.ports.clock.now()) && stop.is_none();
        let readiness = match has_come {
            true => Some(self.readiness(store, &spec, &config).await?),
            false => None,
        };
        let statistics = statistics.iter().find(|s| s.agent == spec.id).cloned();
        Ok(Standing {
            statistics: statistics.unwrap_or_else(|| RunStatistics {
                agent: spec.id.to_string(),
                ..RunStatistics::default()
            }),
            open_run: runs.holding(store.scope, &spec.id, "decide").await?,
            next_at,
            waits_for: match readiness {
                Some(Readiness::Waits(what)) => Some(what),
                _ => None,
            },
            stop,
            proposes: !self.registry.entry(&spec.id)?.policy.books(),
            waiting: self.waiting(store, &spec).await?,
            config,
            spec,
        })
    }

    async fn waiting(&self, store: &Store, spec: &AgentSpec) -> PortResult<u64> {
        let filter = ChangeFilter {
            store: Some(store.scope.store),
            status: Some(ChangeSetStatus::Proposed),
            agent: Some(spec.id.to_string()),
            ..ChangeFilter::default()
        };
        let (workspace, page) = (store.scope.workspace, PageRequest::first(1));
        let page = self.ports.changes.list(workspace, &filter, &page).await?;
        Ok(page.total.unwrap_or(page.items.len() as u64))
    }

    /// As it is set; the defaults where nobody set anything.
    pub(crate) async fn config(&self, store: &Store, spec: &AgentSpec) -> PortResult<AgentConfig> {
        let found = self.ports.agent_configs.find(store.scope, &spec.id).await?;
        Ok(found.unwrap_or_else(|| default_config(store, spec)))
    }

    /// `None` in another workspace.
    pub async fn find(&self, workspace: WorkspaceId, run: RunId) -> PortResult<Option<AgentRun>> {
        self.ports.runs.find(workspace, run).await
    }

    /// Newest first.
    pub async fn runs(
        &self,
        workspace: WorkspaceId,
        filter: &RunFilter,
        page: &PageRequest,
    ) -> PortResult<Page<AgentRun>> {
        self.ports.runs.list(workspace, filter, page).await
    }

    /// What a run said, after a line.
    pub async fn log(
        &self,
        workspace: WorkspaceId,
        run: RunId,
        after: u64,
        limit: u32,
    ) -> Result<Vec<LogLine>, AgentError> {
        let found = self.find(workspace, run).await?;
        found.ok_or(AgentError::UnknownRun)?;
        Ok(self.ports.runs.log(workspace, run, after, limit).await?)
    }

    /// What nobody works on is cancelled at once; a worker stops at the next thing that it saves. What was proposed stays.
    pub async fn cancel(&self, workspace: WorkspaceId, run: RunId) -> Result<AgentRun, AgentError> {
        let now = self.ports.clock.now();
        let cancelled = self.ports.runs.request_cancel(workspace, run, now).await;
        let run = cancelled.map_err(|error| match error.kind {
            Kind::Conflict => AgentError::Ended,
            Kind::NotFound => AgentError::UnknownRun,
            _ => AgentError::Port(error),
        })?;
        self.hub.wake();
        Ok(run)
    }

    /// Refused while a stop over everything or over this agent is on.
    async fn not_stopped(&self, workspace: WorkspaceId, agent: &str) -> Result<(), AgentError> {
        let stops = self.ports.stops.stops(workspace).await?;
        match stop_of(&stops, agent) {
            Some(stop) => Err(AgentError::Stopped(told(stop))),
            None => Ok(()),
        }
    }
}

/// Looks only, until a person lets it do more.
fn default_config(store: &Store, spec: &AgentSpec) -> AgentConfig {
    AgentConfig {
        scope: store.scope,
        agent: spec.id.to_string(),
        version: 0,
        removed: false,
        enabled: true,
        autonomy: Autonomy::Observe,
        schedule: spec.schedule.to_string(),
        values: Values::new(),
        budget: Budget::default(),
        updated_at: store.created_at,
        updated_by: Actor::system(),
        reason: None,
    }
}

/// The stop that holds an agent back; one over everything first.
fn stop_of<'a>(stops: &'a [Stop], agent: &str) -> Option<&'a Stop> {
    let over = |wanted: &dyn Fn(&StopScope) -> bool| stops.iter().find(|s| wanted(&s.scope));
    over(&|scope| *scope == StopScope::All)
        .or_else(|| over(&|scope| matches!(scope, StopScope::Agent(name) if name == agent)))
}

fn told(stop: &Stop) -> String {
    let what = match &stop.scope {
        StopScope::All => "the emergency stop is on".to_owned(),
        StopScope::Agent(name) => format!("the agent {name} is stopped"),
        StopScope::Connection(_) => "this connection is stopped".to_owned(),
    };
    format!("{what}: {}", stop.reason)
}
