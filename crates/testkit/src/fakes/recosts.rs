//! Runs that book orders again, with their leases.

use super::database::{FakeDatabase, State, refuse};
use super::leased::WorkRow;
use super::paging;
use async_trait::async_trait;
use chrono::{DateTime, Duration, Utc};
use domain::ids::{OrderId, RecostId, StoreScope, WorkspaceId};
use domain::order::Order;
use domain::recost::{RecostExtent, RecostRun};
use domain::sync::SyncStatus;
use domain::work::Run;
use ports::orders::StoredOrder;
use ports::recosts::{RecostLease, RecostStore};
use ports::{Kind, Page, PageRequest, PortResult};

impl State {
    fn recost(
        &mut self,
        operation: &'static str,
        workspace: WorkspaceId,
        id: RecostId,
    ) -> PortResult<&mut WorkRow<RecostRun>> {
        self.data
            .iter_mut()
            .filter(|(scope, _)| scope.workspace == workspace)
            .find_map(|(_, data)| data.recosts.get_mut(&id))
            .ok_or_else(|| refuse(Kind::NotFound, operation, "there is no such run"))
    }
}

fn is_in(order: &Order, extent: &RecostExtent) -> bool {
    let of = |variants: &Vec<_>| order.variants().iter().any(|v| variants.contains(v));
    let named = match (&extent.variants, &extent.orders) {
        (None, None) => true,
        (variants, orders) => {
            variants.as_ref().is_some_and(of)
                || orders.as_ref().is_some_and(|o| o.contains(&order.id))
        }
    };
    let latest = order.updated_at.max(order.processed_at);
    named && extent.since.is_none_or(|since| latest >= since)
}

#[async_trait]
impl RecostStore for FakeDatabase {
    async fn create(&self, run: &RecostRun) -> PortResult<()> {
        let mut state = self.lock();
        let runs = &mut state.store(run.scope).recosts;
        if runs.contains_key(&run.id) {
            return Err(refuse(Kind::Conflict, "recosts.create", "the id is taken"));
        }
        runs.insert(run.id, WorkRow::new(run));
        Ok(())
    }

    async fn find(&self, workspace: WorkspaceId, id: RecostId) -> PortResult<Option<RecostRun>> {
        let mut state = self.lock();
        let row = state.recost("recosts.find", workspace, id).ok();
        Ok(row.map(|row| row.work.clone()))
    }

    async fn list(&self, scope: StoreScope, page: &PageRequest) -> PortResult<Page<RecostRun>> {
        let rows = {
            let mut state = self.lock();
            let runs = state.store(scope).recosts.values();
            runs.map(|row| (row.key(), row.work.clone())).collect()
        };
        paging::page("recosts", "recosts.list", rows, page)
    }

    async fn open(&self, scope: StoreScope) -> PortResult<Vec<RecostRun>> {
        let mut state = self.lock();
        let runs = state.store(scope).recosts.values().map(|row| &row.work);
        let mut open: Vec<_> = runs.filter(|run| run.status.is_open()).cloned().collect();
        open.sort_by_key(|run| (run.created_at, run.id));
        Ok(open)
    }

    async fn claim(&self, now: DateTime<Utc>, lease: Duration) -> PortResult<Option<RecostLease>> {
        let mut state = self.lock();
        let stores = state.data.values_mut();
        // The runs of a store follow one another.
        let rows = stores
            .filter(|data| !data.recosts.values().any(|row| row.is_leased(now)))
            .flat_map(|data| data.recosts.values_mut());
        Ok(WorkRow::claim(rows, now, lease).map(|row| RecostLease {
            run: row.work.clone(),
            fence: row.fence,
        }))
    }

    async fn advance(
        &self,
        lease: &RecostLease,
        now: DateTime<Utc>,
        prolong: Duration,
    ) -> PortResult<RecostRun> {
        let operation = "recosts.advance";
        let mut state = self.lock();
        let row = state.recost(operation, lease.run.scope.workspace, lease.run.id);
        let until = now + prolong;
        WorkRow::advance(row.ok(), operation, &lease.run, lease.fence, until)
    }

    async fn request_cancel(&self, workspace: WorkspaceId, id: RecostId) -> PortResult<RecostRun> {
        let operation = "recosts.request_cancel";
        let mut state = self.lock();
        let row = state.recost(operation, workspace, id)?;
        if !row.work.status.is_open() || row.work.inverse.is_empty() {
            return Err(refuse(Kind::Conflict, operation, "it cannot be cancelled"));
        }
        row.work.status = SyncStatus::Cancelling;
        Ok(row.work.clone())
    }

    async fn requeue(&self, workspace: WorkspaceId, id: RecostId) -> PortResult<RecostRun> {
        let operation = "recosts.requeue";
        let mut state = self.lock();
        let row = state.recost(operation, workspace, id)?;
        if row.work.status != SyncStatus::Failed {
            return Err(refuse(Kind::Conflict, operation, "it did not fail"));
        }
        row.work.requeue();
        row.leased_until = None;
        Ok(row.work.clone())
    }

    async fn affected(
        &self,
        scope: StoreScope,
        extent: &RecostExtent,
        after: Option<OrderId>,
        limit: u32,
    ) -> PortResult<Vec<StoredOrder>> {
        let mut state = self.lock();
        let orders = state.store(scope).orders.values();
        Ok(orders
            .filter(|o| after.is_none_or(|after| o.order.id > after))
            .filter(|o| is_in(&o.order, extent))
            .take(limit as usize)
            .cloned()
            .collect())
    }

    async fn count_affected(&self, scope: StoreScope, extent: &RecostExtent) -> PortResult<u64> {
        let mut state = self.lock();
        let orders = state.store(scope).orders.values();
        Ok(orders.filter(|o| is_in(&o.order, extent)).count() as u64)
    }

    async fn derivation(&self, scope: StoreScope) -> PortResult<Option<u32>> {
        Ok(self.lock().store(scope).derivation)
    }

    async fn set_derivation(&self, scope: StoreScope, version: u32) -> PortResult<()> {
        self.lock().store(scope).derivation = Some(version);
        Ok(())
    }
}
