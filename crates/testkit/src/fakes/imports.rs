//! Imports with their leases, problems, mappings and journal.

use super::database::{FakeDatabase, State, refuse};
use super::leased::WorkRow;
use super::paging;
use async_trait::async_trait;
use chrono::{DateTime, Duration, Utc};
use domain::ids::{ImportId, StoreId, StoreScope, WorkspaceId};
use domain::import::{Import, ImportStatus, RowProblem};
use ports::imports::{
    ImportJournal, ImportLease, ImportNotes, ImportStore, Replaced, SavedMapping, Undoable,
};
use ports::{Kind, Page, PageRequest, PortResult};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// An entry of the journal; they stand in the order in which they were recorded.
pub(super) struct JournalRow {
    scope: StoreScope,
    import: ImportId,
    replaced: Replaced,
}

impl JournalRow {
    fn is_about(&self, scope: StoreScope, kind: &str, id: i64) -> bool {
        self.scope == scope && self.replaced.kind == kind && self.replaced.id == id
    }
}

#[derive(Default)]
pub(super) struct ImportsState {
    pub rows: BTreeMap<ImportId, WorkRow<Import>>,
    problems: BTreeMap<ImportId, Vec<RowProblem>>,
    mappings: BTreeMap<(WorkspaceId, String), SavedMapping>,
    journal: Vec<JournalRow>,
}

impl State {
    fn import(&self, workspace: WorkspaceId, id: ImportId) -> Option<&WorkRow<Import>> {
        let row = self.imports.rows.get(&id)?;
        (row.work.scope.workspace == workspace).then_some(row)
    }
}

#[async_trait]
impl ImportStore for FakeDatabase {
    async fn create(&self, import: &Import) -> PortResult<()> {
        let row = WorkRow::new(import);
        self.lock().imports.rows.insert(import.id, row);
        Ok(())
    }

    async fn find(&self, workspace: WorkspaceId, id: ImportId) -> PortResult<Option<Import>> {
        let state = self.lock();
        Ok(state.import(workspace, id).map(|row| row.work.clone()))
    }

    async fn list(
        &self,
        workspace: WorkspaceId,
        store: Option<StoreId>,
        page: &PageRequest,
    ) -> PortResult<Page<Import>> {
        let state = self.lock();
        let all = state.imports.rows.values();
        let rows = all
            .filter(|row| row.work.scope.workspace == workspace)
            .filter(|row| store.is_none_or(|s| row.work.scope.store == s))
            .map(|row| (row.key(), row.work.clone()))
            .collect();
        paging::page("imports", "imports.list", rows, page)
    }

    async fn standing(&self, scope: StoreScope, sha256: &str) -> PortResult<Option<ImportId>> {
        let state = self.lock();
        let all = state.imports.rows.values().map(|row| &row.work);
        let found = all
            .filter(|i| i.scope == scope && i.file.sha256 == sha256)
            .filter(|i| i.status == ImportStatus::Done)
            .max_by_key(|i| (i.created_at, Reverse(i.id)));
        Ok(found.map(|i| i.id))
    }

    async fn replace(&self, import: &Import) -> PortResult<Import> {
        let operation = "imports.replace";
        let mut state = self.lock();
        let Some(stored) = state.import(import.scope.workspace, import.id) else {
            return Err(refuse(Kind::NotFound, operation, "there is no such import"));
        };
        if stored.work.version != import.version {
            let detail = "somebody else changed this import first";
            return Err(refuse(Kind::Conflict, operation, detail));
        }
        let busy = |row: &WorkRow<Import>| {
            let other = &row.work;
            other.id != import.id && other.scope == import.scope && other.status.writes()
        };
        if import.status.writes() && state.imports.rows.values().any(busy) {
            let detail = "another import of this store is being written";
            return Err(refuse(Kind::Conflict, operation, detail));
        }
        // It was found above.
        let row = state.imports.rows.get_mut(&import.id).expect("it is there");
        if row.work.status != import.status && import.status != ImportStatus::Cancelling {
            row.fence += 1;
            row.leased_until = None;
        }
        row.work = import.clone();
        row.work.version += 1;
        Ok(row.work.clone())
    }

    async fn claim(&self, now: DateTime<Utc>, lease: Duration) -> PortResult<Option<ImportLease>> {
        let mut state = self.lock();
        let row = WorkRow::claim(state.imports.rows.values_mut(), now, lease);
        Ok(row.map(|row| ImportLease {
            import: row.work.clone(),
            fence: row.fence,
        }))
    }

