//! Mappings of suppliers' variants, and orders that suppliers send.

use super::database::{FakeDatabase, refuse};
use super::paging;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::audit::NewEntry;
use domain::ids::{LineId, StoreScope, SupplierMappingId, SupplierOrderId, VariantId, WorkspaceId};
use domain::supplier::{SupplierMapping, SupplierOrder};
use ports::supplier_book::{
    MappingFilter, SupplierMappings, SupplierOrderBook, SupplierOrderFilter,
};
use ports::{Kind, Page, PageRequest, PortResult};
use std::collections::BTreeMap;

struct OrderRow {
    order: SupplierOrder,
    due: Option<DateTime<Utc>>,
}

#[derive(Default)]
pub(super) struct SupplierBookState {
    mappings: BTreeMap<(StoreScope, SupplierMappingId), SupplierMapping>,
    orders: BTreeMap<SupplierOrderId, OrderRow>,
    lines: BTreeMap<(StoreScope, LineId), SupplierOrderId>,
}

impl SupplierBookState {
    pub(super) fn purge(&mut self, scope: StoreScope) {
        self.mappings.retain(|(of, _), _| *of != scope);
        self.orders.retain(|_, row| row.order.scope != scope);
        self.lines.retain(|(of, _), _| *of != scope);
    }
}

#[async_trait]
impl SupplierMappings for FakeDatabase {
    async fn save_mappings(
        &self,
        scope: StoreScope,
        mappings: &[SupplierMapping],
        entry: &NewEntry,
    ) -> PortResult<()> {
        let mut state = self.lock();
        let mut next = state.supplier_book.mappings.clone();
        for mapping in mappings.iter().filter(|m| m.scope == scope) {
            let key = (scope, mapping.id);
            let before = next.get(&key).map_or(0, |m| m.version);
            if before != mapping.version - 1 {
                let detail = "a mapping was changed meanwhile; look at it again";
                return Err(refuse(Kind::Conflict, "supplier_mappings.save", detail));
            }
            next.insert(key, mapping.clone());
        }
        state.supplier_book.mappings = next;
        state.record(std::slice::from_ref(entry));
        Ok(())
    }

    async fn mappings_of(
        &self,
        scope: StoreScope,
        variants: &[VariantId],
    ) -> PortResult<Vec<SupplierMapping>> {
        let state = self.lock();
        let all = state.supplier_book.mappings.values();
        let mine = all.filter(|m| m.scope == scope && variants.contains(&m.variant));
        let mut mine: Vec<_> = mine.cloned().collect();
        mine.sort_by_key(|m| (m.variant, m.id));
        Ok(mine)
    }

    async fn mapping(
        &self,
        workspace: WorkspaceId,
        id: SupplierMappingId,
    ) -> PortResult<Option<SupplierMapping>> {
        let state = self.lock();
        let mut all = state.supplier_book.mappings.values();
        Ok(all
            .find(|m| m.id == id && m.scope.workspace == workspace)
            .cloned())
    }

    async fn list_mappings(
        &self,
        scope: StoreScope,
        filter: &MappingFilter,
        page: &PageRequest,
    ) -> PortResult<Page<SupplierMapping>> {
        let state = self.lock();
        let all = state.supplier_book.mappings.values();
        let mine = all.filter(|m| {
            m.scope == scope
                && filter.variant.is_none_or(|v| m.variant == v)
                && filter.product.is_none_or(|p| m.product == p)
                && (filter.off_too || !m.off)
        });
        let rows = mine.map(|m| ((m.variant, m.id), m.clone()));
        let list = format!("mappings {scope:?} {filter:?}");
        paging::page(&list, "supplier_mappings.list", rows.collect(), page)
    }
}

