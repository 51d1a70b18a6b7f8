//! Imports: files on their way into a store, what is wrong in them, and what each replaced.

use crate::{Page, PageRequest, PortResult};
use async_trait::async_trait;
use chrono::{DateTime, Duration, Utc};
use domain::ids::{ImportId, StoreId, StoreScope, WorkspaceId};
use domain::import::{Import, Mapping, RowProblem};

/// The right to work on an import until its lease ends; a later claim makes `fence` larger, and a smaller one writes nothing any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportLease {
    pub import: Import,
    pub fence: i64,
}

#[async_trait]
pub trait ImportStore: Send + Sync {
    async fn create(&self, import: &Import) -> PortResult<()>;
    /// `None` when unknown or of another workspace.
    async fn find(&self, workspace: WorkspaceId, id: ImportId) -> PortResult<Option<Import>>;
    /// Newest first; of one store when given.
    async fn list(
        &self,
        workspace: WorkspaceId,
        store: Option<StoreId>,
        page: &PageRequest,
    ) -> PortResult<Page<Import>>;
    /// The newest import of the store with this content that is done and stands.
    async fn standing(&self, scope: StoreScope, sha256: &str) -> PortResult<Option<ImportId>>;
    /// Replaces it when its version is the stored one, and answers it with the next version; `Conflict` otherwise. Of one store at most
    /// one import writes: a second one that would is a `Conflict`. Who works on it loses the lease when the status is no longer the one
    /// that was claimed, except for a wish to cancel.
    async fn replace(&self, import: &Import) -> PortResult<Import>;
    /// The oldest import that is work ([`domain::import::ImportStatus::is_work`]) and whose lease is free or has expired; claimed by one caller only. A claim of
    /// work whose last lease was never given up counts as resumed.
    async fn claim(&self, now: DateTime<Utc>, lease: Duration) -> PortResult<Option<ImportLease>>;
    /// Saves what the worker has done and prolongs the lease; `Conflict` when the fence is old. A wish to cancel that came meanwhile is kept and shows in
    /// the answer. One that is no work any more gives up its lease.
    async fn advance(
        &self,
        lease: &ImportLease,
        now: DateTime<Utc>,
        prolong: Duration,
    ) -> PortResult<Import>;
}

/// A mapping that was kept for files with the same columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedMapping {
    /// [`domain::import::header_set`].
    pub header_set: String,
    pub name: String,
    pub mapping: Mapping,
    pub saved_at: DateTime<Utc>,
}

#[async_trait]
pub trait ImportNotes: Send + Sync {
    /// Adds problems behind those that are there.
    async fn add_problems(&self, id: ImportId, problems: &[RowProblem]) -> PortResult<()>;
    async fn clear_problems(&self, id: ImportId) -> PortResult<()>;
    /// In the order in which they were added; every one is on exactly one page.
    async fn problems(&self, id: ImportId, page: &PageRequest) -> PortResult<Page<RowProblem>>;
    /// Replaces what was kept for the same columns in the workspace.
    async fn save_mapping(&self, workspace: WorkspaceId, saved: &SavedMapping) -> PortResult<()>;
    async fn mapping(
        &self,
        workspace: WorkspaceId,
        header_set: &str,
    ) -> PortResult<Option<SavedMapping>>;
    /// The one saved last first.
    async fn mappings(&self, workspace: WorkspaceId) -> PortResult<Vec<SavedMapping>>;
    async fn forget_mapping(&self, workspace: WorkspaceId, header_set: &str) -> PortResult<()>;
}

/// What a thing was before an import wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replaced {
    /// `order`, `product` …
    pub kind: String,
    pub id: i64,
    /// `None`: it was not there.
    pub before: Option<serde_json::Value>,
}

/// A journal entry that is to be undone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undoable {
    pub replaced: Replaced,
    /// A later import has written the same thing: what is stored is not this import's any more.
    pub overwritten: bool,
}

/// What imports replaced, so that each can be undone by itself, in whatever order.
#[async_trait]
pub trait ImportJournal: Send + Sync {
    /// Written before the things themselves. What an import replaced first stays; the same again changes nothing.
    async fn record(
        &self,
        scope: StoreScope,
        id: ImportId,
        replaced: &[Replaced],
    ) -> PortResult<()>;
    /// Some entries of the import, at most `limit`; none when all are settled.
    async fn open(&self, scope: StoreScope, id: ImportId, limit: u32) -> PortResult<Vec<Undoable>>;
    /// Forgets entries that are undone. Where a later import wrote the same thing, the earliest such one has replaced from now on what this one had.
    async fn settle(&self, scope: StoreScope, id: ImportId, entries: &[Replaced])
    -> PortResult<()>;
    /// Whether any import has an entry of this kind in the store.
    async fn has(&self, scope: StoreScope, kind: &str) -> PortResult<bool>;
}
