//! What starts runs: people, schedules, events.

use super::group::Creating;
use crate::codec::json;
use crate::{Backend, Bulk, Cells, Database, Session, Sql, Writer, events};
use chrono::{DateTime, Utc};
use domain::agents::AgentRun;
use domain::ids::StoreScope;
use ports::PortResult;
use ports::events::runs_changed;
use ports::runs::IncomingEvent;

impl<B: Backend> Database<B> {
    /// `false` when another one holds it back, or its id is taken.
    pub(super) async fn insert_run(tx: &mut B::Writer, run: &AgentRun) -> PortResult<bool> {
        let columns = vec![
            ("store", run.scope.store.into()),
            ("agent", run.agent.as_str().into()),
            ("kind", run.kind.as_str().into()),
        ];
        Ok(Self::insert_work(tx, run, columns).await? > 0)
    }

    /// All of them, or it is to be undone: another one holds one of them back, or its id is taken.
    pub(super) async fn insert_all(tx: &mut B::Writer, created: &[&Creating]) -> PortResult<bool> {
        // In one order, so that two programs never wait for each other in a ring.
        let mut runs: Vec<_> = created.iter().map(|c| &c.run).collect();
        runs.sort_by_key(|run| (run.scope, run.agent.as_str(), run.kind.as_str()));
        let micros = |at: Option<DateTime<Utc>>| at.map(|at| at.timestamp_micros());
        let each = || runs.iter();
        let bulk = Bulk::insert("agent_runs", "ON CONFLICT DO NOTHING")
            .ids("id", each().map(|r| r.id.0))
            .ids("workspace", each().map(|r| r.scope.workspace.0))
            .ids("store", each().map(|r| r.scope.store.0))
            .texts("agent", each().map(|r| r.agent.clone()))
            .texts("kind", each().map(|r| r.kind.as_str().to_owned()))
            .texts("status", each().map(|r| r.status.as_str().to_owned()))
            .instants("created_at", each().map(|r| r.created_at))
            .texts("document", each().map(|r| json(*r)))
            .same_int("fence", 0)
            .ints("priority", each().map(|r| i64::from(r.priority)))
            .instants("run_at", each().map(|r| r.run_at))
            .ints("started_at", each().map(|r| micros(r.started_at)))
            .ints("finished_at", each().map(|r| micros(r.finished_at)))
            .ints("holds", each().map(|r| i64::from(r.status.holds())));
        Ok(tx.bulk(bulk).await? == runs.len() as u64)
    }

    pub(super) async fn scheduled(
        &self,
        scope: StoreScope,
        agent: &str,
    ) -> PortResult<Option<DateTime<Utc>>> {
        let sql = Sql::new(
            "SELECT next_at FROM agent_schedules \
             WHERE workspace = $1 AND store = $2 AND agent = $3",
        )
        .bind(scope.workspace)
        .bind(scope.store)
        .bind(agent);
        let row = self.0.read("runs.next_at").await?.one(sql).await?;
        Ok(row.map_or(Ok(None), |row| Cells::of(&row).at_or_none())?)
    }

    pub(super) async fn fire_schedule(
        &self,
        scope: StoreScope,
        agent: &str,
        due: Option<DateTime<Utc>>,
        next: Option<DateTime<Utc>>,
        run: Option<&AgentRun>,
    ) -> PortResult<bool> {
        let mut tx = self.0.write("runs.fire").await?;
        let text = match due {
            Some(_) => {
                "UPDATE agent_schedules SET next_at = $4 \
                 WHERE workspace = $1 AND store = $2 AND agent = $3 AND next_at = $5"
            }
            None => {
                "INSERT INTO agent_schedules (workspace, store, agent, next_at) \
                 VALUES ($1, $2, $3, $4) ON CONFLICT (workspace, store, agent) \
                 DO UPDATE SET next_at = excluded.next_at WHERE agent_schedules.next_at IS NULL"
            }
        };
        let mut sql = Sql::new(text)
            .bind(scope.workspace)
            .bind(scope.store)
            .bind(agent)
            .bind(next);
        if due.is_some() {
            sql = sql.bind(due);
        }
        if tx.run(sql).await? == 0 {
            tx.undo().await?;
            return Ok(false);
        }
        if let Some(run) = run
            && Self::insert_run(&mut tx, run).await?
        {
            events::append(&mut tx, &[runs_changed(run, run.created_at)]).await?;
        }
        tx.commit().await?;
        Ok(true)
    }

    pub(super) async fn accept_event(
        &self,
        event: &IncomingEvent,
        runs: &[AgentRun],
    ) -> PortResult<bool> {
        let mut tx = self.0.write("runs.accept").await?;
        let sql = Sql::new(
            "INSERT INTO incoming_events (workspace, id, event_type, data, happened_at, accepted_at) \
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
        )
        .bind(event.workspace)
        .bind(event.id.as_str())
        .bind(event.event_type.as_str())
        .bind(json(&event.data))
        .bind(event.happened_at)
        .bind(event.accepted_at);
        if tx.run(sql).await? == 0 {
            tx.undo().await?;
            return Ok(false);
        }
        // In one order, so that events at the same time never wait for each other in a ring.
        let mut ordered: Vec<_> = runs.iter().collect();
        ordered.sort_by_key(|run| (run.scope, run.agent.as_str(), run.kind.as_str()));
        let mut told = Vec::new();
        for run in ordered {
            if Self::insert_run(&mut tx, run).await? {
                told.push(runs_changed(run, event.accepted_at));
            }
        }
        events::append(&mut tx, &told).await?;
        tx.commit().await?;
        Ok(true)
    }
}
