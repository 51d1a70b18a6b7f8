//! Reconciliation runs with their leases, and results by day: documents with what is looked for in columns beside them.

use crate::codec::json;
use crate::leased::{Leased, Row};
use crate::{Backend, Cells, Database, Session, Sql, Undecodable, Writer};
use async_trait::async_trait;
use chrono::{DateTime, Duration, Utc};
use domain::calendar::DayRange;
use domain::ids::{ReconciliationId, StoreId, StoreScope, WorkspaceId};
use domain::reconciliation::{Reconciled, ReconciliationRun};
use domain::work::Run;
use ports::reconciliations::{CheckedDay, ReconciliationLease, ReconciliationStore};
use ports::{Kind, Page, PageRequest, PortResult};

impl Leased for ReconciliationRun {
    const TABLE: &'static str = "reconciliation_runs";
    const OPEN: &'static str = "'queued', 'running', 'cancelling'";
    const NAME: &'static str = "run";
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
        let columns = vec![
            ("store", run.scope.store.into()),
            ("connection", run.connection.into()),
        ];
        let taken = "another reconciliation of this store is open; wait for its end or cancel it";
        self.create_work("reconciliations.create", run, columns, taken, None)
            .await
    }

    async fn find(
        &self,
        workspace: WorkspaceId,
        id: ReconciliationId,
    ) -> PortResult<Option<ReconciliationRun>> {
        self.find_work("reconciliations.find", workspace, id.0)
            .await
    }

    async fn list(
        &self,
        workspace: WorkspaceId,
        store: Option<StoreId>,
        page: &PageRequest,
    ) -> PortResult<Page<ReconciliationRun>> {
        let of = store.map(|id| ("store", id.into()));
        self.list_work("reconciliations.list", workspace, of.as_slice(), page)
            .await
    }

    async fn claim(
        &self,
        now: DateTime<Utc>,
        lease: Duration,
    ) -> PortResult<Option<ReconciliationLease>> {
        let row = self.claim_work("reconciliations.claim", now, lease).await?;
        Ok(row.map(|row| ReconciliationLease {
            run: row.work,
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
        let row =
            Row::<ReconciliationRun>::hold::<B>(&mut tx, run.scope.workspace, run.id.0).await?;
        let carried = row.ok_or("the run is gone").and_then(|mut row| {
            row.carry_on(run, lease.fence, now + prolong)?;
            Ok(row)
        });
        let row = match carried {
            Ok(row) => row,
            Err(detail) => {
                tx.undo().await?;
                return Err(Self::refuse(Kind::Conflict, operation, detail));
            }
        };
        row.update(&mut tx).await?;
        for day in found {
            keep(&mut tx, run.scope, day, now).await?;
        }
        tx.commit().await?;
        Ok(row.work)
    }

    async fn request_cancel(
        &self,
        workspace: WorkspaceId,
        id: ReconciliationId,
        now: DateTime<Utc>,
    ) -> PortResult<ReconciliationRun> {
        let operation = "reconciliations.request_cancel";
        self.change_work::<ReconciliationRun>(operation, workspace, id.0, |row| {
            row.work.cancel(now)
        })
        .await
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
