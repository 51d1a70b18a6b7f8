//! All kinds of durable work in one list: each table gives its newest rows, and the newest of these are the page.

use crate::cursor::{Key, Paging};
use crate::leased::Leased;
use crate::{Backend, Cells, Database, Session, Sql, SqlRow, Undecodable};
use async_trait::async_trait;
use domain::ads::AdSyncRun;
use domain::agents::AgentRun;
use domain::changes::ChangeSet;
use domain::forecast::ForecastRun;
use domain::ids::WorkspaceId;
use domain::import::Import;
use domain::job::{Job, JobKind};
use domain::reconciliation::ReconciliationRun;
use domain::recost::RecostRun;
use domain::supplier::SupplierSyncRun;
use domain::sync::SyncRun;
use ports::jobs::{JobFilter, JobList};
use ports::{Page, PageRequest, PortResult};

/// The rows of one table that are jobs of one kind.
#[derive(Clone, Copy)]
struct Source {
    table: &'static str,
    /// Further SQL of its `WHERE`.
    only: &'static str,
}

impl Source {
    fn of(kind: JobKind) -> Self {
        let all = |table| Self { table, only: "" };
        match kind {
            JobKind::AgentRun => Self {
                table: AgentRun::TABLE,
                only: " AND kind = 'decide'",
            },
            JobKind::Rehearsal => Self {
                table: AgentRun::TABLE,
                only: " AND kind = 'rehearse'",
            },
            JobKind::Sync => all(SyncRun::TABLE),
            JobKind::Import => all(Import::TABLE),
            JobKind::Recost => all(RecostRun::TABLE),
            JobKind::Reconciliation => all(ReconciliationRun::TABLE),
            JobKind::ChangeSet => all(ChangeSet::TABLE),
            JobKind::Forecast => all(ForecastRun::TABLE),
            JobKind::AdSync => all(AdSyncRun::TABLE),
            JobKind::SupplierSync => all(SupplierSyncRun::TABLE),
        }
    }

    fn push(self, sql: &mut Sql, what: &str, workspace: WorkspaceId, filter: &JobFilter) {
        sql.push(&format!(
            "SELECT {what} FROM {} WHERE workspace = ",
            self.table
        ))
        .push_arg(workspace)
        .push(self.only);
        if let Some(status) = &filter.status {
            sql.push(" AND status = ").push_arg(status.as_str());
        }
    }
}

/// One table for both kinds of agents' runs, so that it is read once.
fn sources(filter: &JobFilter) -> Vec<Source> {
    match filter.kind {
        Some(kind) => vec![Source::of(kind)],
        None => [
            AgentRun::TABLE,
            SyncRun::TABLE,
            Import::TABLE,
            RecostRun::TABLE,
            ReconciliationRun::TABLE,
            ChangeSet::TABLE,
            ForecastRun::TABLE,
            AdSyncRun::TABLE,
            SupplierSyncRun::TABLE,
        ]
        .map(|table| Source { table, only: "" })
        .to_vec(),
    }
}

fn job<R: SqlRow>(row: &R) -> Result<Job, Undecodable> {
    let mut c = Cells::of(row);
    let table = c.text()?;
    Ok(match table.as_str() {
        SyncRun::TABLE => Job::from(&c.json::<SyncRun>()?),
        Import::TABLE => Job::from(&c.json::<Import>()?),
        RecostRun::TABLE => Job::from(&c.json::<RecostRun>()?),
        ReconciliationRun::TABLE => Job::from(&c.json::<ReconciliationRun>()?),
        ChangeSet::TABLE => Job::from(&c.json::<ChangeSet>()?),
        ForecastRun::TABLE => Job::from(&c.json::<ForecastRun>()?),
        AdSyncRun::TABLE => Job::from(&c.json::<AdSyncRun>()?),
        SupplierSyncRun::TABLE => Job::from(&c.json::<SupplierSyncRun>()?),
        _ => Job::from(&c.json::<AgentRun>()?),
    })
}

async fn count<S: Session>(
    session: &mut S,
    sources: &[Source],
    workspace: WorkspaceId,
    filter: &JobFilter,
) -> PortResult<u64> {
    let mut sql = Sql::new("SELECT 0");
    for source in sources {
        sql.push(" + (");
        source.push(&mut sql, "COUNT(*)", workspace, filter);
        sql.push(")");
    }
    let row = session.one(sql).await?;
    Ok(row.map_or(Ok(0), |row| Cells::of(&row).count())?)
}

fn newest(sources: &[Source], workspace: WorkspaceId, filter: &JobFilter, paging: &Paging) -> Sql {
    let mut sql = Sql::new("");
    for (n, source) in sources.iter().enumerate() {
        sql.push(if n == 0 {
            "SELECT * FROM ("
        } else {
            " UNION ALL SELECT * FROM ("
        });
        let what = format!("'{}' AS source, document, created_at, id", source.table);
        source.push(&mut sql, &what, workspace, filter);
        paging.newest_first(&mut sql);
        sql.push(&format!(") AS s{n}"));
    }
    sql.push(" ORDER BY created_at DESC, id LIMIT ")
        .push_arg(paging.fetch());
    sql
}

#[async_trait]
impl<B: Backend> JobList for Database<B> {
    async fn jobs(
        &self,
        workspace: WorkspaceId,
        filter: &JobFilter,
        page: &PageRequest,
    ) -> PortResult<Page<Job>> {
        let operation = "jobs.list";
        let paging = Paging::new::<B>(operation, &format!("{workspace}{filter:?}"), page)?;
        let sources = sources(filter);
        let mut session = self.0.read(operation).await?;
        let total = match &paging.after {
            Some(cursor) => cursor.total,
            None => count(&mut session, &sources, workspace, filter).await?,
        };
        let sql = newest(&sources, workspace, filter, &paging);
        let rows = session.rows(sql).await?;
        let jobs = rows.iter().map(job).collect::<Result<Vec<_>, _>>()?;
        Ok(paging.page(jobs, total, |last| {
            let created = Key::Int(last.created_at.timestamp_micros());
            (created, Key::Id(last.id))
        }))
    }
}
