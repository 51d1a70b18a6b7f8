//! Reconciliation runs with their leases, and results by day. Both are documents; what is looked for stands in columns beside them.

use crate::codec::json;
use crate::cursor::{Key, Paging};
use crate::{Backend, Cells, Database, Session, Sql, SqlRow, Undecodable, Writer};
use async_trait::async_trait;
use chrono::{DateTime, Duration, Utc};
use domain::calendar::DayRange;
use domain::ids::{ReconciliationId, StoreId, StoreScope, WorkspaceId};
use domain::reconciliation::{Reconciled, ReconciliationRun};
use domain::sync::SyncStatus;
use ports::reconciliations::{CheckedDay, ReconciliationLease, ReconciliationStore};
use ports::{Kind, Page, PageRequest, PortResult};

const OPEN: &str = "status IN ('queued', 'running', 'cancelling')";

struct Row {
    run: ReconciliationRun,
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

    async fn select<W: Writer>(tx: &mut W, sql: Sql) -> PortResult<Option<Self>> {
        let row = tx.one(sql).await?;
        Ok(row.as_ref().map(Self::of).transpose()?)
    }

    async fn lock<W: Writer>(
        tx: &mut W,
        for_update: &str,
        workspace: WorkspaceId,
        id: ReconciliationId,
    ) -> PortResult<Option<Self>> {
        let sql = Sql::new(format!(
            "SELECT document, fence, leased_until FROM reconciliation_runs \
             WHERE id = $1 AND workspace = $2{for_update}"
        ))
        .bind(id)
        .bind(workspace);
        Self::select(tx, sql).await
    }

