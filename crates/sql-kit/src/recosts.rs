//! Runs that book orders again, with their leases.

use crate::leased::Leased;
use crate::{Backend, Cells, Database, Session, Sql, Writer};
use async_trait::async_trait;
use chrono::{DateTime, Duration, Utc};
use domain::ids::{OrderId, RecostId, StoreScope, WorkspaceId};
use domain::recost::{RecostExtent, RecostRun};
use domain::sync::SyncStatus;
use domain::work::Run;
use ports::orders::StoredOrder;
use ports::recosts::{RecostLease, RecostStore};
use ports::{Page, PageRequest, PortResult};

impl Leased for RecostRun {
    const TABLE: &'static str = "recost_runs";
    const OPEN: &'static str = "'queued', 'running', 'cancelling'";
    const NAME: &'static str = "run";
}

/// Opens a run inside the caller's transaction.
pub(crate) async fn insert<B: Backend>(tx: &mut B::Writer, run: &RecostRun) -> PortResult<u64> {
    let columns = vec![("store", run.scope.store.into())];
    Database::<B>::insert_work(tx, run, columns).await
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

#[async_trait]
impl<B: Backend> RecostStore for Database<B> {
    async fn create(&self, run: &RecostRun) -> PortResult<()> {
        let columns = vec![("store", run.scope.store.into())];
        let taken = "the id of the run is taken";
        self.create_work("recosts.create", run, columns, taken, None)
            .await
    }

    async fn find(&self, workspace: WorkspaceId, id: RecostId) -> PortResult<Option<RecostRun>> {
        self.find_work("recosts.find", workspace, id.0).await
    }

    async fn list(&self, scope: StoreScope, page: &PageRequest) -> PortResult<Page<RecostRun>> {
        let of = Some(("store", scope.store.into()));
        self.list_work("recosts.list", scope.workspace, of.as_slice(), page)
            .await
    }

    async fn open(&self, scope: StoreScope) -> PortResult<Vec<RecostRun>> {
        let sql = Sql::new(format!(
            "SELECT document FROM recost_runs WHERE workspace = $1 AND store = $2 \
             AND status IN ({}) ORDER BY created_at, id",
            RecostRun::OPEN
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
        let alone = format!(
            " AND NOT EXISTS (SELECT 1 FROM {} o WHERE o.status IN ({}) AND o.store = w.store \
             AND o.leased_until > $1)",
            RecostRun::TABLE,
            RecostRun::OPEN
        );
        let row = Self::claim_among(tx, &alone, "", now, lease).await?;
        Ok(row.map(|row| RecostLease {
            run: row.work,
            fence: row.fence,
        }))
    }

    async fn advance(
        &self,
        lease: &RecostLease,
        now: DateTime<Utc>,
        prolong: Duration,
    ) -> PortResult<RecostRun> {
        self.advance_work("recosts.advance", &lease.run, lease.fence, now + prolong)
            .await
    }

    async fn request_cancel(&self, workspace: WorkspaceId, id: RecostId) -> PortResult<RecostRun> {
        self.change_work::<RecostRun>("recosts.request_cancel", workspace, id.0, |row| {
            if !row.work.status.is_open() {
                return Err("the run has ended");
            }
            if row.work.inverse.is_empty() {
                return Err("this run has no change of its own that could be taken back");
            }
            // Never ended at once: its worker has a change to take back.
            row.work.status = SyncStatus::Cancelling;
            Ok(())
        })
        .await
    }

    async fn requeue(&self, workspace: WorkspaceId, id: RecostId) -> PortResult<RecostRun> {
        self.change_work::<RecostRun>("recosts.requeue", workspace, id.0, |row| {
            if row.work.status != SyncStatus::Failed {
                return Err("only a failed run can go on");
            }
            row.work.requeue();
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
