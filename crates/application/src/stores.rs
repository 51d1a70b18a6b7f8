//! Which store a caller means.

use crate::Ports;
use chrono::{DateTime, Utc};
use domain::ids::{StoreId, StoreScope, WorkspaceId};
use domain::store::Store;
use ports::orders::OrderSpan;
use ports::{PortError, PortResult};

/// Why there is no store to speak about.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("no store is connected yet")]
    NoStore,
    #[error("there is no such store in this workspace")]
    UnknownStore,
    #[error(transparent)]
    Port(#[from] PortError),
}

#[derive(Clone)]
pub struct Stores {
    ports: Ports,
}

impl Stores {
    #[must_use]
    pub fn new(ports: Ports) -> Self {
        Self { ports }
    }

    /// Oldest first.
    pub async fn list(&self, workspace: WorkspaceId) -> PortResult<Vec<Store>> {
        self.ports.connections.stores(workspace).await
    }

    /// The store that is named, else the first one.
    pub async fn pick(
        &self,
        workspace: WorkspaceId,
        id: Option<StoreId>,
    ) -> Result<Store, StoreError> {
        let stores = self.list(workspace).await?;
        match id {
            Some(id) => stores
                .into_iter()
                .find(|s| s.scope.store == id)
                .ok_or(StoreError::UnknownStore),
            None => stores.into_iter().next().ok_or(StoreError::NoStore),
        }
    }

    /// When the newest order of a store was observed.
    pub async fn as_of(&self, store: &Store) -> PortResult<Option<DateTime<Utc>>> {
        self.ports.orders.as_of(store.scope).await
    }

    pub(crate) async fn find(&self, scope: StoreScope) -> PortResult<Option<Store>> {
        let stores = self.list(scope.workspace).await?;
        Ok(stores.into_iter().find(|s| s.scope == scope))
    }

    /// The days that a store's orders cover, and as of when.
    pub async fn span(&self, store: &Store) -> PortResult<OrderSpan> {
        self.ports.orders.span(store.scope).await
    }

    /// How many orders a store has, test orders among them.
    pub async fn orders(&self, store: &Store) -> PortResult<u64> {
        self.ports.orders.count(store.scope).await
    }
}
