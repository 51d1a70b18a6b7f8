//! Runs of agents with their leases, their logs and their facts.

use super::database::{FakeDatabase, State, refuse};
use super::leased::WorkRow;
use super::paging;
use async_trait::async_trait;
use chrono::{DateTime, Duration, Utc};
use domain::agents::{AgentConfig, AgentRun, LogLine, RunStatus};
use domain::audit::NewEntry;
use domain::changes::Guardrails;
use domain::ids::{RunId, StoreId, StoreScope, WorkspaceId};
use domain::work::Work;
use ports::events::runs_changed;
use ports::runs::{
    IncomingEvent, MOST_CRASHES, RunFilter, RunLease, RunStatistics, RunStore, latest,
};
use ports::{Kind, Page, PageRequest, PortResult};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Store, agent and kind: of each of these one run holds.
type Place = (StoreScope, String, &'static str);

fn place(run: &AgentRun) -> Place {
    (run.scope, run.agent.clone(), run.kind.as_str())
}

#[derive(Default)]
pub(super) struct AgentsState {
    pub runs: BTreeMap<RunId, WorkRow<AgentRun>>,
    holding: BTreeMap<Place, RunId>,
    log: BTreeMap<RunId, BTreeMap<u64, LogLine>>,
    facts: BTreeMap<RunId, String>,
    /// Versions in their order.
    pub configs: BTreeMap<(StoreScope, String), Vec<AgentConfig>>,
    pub guardrails: BTreeMap<StoreScope, Guardrails>,
    pub schedules: BTreeMap<(StoreScope, String), DateTime<Utc>>,
    pub accepted: BTreeMap<(WorkspaceId, String), IncomingEvent>,
}

impl AgentsState {
    /// What goes with its store.
    pub(super) fn purge(&mut self, scope: StoreScope) {
        let runs = &mut self.runs;
        runs.retain(|_, row| row.work.scope != scope);
        self.log.retain(|id, _| runs.contains_key(id));
        self.facts.retain(|id, _| runs.contains_key(id));
        self.holding.retain(|(of, _, _), _| *of != scope);
        self.configs.retain(|(of, _), _| *of != scope);
        self.guardrails.retain(|of, _| *of != scope);
        self.schedules.retain(|(of, _), _| *of != scope);
    }

    /// `false` when another one holds it back, or its id is taken.
    pub(super) fn insert(&mut self, run: &AgentRun) -> bool {
        let held = self.holding.contains_key(&place(run));
        if held || self.runs.contains_key(&run.id) {
            return false;
        }
        self.runs.insert(run.id, WorkRow::new(run));
        self.hold(run);
        true
    }

    /// One that is asked to stop holds as before.
    fn hold(&mut self, run: &AgentRun) {
        if run.status == RunStatus::Cancelling {
            return;
        }
        let place = place(run);
        if run.status.holds() {
            self.holding.insert(place, run.id);
        } else if self.holding.get(&place) == Some(&run.id) {
            self.holding.remove(&place);
        }
    }

    fn row(&mut self, workspace: WorkspaceId, id: RunId) -> Option<&mut WorkRow<AgentRun>> {
        let row = self.runs.get_mut(&id);
        row.filter(|row| row.work.scope.workspace == workspace)
    }

    fn find(&self, workspace: WorkspaceId, id: RunId) -> Option<&AgentRun> {
        let run = self.runs.get(&id).map(|row| &row.work);
        run.filter(|run| run.scope.workspace == workspace)
    }

    fn is_held(&self, lease: &RunLease) -> bool {
        let row = self.runs.get(&lease.run.id);
        row.is_some_and(|row| row.fence == lease.fence && row.leased_until.is_some())
    }
}

impl State {
    fn tell_run(&mut self, run: &AgentRun, at: DateTime<Utc>) {
        self.agents.hold(run);
        self.emit([runs_changed(run, at)]);
    }

    /// `until`: of the lease from now on; `None` when it is given up.
    fn save_run(
        &mut self,
        operation: &'static str,
        lease: &RunLease,
        run: &AgentRun,
        log: &[LogLine],
        until: Option<DateTime<Utc>>,
        at: DateTime<Utc>,
    ) -> PortResult<AgentRun> {
        let other = self.agents.holding.get(&place(run));
        if run.status.holds()
            && run.status != RunStatus::Cancelling
            && other.is_some_and(|id| *id != run.id)
        {
            let detail = "another run started meanwhile";
            return Err(refuse(Kind::Conflict, operation, detail));
        }
        let row = self.agents.row(run.scope.workspace, run.id);
        let saved = WorkRow::advance(row, operation, run, lease.fence, at)?;
        if let Some(row) = self.agents.runs.get_mut(&run.id) {
            row.leased_until = until.filter(|_| saved.is_open());
        }
        let lines = self.agents.log.entry(run.id).or_default();
        for line in log {
            lines.entry(line.no).or_insert_with(|| line.clone());
        }
        self.tell_run(&saved, at);
        Ok(saved)
    }
}

#[async_trait]
impl RunStore for FakeDatabase {
    async fn create(&self, run: &AgentRun, entry: Option<&NewEntry>) -> PortResult<()> {
        let mut state = self.lock();
        if !state.agents.insert(run) {
            let detail = "another run of this agent is open";
            return Err(refuse(Kind::Conflict, "runs.create", detail));
        }
        state.tell_run(run, run.created_at);
        state.record(entry.map_or(&[], std::slice::from_ref));
        Ok(())
    }

    async fn holding(
        &self,
        scope: StoreScope,
        agent: &str,
        kind: &str,
    ) -> PortResult<Option<AgentRun>> {
        let state = self.lock();
        let mut held = state.agents.holding.iter();
        let found = held.find(|((of, a, k), _)| (*of, a.as_str(), *k) == (scope, agent, kind));
        let row = found.and_then(|(_, id)| state.agents.runs.get(id));
        Ok(row.map(|row| row.work.clone()))
    }

    async fn find(&self, workspace: WorkspaceId, id: RunId) -> PortResult<Option<AgentRun>> {
        Ok(self.lock().agents.find(workspace, id).cloned())
    }

    async fn list(
        &self,
        workspace: WorkspaceId,
        filter: &RunFilter,
        page: &PageRequest,
    ) -> PortResult<Page<AgentRun>> {
        let state = self.lock();
        let rows = state.agents.runs.values();
        let rows = rows
            .filter(|row| row.work.scope.workspace == workspace)
            .filter(|row| filter.store.is_none_or(|s| row.work.scope.store == s))
            .filter(|row| filter.agent.as_ref().is_none_or(|a| row.work.agent == *a))
            .filter(|row| filter.status.is_none_or(|s| row.work.status == s))
            .filter(|row| filter.kind.is_none_or(|k| row.work.kind.as_str() == k))
            .map(|row| (row.key(), row.work.clone()))
            .collect();
        let list = format!("runs {workspace} {filter:?}");
        paging::page(&list, "runs.list", rows, page)
    }

    async fn claim(
        &self,
        now: DateTime<Utc>,
        lease: Duration,
        limit: u32,
    ) -> PortResult<Vec<RunLease>> {
        let mut state = self.lock();
        let mut claimed = Vec::new();
        let due = |run: &AgentRun| run.run_at <= now || run.status == RunStatus::Cancelling;
        let rows = state.agents.runs.values_mut();
        let mut free: Vec<_> = rows
            .filter(|row| row.work.is_open() && !row.is_leased(now) && due(&row.work))
            .collect();
        free.sort_by_key(|row| {
            let run = &row.work;
            (Reverse(run.priority), run.created_at, run.id)
        });
        let mut told = Vec::new();
        for row in free {
            if claimed.len() >= limit as usize {
                break;
            }
            row.take_up(now, lease);
            if row.work.crashes >= MOST_CRASHES {
                row.work.give_up(now);
                row.leased_until = None;
            } else {
                claimed.push(RunLease {
                    run: row.work.clone(),
                    fence: row.fence,
                });
            }
            told.push(row.work.clone());
        }
        for run in &told {
            state.tell_run(run, now);
        }
        Ok(claimed)
    }

    async fn advance(
        &self,
        lease: &RunLease,
        run: &AgentRun,
        log: &[LogLine],
        now: DateTime<Utc>,
        prolong: Duration,
    ) -> PortResult<AgentRun> {
        let until = Some(now + prolong);
        let mut state = self.lock();
        state.save_run("runs.advance", lease, run, log, until, now)
    }

    async fn put_down(
        &self,
        lease: &RunLease,
        run: &AgentRun,
        log: &[LogLine],
    ) -> PortResult<AgentRun> {
        let at = latest(run, log);
        let mut state = self.lock();
        state.save_run("runs.put_down", lease, run, log, None, at)
    }

    async fn request_cancel(
        &self,
        workspace: WorkspaceId,
        id: RunId,
        now: DateTime<Utc>,
    ) -> PortResult<AgentRun> {
        let operation = "runs.request_cancel";
        let mut state = self.lock();
        let row = state.agents.row(workspace, id);
        let row = row.ok_or_else(|| refuse(Kind::NotFound, operation, "there is no such run"))?;
        let cancelled = row.work.cancel(now, row.leased_until.is_some());
        cancelled.map_err(|detail| refuse(Kind::Conflict, operation, detail))?;
        let run = row.work.clone();
        state.tell_run(&run, now);
        Ok(run)
    }

    async fn wake(&self, workspace: WorkspaceId, id: RunId, now: DateTime<Utc>) -> PortResult<()> {
        let mut state = self.lock();
        let waits = |row: &&mut WorkRow<AgentRun>| {
            row.work.is_open() && row.leased_until.is_none() && row.work.run_at > now
        };
        if let Some(row) = state.agents.row(workspace, id).filter(waits) {
            row.work.run_at = now;
            let run = row.work.clone();
            state.tell_run(&run, now);
        }
        Ok(())
    }

    async fn log(
        &self,
        workspace: WorkspaceId,
        id: RunId,
        after: u64,
        limit: u32,
    ) -> PortResult<Vec<LogLine>> {
        let state = self.lock();
        let log = state.agents.log.get(&id);
        let ours = log.filter(|_| state.agents.find(workspace, id).is_some());
        let lines = ours.into_iter().flat_map(BTreeMap::values);
        let later = lines.filter(|line| line.no > after);
        Ok(later.take(limit as usize).cloned().collect())
    }

    async fn keep_facts(&self, lease: &RunLease, facts: &str) -> PortResult<()> {
        let agents = &mut self.lock().agents;
        if !agents.is_held(lease) {
            let detail = "somebody else works on it";
            return Err(refuse(Kind::Conflict, "runs.keep_facts", detail));
        }
        let kept = agents.facts.entry(lease.run.id);
        kept.or_insert_with(|| facts.to_owned());
        Ok(())
    }

    async fn facts(&self, workspace: WorkspaceId, id: RunId) -> PortResult<Option<String>> {
        let agents = &self.lock().agents;
        let facts = agents.facts.get(&id);
        Ok(facts
            .filter(|_| agents.find(workspace, id).is_some())
            .cloned())
    }

    async fn statistics(
        &self,
        workspace: WorkspaceId,
        store: Option<StoreId>,
        since: DateTime<Utc>,
    ) -> PortResult<Vec<RunStatistics>> {
        Ok(self.lock().agents.statistics(workspace, store, since))
    }

    async fn prune(&self, before: DateTime<Utc>) -> PortResult<u64> {
        let agents = &mut self.lock().agents;
        let ended = |run: &AgentRun| run.finished_at.is_some_and(|at| at < before);
        let over = agents.runs.values().filter(|row| ended(&row.work));
        let mut pruned = 0;
        for id in over.map(|row| row.work.id) {
            let log = agents.log.remove(&id).is_some_and(|log| !log.is_empty());
            let facts = agents.facts.remove(&id).is_some();
            pruned += u64::from(log || facts);
        }
        let told = agents.accepted.len();
        agents.accepted.retain(|_, e| e.accepted_at >= before);
        Ok(pruned + (told - agents.accepted.len()) as u64)
    }

    async fn next_at(&self, scope: StoreScope, agent: &str) -> PortResult<Option<DateTime<Utc>>> {
        let state = self.lock();
        let next = state.agents.schedules.get(&(scope, agent.to_owned()));
        Ok(next.copied())
    }

    async fn fire(
        &self,
        scope: StoreScope,
        agent: &str,
        due: Option<DateTime<Utc>>,
        next: Option<DateTime<Utc>>,
        run: Option<&AgentRun>,
    ) -> PortResult<bool> {
        Ok(self.lock().fire(scope, agent, due, next, run))
    }

    async fn accept(&self, event: &IncomingEvent, runs: &[AgentRun]) -> PortResult<bool> {
        Ok(self.lock().accept(event, runs))
    }
}
