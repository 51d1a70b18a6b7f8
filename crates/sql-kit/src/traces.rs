//! What asked for work that waits.

use crate::{Backend, Cells, Database, Session as _, Sql};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::ids::WorkspaceId;
use ports::PortResult;
use ports::traces::{TraceContext, WorkTraces};
use uuid::Uuid;

#[async_trait]
impl<B: Backend> WorkTraces for Database<B> {
    async fn note_trace(
        &self,
        workspace: WorkspaceId,
        work: Uuid,
        trace: &TraceContext,
        now: DateTime<Utc>,
    ) -> PortResult<()> {
        let sql = Sql::new(
            "INSERT INTO work_traces (work, workspace, traceparent, noted_at) \
             VALUES ($1, $2, $3, $4) ON CONFLICT (work) DO UPDATE \
             SET traceparent = excluded.traceparent, noted_at = excluded.noted_at \
             WHERE work_traces.workspace = excluded.workspace",
        )
        .bind(work)
        .bind(workspace)
        .bind(trace.as_str())
        .bind(now);
        self.execute("traces.note", sql).await?;
        Ok(())
    }

    async fn trace_of(
        &self,
        workspace: WorkspaceId,
        work: Uuid,
    ) -> PortResult<Option<TraceContext>> {
        let sql =
            Sql::new("SELECT traceparent FROM work_traces WHERE work = $1 AND workspace = $2")
                .bind(work)
                .bind(workspace);
        let row = self.0.read("traces.of").await?.one(sql).await?;
        let text = row.map(|row| Cells::of(&row).text()).transpose()?;
        Ok(text.and_then(|text| TraceContext::parse(&text)))
    }

    async fn prune_traces(&self, noted_before: DateTime<Utc>) -> PortResult<u64> {
        let sql = Sql::new("DELETE FROM work_traces WHERE noted_at < $1").bind(noted_before);
        self.execute("traces.prune", sql).await
    }
}
