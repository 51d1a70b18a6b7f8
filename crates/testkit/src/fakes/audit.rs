//! The audit's chain.

use super::database::{FakeDatabase, refuse};
use super::paging::page;
use async_trait::async_trait;
use domain::audit::{Checkpoint, Entry, NewEntry};
use domain::ids::WorkspaceId;
use ports::audit::{AuditFilter, AuditLog};
use ports::{Kind, Page, PageRequest, PortResult};

fn fits(entry: &NewEntry, filter: &AuditFilter) -> bool {
    let needle = filter.search.as_deref().unwrap_or("").trim();
    let needle = needle.to_ascii_lowercase();
    let action = filter.action.as_ref();
    let part = |text: &str| text.to_ascii_lowercase().contains(&needle);
    action.is_none_or(|a| entry.action == *a || entry.action.starts_with(&format!("{a}.")))
        && filter
            .actor
            .as_ref()
            .is_none_or(|a| entry.actor.id.as_ref() == Some(a))
        && filter.outcome.is_none_or(|o| entry.outcome == o)
        && filter.from.is_none_or(|at| entry.at >= at)
        && filter.until.is_none_or(|at| entry.at < at)
        && (part(&entry.actor.name) || part(&entry.target_name))
}

#[async_trait]
impl AuditLog for FakeDatabase {
    async fn record(&self, entries: &[NewEntry]) -> PortResult<()> {
        self.lock().record(entries);
        Ok(())
    }

    async fn entries(
        &self,
        workspace: WorkspaceId,
        filter: &AuditFilter,
        wanted: &PageRequest,
    ) -> PortResult<Page<Entry>> {
        let state = self.lock();
        let all = state.audit.get(&workspace).into_iter().flatten().rev();
        let fitting = all.filter(|e| fits(&e.entry, filter));
        let rows = fitting.map(|e| (-e.seq, e.clone())).collect();
        let identity = format!("audit {workspace} {filter:?}");
        page(&identity, "audit.entries", rows, wanted)
    }

    async fn walk(&self, workspace: WorkspaceId, after: i64, limit: u32) -> PortResult<Vec<Entry>> {
        let state = self.lock();
        let all = state.audit.get(&workspace).into_iter().flatten();
        let later = all.filter(|e| e.seq > after).take(limit as usize);
        Ok(later.cloned().collect())
    }

    async fn head(&self, workspace: WorkspaceId) -> PortResult<i64> {
        let state = self.lock();
        let last = state.audit.get(&workspace).and_then(|chain| chain.last());
        Ok(last.map_or(0, |e| e.seq))
    }

    async fn put_checkpoint(
        &self,
        workspace: WorkspaceId,
        checkpoint: &Checkpoint,
    ) -> PortResult<()> {
        let mut state = self.lock();
        let all = state.checkpoints_of_audit.entry(workspace).or_default();
        if all.contains_key(&checkpoint.seq) {
            let detail = "there is a checkpoint at this entry already";
            return Err(refuse(Kind::Conflict, "audit.put_checkpoint", detail));
        }
        all.insert(checkpoint.seq, checkpoint.clone());
        Ok(())
    }

    async fn checkpoints(&self, workspace: WorkspaceId) -> PortResult<Vec<Checkpoint>> {
        let state = self.lock();
        let all = state.checkpoints_of_audit.get(&workspace);
        Ok(all.into_iter().flat_map(|m| m.values()).cloned().collect())
    }
}
