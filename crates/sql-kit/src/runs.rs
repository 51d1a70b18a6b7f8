//! Runs of agents with their leases, their logs and the facts that they decide on.

use crate::codec::{json, word};
use crate::leased::{Leased, Row, update_sql};
use crate::{Arg, Backend, Bulk, Cells, Database, Session, Sql, Writer, events};
use async_trait::async_trait;
use chrono::{DateTime, Duration, Utc};
use domain::agents::{AgentRun, LogLine, RunStatus};
use domain::ids::{RunId, StoreId, StoreScope, WorkspaceId};
use domain::work::Work;
use ports::events::runs_changed;
use ports::runs::{
    IncomingEvent, MOST_CRASHES, RunFilter, RunLease, RunStatistics, RunStore, latest,
};
use ports::{Kind, Page, PageRequest, PortResult};

impl Leased for AgentRun {
    const TABLE: &'static str = "agent_runs";
    const OPEN: &'static str = "'queued', 'running', 'waiting_approval', 'applying', 'cancelling'";
    const NAME: &'static str = "run";

    fn more(&self) -> Vec<(&'static str, Arg)> {
        let mut columns = vec![
            ("priority", i64::from(self.priority).into()),
            ("run_at", self.run_at.into()),
            ("started_at", self.started_at.into()),
            ("finished_at", self.finished_at.into()),
        ];
        // One that waited while another started does not hold again because it was asked to stop.
        if self.status != RunStatus::Cancelling {
            columns.push(("holds", self.status.holds().into()));
        }
        columns
    }
}

/// Last in its transaction: others wait for its end.
async fn tell<W: Writer>(tx: &mut W, run: &AgentRun, at: DateTime<Utc>) -> PortResult<()> {
    events::append(tx, &[runs_changed(run, at)]).await
}

async fn append_log<W: Writer>(tx: &mut W, run: &AgentRun, log: &[LogLine]) -> PortResult<()> {
    if log.is_empty() {
        return Ok(());
    }
    let number = |line: &LogLine| i64::try_from(line.no).unwrap_or(i64::MAX);
    let bulk = Bulk::insert("agent_run_log", "ON CONFLICT (run, no) DO NOTHING")
        .same_id("run", run.id.0)
        .same_id("workspace", run.scope.workspace.0)
        .same_id("store", run.scope.store.0)
        .ints("no", log.iter().map(number))
        .instants("at", log.iter().map(|line| line.at))
        .texts("level", log.iter().map(|line| word(&line.level)))
        .texts("text", log.iter().map(|line| line.text.clone()));
    tx.bulk(bulk).await?;
    Ok(())
}

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
    async fn save_run(
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

    async fn held_run(
        &self,
        operation: &'static str,
        workspace: WorkspaceId,
        id: RunId,
    ) -> PortResult<(B::Writer, Option<Row<AgentRun>>)> {
        let mut tx = self.0.write(operation).await?;
        let row = Row::<AgentRun>::hold::<B>(&mut tx, workspace, id.0).await?;
        Ok((tx, row))
    }
}

#[async_trait]
impl<B: Backend> RunStore for Database<B> {
    async fn create(&self, run: &AgentRun) -> PortResult<()> {
        let operation = "runs.create";
        let mut tx = self.0.write(operation).await?;
        if !Self::insert_run(&mut tx, run).await? {
            tx.undo().await?;
            let detail = "another run of this agent is open; wait for its end or cancel it";
            return Err(Self::refuse(Kind::Conflict, operation, detail));
        }
        tell(&mut tx, run, run.created_at).await?;
        tx.commit().await
    }

    async fn holding(
        &self,
        scope: StoreScope,
        agent: &str,
        kind: &str,
    ) -> PortResult<Option<AgentRun>> {
        let sql = Sql::new(
            "SELECT document FROM agent_runs WHERE workspace = $1 AND store = $2 AND agent = $3 \
             AND kind = $4 AND holds = 1",
        )
        .bind(scope.workspace)
        .bind(scope.store)
        .bind(agent)
        .bind(kind);
        let row = self.0.read("runs.holding").await?.one(sql).await?;
        Ok(row.map(|row| Cells::of(&row).json()).transpose()?)
    }

    async fn find(&self, workspace: WorkspaceId, id: RunId) -> PortResult<Option<AgentRun>> {
        self.find_work("runs.find", workspace, id.0).await
    }

    async fn list(
        &self,
        workspace: WorkspaceId,
        filter: &RunFilter,
        page: &PageRequest,
    ) -> PortResult<Page<AgentRun>> {
        let all = [
            ("store", filter.store.map(Arg::from)),
            ("agent", filter.agent.as_deref().map(Arg::from)),
            ("status", filter.status.map(|s| s.as_str().into())),
            ("kind", filter.kind.map(Arg::from)),
        ];
        let given = all.into_iter().filter_map(|(name, arg)| Some((name, arg?)));
        let of: Vec<_> = given.collect();
        self.list_work("runs.list", workspace, &of, page).await
    }

