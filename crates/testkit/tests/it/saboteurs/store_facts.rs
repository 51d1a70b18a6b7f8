//! Facts that are counted or replaced wrongly.

use super::{caught, saboteur, sound};
use chrono::{DateTime, Utc};
use domain::customer::Customer;
use domain::ids::{CustomerId, InventoryItemId, StoreScope};
use domain::inventory::{InventoryLevel, Location};
use domain::payout::Payout;
use ports::PortResult;
use ports::store_facts::{FactCount, StoreFacts};
use std::sync::{Arc, Mutex};
use testkit::Stores;
use testkit::fakes::FakeDatabase;
use testkit::laws::store_facts;

/// Names only kinds that are there, and keeps whatever customer came last.
struct Facts {
    db: Arc<FakeDatabase>,
    last: Mutex<Option<Customer>>,
}

fn broken() -> Stores {
    let (db, stores) = sound();
    let last = Mutex::new(None);
    Stores {
        facts: Arc::new(Facts { db, last }),
        ..stores
    }
}

saboteur! {
    StoreFacts for Facts {
        async fn counts(&self, scope: StoreScope) -> PortResult<Vec<FactCount>> {
            let mut counts = self.db.counts(scope).await?;
            counts.retain(|c| c.count > 0);
            Ok(counts)
        }

        async fn save_customers(
            &self,
            scope: StoreScope,
            batch: &[Customer],
            observed_at: DateTime<Utc>,
        ) -> PortResult<()> {
            *self.last.lock().unwrap() = batch.last().cloned();
            self.db.save_customers(scope, batch, observed_at).await
        }

        async fn customer(
            &self,
            scope: StoreScope,
            id: CustomerId,
        ) -> PortResult<Option<Customer>> {
            let found = self.db.customer(scope, id).await?;
            Ok(found.and_then(|_| self.last.lock().unwrap().clone()))
        }
    } else self {
        fn save_locations(
            scope: StoreScope,
            batch: &[Location],
            observed_at: DateTime<Utc>,
        ) -> ();
        fn save_levels(
            scope: StoreScope,
            batch: &[InventoryLevel],
            observed_at: DateTime<Utc>,
        ) -> ();
        fn remove_customers(scope: StoreScope, ids: &[CustomerId]) -> ();
        fn save_payouts(scope: StoreScope, batch: &[Payout], observed_at: DateTime<Utc>) -> ();
        fn has_named_customer(scope: StoreScope) -> Option<bool>;
        fn levels(scope: StoreScope, items: &[InventoryItemId]) -> Vec<InventoryLevel>;
    }
}

#[tokio::test]
async fn last_write_wins_is_caught() {
    caught(store_facts::a_customer_is_replaced_by_newer_or_equal_ones(
        broken(),
    ))
    .await;
    caught(store_facts::the_newest_of_copies_in_one_batch_stays(
        broken(),
    ))
    .await;
}

#[tokio::test]
async fn counts_without_zeros_are_caught() {
    caught(store_facts::counts_name_every_kind_zeros_included(broken())).await;
}
