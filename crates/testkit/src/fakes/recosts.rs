//! Runs that book orders again, with their leases.

use super::database::{FakeDatabase, RecostRow, State, refuse};
use super::paging;
use async_trait::async_trait;
use chrono::{DateTime, Duration, Utc};
use domain::ids::{OrderId, RecostId, StoreScope, WorkspaceId};
use domain::order::Order;
use domain::recost::{RecostExtent, RecostRun};
use domain::sync::SyncStatus;
use ports::orders::StoredOrder;
use ports::recosts::{RecostLease, RecostStore};
use ports::{Kind, Page, PageRequest, PortResult};

impl RecostRow {
    pub(super) fn new(run: &RecostRun) -> Self {
        Self {
            run: run.clone(),
            fence: 0,
            leased_until: None,
        }
    }
}

impl State {
    fn recost(
        &mut self,
        operation: &'static str,
        workspace: WorkspaceId,
        id: RecostId,
    ) -> PortResult<&mut RecostRow> {
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
        runs.insert(run.id, RecostRow::new(run));
        Ok(())
    }

    async fn find(&self, workspace: WorkspaceId, id: RecostId) -> PortResult<Option<RecostRun>> {
        let mut state = self.lock();
        let row = state.recost("recosts.find", workspace, id).ok();
        Ok(row.map(|row| row.run.clone()))
    }

    async fn list(&self, scope: StoreScope, page: &PageRequest) -> PortResult<Page<RecostRun>> {
        let rows = {
            let mut state = self.lock();
            let runs = state.store(scope).recosts.values().map(|row| &row.run);
            runs.map(|run| ((!run.created_at.timestamp_micros(), run.id), run.clone()))
                .collect()
        };
        paging::page("recosts", "recosts.list", rows, page)
    }

    async fn open(&self, scope: StoreScope) -> PortResult<Vec<RecostRun>> {
        let mut state = self.lock();
        let runs = state.store(scope).recosts.values().map(|row| &row.run);
        let mut open: Vec<_> = runs.filter(|run| run.status.is_open()).cloned().collect();
        open.sort_by_key(|run| (run.created_at, run.id));
        Ok(open)
    }

    async fn claim(&self, now: DateTime<Utc>, lease: Duration) -> PortResult<Option<RecostLease>> {
        let mut state = self.lock();
        let busy = |row: &RecostRow| row.leased_until.is_some_and(|until| until > now);
        let oldest = state
            .data
            .values_mut()
            .filter(|data| !data.recosts.values().any(busy))
            .flat_map(|data| data.recosts.values_mut())
            .filter(|row| row.run.status.is_open())
            .min_by_key(|row| (row.run.created_at, row.run.id));
        Ok(oldest.map(|row| {
            row.fence += 1;
            row.leased_until = Some(now + lease);
            if row.run.status == SyncStatus::Queued {
                row.run.status = SyncStatus::Running;
            }
            if row.run.started_at.is_some() {
                row.run.resumed += 1;
            } else {
                row.run.started_at = Some(now);
            }
            RecostLease {
                run: row.run.clone(),
                fence: row.fence,
            }
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
        let row = row.map_err(|_| refuse(Kind::Conflict, operation, "the run is gone"))?;
        if row.fence != lease.fence || row.leased_until.is_none() {
            return Err(refuse(Kind::Conflict, operation, "the lease is lost"));
        }
        let cancelling = row.run.status == SyncStatus::Cancelling;
        row.run = lease.run.clone();
        if cancelling && row.run.status.is_open() {
            row.run.status = SyncStatus::Cancelling;
        }
        row.leased_until = row.run.status.is_open().then(|| now + prolong);
        Ok(row.run.clone())
    }

    async fn request_cancel(&self, workspace: WorkspaceId, id: RecostId) -> PortResult<RecostRun> {
        let operation = "recosts.request_cancel";
        let mut state = self.lock();
        let row = state.recost(operation, workspace, id)?;
        if !row.run.status.is_open() || row.run.inverse.is_empty() {
            return Err(refuse(Kind::Conflict, operation, "it cannot be cancelled"));
        }
        row.run.status = SyncStatus::Cancelling;
        Ok(row.run.clone())
    }

    async fn requeue(&self, workspace: WorkspaceId, id: RecostId) -> PortResult<RecostRun> {
        let operation = "recosts.requeue";
        let mut state = self.lock();
        let row = state.recost(operation, workspace, id)?;
        if row.run.status != SyncStatus::Failed {
            return Err(refuse(Kind::Conflict, operation, "it did not fail"));
        }
        row.run.status = SyncStatus::Queued;
        row.run.finished_at = None;
        row.run.error = None;
        row.leased_until = None;
        Ok(row.run.clone())
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
