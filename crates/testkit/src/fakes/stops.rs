//! The switches that stop writes.

use super::database::{FakeDatabase, State, refuse};
use async_trait::async_trait;
use domain::audit::NewEntry;
use domain::ids::WorkspaceId;
use ports::changes::{Stop, StopScope, Stops};
use ports::events::stops_changed;
use ports::{Kind, PortResult};

impl State {
    /// By scope.
    pub(super) fn stops_of(&self, workspace: WorkspaceId) -> Vec<Stop> {
        let from = self.stops.range((workspace, StopScope::All)..);
        from.take_while(|((of, _), _)| *of == workspace)
            .map(|(_, stop)| stop.clone())
            .collect()
    }
}

#[async_trait]
impl Stops for FakeDatabase {
    async fn stop(&self, workspace: WorkspaceId, stop: &Stop, entry: &NewEntry) -> PortResult<()> {
        let mut state = self.lock();
        let key = (workspace, stop.scope.clone());
        state.stops.insert(key, stop.clone());
        state.record(std::slice::from_ref(entry));
        state.emit([stops_changed(workspace, entry.at)]);
        Ok(())
    }

    async fn lift(
        &self,
        workspace: WorkspaceId,
        scope: &StopScope,
        entry: &NewEntry,
    ) -> PortResult<()> {
        let mut state = self.lock();
        if state.stops.remove(&(workspace, scope.clone())).is_none() {
            let detail = "there is no such stop";
            return Err(refuse(Kind::NotFound, "stops.lift", detail));
        }
        state.record(std::slice::from_ref(entry));
        state.emit([stops_changed(workspace, entry.at)]);
        Ok(())
    }

    async fn stops(&self, workspace: WorkspaceId) -> PortResult<Vec<Stop>> {
        Ok(self.lock().stops_of(workspace))
    }
}
