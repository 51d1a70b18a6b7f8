//! The log of changes.

use super::database::FakeDatabase;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::ids::WorkspaceId;
use ports::PortResult;
use ports::events::{Event, EventLog, NewEvent};

#[async_trait]
impl EventLog for FakeDatabase {
    async fn append(&self, events: &[NewEvent]) -> PortResult<()> {
        self.lock().emit(events.iter().cloned());
        Ok(())
    }

    async fn since(&self, workspace: WorkspaceId, seq: i64, limit: u32) -> PortResult<Vec<Event>> {
        Ok(self
            .lock()
            .events
            .iter()
            .filter(|e| e.seq > seq && e.event.workspace == workspace)
            .take(limit as usize)
            .cloned()
            .collect())
    }

    async fn latest(&self) -> PortResult<i64> {
        Ok(self.lock().last_event)
    }

    async fn prune(&self, before: DateTime<Utc>) -> PortResult<u64> {
        let mut state = self.lock();
        let count = state.events.len();
        state.events.retain(|e| e.event.at >= before);
        Ok((count - state.events.len()) as u64)
    }
}
