//! What asked for work that waits.

use super::database::FakeDatabase;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::ids::WorkspaceId;
use ports::PortResult;
use ports::traces::{TraceContext, WorkTraces};
use uuid::Uuid;

pub(super) struct Noted {
    workspace: WorkspaceId,
    trace: TraceContext,
    at: DateTime<Utc>,
}

#[async_trait]
impl WorkTraces for FakeDatabase {
    async fn note_trace(
        &self,
        workspace: WorkspaceId,
        work: Uuid,
        trace: &TraceContext,
        now: DateTime<Utc>,
    ) -> PortResult<()> {
        let noted = Noted {
            workspace,
            trace: trace.clone(),
            at: now,
        };
        let mut state = self.lock();
        match state.traces.get_mut(&work) {
            Some(known) if known.workspace != workspace => {}
            Some(known) => *known = noted,
            None => drop(state.traces.insert(work, noted)),
        }
        Ok(())
    }

    async fn trace_of(
        &self,
        workspace: WorkspaceId,
        work: Uuid,
    ) -> PortResult<Option<TraceContext>> {
        let state = self.lock();
        let found = state.traces.get(&work);
        let own = found.filter(|noted| noted.workspace == workspace);
        Ok(own.map(|noted| noted.trace.clone()))
    }

    async fn prune_traces(&self, noted_before: DateTime<Utc>) -> PortResult<u64> {
        let mut state = self.lock();
        let before = state.traces.len();
        state.traces.retain(|_, noted| noted.at >= noted_before);
        Ok((before - state.traces.len()) as u64)
    }
}
