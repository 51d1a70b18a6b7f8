//! Imports that two work on, and journals that forget.

use super::{caught, saboteur, sound};
use chrono::{DateTime, Duration, Utc};
use domain::ids::{ImportId, StoreId, StoreScope, WorkspaceId};
use domain::import::Import;
use ports::imports::{ImportJournal, ImportLease, ImportStore, Replaced, Undoable};
use ports::{Kind, Page, PageRequest, PortResult};
use std::sync::Arc;
use testkit::Stores;
use testkit::fakes::FakeDatabase;
use testkit::laws::imports;

#[derive(Clone, Copy, PartialEq)]
enum Flaw {
    /// Takes any version.
    LastWins,
    /// Nobody looks at the fence.
    NoFence,
    /// Says yes to a second import that writes.
    TwoWriters,
    /// What an undone import had replaced is lost.
    NoHandOver,
    /// Says that nothing was overwritten.
    Blind,
}

struct Imports {
    db: Arc<FakeDatabase>,
    flaw: Flaw,
}

fn with(flaw: Flaw) -> Stores {
    let (db, stores) = sound();
    let imports = Arc::new(Imports { db, flaw });
    Stores {
        imports: imports.clone(),
        import_journal: imports,
        ..stores
    }
}

saboteur! {
    ImportStore for Imports {
        async fn replace(&self, import: &Import) -> PortResult<Import> {
            let error = match ImportStore::replace(&*self.db, import).await {
                Err(error) if error.kind == Kind::Conflict => error,
                answer => return answer,
            };
            let stale = error.detail.contains("changed");
            match self.flaw {
                Flaw::LastWins if stale => Ok(import.clone()),
                Flaw::TwoWriters if !stale => Ok(import.clone()),
                _ => Err(error),
            }
        }

        async fn advance(
            &self,
            lease: &ImportLease,
            now: DateTime<Utc>,
            prolong: Duration,
        ) -> PortResult<Import> {
            match ImportStore::advance(&*self.db, lease, now, prolong).await {
                Err(e) if e.kind == Kind::Conflict && self.flaw == Flaw::NoFence => {
                    Ok(lease.import.clone())
                }
                answer => answer,
            }
        }
    } else self {
        fn create(import: &Import) -> ();
        fn find(workspace: WorkspaceId, id: ImportId) -> Option<Import>;
        fn list(workspace: WorkspaceId, store: Option<StoreId>, page: &PageRequest) -> Page<Import>;
        fn standing(scope: StoreScope, sha256: &str) -> Option<ImportId>;
        fn claim(now: DateTime<Utc>, lease: Duration) -> Option<ImportLease>;
    }
}

saboteur! {
    ImportJournal for Imports {
        async fn settle(
            &self,
            scope: StoreScope,
            id: ImportId,
            entries: &[Replaced],
        ) -> PortResult<()> {
            if self.flaw != Flaw::NoHandOver {
                return self.db.settle(scope, id, entries).await;
            }
            let forgotten: Vec<Replaced> = entries
                .iter()
                .map(|e| Replaced { before: Some(serde_json::Value::Null), ..e.clone() })
                .collect();
            self.db.settle(scope, id, &forgotten).await
        }

        async fn open(
            &self,
            scope: StoreScope,
            id: ImportId,
            limit: u32,
        ) -> PortResult<Vec<Undoable>> {
            let mut entries = ImportJournal::open(&*self.db, scope, id, limit).await?;
            if self.flaw == Flaw::Blind {
                entries.iter_mut().for_each(|e| e.overwritten = false);
            }
            Ok(entries)
        }
    } else self {
        fn record(scope: StoreScope, id: ImportId, replaced: &[Replaced]) -> ();
        fn has(scope: StoreScope, kind: &str) -> bool;
    }
}

#[tokio::test]
async fn a_change_that_is_overwritten_is_caught() {
    caught(imports::an_old_version_replaces_nothing(with(
        Flaw::LastWins,
    )))
    .await;
}

#[tokio::test]
async fn a_late_worker_is_caught() {
    caught(imports::work_is_claimed_by_one_caller_only(with(
        Flaw::NoFence,
    )))
    .await;
}

#[tokio::test]
async fn a_second_writer_is_caught() {
    caught(imports::of_one_store_one_import_writes(with(
        Flaw::TwoWriters,
    )))
    .await;
}

#[tokio::test]
async fn a_journal_that_forgets_is_caught() {
    let law = imports::a_later_import_inherits_what_an_undone_one_had_replaced;
    caught(law(with(Flaw::NoHandOver))).await;
    caught(law(with(Flaw::Blind))).await;
}
