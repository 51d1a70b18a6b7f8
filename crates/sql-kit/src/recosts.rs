//! Runs that book orders again. A run is a document; status, lease and fence are columns beside it.

use crate::codec::json;
use crate::cursor::{Key, Paging};
use crate::{Backend, Cells, Database, Session, Sql, SqlRow, Undecodable, Writer};
use async_trait::async_trait;
use chrono::{DateTime, Duration, Utc};
use domain::ids::{OrderId, RecostId, StoreScope, WorkspaceId};
use domain::recost::{RecostExtent, RecostRun};
use domain::sync::SyncStatus;
use ports::orders::StoredOrder;
use ports::recosts::{RecostLease, RecostStore};
use ports::{Kind, Page, PageRequest, PortResult};

const OPEN: &str = "status IN ('queued', 'running', 'cancelling')";

/// Opens a run inside the caller's transaction.
pub(crate) async fn insert<W: Writer>(tx: &mut W, run: &RecostRun) -> PortResult<u64> {
    let sql = Sql::new(
        "INSERT INTO recost_runs (id, workspace, store, status, created_at, document, fence) \
         VALUES ($1, $2, $3, $4, $5, $6, 0) ON CONFLICT DO NOTHING",
    )
    .bind(run.id)
    .bind(run.scope.workspace)
    .bind(run.scope.store)
    .bind(run.status.as_str())
    .bind(run.created_at)
    .bind(json(run));
    tx.run(sql).await
}

/// Orders of the store that are in the extent, as the alias `o`.
fn within<B: Backend>(sql: &mut Sql, scope: StoreScope, extent: &RecostExtent) {
    sql.push(" WHERE o.workspace = ")
        .push_arg(scope.workspace)
        .push(" AND o.store = ")
        .push_arg(scope.store);
    if let Some(since) = extent.since {
        sql.push(" AND (o.updated_at >= ")
            .push_arg(since)
            .push(" OR o.processed_at >= ")
            .push_arg(since)
            .push(")");
    }
    let mut any = Vec::new();
    if let Some(variants) = &extent.variants {
        let n = sql.number(variants.iter().map(|v| v.0).collect::<Vec<_>>());
        any.push(format!(
            "EXISTS (SELECT 1 FROM order_items i WHERE i.workspace = o.workspace \
             AND i.store = o.store AND i.order_id = o.id AND i.variant_id {})",
            B::in_list(n)
        ));
    }
    if let Some(orders) = &extent.orders {
        let n = sql.number(orders.iter().map(|o| o.0).collect::<Vec<_>>());
        any.push(format!("o.id {}", B::in_list(n)));
    }
    if !any.is_empty() {
        sql.push(&format!(" AND ({})", any.join(" OR ")));
    }
}

struct Row {
    run: RecostRun,
    fence: i64,
    leased_until: Option<DateTime<Utc>>,
}

impl Row {
    fn of<R: SqlRow>(row: &R) -> Result<Self, Undecodable> {
        let mut c = Cells::of(row);
        Ok(Self {
            run: c.json()?,
            fence: c.int()?,
            leased_until: c.at_or_none()?,
        })
    }

    async fn update<W: Writer>(&self, tx: &mut W) -> PortResult<()> {
        let sql = Sql::new(
            "UPDATE recost_runs SET status = $2, document = $3, fence = $4, leased_until = $5 \
             WHERE id = $1",
        )
        .bind(self.run.id)
        .bind(self.run.status.as_str())
        .bind(json(&self.run))
        .bind(self.fence)
        .bind(self.leased_until);
        tx.run(sql).await?;
        Ok(())
    }
}

