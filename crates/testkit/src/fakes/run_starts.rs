//! What starts runs of agents, and how these fare.

use super::database::State;
use super::runs::AgentsState;
use chrono::{DateTime, Utc};
use domain::agents::{AgentRun, RunKind, RunStatus};
use domain::ids::{StoreId, StoreScope, WorkspaceId};
use ports::events::runs_changed;
use ports::runs::{IncomingEvent, RunStatistics, mean_seconds};
use std::collections::BTreeMap;

impl State {
    fn start(&mut self, run: &AgentRun, at: DateTime<Utc>) {
        if self.agents.insert(run) {
            self.emit([runs_changed(run, at)]);
        }
    }

    pub(super) fn fire(
        &mut self,
        scope: StoreScope,
        agent: &str,
        due: Option<DateTime<Utc>>,
        next: Option<DateTime<Utc>>,
        run: Option<&AgentRun>,
    ) -> bool {
        let key = (scope, agent.to_owned());
        if self.agents.schedules.get(&key).copied() != due {
            return false;
        }
        match next {
            Some(next) => self.agents.schedules.insert(key, next),
            None => self.agents.schedules.remove(&key),
        };
        if let Some(run) = run {
            self.start(run, run.created_at);
        }
        true
    }

    pub(super) fn accept(&mut self, event: &IncomingEvent, runs: &[AgentRun]) -> bool {
        let key = (event.workspace, event.id.clone());
        if self.agents.accepted.contains_key(&key) {
            return false;
        }
        self.agents.accepted.insert(key, event.clone());
        for run in runs {
            self.start(run, event.accepted_at);
        }
        true
    }
}

impl AgentsState {
    pub(super) fn statistics(
        &self,
        workspace: WorkspaceId,
        store: Option<StoreId>,
        since: DateTime<Utc>,
    ) -> Vec<RunStatistics> {
        let runs = self.runs.values().map(|row| &row.work);
        let counted = runs
            .filter(|run| run.scope.workspace == workspace && run.kind == RunKind::Decide)
            .filter(|run| store.is_none_or(|s| run.scope.store == s) && run.created_at >= since);
        let mut by_agent: BTreeMap<&str, Vec<&AgentRun>> = BTreeMap::new();
        for run in counted {
            by_agent.entry(&run.agent).or_default().push(run);
        }
        let each = by_agent.into_iter();
        each.map(|(agent, runs)| of_agent(agent, &runs)).collect()
    }
}

fn of_agent(agent: &str, runs: &[&AgentRun]) -> RunStatistics {
    let failed = |run: &AgentRun| matches!(run.status, RunStatus::Failed | RunStatus::Dead);
    let count = |counts: &dyn Fn(&AgentRun) -> bool| {
        let counted = runs.iter().filter(|run| counts(run));
        counted.count() as u64
    };
    let succeeded = |run: &AgentRun| run.status == RunStatus::Succeeded;
    let successes = runs.iter().filter(|run| succeeded(run));
    let last_success = successes.filter_map(|run| run.finished_at).max();
    let later = |run: &AgentRun| last_success.is_none() || run.finished_at > last_success;
    let lasted: Vec<_> = runs.iter().filter_map(|run| run.lasted()).collect();
    let micros = lasted.iter().filter_map(chrono::Duration::num_microseconds);
    let instants = runs
        .iter()
        .flat_map(|run| [Some(run.created_at), run.started_at, run.finished_at]);
    RunStatistics {
        agent: agent.to_owned(),
        total: runs.len() as u64,
        succeeded: count(&succeeded),
        failed: count(&failed),
        mean_seconds: mean_seconds(micros.sum(), lasted.len() as u64),
        last_activity: instants.flatten().max(),
        failures_in_row: count(&|run| failed(run) && later(run)),
    }
}