    async fn update<W: Writer>(&self, tx: &mut W) -> PortResult<()> {
        let sql = Sql::new(
            "UPDATE reconciliation_runs SET status = $2, document = $3, fence = $4, \
             leased_until = $5 WHERE id = $1",
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

async fn keep<W: Writer>(
    tx: &mut W,
    scope: StoreScope,
    day: &Reconciled,
    at: DateTime<Utc>,
) -> PortResult<()> {
    let sql = Sql::new(
        "INSERT INTO reconciliation_days (workspace, store, day, checked_at, document) \
         VALUES ($1, $2, $3, $4, $5) ON CONFLICT (workspace, store, day) \
         DO UPDATE SET checked_at = excluded.checked_at, document = excluded.document",
    )
    .bind(scope.workspace)
    .bind(scope.store)
    .bind(day.day)
    .bind(at)
    .bind(json(day));
    tx.run(sql).await?;
    Ok(())
}

#[async_trait]
impl<B: Backend> ReconciliationStore for Database<B> {
    async fn create(&self, run: &ReconciliationRun) -> PortResult<()> {
        let operation = "reconciliations.create";
        let sql = Sql::new(
            "INSERT INTO reconciliation_runs \
             (id, workspace, store, connection, status, created_at, document, fence) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, 0) ON CONFLICT DO NOTHING",
        )
        .bind(run.id)
        .bind(run.scope.workspace)
        .bind(run.scope.store)
        .bind(run.connection)
        .bind(run.status.as_str())
        .bind(run.created_at)
        .bind(json(run));
        match self.execute(operation, sql).await? {
            0 => Err(Self::refuse(
                Kind::Conflict,
                operation,
                "another reconciliation of this store is open; wait for its end or cancel it",
            )),
            _ => Ok(()),
        }
    }

    async fn find(
        &self,
        workspace: WorkspaceId,
        id: ReconciliationId,
    ) -> PortResult<Option<ReconciliationRun>> {
        let sql =
            Sql::new("SELECT document FROM reconciliation_runs WHERE id = $1 AND workspace = $2")
                .bind(id)
                .bind(workspace);
        let row = self.0.read("reconciliations.find").await?.one(sql).await?;
        Ok(row.map(|row| Cells::of(&row).json()).transpose()?)
    }

    async fn list(
        &self,
        workspace: WorkspaceId,
        store: Option<StoreId>,
        page: &PageRequest,
    ) -> PortResult<Page<ReconciliationRun>> {
        let operation = "reconciliations.list";
        let paging = Paging::new::<B>(operation, &format!("{workspace}{store:?}"), page)?;
        let filtered = |text: &'static str| {
            let mut sql = Sql::new(text);
            sql.push(" FROM reconciliation_runs WHERE workspace = ")
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
        // Equal times are told apart by id, the smaller first.
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
            .collect::<Result<Vec<ReconciliationRun>, _>>()?;
        Ok(paging.page(items, total, |last| {
            let created = Key::Int(last.created_at.timestamp_micros());
            (created, Key::Id(last.id.0))
        }))
    }

    async fn claim(
        &self,
        now: DateTime<Utc>,
        lease: Duration,
    ) -> PortResult<Option<ReconciliationLease>> {
        let mut tx = self.0.write("reconciliations.claim").await?;
        let sql = Sql::new(format!(
            "SELECT document, fence, leased_until FROM reconciliation_runs \
             WHERE {OPEN} AND (leased_until IS NULL OR leased_until <= $1) \
             ORDER BY created_at, id LIMIT 1{}",
            B::SKIP_LOCKED
        ))
        .bind(now);
        let Some(mut row) = Row::select(&mut tx, sql).await? else {
            return Ok(None);
        };
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
        Ok(Some(ReconciliationLease {
            run: row.run,
            fence: row.fence,
        }))
    }

    async fn advance(
        &self,
        lease: &ReconciliationLease,
        found: &[Reconciled],
        now: DateTime<Utc>,
        prolong: Duration,
    ) -> PortResult<ReconciliationRun> {
        let operation = "reconciliations.advance";
        let run = &lease.run;
        let mut tx = self.0.write(operation).await?;
        let row = Row::lock(&mut tx, B::FOR_UPDATE, run.scope.workspace, run.id).await?;
        let held = row.filter(|row| row.fence == lease.fence && row.leased_until.is_some());
        let Some(mut row) = held else {
            tx.undo().await?;
            let detail = "somebody else works on this run";
            return Err(Self::refuse(Kind::Conflict, operation, detail));
        };
        let cancelling = row.run.status == SyncStatus::Cancelling;
        row.run = run.clone();
        if cancelling && row.run.status.is_open() {
            row.run.status = SyncStatus::Cancelling;
        }
        row.leased_until = row.run.status.is_open().then(|| now + prolong);
        row.update(&mut tx).await?;
        for day in found {
            keep(&mut tx, run.scope, day, now).await?;
        }
        tx.commit().await?;
        Ok(row.run)
    }

    async fn request_cancel(
        &self,
        workspace: WorkspaceId,
        id: ReconciliationId,
        now: DateTime<Utc>,
    ) -> PortResult<ReconciliationRun> {
        let operation = "reconciliations.request_cancel";
        let mut tx = self.0.write(operation).await?;
        let Some(mut row) = Row::lock(&mut tx, B::FOR_UPDATE, workspace, id).await? else {
            let detail = "there is no such run";
            return Err(Self::refuse(Kind::NotFound, operation, detail));
        };
        match row.run.status {
            SyncStatus::Queued => {
                row.run.status = SyncStatus::Cancelled;
                row.run.finished_at = Some(now);
            }
            SyncStatus::Running | SyncStatus::Cancelling => {
                row.run.status = SyncStatus::Cancelling;
            }
            SyncStatus::Cancelled | SyncStatus::Succeeded | SyncStatus::Failed => {
                tx.undo().await?;
                return Err(Self::refuse(Kind::Conflict, operation, "the run has ended"));
            }
        }
        row.update(&mut tx).await?;
        tx.commit().await?;
        Ok(row.run)
    }

    async fn days(&self, scope: StoreScope, range: DayRange) -> PortResult<Vec<CheckedDay>> {
        let sql = Sql::new(
            "SELECT document, checked_at FROM reconciliation_days \
             WHERE workspace = $1 AND store = $2 AND day >= $3 AND day <= $4 ORDER BY day",
        )
        .bind(scope.workspace)
        .bind(scope.store)
        .bind(range.from)
        .bind(range.to);
        let rows = self.0.read("reconciliations.days").await?.rows(sql).await?;
        let day = |row: &_| {
            let mut c = Cells::of(row);
            Ok::<_, Undecodable>(CheckedDay {
                result: c.json()?,
                checked_at: c.at()?,
            })
        };
        Ok(rows.iter().map(day).collect::<Result<Vec<_>, _>>()?)
    }
}