impl<B: Backend> Database<B> {
    async fn change_recost(
        &self,
        operation: &'static str,
        workspace: WorkspaceId,
        id: RecostId,
        change: impl FnOnce(&mut Row) -> Result<(), &'static str> + Send,
    ) -> PortResult<RecostRun> {
        let mut tx = self.0.write(operation).await?;
        let sql = Sql::new(format!(
            "SELECT document, fence, leased_until FROM recost_runs \
             WHERE id = $1 AND workspace = $2{}",
            B::FOR_UPDATE
        ))
        .bind(id)
        .bind(workspace);
        let Some(row) = tx.one(sql).await? else {
            let detail = "there is no such run";
            return Err(Self::refuse(Kind::NotFound, operation, detail));
        };
        let mut row = Row::of(&row)?;
        if let Err(detail) = change(&mut row) {
            tx.undo().await?;
            return Err(Self::refuse(Kind::Conflict, operation, detail));
        }
        row.update(&mut tx).await?;
        tx.commit().await?;
        Ok(row.run)
    }
}

#[async_trait]
impl<B: Backend> RecostStore for Database<B> {
    async fn create(&self, run: &RecostRun) -> PortResult<()> {
        let operation = "recosts.create";
        let mut tx = self.0.write(operation).await?;
        if insert(&mut tx, run).await? == 0 {
            let detail = "the id of the run is taken";
            return Err(Self::refuse(Kind::Conflict, operation, detail));
        }
        tx.commit().await
    }

    async fn find(&self, workspace: WorkspaceId, id: RecostId) -> PortResult<Option<RecostRun>> {
        let sql = Sql::new("SELECT document FROM recost_runs WHERE id = $1 AND workspace = $2")
            .bind(id)
            .bind(workspace);
        let row = self.0.read("recosts.find").await?.one(sql).await?;
        Ok(row.map(|row| Cells::of(&row).json()).transpose()?)
    }

    async fn list(&self, scope: StoreScope, page: &PageRequest) -> PortResult<Page<RecostRun>> {
        let operation = "recosts.list";
        let paging = Paging::new::<B>(operation, &format!("{scope:?}"), page)?;
        let filtered = |text: &'static str| Sql::new(text).bind(scope.workspace).bind(scope.store);
        let mut session = self.0.read(operation).await?;
        let total = match &paging.after {
            Some(cursor) => cursor.total,
            None => {
                let count = filtered(
                    "SELECT COUNT(*) FROM recost_runs WHERE workspace = $1 AND store = $2",
                );
                let row = session.one(count).await?;
                row.map_or(Ok(0), |row| Cells::of(&row).count())?
            }
        };
        let mut sql =
            filtered("SELECT document FROM recost_runs WHERE workspace = $1 AND store = $2");
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
            .collect::<Result<Vec<RecostRun>, _>>()?;
        Ok(paging.page(items, total, |last| {
            let created = Key::Int(last.created_at.timestamp_micros());
            (created, Key::Id(last.id.0))
        }))
    }

    async fn open(&self, scope: StoreScope) -> PortResult<Vec<RecostRun>> {
        let sql = Sql::new(format!(
            "SELECT document FROM recost_runs WHERE workspace = $1 AND store = $2 AND {OPEN} \
             ORDER BY created_at, id"
        ))
        .bind(scope.workspace)
        .bind(scope.store);
        let rows = self.0.read("recosts.open").await?.rows(sql).await?;
        Ok(rows
            .iter()
            .map(|row| Cells::of(row).json())
            .collect::<Result<_, _>>()?)
    }

    async fn claim(&self, now: DateTime<Utc>, lease: Duration) -> PortResult<Option<RecostLease>> {
        let mut tx = self.0.write("recosts.claim").await?;
        // One claims at a time, so that the runs of a store follow one another.
        tx.lock("recosts").await?;
        let sql = Sql::new(format!(
            "SELECT document, fence, leased_until FROM recost_runs r WHERE {OPEN} \
             AND (leased_until IS NULL OR leased_until <= $1) AND NOT EXISTS (\
             SELECT 1 FROM recost_runs o WHERE o.{OPEN} AND o.store = r.store AND o.leased_until > $1) \
             ORDER BY created_at, id LIMIT 1"
        ))
        .bind(now);
        let Some(row) = tx.one(sql).await? else {
            return Ok(None);
        };
        let mut row = Row::of(&row)?;
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
        row.update(&mut tx).await?;
        tx.commit().await?;
        Ok(Some(RecostLease {
            run: row.run,
            fence: row.fence,
        }))
    }

