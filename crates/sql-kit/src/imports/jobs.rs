//! Imports with their leases. An import is a document; status, version, lease and fence are columns beside it.

use crate::codec::json;
use crate::cursor::{Key, Paging};
use crate::{Backend, Cells, Database, Session, Sql, SqlRow, Undecodable, Writer};
use async_trait::async_trait;
use chrono::{DateTime, Duration, Utc};
use domain::ids::{ImportId, StoreId, StoreScope, WorkspaceId};
use domain::import::{Import, ImportStatus};
use ports::imports::{ImportLease, ImportStore};
use ports::{Kind, Page, PageRequest, PortResult};

const WORK: &str = "status IN ('checking', 'importing', 'cancelling', 'undoing')";

struct Stored {
    import: Import,
    fence: i64,
    leased_until: Option<DateTime<Utc>>,
}

impl Stored {
    fn of<R: SqlRow>(row: &R) -> Result<Self, Undecodable> {
        let mut c = Cells::of(row);
        Ok(Self {
            import: c.json()?,
            fence: c.int()?,
            leased_until: c.at_or_none()?,
        })
    }

    async fn select<W: Writer>(tx: &mut W, sql: Sql) -> PortResult<Option<Self>> {
        let row = tx.one(sql).await?;
        Ok(row.as_ref().map(Self::of).transpose()?)
    }

    async fn update<W: Writer>(&self, tx: &mut W) -> PortResult<()> {
        let sql = Sql::new(
            "UPDATE imports SET status = $2, document = $3, version = $4, fence = $5, \
             leased_until = $6 WHERE id = $1",
        )
        .bind(self.import.id)
        .bind(self.import.status.as_str())
        .bind(json(&self.import))
        .bind(self.import.version)
        .bind(self.fence)
        .bind(self.leased_until);
        tx.run(sql).await?;
        Ok(())
    }
}

impl<B: Backend> Database<B> {
    /// The stored import, kept for this transaction.
    async fn hold(
        tx: &mut B::Writer,
        workspace: WorkspaceId,
        id: ImportId,
    ) -> PortResult<Option<Stored>> {
        let sql = Sql::new(format!(
            "SELECT document, fence, leased_until FROM imports \
             WHERE id = $1 AND workspace = $2{}",
            B::FOR_UPDATE
        ))
        .bind(id)
        .bind(workspace);
        Stored::select(tx, sql).await
    }
}

#[async_trait]
impl<B: Backend> ImportStore for Database<B> {
    async fn create(&self, import: &Import) -> PortResult<()> {
        let sql = Sql::new(
            "INSERT INTO imports \
             (id, workspace, store, status, sha256, created_at, document, version, fence) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0)",
        )
        .bind(import.id)
        .bind(import.scope.workspace)
        .bind(import.scope.store)
        .bind(import.status.as_str())
        .bind(import.file.sha256.as_str())
        .bind(import.created_at)
        .bind(json(import))
        .bind(import.version);
        self.execute("imports.create", sql).await?;
        Ok(())
    }

    async fn find(&self, workspace: WorkspaceId, id: ImportId) -> PortResult<Option<Import>> {
        let sql = Sql::new("SELECT document FROM imports WHERE id = $1 AND workspace = $2")
            .bind(id)
            .bind(workspace);
        let row = self.0.read("imports.find").await?.one(sql).await?;
        Ok(row.map(|row| Cells::of(&row).json()).transpose()?)
    }

