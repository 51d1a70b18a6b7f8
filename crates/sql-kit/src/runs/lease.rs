//! Who works on a run: claims, and what holders of leases save.

use super::group::Claiming;
use super::notes::append_log;
use super::tell;
use crate::codec::json;
use crate::leased::{Leased, Row, update_sql};
use crate::{Backend, Bulk, Database, Session, Sql, Writer, events};
use chrono::{DateTime, Duration, Utc};
use domain::agents::{AgentRun, LogLine};
use domain::ids::{RunId, WorkspaceId};
use domain::work::Work;
use ports::events::{NewEvent, runs_changed};
use ports::runs::{MOST_CRASHES, RunLease};
use ports::{Kind, PortResult};

/// What a worker made of its run.
pub(super) struct Saving {
    pub(super) operation: &'static str,
    pub(super) fence: i64,
    pub(super) run: AgentRun,
    pub(super) log: Vec<LogLine>,
    /// Of the lease from now on; `None` when it is given up.
    pub(super) until: Option<DateTime<Utc>>,
    pub(super) at: DateTime<Utc>,
}

impl Saving {
    fn open_until(&self) -> Option<DateTime<Utc>> {
        self.until.filter(|_| self.run.is_open())
    }
}

/// Runs that were taken up, in one statement; another one for those that ended with it.
async fn update_taken<W: Writer>(tx: &mut W, rows: &[Row<AgentRun>]) -> PortResult<()> {
    let (dead, open): (Vec<_>, Vec<_>) = rows.iter().partition(|r| r.leased_until.is_none());
    for (rows, are_dead) in [(open, false), (dead, true)] {
        let micros = |at: Option<DateTime<Utc>>| at.map(|at| at.timestamp_micros());
        let mut bulk = Bulk::update("agent_runs", 2, "TRUE")
            .ids("id", rows.iter().map(|r| r.work.id.0))
            .ids("workspace", rows.iter().map(|r| r.work.scope.workspace.0))
            .texts(
                "status",
                rows.iter().map(|r| r.work.status.as_str().to_owned()),
            )
            .texts("document", rows.iter().map(|r| json(&r.work)))
            .ints("fence", rows.iter().map(|r| r.fence))
            .ints("leased_until", rows.iter().map(|r| micros(r.leased_until)))
            .ints("started_at", rows.iter().map(|r| micros(r.work.started_at)))
            .ints(
                "finished_at",
                rows.iter().map(|r| micros(r.work.finished_at)),
            );
        if are_dead {
            bulk = bulk.same_int("holds", 0);
        }
        tx.bulk(bulk).await?;
    }
    Ok(())
}

impl<B: Backend> Database<B> {
    /// All of them, or it is to be undone: some wish, or another worker, came between.
    pub(super) async fn save_all(tx: &mut B::Writer, saved: &[&Saving]) -> PortResult<bool> {
        if saved.is_empty() {
            return Ok(true);
        }
        let micros = |at: Option<DateTime<Utc>>| at.map(|at| at.timestamp_micros());
        let runs = || saved.iter().map(|s| &s.run);
        let condition = "leased_until IS NOT NULL AND status <> 'cancelling'";
        let bulk = Bulk::update("agent_runs", 3, condition)
            .ids("id", runs().map(|r| r.id.0))
            .ids("workspace", runs().map(|r| r.scope.workspace.0))
            .ints("fence", saved.iter().map(|s| s.fence))
            .texts("status", runs().map(|r| r.status.as_str().to_owned()))
            .texts("document", runs().map(json))
            .ints("leased_until", saved.iter().map(|s| micros(s.open_until())))
            .ints("priority", runs().map(|r| i64::from(r.priority)))
            .instants("run_at", runs().map(|r| r.run_at))
            .ints("started_at", runs().map(|r| micros(r.started_at)))
            .ints("finished_at", runs().map(|r| micros(r.finished_at)))
            .ints("holds", runs().map(|r| i64::from(r.status.holds())));
        if tx.bulk(bulk).await? != saved.len() as u64 {
            return Ok(false);
        }
        append_log(tx, saved.iter().map(|s| (&s.run, s.log.as_slice()))).await?;
        Ok(true)
    }

    pub(super) async fn save_run(&self, saving: Saving) -> PortResult<AgentRun> {
        let (run, fence, at) = (&saving.run, saving.fence, saving.at);
        let (workspace, operation) = (run.scope.workspace, saving.operation);
        let mut tx = self.0.write_to_growing(operation).await?;
        // Nearly always nobody wishes to cancel it, and what its worker made of it is stored as it is.
        let mut sql = update_sql(run, fence, saving.open_until());
        sql.push(" AND workspace = ")
            .push_arg(workspace)
            .push(" AND fence = ")
            .push_arg(fence)
            .push(" AND leased_until IS NOT NULL AND status <> 'cancelling'");
        let saved = if tx.run(sql).await? > 0 {
            run.clone()
        } else {
            let row = Row::<AgentRun>::hold::<B>(&mut tx, workspace, run.id.0).await?;
            let carried = row.ok_or("the run is gone").and_then(|mut row| {
                row.carry_on(run, fence, at)?;
                row.leased_until = saving.until.filter(|_| row.work.is_open());
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
        append_log(&mut tx, [(run, saving.log.as_slice())]).await?;
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
        let mut tx = self.0.write_to_growing(operation).await?;
        let row = Row::<AgentRun>::hold::<B>(&mut tx, workspace, id.0).await?;
        Ok((tx, row))
    }

    pub(super) async fn claim_runs(&self, claiming: &Claiming) -> PortResult<Vec<RunLease>> {
        let mut tx = self.0.write_to_growing("runs.claim").await?;
        let (claimed, told) = Self::take_up_runs(&mut tx, claiming).await?;
        if told.is_empty() {
            tx.undo().await?;
            return Ok(claimed);
        }
        events::append(&mut tx, &told).await?;
        tx.commit().await?;
        Ok(claimed)
    }

    /// Claims inside the caller's transaction; what is to be told of it, too.
    pub(super) async fn take_up_runs(
        tx: &mut B::Writer,
        claiming: &Claiming,
    ) -> PortResult<(Vec<RunLease>, Vec<NewEvent>)> {
        let Claiming { now, lease, limit } = *claiming;
        let (mut claimed, mut told) = (Vec::new(), Vec::new());
        // Again where dead ones took the places of others.
        while claimed.len() < limit {
            let rows = Self::take_runs(tx, now, lease, limit - claimed.len()).await?;
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
        Ok((claimed, told))
    }
}