    async fn advance(
        &self,
        lease: &RecostLease,
        now: DateTime<Utc>,
        prolong: Duration,
    ) -> PortResult<RecostRun> {
        let run = &lease.run;
        let advanced = self
            .change_recost("recosts.advance", run.scope.workspace, run.id, |row| {
                if row.fence != lease.fence || row.leased_until.is_none() {
                    return Err("somebody else works on this run");
                }
                let cancelling = row.run.status == SyncStatus::Cancelling;
                row.run = run.clone();
                if cancelling && row.run.status.is_open() {
                    row.run.status = SyncStatus::Cancelling;
                }
                row.leased_until = row.run.status.is_open().then(|| now + prolong);
                Ok(())
            })
            .await;
        advanced.map_err(|mut error| {
            // A run that was removed with its store: whoever works on it has lost it.
            if error.kind == Kind::NotFound {
                error.kind = Kind::Conflict;
            }
            error
        })
    }

    async fn request_cancel(&self, workspace: WorkspaceId, id: RecostId) -> PortResult<RecostRun> {
        self.change_recost("recosts.request_cancel", workspace, id, |row| {
            if !row.run.status.is_open() {
                return Err("the run has ended");
            }
            if row.run.inverse.is_empty() {
                return Err("this run has no change of its own that could be taken back");
            }
            row.run.status = SyncStatus::Cancelling;
            Ok(())
        })
        .await
    }

    async fn requeue(&self, workspace: WorkspaceId, id: RecostId) -> PortResult<RecostRun> {
        self.change_recost("recosts.requeue", workspace, id, |row| {
            if row.run.status != SyncStatus::Failed {
                return Err("only a failed run can go on");
            }
            row.run.status = SyncStatus::Queued;
            row.run.finished_at = None;
            row.run.error = None;
            row.leased_until = None;
            Ok(())
        })
        .await
    }

    async fn affected(
        &self,
        scope: StoreScope,
        extent: &RecostExtent,
        after: Option<OrderId>,
        limit: u32,
    ) -> PortResult<Vec<StoredOrder>> {
        let mut sql = Sql::new(crate::orders::SELECT);
        within::<B>(&mut sql, scope, extent);
        if let Some(after) = after {
            sql.push(" AND o.id > ").push_arg(after);
        }
        sql.push(" ORDER BY o.id LIMIT ").push_arg(limit);
        let rows = self.0.read("recosts.affected").await?.rows(sql).await?;
        Ok(rows
            .iter()
            .map(crate::orders::stored)
            .collect::<Result<_, _>>()?)
    }

    async fn count_affected(&self, scope: StoreScope, extent: &RecostExtent) -> PortResult<u64> {
        let mut sql = Sql::new("SELECT COUNT(*) FROM orders o");
        within::<B>(&mut sql, scope, extent);
        let row = self
            .0
            .read("recosts.count_affected")
            .await?
            .one(sql)
            .await?;
        Ok(row.map_or(Ok(0), |row| Cells::of(&row).count())?)
    }

    async fn derivation(&self, scope: StoreScope) -> PortResult<Option<u32>> {
        let sql =
            Sql::new("SELECT derivation FROM ledger_heads WHERE workspace = $1 AND store = $2")
                .bind(scope.workspace)
                .bind(scope.store);
        let row = self.0.read("recosts.derivation").await?.one(sql).await?;
        let version = row.map(|row| Cells::of(&row).int_or_none()).transpose()?;
        Ok(version.flatten().and_then(|v| u32::try_from(v).ok()))
    }

    async fn set_derivation(&self, scope: StoreScope, version: u32) -> PortResult<()> {
        let sql = Sql::new(
            "INSERT INTO ledger_heads (workspace, store, revision, derivation) \
             VALUES ($1, $2, 0, $3) ON CONFLICT (workspace, store) \
             DO UPDATE SET derivation = excluded.derivation",
        )
        .bind(scope.workspace)
        .bind(scope.store)
        .bind(version);
        self.execute("recosts.set_derivation", sql).await?;
        Ok(())
    }
}
