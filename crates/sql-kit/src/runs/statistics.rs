//! How the runs of each agent fare.

use crate::{Backend, Cells, Database, Session, Sql};
use chrono::{DateTime, Utc};
use domain::ids::{StoreId, WorkspaceId};
use ports::PortResult;
use ports::runs::{RunStatistics, mean_seconds};

impl<B: Backend> Database<B> {
    pub(super) async fn run_statistics(
        &self,
        workspace: WorkspaceId,
        store: Option<StoreId>,
        since: DateTime<Utc>,
    ) -> PortResult<Vec<RunStatistics>> {
        let mut sql = Sql::new(
            "SELECT agent, COUNT(*), COUNT(CASE WHEN status = 'succeeded' THEN 1 END), \
             COUNT(CASE WHEN status IN ('failed', 'dead') THEN 1 END), \
             COUNT(finished_at - started_at), \
             CAST(COALESCE(SUM(finished_at - started_at), 0) AS BIGINT), \
             MAX(created_at), MAX(started_at), MAX(finished_at), \
             COUNT(CASE WHEN status IN ('failed', 'dead') \
             AND (succeeded_at IS NULL OR finished_at > succeeded_at) THEN 1 END) \
             FROM (SELECT agent, status, created_at, started_at, finished_at, \
             MAX(CASE WHEN status = 'succeeded' THEN finished_at END) \
             OVER (PARTITION BY agent) AS succeeded_at FROM agent_runs \
             WHERE workspace = $1 AND kind = 'decide' AND created_at >= $2",
        )
        .bind(workspace)
        .bind(since);
        if let Some(store) = store {
            sql.push(" AND store = ").push_arg(store);
        }
        sql.push(") r GROUP BY agent");
        let rows = self.0.read("runs.statistics").await?.rows(sql).await?;
        let each = rows.iter().map(|row| {
            let mut c = Cells::of(row);
            let (agent, total) = (c.text()?, c.count()?);
            let (succeeded, failed) = (c.count()?, c.count()?);
            let (ended, micros) = (c.count()?, c.int()?);
            let instants = [c.at_or_none()?, c.at_or_none()?, c.at_or_none()?];
            Ok(RunStatistics {
                agent,
                total,
                succeeded,
                failed,
                mean_seconds: mean_seconds(micros, ended),
                last_activity: instants.into_iter().flatten().max(),
                failures_in_row: c.count()?,
            })
        });
        let mut all = each.collect::<PortResult<Vec<_>>>()?;
        // Databases order texts as their collations say.
        all.sort_by(|a, b| a.agent.cmp(&b.agent));
        Ok(all)
    }
}
