//! Reconciliation runs with their leases, and results by day.

use super::database::{FakeDatabase, ReconciliationRow, State, refuse};
use super::paging;
use async_trait::async_trait;
use chrono::{DateTime, Duration, Utc};
use domain::calendar::DayRange;
use domain::ids::{ReconciliationId, StoreId, StoreScope, WorkspaceId};
use domain::reconciliation::{Reconciled, ReconciliationRun};
use domain::sync::SyncStatus;
use ports::reconciliations::{CheckedDay, ReconciliationLease, ReconciliationStore};
use ports::{Kind, Page, PageRequest, PortResult};

impl State {
    fn reconciliation(
        &mut self,
        operation: &'static str,
        workspace: WorkspaceId,
        id: ReconciliationId,
    ) -> PortResult<&mut ReconciliationRow> {
        self.reconciliations
            .get_mut(&id)
            .filter(|row| row.run.scope.workspace == workspace)
            .ok_or_else(|| refuse(Kind::NotFound, operation, "there is no such run"))
    }
}

#[async_trait]
impl ReconciliationStore for FakeDatabase {
    async fn create(&self, run: &ReconciliationRun) -> PortResult<()> {
        let mut state = self.lock();
        let open = |row: &ReconciliationRow| row.run.scope == run.scope && row.run.status.is_open();
        if state.reconciliations.values().any(open) || state.reconciliations.contains_key(&run.id) {
            let detail = "another run of this store is open";
            return Err(refuse(Kind::Conflict, "reconciliations.create", detail));
        }
        let row = ReconciliationRow {
            run: run.clone(),
            fence: 0,
            leased_until: None,
        };
        state.reconciliations.insert(run.id, row);
        Ok(())
    }

    async fn find(
        &self,
        workspace: WorkspaceId,
        id: ReconciliationId,
    ) -> PortResult<Option<ReconciliationRun>> {
        let mut state = self.lock();
        let row = state.reconciliation("reconciliations.find", workspace, id);
        Ok(row.ok().map(|row| row.run.clone()))
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
            .map(|row| &row.run)
            .filter(|run| run.scope.workspace == workspace)
            .filter(|run| store.is_none_or(|s| run.scope.store == s))
            .map(|run| ((!run.created_at.timestamp_micros(), run.id), run.clone()))
            .collect();
        paging::page("reconciliations", "reconciliations.list", rows, page)
    }

    async fn claim(
        &self,
        now: DateTime<Utc>,
        lease: Duration,
    ) -> PortResult<Option<ReconciliationLease>> {
        let mut state = self.lock();
        let free = |row: &&mut ReconciliationRow| {
            row.run.status.is_open() && row.leased_until.is_none_or(|until| until <= now)
        };
        let oldest = state
            .reconciliations
            .values_mut()
            .filter(free)
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
            ReconciliationLease {
                run: row.run.clone(),
                fence: row.fence,
            }
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
        let holds =
            |row: &&mut ReconciliationRow| row.fence == lease.fence && row.leased_until.is_some();
        let row = state.reconciliations.get_mut(&lease.run.id).filter(holds);
        let row = row.ok_or_else(|| {
            let detail = "somebody else works on this run";
            refuse(Kind::Conflict, "reconciliations.advance", detail)
        })?;
        let cancelling = row.run.status == SyncStatus::Cancelling;
        row.run = lease.run.clone();
        if cancelling && row.run.status.is_open() {
            row.run.status = SyncStatus::Cancelling;
        }
        row.leased_until = row.run.status.is_open().then(|| now + prolong);
        let run = row.run.clone();
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
        match row.run.status {
            SyncStatus::Queued => {
                row.run.status = SyncStatus::Cancelled;
                row.run.finished_at = Some(now);
            }
            SyncStatus::Running | SyncStatus::Cancelling => {
                row.run.status = SyncStatus::Cancelling;
            }
            SyncStatus::Cancelled | SyncStatus::Succeeded | SyncStatus::Failed => {
                return Err(refuse(Kind::Conflict, operation, "the run has ended"));
            }
        }
        Ok(row.run.clone())
    }

    async fn days(&self, scope: StoreScope, range: DayRange) -> PortResult<Vec<CheckedDay>> {
        let state = self.lock();
        let days = state
            .checked_days
            .range((scope, range.from)..=(scope, range.to));
        Ok(days.map(|(_, day)| day.clone()).collect())
    }
}