    async fn list(
        &self,
        workspace: WorkspaceId,
        store: Option<StoreId>,
        page: &PageRequest,
    ) -> PortResult<Page<Import>> {
        let operation = "imports.list";
        let paging = Paging::new::<B>(operation, &format!("{workspace}{store:?}"), page)?;
        let filtered = |text: &'static str| {
            let mut sql = Sql::new(text);
            sql.push(" FROM imports WHERE workspace = ")
                .push_arg(workspace);
            if let Some(store) = store {
                sql.push(" AND store = ").push_arg(store);
            }
            sql
        };
        let mut session = self.0.read(operation).await?;
        let total = match &paging.after {
            Some(cursor) => cursor.total,
            None => {
                let row = session.one(filtered("SELECT COUNT(*)")).await?;
                row.map_or(Ok(0), |row| Cells::of(&row).count())?
            }
        };
        let mut sql = filtered("SELECT document");
        if let Some(cursor) = &paging.after {
            sql.push(" AND (created_at < ")
                .push_arg(cursor.sort.clone())
                .push(" OR (created_at = ")
                .push_arg(cursor.sort.clone())
                .push(" AND id > ")
                .push_arg(cursor.id.clone())
                .push("))");
        }
        sql.push(" ORDER BY created_at DESC, id LIMIT ")
            .push_arg(paging.fetch());
        let rows = session.rows(sql).await?;
        let items = rows
            .iter()
            .map(|row| Cells::of(row).json())
            .collect::<Result<Vec<Import>, _>>()?;
        Ok(paging.page(items, total, |last| {
            let created = Key::Int(last.created_at.timestamp_micros());
            (created, Key::Id(last.id.0))
        }))
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
        let Some(mut stored) = Self::hold(&mut tx, import.scope.workspace, import.id).await? else {
            return Err(Self::refuse(
                Kind::NotFound,
                operation,
                "there is no such import",
            ));
        };
        if stored.import.version != import.version {
            tx.undo().await?;
            return Err(Self::refuse(
                Kind::Conflict,
                operation,
                "somebody else changed this import first; look at it again",
            ));
        }
        if import.status.writes() && !stored.import.status.writes() {
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
        let changed = stored.import.status != import.status;
        if changed && import.status != ImportStatus::Cancelling {
            stored.fence += 1;
            stored.leased_until = None;
        }
        stored.import = import.clone();
        stored.import.version += 1;
        stored.update(&mut tx).await?;
        tx.commit().await?;
        Ok(stored.import)
    }

    async fn claim(&self, now: DateTime<Utc>, lease: Duration) -> PortResult<Option<ImportLease>> {
        let mut tx = self.0.write("imports.claim").await?;
        let sql = Sql::new(format!(
            "SELECT document, fence, leased_until FROM imports \
             WHERE {WORK} AND (leased_until IS NULL OR leased_until <= $1) \
             ORDER BY created_at, id LIMIT 1{}",
            B::SKIP_LOCKED
        ))
        .bind(now);
        let Some(mut stored) = Stored::select(&mut tx, sql).await? else {
            return Ok(None);
        };
        stored.fence += 1;
        if stored.leased_until.is_some() {
            stored.import.resumed += 1;
        }
        stored.leased_until = Some(now + lease);
        stored.import.version += 1;
        stored.update(&mut tx).await?;
        tx.commit().await?;
        Ok(Some(ImportLease {
            import: stored.import,
            fence: stored.fence,
        }))
    }

    async fn advance(
        &self,
        lease: &ImportLease,
        now: DateTime<Utc>,
        prolong: Duration,
    ) -> PortResult<Import> {
        let operation = "imports.advance";
        let import = &lease.import;
        let mut tx = self.0.write(operation).await?;
        let held = Self::hold(&mut tx, import.scope.workspace, import.id).await?;
        let holds = |s: &Stored| s.fence == lease.fence && s.leased_until.is_some();
        let Some(mut stored) = held.filter(holds) else {
            tx.undo().await?;
            return Err(Self::refuse(
                Kind::Conflict,
                operation,
                "somebody else works on this import",
            ));
        };
        let version = stored.import.version + 1;
        let cancelling = stored.import.status == ImportStatus::Cancelling;
        stored.import = import.clone();
        stored.import.version = version;
        if cancelling && import.status.is_work() {
            stored.import.status = ImportStatus::Cancelling;
        }
        stored.leased_until = stored.import.status.is_work().then(|| now + prolong);
        stored.update(&mut tx).await?;
        tx.commit().await?;
        Ok(stored.import)
    }
}
