//! What a run leaves behind: its log, and the facts that it decided on.

use crate::codec::word;
use crate::leased::Row;
use crate::{Backend, Bulk, Cells, Database, Session, Sql, Writer};
use chrono::{DateTime, Utc};
use domain::agents::{AgentRun, LogLine};
use domain::ids::{RunId, WorkspaceId};
use ports::runs::RunLease;
use ports::{Kind, PortResult};

/// Further lines of each of these runs, in one statement.
pub(super) async fn append_log<'a, W: Writer>(
    tx: &mut W,
    logs: impl IntoIterator<Item = (&'a AgentRun, &'a [LogLine])> + Send,
) -> PortResult<()> {
    let of_run = |(run, log): (&'a AgentRun, &'a [LogLine])| log.iter().map(move |l| (run, l));
    let lines: Vec<_> = logs.into_iter().flat_map(of_run).collect();
    let runs = || lines.iter().map(|(run, _)| run);
    let each = || lines.iter().map(|(_, line)| line);
    let number = |line: &&LogLine| i64::try_from(line.no).unwrap_or(i64::MAX);
    let bulk = Bulk::insert("agent_run_log", "ON CONFLICT (run, no) DO NOTHING")
        .ids("run", runs().map(|run| run.id.0))
        .ids("workspace", runs().map(|run| run.scope.workspace.0))
        .ids("store", runs().map(|run| run.scope.store.0))
        .ints("no", each().map(number))
        .instants("at", each().map(|line| line.at))
        .texts("level", each().map(|line| word(&line.level)))
        .texts("text", each().map(|line| line.text.clone()));
    tx.bulk(bulk).await?;
    Ok(())
}

impl<B: Backend> Database<B> {
    pub(super) async fn run_log(
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

    pub(super) async fn keep_run_facts(&self, lease: &RunLease, facts: &str) -> PortResult<()> {
        let operation = "runs.keep_facts";
        let scope = lease.run.scope;
        let (mut tx, row) = self
            .held_run(operation, scope.workspace, lease.run.id)
            .await?;
        let ours = |row: &Row<AgentRun>| row.fence == lease.fence && row.leased_until.is_some();
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

    pub(super) async fn run_facts(
        &self,
        workspace: WorkspaceId,
        id: RunId,
    ) -> PortResult<Option<String>> {
        let sql = Sql::new("SELECT facts FROM agent_run_facts WHERE run = $1 AND workspace = $2")
            .bind(id)
            .bind(workspace);
        let row = self.0.read("runs.facts").await?.one(sql).await?;
        Ok(row.map(|row| Cells::of(&row).text()).transpose()?)
    }

    pub(super) async fn prune_runs(&self, before: DateTime<Utc>) -> PortResult<u64> {
        let mut tx = self.0.write("runs.prune").await?;
        let counted = Sql::new(
            "SELECT COUNT(*) FROM agent_runs r WHERE finished_at < $1 \
             AND (EXISTS (SELECT 1 FROM agent_run_log l WHERE l.run = r.id) \
             OR EXISTS (SELECT 1 FROM agent_run_facts f WHERE f.run = r.id))",
        )
        .bind(before);
        let row = tx.one(counted).await?;
        let pruned = row.map_or(Ok(0), |row| Cells::of(&row).count())?;
        for table in ["agent_run_log", "agent_run_facts"] {
            let sql = Sql::new(format!(
                "DELETE FROM {table} WHERE run IN \
                 (SELECT id FROM agent_runs WHERE finished_at < $1)"
            ))
            .bind(before);
            tx.run(sql).await?;
        }
        let told = Sql::new("DELETE FROM incoming_events WHERE accepted_at < $1").bind(before);
        let events = tx.run(told).await?;
        tx.commit().await?;
        Ok(pruned + events)
    }
}