    async fn claim(
        &self,
        now: DateTime<Utc>,
        lease: Duration,
        limit: u32,
    ) -> PortResult<Vec<RunLease>> {
        let limit = limit as usize;
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

    async fn advance(
        &self,
        lease: &RunLease,
        run: &AgentRun,
        log: &[LogLine],
        now: DateTime<Utc>,
        prolong: Duration,
    ) -> PortResult<AgentRun> {
        let until = Some(now + prolong);
        self.save_run("runs.advance", lease, run, log, until, now)
            .await
    }

    async fn put_down(
        &self,
        lease: &RunLease,
        run: &AgentRun,
        log: &[LogLine],
    ) -> PortResult<AgentRun> {
        let at = latest(run, log);
        self.save_run("runs.put_down", lease, run, log, None, at)
            .await
    }

    async fn request_cancel(
        &self,
        workspace: WorkspaceId,
        id: RunId,
        now: DateTime<Utc>,
    ) -> PortResult<AgentRun> {
        let operation = "runs.request_cancel";
        let (mut tx, row) = self.held_run(operation, workspace, id).await?;
        let Some(mut row) = row else {
            tx.undo().await?;
            let detail = "there is no such run";
            return Err(Self::refuse(Kind::NotFound, operation, detail));
        };
        if let Err(detail) = row.work.cancel(now, row.leased_until.is_some()) {
            tx.undo().await?;
            return Err(Self::refuse(Kind::Conflict, operation, detail));
        }
        row.update(&mut tx).await?;
        tell(&mut tx, &row.work, now).await?;
        tx.commit().await?;
        Ok(row.work)
    }

    async fn wake(&self, workspace: WorkspaceId, id: RunId, now: DateTime<Utc>) -> PortResult<()> {
        let (mut tx, row) = self.held_run("runs.wake", workspace, id).await?;
        let waits = |row: &Row<AgentRun>| {
            row.work.is_open() && row.leased_until.is_none() && row.work.run_at > now
        };
        let Some(mut row) = row.filter(waits) else {
            return tx.undo().await;
        };
        row.work.run_at = now;
        row.update(&mut tx).await?;
        tell(&mut tx, &row.work, now).await?;
        tx.commit().await
    }

    async fn log(
        &self,
        workspace: WorkspaceId,
        id: RunId,
        after: u64,
        limit: u32,
    ) -> PortResult<Vec<LogLine>> {
        let sql = Sql::new(
            "SELECT no, at, level, text FROM agent_run_log \
             WHERE run = $1 AND workspace = $2 AND no > $3 ORDER BY no LIMIT $4",
        )
        .bind(id)
        .bind(workspace)
        .bind(i64::try_from(after).unwrap_or(i64::MAX))
        .bind(limit);
        let rows = self.0.read("runs.log").await?.rows(sql).await?;
        let line = |row| {
            let mut c = Cells::of(row);
            Ok(LogLine {
                no: c.count()?,
                at: c.at()?,
                level: c.word()?,
                text: c.text()?,
            })
        };
        rows.iter().map(line).collect()
    }

    async fn keep_facts(&self, lease: &RunLease, facts: &str) -> PortResult<()> {
        let operation = "runs.keep_facts";
        let scope = lease.run.scope;
        let (mut tx, row) = self
            .held_run(operation, scope.workspace, lease.run.id)
            .await?;
        let ours = |row: &Row<_>| row.fence == lease.fence && row.leased_until.is_some();
        if !row.as_ref().is_some_and(ours) {
            tx.undo().await?;
            let detail = "somebody else works on it";
            return Err(Self::refuse(Kind::Conflict, operation, detail));
        }
        let sql = Sql::new(
            "INSERT INTO agent_run_facts (run, workspace, store, facts) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (run) DO NOTHING",
        )
        .bind(lease.run.id)
        .bind(scope.workspace)
        .bind(scope.store)
        .bind(facts);
        tx.run(sql).await?;
        tx.commit().await
    }

    async fn facts(&self, workspace: WorkspaceId, id: RunId) -> PortResult<Option<String>> {
        let sql = Sql::new("SELECT facts FROM agent_run_facts WHERE run = $1 AND workspace = $2")
            .bind(id)
            .bind(workspace);
        let row = self.0.read("runs.facts").await?.one(sql).await?;
        Ok(row.map(|row| Cells::of(&row).text()).transpose()?)
    }

    async fn statistics(
        &self,
        workspace: WorkspaceId,
        store: Option<StoreId>,
        since: DateTime<Utc>,
    ) -> PortResult<Vec<RunStatistics>> {
        self.run_statistics(workspace, store, since).await
    }

    async fn prune(&self, ended_before: DateTime<Utc>) -> PortResult<u64> {
        let mut tx = self.0.write("runs.prune").await?;
        let counted = Sql::new(
            "SELECT COUNT(*) FROM agent_runs r WHERE finished_at < $1 \
             AND (EXISTS (SELECT 1 FROM agent_run_log l WHERE l.run = r.id) \
             OR EXISTS (SELECT 1 FROM agent_run_facts f WHERE f.run = r.id))",
        )
        .bind(ended_before);
        let row = tx.one(counted).await?;
        let pruned = row.map_or(Ok(0), |row| Cells::of(&row).count())?;
        for table in ["agent_run_log", "agent_run_facts"] {
            let sql = Sql::new(format!(
                "DELETE FROM {table} WHERE run IN \
                 (SELECT id FROM agent_runs WHERE finished_at < $1)"
            ))
            .bind(ended_before);
            tx.run(sql).await?;
        }
        tx.commit().await?;
        Ok(pruned)
    }

    async fn next_at(&self, scope: StoreScope, agent: &str) -> PortResult<Option<DateTime<Utc>>> {
        self.scheduled(scope, agent).await
    }

    async fn fire(
        &self,
        scope: StoreScope,
        agent: &str,
        due: Option<DateTime<Utc>>,
        next: Option<DateTime<Utc>>,
        run: Option<&AgentRun>,
    ) -> PortResult<bool> {
        self.fire_schedule(scope, agent, due, next, run).await
    }

    async fn accept(&self, event: &IncomingEvent, runs: &[AgentRun]) -> PortResult<bool> {
        self.accept_event(event, runs).await
    }
}
