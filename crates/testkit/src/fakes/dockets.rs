//! Dockets in memory.

use super::database::FakeDatabase;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::ids::WorkspaceId;
use ports::PortResult;
use ports::dockets::{Docket, Dockets};
use std::collections::BTreeMap;

/// By workspace, desk and name.
pub(super) type DocketState = BTreeMap<(WorkspaceId, String, String), Docket>;

fn key(docket: &Docket) -> (WorkspaceId, String, String) {
    (docket.workspace, docket.desk.clone(), docket.name.clone())
}

#[async_trait]
impl Dockets for FakeDatabase {
    async fn docket(
        &self,
        workspace: WorkspaceId,
        desk: &str,
        name: &str,
    ) -> PortResult<Option<Docket>> {
        let key = (workspace, desk.to_owned(), name.to_owned());
        Ok(self.lock().dockets.get(&key).cloned())
    }

    async fn dockets(&self, workspace: WorkspaceId, desk: &str) -> PortResult<Vec<Docket>> {
        let state = self.lock();
        let own = state.dockets.values();
        let own = own.filter(|d| d.workspace == workspace && d.desk == desk);
        Ok(own.cloned().collect())
    }

    async fn due_dockets(
        &self,
        desk: &str,
        now: DateTime<Utc>,
        most: u32,
    ) -> PortResult<Vec<Docket>> {
        let state = self.lock();
        let due = state.dockets.values();
        let due = due.filter(|d| d.desk == desk && d.due_at.is_some_and(|at| at <= now));
        let mut due: Vec<Docket> = due.cloned().collect();
        due.sort_by(|a, b| (a.due_at, a.workspace, &a.name).cmp(&(b.due_at, b.workspace, &b.name)));
        due.truncate(most as usize);
        Ok(due)
    }

    async fn put_docket(&self, docket: &Docket) -> PortResult<bool> {
        let mut state = self.lock();
        let stored = state.dockets.get(&key(docket)).map(|d| d.version);
        let follows = stored.unwrap_or(0) == docket.version - 1;
        if follows {
            state.dockets.insert(key(docket), docket.clone());
        }
        Ok(follows)
    }

    async fn remove_docket(&self, docket: &Docket) -> PortResult<bool> {
        let mut state = self.lock();
        let stored = state.dockets.get(&key(docket)).map(|d| d.version);
        let is_it = stored == Some(docket.version);
        if is_it {
            state.dockets.remove(&key(docket));
        }
        Ok(is_it)
    }
}
