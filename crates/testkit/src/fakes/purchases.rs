//! Suppliers and orders of goods.

use super::database::{FakeDatabase, refuse};
use super::paging;
use async_trait::async_trait;
use domain::audit::NewEntry;
use domain::ids::{PurchaseOrderId, StoreScope, SupplierId, WorkspaceId};
use domain::purchase::{PurchaseOrder, PurchaseStatus, Supplier};
use ports::events::purchase_order_changed;
use ports::purchases::{PurchaseFilter, PurchaseStore};
use ports::{Kind, Page, PageRequest, PortResult};
use std::collections::BTreeMap;

#[derive(Default)]
pub(super) struct PurchaseState {
    pub suppliers: BTreeMap<SupplierId, Supplier>,
    pub orders: BTreeMap<PurchaseOrderId, PurchaseOrder>,
}

impl FakeDatabase {
    fn create_order(
        &self,
        order: &PurchaseOrder,
        entry: &NewEntry,
        alone: bool,
    ) -> PortResult<PurchaseOrder> {
        let mut state = self.lock();
        let orders = &mut state.purchases.orders;
        if orders.contains_key(&order.id) {
            return Err(refuse(
                Kind::Conflict,
                "purchases.create",
                "its id is taken",
            ));
        }
        if alone && orders.values().any(|other| other.rivals(order)) {
            let detail = "another order of these goods is under way by now";
            return Err(refuse(Kind::Conflict, "purchases.create", detail));
        }
        let workspace = order.scope.workspace;
        let mine = orders.values().filter(|o| o.scope.workspace == workspace);
        let order = PurchaseOrder {
            number: mine.map(|o| o.number).max().unwrap_or(0) + 1,
            ..order.clone()
        };
        orders.insert(order.id, order.clone());
        state.record(std::slice::from_ref(entry));
        state.emit([purchase_order_changed(&order, entry.at)]);
        Ok(order)
    }
}

#[async_trait]
impl PurchaseStore for FakeDatabase {
    async fn save_supplier(&self, supplier: &Supplier, entry: &NewEntry) -> PortResult<()> {
        let mut state = self.lock();
        let suppliers = &mut state.purchases.suppliers;
        let theirs = |s: &Supplier| s.workspace != supplier.workspace;
        if suppliers.get(&supplier.id).is_some_and(theirs) {
            return Err(refuse(Kind::Conflict, "suppliers.save", "its id is taken"));
        }
        suppliers.insert(supplier.id, supplier.clone());
        state.record(std::slice::from_ref(entry));
        Ok(())
    }

    async fn supplier(
        &self,
        workspace: WorkspaceId,
        id: SupplierId,
    ) -> PortResult<Option<Supplier>> {
        let state = self.lock();
        let found = state.purchases.suppliers.get(&id);
        Ok(found.filter(|s| s.workspace == workspace).cloned())
    }

    async fn suppliers(&self, workspace: WorkspaceId) -> PortResult<Vec<Supplier>> {
        let state = self.lock();
        let all = state.purchases.suppliers.values();
        let mut mine: Vec<_> = all.filter(|s| s.workspace == workspace).cloned().collect();
        mine.sort_by_key(|s| (s.name.to_ascii_lowercase(), s.id));
        Ok(mine)
    }

    async fn create_purchase(
        &self,
        order: &PurchaseOrder,
        entry: &NewEntry,
    ) -> PortResult<PurchaseOrder> {
        self.create_order(order, entry, false)
    }

    async fn create_purchase_alone(
        &self,
        order: &PurchaseOrder,
        entry: &NewEntry,
    ) -> PortResult<PurchaseOrder> {
        self.create_order(order, entry, true)
    }

    async fn save_purchase(&self, order: &PurchaseOrder, entry: &NewEntry) -> PortResult<()> {
        let mut state = self.lock();
        let stored = state.purchases.orders.get_mut(&order.id);
        let stored = stored.filter(|o| o.scope.workspace == order.scope.workspace);
        let Some(stored) = stored.filter(|o| o.version + 1 == order.version) else {
            let detail = "it was changed meanwhile";
            return Err(refuse(Kind::Conflict, "purchases.save", detail));
        };
        stored.clone_from(order);
        state.record(std::slice::from_ref(entry));
        state.emit([purchase_order_changed(order, entry.at)]);
        Ok(())
    }

    async fn purchase(
        &self,
        workspace: WorkspaceId,
        id: PurchaseOrderId,
    ) -> PortResult<Option<PurchaseOrder>> {
        let state = self.lock();
        let found = state.purchases.orders.get(&id);
        Ok(found.filter(|o| o.scope.workspace == workspace).cloned())
    }

    async fn purchases(
        &self,
        workspace: WorkspaceId,
        filter: &PurchaseFilter,
        page: &PageRequest,
    ) -> PortResult<Page<PurchaseOrder>> {
        let state = self.lock();
        let rows = state.purchases.orders.values();
        let rows = rows
            .filter(|o| o.scope.workspace == workspace)
            .filter(|o| filter.store.is_none_or(|s| o.scope.store == s))
            .filter(|o| filter.status.is_none_or(|s| o.status == s))
            .filter(|o| filter.supplier.is_none_or(|s| o.supplier == s))
            .map(|o| ((!o.created.at.timestamp_micros(), o.id.0), o.clone()))
            .collect();
        paging::page(
            &format!("purchases {filter:?}"),
            "purchases.list",
            rows,
            page,
        )
    }

    async fn purchases_in(
        &self,
        scope: StoreScope,
        states: &[PurchaseStatus],
    ) -> PortResult<Vec<PurchaseOrder>> {
        let state = self.lock();
        let all = state.purchases.orders.values();
        let mine = all.filter(|o| o.scope == scope && states.contains(&o.status));
        let mut mine: Vec<_> = mine.cloned().collect();
        mine.sort_by_key(|o| o.number);
        Ok(mine)
    }
}
