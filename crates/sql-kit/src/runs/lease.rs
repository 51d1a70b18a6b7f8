//! Who works on a run: claims, and what holders of leases save.

use super::notes::append_log;
use super::tell;
use crate::codec::json;
use crate::leased::{Leased, Row, update_sql};
use crate::{Backend, Database, Session, Sql, Writer, events};
use chrono::{DateTime, Duration, Utc};
use domain::agents::{AgentRun, LogLine};
use domain::ids::{RunId, WorkspaceId};
use domain::work::Work;
use ports::events::runs_changed;
use ports::runs::{MOST_CRASHES, RunLease};
use ports::{Kind, PortResult};

/// Runs that were taken up, in one statement.
async fn update_taken<W: Writer>(tx: &mut W, rows: &[Row<AgentRun>]) -> PortResult<()> {
    let mut sql = Sql::new(
        "UPDATE agent_runs SET status = v.column2, document = v.column3, fence = v.column4, \
         leased_until = v.column5, started_at = v.column6, finished_at = v.column7, \
         holds = CASE v.column2 WHEN 'dead' THEN 0 ELSE holds END FROM (VALUES ",
    );
    for (i, row) in rows.iter().enumerate() {
        sql.push(if i == 0 { "(" } else { ", (" })
            .push_arg(row.work.id)
            .push(", ")
            .push_arg(row.work.status.as_str())
            .push(", ")
            .push_arg(json(&row.work))
            .push(", ")
            .push_arg(row.fence)
            .push(", ")
            .push_arg(row.leased_until)
            .push(", ")
            .push_arg(row.work.started_at)
            .push(", ")
            .push_arg(row.work.finished_at)
            .push(")");
    }
    sql.push(") AS v WHERE agent_runs.id = v.column1");
    tx.run(sql).await?;
    Ok(())
}

impl<B: Backend> Database<B> {
    /// `until`: of the lease from now on; `None` when it is given up.
    pub(super) async fn save_run(
        &self,
        operation: &'static str,
        lease: &RunLease,
        run: &AgentRun,
        log: &[LogLine],
        until: Option<DateTime<Utc>>,
        at: DateTime<Utc>,
    ) -> PortResult<AgentRun> {
        let workspace = run.scope.workspace;
        let mut tx = self.0.write(operation).await?;
        // Nearly always nobody wishes to cancel it, and what its worker made of it is stored as it is.
        let open_until = until.filter(|_| run.is_open());
        let mut sql = update_sql(run, lease.fence, open_until);
        sql.push(" AND workspace = ")
            .push_arg(workspace)
            .push(" AND fence = ")
            .push_arg(lease.fence)
            .push(" AND leased_until IS NOT NULL AND status <> 'cancelling'");
        let saved = if tx.run(sql).await? > 0 {
            run.clone()
        } else {
            let row = Row::<AgentRun>::hold::<B>(&mut tx, workspace, run.id.0).await?;
            let carried = row.ok_or("the run is gone").and_then(|mut row| {
                row.carry_on(run, lease.fence, at)?;
                row.leased_until = until.filter(|_| row.work.is_open());
                Ok(row)
            });
            match carried {
                Ok(row) => {
                    row.update(&mut tx).await?;
                    row.work
                }
                Err(detail) => {
                    tx.undo().await?;
                    return Err(Self::refuse(Kind::Conflict, operation, detail));
                }
            }
        };
        append_log(&mut tx, run, log).await?;
        tell(&mut tx, &saved, at).await?;
        tx.commit().await?;
        Ok(saved)
    }

    /// Takes up at most `limit`; those that died too often among them end.
    async fn take_runs(
        tx: &mut B::Writer,
        now: DateTime<Utc>,
        lease: Duration,
        limit: usize,
    ) -> PortResult<Vec<Row<AgentRun>>> {
        let mut sql = Sql::new(format!(
            "SELECT document, fence, leased_until FROM agent_runs WHERE status IN ({}) \
             AND (leased_until IS NULL OR leased_until <= $1) \
             AND (run_at <= $1 OR status = 'cancelling') \
             ORDER BY priority DESC, created_at, id LIMIT ",
            AgentRun::OPEN
        ))
        .bind(now);
        sql.push_arg(i64::try_from(limit).unwrap_or(i64::MAX))
            .push(B::SKIP_LOCKED);
        let mut rows = Row::<AgentRun>::all(tx, sql).await?;
        for row in &mut rows {
            row.take_up(now, lease);
            if row.work.crashes >= MOST_CRASHES {
                row.work.give_up(now);
                row.leased_until = None;
            }
        }
        if !rows.is_empty() {
            update_taken(tx, &rows).await?;
        }
        Ok(rows)
    }

    pub(super) async fn held_run(
        &self,
        operation: &'static str,
        workspace: WorkspaceId,
        id: RunId,
    ) -> PortResult<(B::Writer, Option<Row<AgentRun>>)> {
        let mut tx = self.0.write(operation).await?;
        let row = Row::<AgentRun>::hold::<B>(&mut tx, workspace, id.0).await?;
        Ok((tx, row))
    }

    pub(super) async fn claim_runs(
        &self,
        now: DateTime<Utc>,
        lease: Duration,
        limit: usize,
    ) -> PortResult<Vec<RunLease>> {
        let mut tx = self.0.write("runs.claim").await?;
        let (mut claimed, mut told) = (Vec::new(), Vec::new());
        // Again where dead ones took the places of others.
        while claimed.len() < limit {
            let rows = Self::take_runs(&mut tx, now, lease, limit - claimed.len()).await?;
            let taken = rows.len();
            told.extend(rows.iter().map(|row| runs_changed(&row.work, now)));
            let open = rows.into_iter().filter(|row| row.leased_until.is_some());
            let before = claimed.len();
            claimed.extend(open.map(|row| RunLease {
                run: row.work,
                fence: row.fence,
            }));
            if claimed.len() - before == taken {
                break;
            }
        }
        if told.is_empty() {
            tx.undo().await?;
            return Ok(claimed);
        }
        events::append(&mut tx, &told).await?;
        tx.commit().await?;
        Ok(claimed)
    }
}
