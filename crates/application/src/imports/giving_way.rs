//! What a provider tells takes the place of what a file told. An order's number does that by itself; here it is done by name, where the
//! file had no number that could be read, and for products by handle.

use crate::Ports;
use chrono::{DateTime, Duration, Utc};
use domain::catalog::Product;
use domain::ids::{OrderId, ProductId, StoreScope};
use domain::import::{IMPORTED_AT, stable_id};
use domain::order::Order;
use ports::PortResult;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// An import may have been finished meanwhile; after this long we look again.
const LOOK_AGAIN: Duration = Duration::seconds(30);
/// Orders of one name are the same order when they are from about the same time: names are not unique for ever.
const SAME_TIME: Duration = Duration::days(2);

/// Earlier than any imported thing: its tombstone keeps nothing from being imported again.
pub(super) fn taken_back_at() -> DateTime<Utc> {
    IMPORTED_AT - Duration::microseconds(1)
}

/// When it was looked whether a store has imported orders, and the answer.
type Looked = (DateTime<Utc>, bool);

/// Remembers which stores files have filled, so that the others are not asked about every order.
#[derive(Clone, Default)]
pub(crate) struct GivingWay {
    filled: Arc<Mutex<HashMap<StoreScope, Looked>>>,
}

impl GivingWay {
    /// Removes what these orders and products of a provider take the place of.
    pub(crate) async fn make(
        &self,
        ports: &Ports,
        scope: StoreScope,
        orders: &[Order],
        products: &[Product],
    ) -> PortResult<()> {
        if (orders.is_empty() && products.is_empty()) || !self.is_filled(ports, scope).await? {
            return Ok(());
        }
        let mut gone = Vec::new();
        for order in orders {
            gone.extend(replaced(ports, scope, order).await?);
        }
        if !gone.is_empty() {
            ports.orders.remove(scope, &gone, taken_back_at()).await?;
        }
        let mut gone = Vec::new();
        for product in products {
            let made = ProductId(stable_id(scope.store, "product", &product.handle));
            if made != product.id && ports.catalog.find(scope, made).await?.is_some() {
                gone.push(made);
            }
        }
        if !gone.is_empty() {
            ports.catalog.remove(scope, &gone, taken_back_at()).await?;
        }
        Ok(())
    }

    async fn is_filled(&self, ports: &Ports, scope: StoreScope) -> PortResult<bool> {
        let now = ports.clock.now();
        let known = self.lock().get(&scope).copied();
        if let Some((at, filled)) = known
            && (filled || now - at < LOOK_AGAIN)
        {
            return Ok(filled);
        }
        let journal = &ports.import_journal;
        let filled = journal.has(scope, "order").await? || journal.has(scope, "product").await?;
        self.lock().insert(scope, (now, filled));
        Ok(filled)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<StoreScope, (DateTime<Utc>, bool)>> {
        // The map holds no half-made state, so a panic elsewhere does not spoil it.
        self.filled.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn replaced(ports: &Ports, scope: StoreScope, order: &Order) -> PortResult<Vec<OrderId>> {
    let bare = order.name.trim_start_matches('#');
    let names = [bare.to_owned(), format!("#{bare}")];
    let made = names.map(|name| OrderId(stable_id(scope.store, "order", &name)));
    let mut gone = Vec::new();
    for id in made {
        let stored = ports.orders.find(scope, id).await?;
        let same = |stored: &Order| (stored.created_at - order.created_at).abs() <= SAME_TIME;
        if stored.is_some_and(|s| same(&s.order)) {
            gone.push(id);
        }
    }
    Ok(gone)
}