    async fn advance(
        &self,
        lease: &ImportLease,
        now: DateTime<Utc>,
        prolong: Duration,
    ) -> PortResult<Import> {
        let mut state = self.lock();
        let row = state.imports.rows.get_mut(&lease.import.id);
        let until = now + prolong;
        WorkRow::advance(row, "imports.advance", &lease.import, lease.fence, until)
    }
}

#[async_trait]
impl ImportNotes for FakeDatabase {
    async fn add_problems(&self, id: ImportId, problems: &[RowProblem]) -> PortResult<()> {
        let mut state = self.lock();
        let all = state.imports.problems.entry(id).or_default();
        all.extend_from_slice(problems);
        Ok(())
    }

    async fn clear_problems(&self, id: ImportId) -> PortResult<()> {
        self.lock().imports.problems.remove(&id);
        Ok(())
    }

    async fn problems(&self, id: ImportId, page: &PageRequest) -> PortResult<Page<RowProblem>> {
        let state = self.lock();
        let all = state.imports.problems.get(&id).into_iter().flatten();
        let rows = all.cloned().enumerate().collect();
        paging::page(&format!("problems {id}"), "imports.problems", rows, page)
    }

    async fn save_mapping(&self, workspace: WorkspaceId, saved: &SavedMapping) -> PortResult<()> {
        let key = (workspace, saved.header_set.clone());
        self.lock().imports.mappings.insert(key, saved.clone());
        Ok(())
    }

    async fn mapping(
        &self,
        workspace: WorkspaceId,
        header_set: &str,
    ) -> PortResult<Option<SavedMapping>> {
        let key = (workspace, header_set.to_owned());
        Ok(self.lock().imports.mappings.get(&key).cloned())
    }

    async fn mappings(&self, workspace: WorkspaceId) -> PortResult<Vec<SavedMapping>> {
        let state = self.lock();
        let own = state
            .imports
            .mappings
            .iter()
            .filter(|(k, _)| k.0 == workspace);
        let mut all: Vec<_> = own.map(|(_, saved)| saved.clone()).collect();
        all.sort_by_key(|s| (Reverse(s.saved_at), s.header_set.clone()));
        Ok(all)
    }

    async fn forget_mapping(&self, workspace: WorkspaceId, header_set: &str) -> PortResult<()> {
        let key = (workspace, header_set.to_owned());
        self.lock().imports.mappings.remove(&key);
        Ok(())
    }
}

#[async_trait]
impl ImportJournal for FakeDatabase {
    async fn record(
        &self,
        scope: StoreScope,
        id: ImportId,
        replaced: &[Replaced],
    ) -> PortResult<()> {
        let mut state = self.lock();
        for entry in replaced {
            let same =
                |row: &JournalRow| row.import == id && row.is_about(scope, &entry.kind, entry.id);
            if !state.imports.journal.iter().any(same) {
                state.imports.journal.push(JournalRow {
                    scope,
                    import: id,
                    replaced: entry.clone(),
                });
            }
        }
        Ok(())
    }

    async fn open(&self, scope: StoreScope, id: ImportId, limit: u32) -> PortResult<Vec<Undoable>> {
        let state = self.lock();
        let journal = &state.imports.journal;
        let own = journal.iter().enumerate();
        let own = own.filter(|(_, row)| row.scope == scope && row.import == id);
        let entries = own.take(limit as usize).map(|(at, row)| {
            let (kind, thing) = (&row.replaced.kind, row.replaced.id);
            Undoable {
                replaced: row.replaced.clone(),
                overwritten: journal[at + 1..]
                    .iter()
                    .any(|l| l.is_about(scope, kind, thing)),
            }
        });
        Ok(entries.collect())
    }

    async fn settle(
        &self,
        scope: StoreScope,
        id: ImportId,
        entries: &[Replaced],
    ) -> PortResult<()> {
        let mut state = self.lock();
        let journal = &mut state.imports.journal;
        for entry in entries {
            let about = |row: &JournalRow| row.is_about(scope, &entry.kind, entry.id);
            let own = journal
                .iter()
                .position(|row| row.import == id && about(row));
            let Some(own) = own else { continue };
            if let Some(later) = journal[own + 1..].iter_mut().find(|row| about(row)) {
                later.replaced.before.clone_from(&entry.before);
            }
            journal.remove(own);
        }
        Ok(())
    }

    async fn has(&self, scope: StoreScope, kind: &str) -> PortResult<bool> {
        let state = self.lock();
        let of_kind = |row: &JournalRow| row.scope == scope && row.replaced.kind == kind;
        Ok(state.imports.journal.iter().any(of_kind))
    }
}
