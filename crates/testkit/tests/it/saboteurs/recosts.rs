//! Runs that are given out twice, and extents that are too narrow.

use super::{caught, saboteur, sound};
use chrono::{DateTime, Duration, Utc};
use domain::ids::{OrderId, RecostId, StoreScope, WorkspaceId};
use domain::recost::{RecostExtent, RecostRun};
use ports::orders::StoredOrder;
use ports::recosts::{RecostLease, RecostStore};
use ports::{Page, PageRequest, PortResult};
use std::sync::Arc;
use testkit::Stores;
use testkit::fakes::FakeDatabase;
use testkit::laws::recosts;

#[derive(Clone, Copy, PartialEq)]
enum Flaw {
    /// A lease does not keep others off.
    Shares,
    /// Orders that are named are left out when variants are named too.
    Narrow,
}

struct Recosts {
    db: Arc<FakeDatabase>,
    flaw: Flaw,
}

fn with(flaw: Flaw) -> Stores {
    let (db, stores) = sound();
    Stores {
        recosts: Arc::new(Recosts { db, flaw }),
        ..stores
    }
}

saboteur! {
    RecostStore for Recosts {
        async fn claim(&self, now: DateTime<Utc>, lease: Duration) -> PortResult<Option<RecostLease>> {
            let lease = if self.flaw == Flaw::Shares { Duration::zero() } else { lease };
            RecostStore::claim(&*self.db, now, lease).await
        }

        async fn affected(
            &self,
            scope: StoreScope,
            extent: &RecostExtent,
            after: Option<OrderId>,
            limit: u32,
        ) -> PortResult<Vec<StoredOrder>> {
            let mut extent = extent.clone();
            if self.flaw == Flaw::Narrow && extent.variants.is_some() {
                extent.orders = None;
            }
            self.db.affected(scope, &extent, after, limit).await
        }
    } else self {
        fn create(run: &RecostRun) -> ();
        fn find(workspace: WorkspaceId, id: RecostId) -> Option<RecostRun>;
        fn list(scope: StoreScope, page: &PageRequest) -> Page<RecostRun>;
        fn open(scope: StoreScope) -> Vec<RecostRun>;
        fn advance(lease: &RecostLease, now: DateTime<Utc>, prolong: Duration) -> RecostRun;
        fn request_cancel(workspace: WorkspaceId, id: RecostId) -> RecostRun;
        fn requeue(workspace: WorkspaceId, id: RecostId) -> RecostRun;
        fn count_affected(scope: StoreScope, extent: &RecostExtent) -> u64;
        fn derivation(scope: StoreScope) -> Option<u32>;
        fn set_derivation(scope: StoreScope, version: u32) -> ();
    }
}

#[tokio::test]
async fn a_run_that_two_work_on_is_caught() {
    caught(recosts::of_many_that_claim_one_wins(with(Flaw::Shares))).await;
}

#[tokio::test]
async fn an_extent_that_is_too_narrow_is_caught() {
    let stores = with(Flaw::Narrow);
    caught(recosts::affected_orders_are_those_of_the_extent(stores)).await;
}