#[async_trait]
impl SupplierOrderBook for FakeDatabase {
    async fn open_supplier_order(&self, order: &SupplierOrder, entry: &NewEntry) -> PortResult<()> {
        let operation = "supplier_orders.open";
        let mut state = self.lock();
        let own = &mut state.supplier_book;
        let same = |row: &OrderRow| {
            row.order.scope == order.scope && row.order.plan.our_ref == order.plan.our_ref
        };
        if own.orders.contains_key(&order.plan.id) || own.orders.values().any(same) {
            let detail = "this order is there already";
            return Err(refuse(Kind::Conflict, operation, detail));
        }
        let lines = order.plan.lines.iter().map(|l| (order.scope, l.line));
        if lines.clone().any(|key| own.lines.contains_key(&key)) {
            let detail = "a line is in another order to a supplier already";
            return Err(refuse(Kind::Conflict, operation, detail));
        }
        own.lines.extend(lines.map(|key| (key, order.plan.id)));
        let row = OrderRow {
            order: order.clone(),
            due: order.next_look_at,
        };
        own.orders.insert(order.plan.id, row);
        state.record(std::slice::from_ref(entry));
        Ok(())
    }

    async fn save_supplier_order(
        &self,
        order: &SupplierOrder,
        entry: Option<&NewEntry>,
    ) -> PortResult<SupplierOrder> {
        let mut state = self.lock();
        let own = &mut state.supplier_book;
        let stored = own.orders.get_mut(&order.plan.id);
        let stored = stored.filter(|row| {
            let known = (row.order.scope.workspace, row.order.version);
            known == (order.scope.workspace, order.version)
        });
        let Some(stored) = stored else {
            let detail = "the order was changed meanwhile; look at it again";
            return Err(refuse(Kind::Conflict, "supplier_orders.save", detail));
        };
        let next = SupplierOrder {
            version: order.version + 1,
            ..order.clone()
        };
        *stored = OrderRow {
            order: next.clone(),
            due: next.next_look_at,
        };
        if !order.state.holds_lines() {
            own.lines.retain(|_, of| *of != order.plan.id);
        }
        if let Some(entry) = entry {
            state.record(std::slice::from_ref(entry));
        }
        Ok(next)
    }

    async fn supplier_order(
        &self,
        workspace: WorkspaceId,
        id: SupplierOrderId,
    ) -> PortResult<Option<SupplierOrder>> {
        let state = self.lock();
        let found = state.supplier_book.orders.get(&id);
        let found = found.filter(|row| row.order.scope.workspace == workspace);
        Ok(found.map(|row| row.order.clone()))
    }

    async fn supplier_orders(
        &self,
        scope: StoreScope,
        filter: &SupplierOrderFilter,
        page: &PageRequest,
    ) -> PortResult<Page<SupplierOrder>> {
        let state = self.lock();
        let all = state.supplier_book.orders.values().map(|row| &row.order);
        let mine = all.filter(|o| {
            o.scope == scope
                && filter.order.is_none_or(|of| o.plan.order == of)
                && filter.state.is_none_or(|of| o.state == of)
        });
        let rows = mine.map(|o| {
            let newest = !o.created_at.timestamp_micros();
            ((newest, o.plan.id), o.clone())
        });
        let list = format!("supplier orders {scope:?} {filter:?}");
        paging::page(&list, "supplier_orders.list", rows.collect(), page)
    }

    async fn claim_supplier_order(
        &self,
        now: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> PortResult<Option<SupplierOrder>> {
        let mut state = self.lock();
        let rows = state.supplier_book.orders.values_mut();
        let due = rows.filter(|row| row.due.is_some_and(|due| due <= now));
        let next = due.min_by_key(|row| (row.due, row.order.plan.id));
        Ok(next.map(|row| {
            row.due = Some(until);
            row.order.clone()
        }))
    }

    async fn hurry_supplier_order(
        &self,
        workspace: WorkspaceId,
        id: SupplierOrderId,
        now: DateTime<Utc>,
    ) -> PortResult<()> {
        let mut state = self.lock();
        let row = state.supplier_book.orders.get_mut(&id);
        if let Some(row) = row.filter(|row| row.order.scope.workspace == workspace) {
            row.due = row.due.map(|due| due.min(now));
        }
        Ok(())
    }
}
