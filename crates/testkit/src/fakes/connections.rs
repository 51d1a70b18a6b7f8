//! Connections and the stores behind them.

use super::database::{FakeDatabase, refuse};
use async_trait::async_trait;
use domain::changes::{ChangeSet, ChangeSetStatus};
use domain::connection::Connection;
use domain::ids::{ConnectionId, StoreId, StoreScope, WorkspaceId};
use domain::privacy::{PrivacyKind, PrivacyRequest};
use domain::store::Store;
use ports::changes::StopScope;
use ports::connections::ConnectionStore;
use ports::{Kind, PortResult};

#[async_trait]
impl ConnectionStore for FakeDatabase {
    async fn save(&self, connection: &Connection, store: &Store) -> PortResult<()> {
        let mut state = self.lock();
        let same_shop = |other: &Connection| {
            other.id != connection.id
                && (other.workspace, &other.domain, &other.base_url)
                    == (
                        connection.workspace,
                        &connection.domain,
                        &connection.base_url,
                    )
        };
        if state.connections.values().any(same_shop) {
            let detail = format!("{} is connected already", connection.domain);
            return Err(refuse(Kind::Conflict, "connections.save", detail));
        }
        let key = (store.scope.workspace, store.scope.store);
        state.stores.insert(key, store.clone());
        state.connections.insert(connection.id, connection.clone());
        Ok(())
    }

    async fn save_store(&self, store: &Store) -> PortResult<()> {
        let key = (store.scope.workspace, store.scope.store);
        self.lock().stores.insert(key, store.clone());
        Ok(())
    }

    async fn update(&self, connection: &Connection) -> PortResult<()> {
        let mut state = self.lock();
        let stored = state
            .connections
            .get_mut(&connection.id)
            .filter(|old| old.workspace == connection.workspace)
            .ok_or_else(|| {
                refuse(
                    Kind::NotFound,
                    "connections.update",
                    "the connection is gone",
                )
            })?;
        *stored = connection.clone();
        Ok(())
    }

    async fn find(
        &self,
        workspace: WorkspaceId,
        id: ConnectionId,
    ) -> PortResult<Option<Connection>> {
        let found = self.lock().connections.get(&id).cloned();
        Ok(found.filter(|c| c.workspace == workspace))
    }

    async fn find_anywhere(&self, id: ConnectionId) -> PortResult<Option<Connection>> {
        Ok(self.lock().connections.get(&id).cloned())
    }

    async fn list(&self, workspace: Option<WorkspaceId>) -> PortResult<Vec<Connection>> {
        let state = self.lock();
        let of = |c: &&Connection| workspace.is_none_or(|w| w == c.workspace);
        let mut found: Vec<_> = state.connections.values().filter(of).cloned().collect();
        found.sort_by_key(|c| (c.created_at, c.id));
        Ok(found)
    }

    async fn stores(&self, workspace: WorkspaceId) -> PortResult<Vec<Store>> {
        let state = self.lock();
        let of = |s: &&Store| s.scope.workspace == workspace;
        let mut found: Vec<_> = state.stores.values().filter(of).cloned().collect();
        found.sort_by_key(|s| (s.created_at, s.scope));
        Ok(found)
    }

    async fn remove(
        &self,
        workspace: WorkspaceId,
        id: ConnectionId,
        purge_store: Option<StoreId>,
    ) -> PortResult<()> {
        let mut state = self.lock();
        let ours = |c: &Connection| c.workspace == workspace;
        if state.connections.get(&id).is_some_and(ours) {
            state.connections.remove(&id);
            state.inbox.retain(|_, row| row.delivery.connection != id);
            state.runs.retain(|_, row| row.work.connection != id);
            state
                .reconciliations
                .retain(|_, row| row.work.connection != id);
            state
                .checkpoints
                .retain(|(connection, _), _| *connection != id);
            let untouched = |set: &ChangeSet| {
                let status = set.status;
                matches!(
                    status,
                    ChangeSetStatus::Proposed | ChangeSetStatus::Approved
                )
            };
            let sets = &mut state.changes.sets;
            sets.retain(|_, row| row.work.connection != id || !untouched(&row.work));
            let stop = StopScope::Connection(id.to_string());
            state.stops.remove(&(workspace, stop));
        }
        if let Some(store) = purge_store {
            state.stores.remove(&(workspace, store));
            let scope = StoreScope { workspace, store };
            state.data.remove(&scope);
            state.changes.sets.retain(|_, row| row.work.scope != scope);
            state.changes.intents.retain(|_, (of, _)| *of != scope);
            state.checked_days.retain(|(s, _), _| *s != scope);
            state.agents.purge(scope);
            state.forecasts.purge(scope);
            state.ads.purge(scope);
            state.supplier_accounts.purge(scope);
            state.supplier_book.purge(scope);
            state.stock.purge(scope);
            state.purchases.orders.retain(|_, o| o.scope != scope);
            state.suppliers.purge(scope);
            state.pictures.purge(scope);
            state.opportunities.purge(scope);
            state.outreach.purge(scope);
            state.analysis.purge(scope);
            state.support.purge(scope);
            let stays = |r: &PrivacyRequest| r.scope != scope || r.kind == PrivacyKind::ShopRedact;
            state.privacy.retain(stays);
        }
        Ok(())
    }
}
