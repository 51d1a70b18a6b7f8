//! Imports with their leases, problems, mappings and journal.

use super::database::{FakeDatabase, State, refuse};
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

pub(super) struct ImportRow {
    pub import: Import,
    pub fence: i64,
    pub leased_until: Option<DateTime<Utc>>,
}

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
    rows: BTreeMap<ImportId, ImportRow>,
    problems: BTreeMap<ImportId, Vec<RowProblem>>,
    mappings: BTreeMap<(WorkspaceId, String), SavedMapping>,
    journal: Vec<JournalRow>,
}

impl State {
    fn import(&self, workspace: WorkspaceId, id: ImportId) -> Option<&ImportRow> {
        let row = self.imports.rows.get(&id)?;
        (row.import.scope.workspace == workspace).then_some(row)
    }
}

#[async_trait]
impl ImportStore for FakeDatabase {
    async fn create(&self, import: &Import) -> PortResult<()> {
        let row = ImportRow {
            import: import.clone(),
            fence: 0,
            leased_until: None,
        };
        self.lock().imports.rows.insert(import.id, row);
        Ok(())
    }

    async fn find(&self, workspace: WorkspaceId, id: ImportId) -> PortResult<Option<Import>> {
        let state = self.lock();
        Ok(state.import(workspace, id).map(|row| row.import.clone()))
    }

    async fn list(
        &self,
        workspace: WorkspaceId,
        store: Option<StoreId>,
        page: &PageRequest,
    ) -> PortResult<Page<Import>> {
        let state = self.lock();
        let all = state.imports.rows.values().map(|row| &row.import);
        let rows = all
            .filter(|i| i.scope.workspace == workspace)
            .filter(|i| store.is_none_or(|s| i.scope.store == s))
            .map(|i| ((!i.created_at.timestamp_micros(), i.id), i.clone()))
            .collect();
        paging::page("imports", "imports.list", rows, page)
    }

    async fn standing(&self, scope: StoreScope, sha256: &str) -> PortResult<Option<ImportId>> {
        let state = self.lock();
        let all = state.imports.rows.values().map(|row| &row.import);
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
        if stored.import.version != import.version {
            let detail = "somebody else changed this import first";
            return Err(refuse(Kind::Conflict, operation, detail));
        }
        let busy = |row: &ImportRow| {
            let other = &row.import;
            other.id != import.id && other.scope == import.scope && other.status.writes()
        };
        if import.status.writes() && state.imports.rows.values().any(busy) {
            let detail = "another import of this store is being written";
            return Err(refuse(Kind::Conflict, operation, detail));
        }
        // It was found above.
        let row = state.imports.rows.get_mut(&import.id).expect("it is there");
        if row.import.status != import.status && import.status != ImportStatus::Cancelling {
            row.fence += 1;
            row.leased_until = None;
        }
        row.import = import.clone();
        row.import.version += 1;
        Ok(row.import.clone())
    }

    async fn claim(&self, now: DateTime<Utc>, lease: Duration) -> PortResult<Option<ImportLease>> {
        let mut state = self.lock();
        let free = |row: &&mut ImportRow| {
            row.import.status.is_work() && row.leased_until.is_none_or(|until| until <= now)
        };
        let oldest = state
            .imports
            .rows
            .values_mut()
            .filter(free)
            .min_by_key(|row| (row.import.created_at, row.import.id));
        Ok(oldest.map(|row| {
            row.fence += 1;
            if row.leased_until.is_some() {
                row.import.resumed += 1;
            }
            row.leased_until = Some(now + lease);
            row.import.version += 1;
            ImportLease {
                import: row.import.clone(),
                fence: row.fence,
            }
        }))
    }

    async fn advance(
        &self,
        lease: &ImportLease,
        now: DateTime<Utc>,
        prolong: Duration,
    ) -> PortResult<Import> {
        let mut state = self.lock();
        let holds = |row: &&mut ImportRow| row.fence == lease.fence && row.leased_until.is_some();
        let row = state.imports.rows.get_mut(&lease.import.id).filter(holds);
        let row = row.ok_or_else(|| {
            let detail = "somebody else works on this import";
            refuse(Kind::Conflict, "imports.advance", detail)
        })?;
        let (version, status) = (row.import.version + 1, row.import.status);
        row.import = lease.import.clone();
        row.import.version = version;
        if status == ImportStatus::Cancelling && row.import.status.is_work() {
            row.import.status = ImportStatus::Cancelling;
        }
        row.leased_until = row.import.status.is_work().then(|| now + prolong);
        Ok(row.import.clone())
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
