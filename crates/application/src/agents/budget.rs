//! What an agent may use up.

use super::{AgentError, Agents};
use chrono::Duration;
use domain::agents::{AgentConfig, AgentSpec};
use domain::changes::{ChangeSet, ChangeSetStatus, OperationState, guardrails};
use domain::ids::{ChangeSetId, StoreScope};
use ports::changes::ChangeFilter;
use ports::page::MAX_LIMIT;
use ports::{PageRequest, PortResult};
use std::collections::BTreeSet;

impl Agents {
    /// Whether another run may start now; rehearsals do not count.
    pub(super) async fn within_budget(
        &self,
        config: &AgentConfig,
        spec: &AgentSpec,
    ) -> Result<(), AgentError> {
        let budget = &config.budget;
        let spans = [
            (Duration::hours(1), budget.runs_per_hour, "an hour"),
            (Duration::days(1), budget.runs_per_day, "a day"),
        ];
        let now = self.ports.clock.now();
        for (span, most, word) in spans {
            let scope = config.scope;
            let runs = &self.ports.runs;
            let since = runs.statistics(scope.workspace, Some(scope.store), now - span);
            let since = since.await?;
            let started = since.iter().find(|s| s.agent == spec.id);
            if started.map_or(0, |s| s.total) >= u64::from(most) {
                return Err(AgentError::OverBudget(format!(
                    "{} started {most} times within {word}, which is all that its budget allows",
                    spec.name
                )));
            }
        }
        Ok(())
    }

    /// Writes of the last day that nobody but the policy approved, those that are still to be made among them.
    pub(super) async fn writes_by_policy(&self, scope: StoreScope, agent: &str) -> PortResult<u32> {
        let since = self.ports.clock.now() - guardrails::DAY;
        let intents = self.ports.changes.intents(scope, since).await?;
        let own = intents.iter().filter(|i| i.agent.as_deref() == Some(agent));
        let written: BTreeSet<(ChangeSetId, u32)> = own.map(|i| (i.set, i.no)).collect();
        let mut sets: Vec<ChangeSet> = Vec::new();
        let ids: BTreeSet<ChangeSetId> = written.iter().map(|(set, _)| *set).collect();
        for id in ids {
            sets.extend(self.ports.changes.find(scope.workspace, id).await?);
        }
        for status in [ChangeSetStatus::Approved, ChangeSetStatus::Applying] {
            let open = self.sets(scope, agent, status).await?;
            let known: BTreeSet<ChangeSetId> = sets.iter().map(|s| s.id).collect();
            sets.extend(open.into_iter().filter(|s| !known.contains(&s.id)));
        }
        let by_policy = sets.iter().filter(|s| s.is_by_policy());
        let count = by_policy.flat_map(|s| s.operations.iter().map(move |o| (s.id, o)));
        let count = count.filter(|(set, o)| {
            written.contains(&(*set, o.no)) || o.state == OperationState::Approved
        });
        Ok(u32::try_from(count.count()).unwrap_or(u32::MAX))
    }

    /// All sets of an agent in a store in one state, newest first.
    pub(super) async fn sets(
        &self,
        scope: StoreScope,
        agent: &str,
        status: ChangeSetStatus,
    ) -> PortResult<Vec<ChangeSet>> {
        let filter = ChangeFilter {
            store: Some(scope.store),
            status: Some(status),
            agent: Some(agent.to_owned()),
            ..ChangeFilter::default()
        };
        let (mut sets, mut page) = (Vec::new(), PageRequest::first(MAX_LIMIT));
        loop {
            let found = self.ports.changes.list(scope.workspace, &filter, &page);
            let found = found.await?;
            sets.extend(found.items);
            page.cursor = found.next_cursor;
            if page.cursor.is_none() {
                return Ok(sets);
            }
        }
    }
}
