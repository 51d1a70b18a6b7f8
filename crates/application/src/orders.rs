//! Orders to look at, each with its ledger.

use crate::Ports;
use crate::stores::{StoreError, Stores};
use domain::customer::Customer;
use domain::ids::{CustomerId, OrderId, StoreId, WorkspaceId};
use domain::report::Figures;
use domain::rollup::{self, Dimension, Measures, Placement};
use domain::store::Store;
use ports::orders::{OrderQuery, StoredOrder};
use ports::{Page, PageRequest, PortResult};

/// What an order earned, over all its days.
#[must_use]
pub fn order_figures(stored: &StoredOrder) -> Figures {
    let rollups = rollup::fold(&Placement::of(&stored.order), &stored.ledger);
    let mut total = Measures::default();
    for (_, measures) in rollups
        .iter()
        .filter(|(key, _)| key.dimension == Dimension::Total)
    {
        total += *measures;
    }
    Figures::of(total)
}

#[derive(Clone)]
pub struct Orders {
    ports: Ports,
    stores: Stores,
}

impl Orders {
    #[must_use]
    pub fn new(ports: Ports) -> Self {
        Self {
            stores: Stores::new(ports.clone()),
            ports,
        }
    }

    pub async fn list(
        &self,
        workspace: WorkspaceId,
        store: Option<StoreId>,
        query: &OrderQuery,
        page: &PageRequest,
    ) -> Result<(Store, Page<StoredOrder>), StoreError> {
        let store = self.stores.pick(workspace, store).await?;
        let page = self.ports.orders.list(store.scope, query, page).await?;
        Ok((store, page))
    }

    /// Looks in the given store, else in each store of the workspace.
    pub async fn find(
        &self,
        workspace: WorkspaceId,
        store: Option<StoreId>,
        id: OrderId,
    ) -> Result<Option<(Store, StoredOrder)>, StoreError> {
        for candidate in self.stores.list(workspace).await? {
            if store.is_none_or(|s| s == candidate.scope.store)
                && let Some(order) = self.ports.orders.find(candidate.scope, id).await?
            {
                return Ok(Some((candidate, order)));
            }
        }
        Ok(None)
    }

    /// As far as the provider lets us see them; `None` when they were not granted or not read.
    pub async fn customer(&self, store: &Store, id: CustomerId) -> PortResult<Option<Customer>> {
        self.ports.facts.customer(store.scope, id).await
    }
}
