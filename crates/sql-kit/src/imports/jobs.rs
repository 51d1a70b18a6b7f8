//! Imports with their leases. An import has a version beside its fence, for those who change it without working on it.

use crate::leased::{Leased, Row};
use crate::{Arg, Backend, Cells, Database, Session, Sql, Writer};
use async_trait::async_trait;
use chrono::{DateTime, Duration, Utc};
use domain::ids::{ImportId, StoreId, StoreScope, WorkspaceId};
use domain::import::{Import, ImportStatus};
use ports::imports::{ImportLease, ImportStore};
use ports::{Kind, Page, PageRequest, PortResult};

impl Leased for Import {
    const TABLE: &'static str = "imports";
    const OPEN: &'static str = "'checking', 'importing', 'cancelling', 'undoing'";
    const NAME: &'static str = "import";

    fn more(&self) -> Vec<(&'static str, Arg)> {
        vec![("version", self.version.into())]
    }
}

#[async_trait]
impl<B: Backend> ImportStore for Database<B> {
    async fn create(&self, import: &Import) -> PortResult<()> {
        let columns = vec![
            ("store", import.scope.store.into()),
            ("sha256", import.file.sha256.as_str().into()),
        ];
        let taken = "the id of the import is taken";
        self.create_work("imports.create", import, columns, taken, None)
            .await
    }

    async fn find(&self, workspace: WorkspaceId, id: ImportId) -> PortResult<Option<Import>> {
        self.find_work("imports.find", workspace, id.0).await
    }

    async fn list(
        &self,
        workspace: WorkspaceId,
        store: Option<StoreId>,
        page: &PageRequest,
    ) -> PortResult<Page<Import>> {
        let of = store.map(|id| ("store", id.into()));
        self.list_work("imports.list", workspace, of.as_slice(), page)
            .await
    }

    async fn standing(&self, scope: StoreScope, sha256: &str) -> PortResult<Option<ImportId>> {
        let sql = Sql::new(
            "SELECT id FROM imports WHERE workspace = $1 AND store = $2 AND sha256 = $3 \
             AND status = 'done' ORDER BY created_at DESC, id LIMIT 1",
        )
        .bind(scope.workspace)
        .bind(scope.store)
        .bind(sha256);
        let row = self.0.read("imports.standing").await?.one(sql).await?;
        Ok(row
            .map(|row| Cells::of(&row).id())
            .transpose()?
            .map(ImportId))
    }

    async fn replace(&self, import: &Import) -> PortResult<Import> {
        let operation = "imports.replace";
        let mut tx = self.0.write(operation).await?;
        let lock = format!("imports/{}", import.scope.store);
        tx.lock(&lock).await?;
        let row = Row::<Import>::hold::<B>(&mut tx, import.scope.workspace, import.id.0).await?;
        let Some(mut stored) = row else {
            return Err(Self::refuse(
                Kind::NotFound,
                operation,
                "there is no such import",
            ));
        };
        if stored.work.version != import.version {
            tx.undo().await?;
            return Err(Self::refuse(
                Kind::Conflict,
                operation,
                "somebody else changed this import first; look at it again",
            ));
        }
        if import.status.writes() && !stored.work.status.writes() {
            let sql = Sql::new(
                "SELECT COUNT(*) FROM imports WHERE workspace = $1 AND store = $2 AND id <> $3 \
                 AND status IN ('importing', 'cancelling', 'undoing')",
            )
            .bind(import.scope.workspace)
            .bind(import.scope.store)
            .bind(import.id);
            let row = tx.one(sql).await?;
            if row.map_or(Ok(0), |row| Cells::of(&row).count())? > 0 {
                tx.undo().await?;
                return Err(Self::refuse(
                    Kind::Conflict,
                    operation,
                    "another import of this store is being written; wait for its end",
                ));
            }
        }
        let changed = stored.work.status != import.status;
        if changed && import.status != ImportStatus::Cancelling {
            stored.fence += 1;
            stored.leased_until = None;
        }
        stored.work = import.clone();
        stored.work.version += 1;
        stored.update(&mut tx).await?;
        tx.commit().await?;
        Ok(stored.work)
    }

    async fn claim(&self, now: DateTime<Utc>, lease: Duration) -> PortResult<Option<ImportLease>> {
        let row = self.claim_work("imports.claim", now, lease).await?;
        Ok(row.map(|row| ImportLease {
            import: row.work,
            fence: row.fence,
        }))
    }

    async fn advance(
        &self,
        lease: &ImportLease,
        now: DateTime<Utc>,
        prolong: Duration,
    ) -> PortResult<Import> {
        let operation = "imports.advance";
        self.advance_work(operation, &lease.import, lease.fence, now + prolong)
            .await
    }
}
