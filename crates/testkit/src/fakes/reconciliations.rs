//! Reconciliation runs with their leases, and results by day.

use super::database::{FakeDatabase, State, refuse};
use super::leased::WorkRow;
use super::paging;
use async_trait::async_trait;
use chrono::{DateTime, Duration, Utc};
use domain::calendar::DayRange;
use domain::ids::{ReconciliationId, StoreId, StoreScope, WorkspaceId};
use domain::reconciliation::{Reconciled, ReconciliationRun};
use domain::work::Run;
use ports::reconciliations::{CheckedDay, ReconciliationLease, ReconciliationStore};
use ports::{Kind, Page, PageRequest, PortResult};

impl State {
    fn reconciliation(
        &mut self,
        operation: &'static str,
        workspace: WorkspaceId,
        id: ReconciliationId,
    ) -> PortResult<&mut WorkRow<ReconciliationRun>> {
        self.reconciliations
            .get_mut(&id)
            .filter(|row| row.work.scope.workspace == workspace)
            .ok_or_else(|| refuse(Kind::NotFound, operation, "there is no such run"))
    }
}

#[async_trait]
impl ReconciliationStore for FakeDatabase {
    async fn create(&self, run: &ReconciliationRun) -> PortResult<()> {
        let mut state = self.lock();
        let open = |row: &WorkRow<ReconciliationRun>| {
            row.work.scope == run.scope && row.work.status.is_open()
        };
        if state.reconciliations.values().any(open) || state.reconciliations.contains_key(&run.id) {
            let detail = "another run of this store is open";
            return Err(refuse(Kind::Conflict, "reconciliations.create", detail));
        }
        state.reconciliations.insert(run.id, WorkRow::new(run));
        Ok(())
    }

    async fn find(
        &self,
        workspace: WorkspaceId,
        id: ReconciliationId,
    ) -> PortResult<Option<ReconciliationRun>> {
        let mut state = self.lock();
        let row = state.reconciliation("reconciliations.find", workspace, id);
        Ok(row.ok().map(|row| row.work.clone()))
    }

    async fn list(
        &self,
        workspace: WorkspaceId,
        store: Option<StoreId>,
        page: &PageRequest,
    ) -> PortResult<Page<ReconciliationRun>> {
        let rows = self
            .lock()
            .reconciliations
            .values()
            .filter(|row| row.work.scope.workspace == workspace)
            .filter(|row| store.is_none_or(|s| row.work.scope.store == s))
            .map(|row| (row.key(), row.work.clone()))
            .collect();
        paging::page("reconciliations", "reconciliations.list", rows, page)
    }

    async fn claim(
        &self,
        now: DateTime<Utc>,
        lease: Duration,
    ) -> PortResult<Option<ReconciliationLease>> {
        let mut state = self.lock();
        let row = WorkRow::claim(state.reconciliations.values_mut(), now, lease);
        Ok(row.map(|row| ReconciliationLease {
            run: row.work.clone(),
            fence: row.fence,
        }))
    }

    async fn advance(
        &self,
        lease: &ReconciliationLease,
        found: &[Reconciled],
        now: DateTime<Utc>,
        prolong: Duration,
    ) -> PortResult<ReconciliationRun> {
        let mut state = self.lock();
        let row = state.reconciliations.get_mut(&lease.run.id);
        let operation = "reconciliations.advance";
        let until = now + prolong;
        let run = WorkRow::advance(row, operation, &lease.run, lease.fence, until)?;
        for result in found {
            let checked = CheckedDay {
                result: result.clone(),
                checked_at: now,
            };
            state.checked_days.insert((run.scope, result.day), checked);
        }
        Ok(run)
    }

    async fn request_cancel(
        &self,
        workspace: WorkspaceId,
        id: ReconciliationId,
        now: DateTime<Utc>,
    ) -> PortResult<ReconciliationRun> {
        let operation = "reconciliations.request_cancel";
        let mut state = self.lock();
        let row = state.reconciliation(operation, workspace, id)?;
        let cancelled = row.work.cancel(now);
        cancelled.map_err(|detail| refuse(Kind::Conflict, operation, detail))?;
        Ok(row.work.clone())
    }

    async fn days(&self, scope: StoreScope, range: DayRange) -> PortResult<Vec<CheckedDay>> {
        let state = self.lock();
        let days = state
            .checked_days
            .range((scope, range.from)..=(scope, range.to));
        Ok(days.map(|(_, day)| day.clone()).collect())
    }
}
