//! Workspaces' connections and the stores behind them.

use crate::PortResult;
use async_trait::async_trait;
use domain::connection::Connection;
use domain::ids::{ConnectionId, StoreId, WorkspaceId};
use domain::store::Store;

#[async_trait]
pub trait ConnectionStore: Send + Sync {
    /// Creates or replaces a connection together with its store. A second connection to the same shop domain and base URL in the
    /// same workspace is a `Conflict`.
    async fn save(&self, connection: &Connection, store: &Store) -> PortResult<()>;
    /// Creates or replaces a store that has no connection: files fill it.
    async fn save_store(&self, store: &Store) -> PortResult<()>;
    /// Replaces the connection alone; `NotFound` when it is gone.
    async fn update(&self, connection: &Connection) -> PortResult<()>;
    async fn find(
        &self,
        workspace: WorkspaceId,
        id: ConnectionId,
    ) -> PortResult<Option<Connection>>;
    /// For a webhook, which names nothing but the connection.
    async fn find_anywhere(&self, id: ConnectionId) -> PortResult<Option<Connection>>;
    /// Oldest first; of all workspaces when `None`.
    async fn list(&self, workspace: Option<WorkspaceId>) -> PortResult<Vec<Connection>>;
    /// Oldest first. A store outlives its connection until it is purged.
    async fn stores(&self, workspace: WorkspaceId) -> PortResult<Vec<Store>>;
    /// Deletes the connection, its webhooks and sync state; with `purge_store` also every fact, entry and rollup of the store.
    async fn remove(
        &self,
        workspace: WorkspaceId,
        id: ConnectionId,
        purge_store: Option<StoreId>,
    ) -> PortResult<()>;
}
