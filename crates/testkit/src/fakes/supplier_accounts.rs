//! Accounts at suppliers with an interface, and the runs that read what they offer.

use super::database::{FakeDatabase, refuse};
use super::leased::WorkRow;
use super::paging;
use async_trait::async_trait;
use chrono::{DateTime, Duration, Utc};
use domain::audit::NewEntry;
use domain::ids::{StoreScope, SupplierAccountId, SupplierSyncId, WorkspaceId};
use domain::supplier::{SupplierAccount, SupplierSyncRun};
use domain::work::Run as _;
use ports::supplier_accounts::{SupplierAccounts, SupplierSyncLease, SupplierSyncs};
use ports::{Kind, Page, PageRequest, PortResult};
use std::collections::BTreeMap;

#[derive(Default)]
pub(super) struct SupplierAccountState {
    pub accounts: BTreeMap<SupplierAccountId, SupplierAccount>,
    pub runs: BTreeMap<SupplierSyncId, WorkRow<SupplierSyncRun>>,
}

impl SupplierAccountState {
    pub(super) fn purge(&mut self, scope: StoreScope) {
        self.accounts.retain(|_, a| a.scope != scope);
        self.runs.retain(|_, row| row.work.scope != scope);
    }
}

#[async_trait]
impl SupplierAccounts for FakeDatabase {
    async fn create_supplier_account(
        &self,
        account: &SupplierAccount,
        entry: &NewEntry,
    ) -> PortResult<()> {
        let mut state = self.lock();
        let same = |a: &SupplierAccount| (a.scope, a.platform) == (account.scope, account.platform);
        let accounts = &mut state.supplier_accounts.accounts;
        if accounts.values().any(same) || accounts.contains_key(&account.id) {
            let detail = "this supplier is connected already";
            return Err(refuse(
                Kind::Conflict,
                "supplier_accounts.create_account",
                detail,
            ));
        }
        accounts.insert(account.id, account.clone());
        state.record(std::slice::from_ref(entry));
        Ok(())
    }

    async fn update_supplier_account(
        &self,
        account: &SupplierAccount,
        entry: Option<&NewEntry>,
    ) -> PortResult<SupplierAccount> {
        let operation = "supplier_accounts.update_account";
        let mut state = self.lock();
        let stored = state.supplier_accounts.accounts.get_mut(&account.id);
        let stored = stored.filter(|a| a.scope.workspace == account.scope.workspace);
        let Some(stored) = stored else {
            return Err(refuse(Kind::NotFound, operation, "the supplier is gone"));
        };
        if stored.version != account.version {
            return Err(refuse(
                Kind::Conflict,
                operation,
                "the supplier has changed",
            ));
        }
        *stored = SupplierAccount {
            version: account.version + 1,
            ..account.clone()
        };
        let stored = stored.clone();
        if let Some(entry) = entry {
            state.record(std::slice::from_ref(entry));
        }
        Ok(stored)
    }

    async fn supplier_account(
        &self,
        workspace: WorkspaceId,
        id: SupplierAccountId,
    ) -> PortResult<Option<SupplierAccount>> {
        let account = self.lock().supplier_accounts.accounts.get(&id).cloned();
        Ok(account.filter(|a| a.scope.workspace == workspace))
    }

    async fn supplier_accounts(&self, workspace: WorkspaceId) -> PortResult<Vec<SupplierAccount>> {
        let state = self.lock();
        let accounts = state.supplier_accounts.accounts.values();
        let mut mine: Vec<_> = accounts
            .filter(|a| a.scope.workspace == workspace)
            .cloned()
            .collect();
        mine.sort_by_key(|a| (a.created_at, a.id));
        Ok(mine)
    }

    async fn remove_supplier_account(
        &self,
        workspace: WorkspaceId,
        id: SupplierAccountId,
        entry: &NewEntry,
    ) -> PortResult<()> {
        let mut state = self.lock();
        let own = &mut state.supplier_accounts;
        if own
            .accounts
            .get(&id)
            .is_none_or(|a| a.scope.workspace != workspace)
        {
            return Ok(());
        }
        own.accounts.remove(&id);
        own.runs.retain(|_, row| row.work.account != id);
        state.record(std::slice::from_ref(entry));
        Ok(())
    }
}

#[async_trait]
impl SupplierSyncs for FakeDatabase {
    async fn create_supplier_sync(&self, run: &SupplierSyncRun) -> PortResult<()> {
        let mut state = self.lock();
        let runs = &mut state.supplier_accounts.runs;
        let open = |row: &WorkRow<SupplierSyncRun>| {
            row.work.account == run.account && row.work.status.is_open()
        };
        if runs.values().any(open) || runs.contains_key(&run.id) {
            let detail = "this supplier is being read";
            return Err(refuse(Kind::Conflict, "supplier_syncs.create", detail));
        }
        runs.insert(run.id, WorkRow::new(run));
        Ok(())
    }

    async fn supplier_sync(
        &self,
        workspace: WorkspaceId,
        id: SupplierSyncId,
    ) -> PortResult<Option<SupplierSyncRun>> {
        let state = self.lock();
        let run = state
            .supplier_accounts
            .runs
            .get(&id)
            .map(|row| row.work.clone());
        Ok(run.filter(|run| run.scope.workspace == workspace))
    }

    async fn supplier_syncs(
        &self,
        workspace: WorkspaceId,
        account: Option<SupplierAccountId>,
        page: &PageRequest,
    ) -> PortResult<Page<SupplierSyncRun>> {
        let state = self.lock();
        let rows = state.supplier_accounts.runs.values();
        let rows = rows
            .filter(|row| row.work.scope.workspace == workspace)
            .filter(|row| account.is_none_or(|id| row.work.account == id))
            .map(|row| (row.key(), row.work.clone()))
            .collect();
        paging::page("supplier_syncs", "supplier_syncs.list", rows, page)
    }

    async fn claim_supplier_sync(
        &self,
        now: DateTime<Utc>,
        lease: Duration,
    ) -> PortResult<Option<SupplierSyncLease>> {
        let mut state = self.lock();
        let row = WorkRow::claim(state.supplier_accounts.runs.values_mut(), now, lease);
        Ok(row.map(|row| SupplierSyncLease {
            run: row.work.clone(),
            fence: row.fence,
        }))
    }

    async fn advance_supplier_sync(
        &self,
        lease: &SupplierSyncLease,
        now: DateTime<Utc>,
        prolong: Duration,
    ) -> PortResult<SupplierSyncRun> {
        let mut state = self.lock();
        let row = state.supplier_accounts.runs.get_mut(&lease.run.id);
        WorkRow::advance(
            row,
            "supplier_syncs.advance",
            &lease.run,
            lease.fence,
            now + prolong,
        )
    }

    async fn cancel_supplier_sync(
        &self,
        workspace: WorkspaceId,
        id: SupplierSyncId,
        now: DateTime<Utc>,
    ) -> PortResult<SupplierSyncRun> {
        let operation = "supplier_syncs.cancel";
        let mut state = self.lock();
        let row = state.supplier_accounts.runs.get_mut(&id);
        let row = row.filter(|row| row.work.scope.workspace == workspace);
        let Some(row) = row else {
            return Err(refuse(Kind::NotFound, operation, "there is no such run"));
        };
        match row.work.cancel(now) {
            Ok(()) => Ok(row.work.clone()),
            Err(detail) => Err(refuse(Kind::Conflict, operation, detail)),
        }
    }
}
