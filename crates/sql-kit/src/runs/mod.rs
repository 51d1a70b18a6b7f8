//! Runs of agents with their leases, their logs, the facts that they decide on, and what starts them.

mod group;
mod lease;
mod notes;
mod starts;
mod statistics;

pub(crate) use group::Line;

use self::group::{Asked, Claiming, Creating};
use self::lease::Saving;
use crate::audit::record_any;
use crate::leased::{Leased, Row};
use crate::{Arg, Backend, Cells, Database, Session, Sql, Writer, events};
use async_trait::async_trait;
use chrono::{DateTime, Duration, Utc};
use domain::agents::{AgentRun, LogLine, RunStatus};
use domain::audit::NewEntry;
use domain::ids::{RunId, StoreId, StoreScope, WorkspaceId};
use domain::work::Work;
use ports::events::runs_changed;
use ports::runs::{IncomingEvent, RunFilter, RunLease, RunStatistics, RunStore, latest};
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

const CREATE: &str = "runs.create";

impl<B: Backend> Database<B> {
    async fn create_run(&self, creating: &Creating) -> PortResult<()> {
        let Creating { run, entry } = creating;
        let mut tx = self.0.write_to_growing(CREATE).await?;
        if !Self::insert_run(&mut tx, run).await? {
            tx.undo().await?;
            let detail = "another run of this agent is open; wait for its end or cancel it";
            return Err(Self::refuse(Kind::Conflict, CREATE, detail));
        }
        record_any(&mut tx, entry.as_ref()).await?;
        tell(&mut tx, run, run.created_at).await?;
        tx.commit().await
    }
}

#[async_trait]
impl<B: Backend> RunStore for Database<B> {
    async fn create(&self, run: &AgentRun, entry: Option<&NewEntry>) -> PortResult<()> {
        let (run, entry) = (run.clone(), entry.cloned());
        let creating = Box::new(Creating { run, entry });
        let asked = |tell| Asked::Create(creating, tell);
        self.ask(CREATE, asked).await
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
        let claiming = Claiming { now, lease, limit };
        let asked = |tell| Asked::Claim(claiming, tell);
        self.ask("runs.claim", asked).await
    }

    async fn advance(
        &self,
        lease: &RunLease,
        run: &AgentRun,
        log: &[LogLine],
        now: DateTime<Utc>,
        prolong: Duration,
    ) -> PortResult<AgentRun> {
        let saving = Saving {
            operation: "runs.advance",
            fence: lease.fence,
            run: run.clone(),
            log: log.to_vec(),
            until: Some(now + prolong),
            at: now,
        };
        let asked = |tell| Asked::Save(Box::new(saving), tell);
        self.ask("runs.advance", asked).await
    }

    async fn put_down(
        &self,
        lease: &RunLease,
        run: &AgentRun,
        log: &[LogLine],
    ) -> PortResult<AgentRun> {
        let saving = Saving {
            operation: "runs.put_down",
            fence: lease.fence,
            run: run.clone(),
            log: log.to_vec(),
            until: None,
            at: latest(run, log),
        };
        let asked = |tell| Asked::Save(Box::new(saving), tell);
        self.ask("runs.put_down", asked).await
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
        self.run_log(workspace, id, after, limit).await
    }

    async fn keep_facts(&self, lease: &RunLease, facts: &str) -> PortResult<()> {
        self.keep_run_facts(lease, facts).await
    }

    async fn facts(&self, workspace: WorkspaceId, id: RunId) -> PortResult<Option<String>> {
        self.run_facts(workspace, id).await
    }

    async fn statistics(
        &self,
        workspace: WorkspaceId,
        store: Option<StoreId>,
        since: DateTime<Utc>,
    ) -> PortResult<Vec<RunStatistics>> {
        self.run_statistics(workspace, store, since).await
    }

    async fn prune(&self, before: DateTime<Utc>) -> PortResult<u64> {
        self.prune_runs(before).await
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
