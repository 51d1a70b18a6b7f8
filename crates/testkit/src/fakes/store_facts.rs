//! Locations, stock, customers, payouts.

use super::database::FakeDatabase;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::customer::Customer;
use domain::ids::{CustomerId, InventoryItemId, StoreScope};
use domain::inventory::{InventoryLevel, Location};
use domain::payout::Payout;
use domain::sync::FactKind;
use ports::PortResult;
use ports::store_facts::{FactCount, StoreFacts};
use std::collections::BTreeMap;

/// Replaces what is older or equal in time, leaves what is newer.
fn replace<K: Ord, V: Clone>(
    rows: &mut BTreeMap<K, V>,
    key: K,
    value: &V,
    time: impl Fn(&V) -> DateTime<Utc>,
) {
    let newer = rows.get(&key).is_some_and(|old| time(old) > time(value));
    if !newer {
        rows.insert(key, value.clone());
    }
}

#[async_trait]
impl StoreFacts for FakeDatabase {
    async fn save_locations(
        &self,
        scope: StoreScope,
        batch: &[Location],
        observed_at: DateTime<Utc>,
    ) -> PortResult<()> {
        let mut state = self.lock();
        let rows = &mut state.store(scope).locations;
        for location in batch {
            // The provider dates no locations, so the time of observation has to do.
            replace(rows, location.id, &(location.clone(), observed_at), |row| {
                row.1
            });
        }
        Ok(())
    }

    async fn save_levels(
        &self,
        scope: StoreScope,
        batch: &[InventoryLevel],
        _observed_at: DateTime<Utc>,
    ) -> PortResult<()> {
        let mut state = self.lock();
        let rows = &mut state.store(scope).levels;
        for level in batch {
            replace(rows, (level.item, level.location), level, |row| {
                row.updated_at
            });
        }
        Ok(())
    }

    async fn save_customers(
        &self,
        scope: StoreScope,
        batch: &[Customer],
        _observed_at: DateTime<Utc>,
    ) -> PortResult<()> {
        let mut state = self.lock();
        let data = state.store(scope);
        for customer in batch {
            let id = customer.id;
            if !data.forgotten.contains(&id) && !data.merges.contains_key(&id) {
                replace(&mut data.customers, id, customer, |row| row.updated_at);
            }
        }
        Ok(())
    }

    async fn remove_customers(&self, scope: StoreScope, ids: &[CustomerId]) -> PortResult<()> {
        let mut state = self.lock();
        let rows = &mut state.store(scope).customers;
        rows.retain(|id, _| !ids.contains(id));
        Ok(())
    }

    async fn save_payouts(
        &self,
        scope: StoreScope,
        batch: &[Payout],
        observed_at: DateTime<Utc>,
    ) -> PortResult<()> {
        let mut state = self.lock();
        let rows = &mut state.store(scope).payouts;
        for payout in batch {
            // A payout's status changes without a date of its own.
            replace(rows, payout.id, &(payout.clone(), observed_at), |row| row.1);
        }
        Ok(())
    }

    async fn customer(&self, scope: StoreScope, id: CustomerId) -> PortResult<Option<Customer>> {
        Ok(self.lock().store(scope).customers.get(&id).cloned())
    }

    async fn has_named_customer(&self, scope: StoreScope) -> PortResult<Option<bool>> {
        let mut state = self.lock();
        let customers = &state.store(scope).customers;
        let named = |c: &Customer| c.display_name.is_some() || c.email.is_some();
        Ok((!customers.is_empty()).then(|| customers.values().any(named)))
    }

    async fn levels(
        &self,
        scope: StoreScope,
        items: &[InventoryItemId],
    ) -> PortResult<Vec<InventoryLevel>> {
        let mut state = self.lock();
        let levels = state.store(scope).levels.values();
        Ok(levels
            .filter(|l| items.contains(&l.item))
            .cloned()
            .collect())
    }

    async fn counts(&self, scope: StoreScope) -> PortResult<Vec<FactCount>> {
        let mut state = self.lock();
        let data = state.store(scope);
        let row = |kind, times: Vec<Option<DateTime<Utc>>>| FactCount {
            kind,
            count: times.len() as u64,
            newest_at: times.into_iter().flatten().max(),
        };
        let locations = data.locations.values().map(|_| None).collect();
        let products = data.products.values().map(|p| Some(p.product.updated_at));
        let orders = data.orders.values().map(|o| Some(o.order.updated_at));
        let levels = data.levels.values().map(|l| Some(l.updated_at));
        let customers = data.customers.values().map(|c| Some(c.updated_at));
        let payouts = data.payouts.values().map(|(p, _)| Some(p.issued_at));
        Ok(vec![
            row(FactKind::Locations, locations),
            row(FactKind::Products, products.collect()),
            row(FactKind::Orders, orders.collect()),
            row(FactKind::Inventory, levels.collect()),
            row(FactKind::Customers, customers.collect()),
            row(FactKind::Payouts, payouts.collect()),
        ])
    }
}
