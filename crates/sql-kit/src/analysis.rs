//! Unusual days and briefs: documents, with what is looked for in columns beside them.

use crate::audit::record;
use crate::codec::json;
use crate::cursor::{Key, Paging};
use crate::row::{SqlRow, Undecodable};
use crate::{Backend, Cells, Database, Session, Sql, Writer, events};
use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use domain::analysis::{Anomaly, Brief, Kept, Mark, Standing};
use domain::audit::NewEntry;
use domain::calendar::DayRange;
use domain::ids::{AnomalyId, StoreScope, WorkspaceId};
use ports::analysis::AnalysisStore;
use ports::events::analysis_changed;
use ports::{Kind, Page, PageRequest, PortResult};
use uuid::Uuid;

const KEPT: &str = "document, version, mark, gone";

fn midnight(day: NaiveDate) -> DateTime<Utc> {
    day.and_time(NaiveTime::MIN).and_utc()
}

fn brief_id(scope: StoreScope, day: NaiveDate) -> Uuid {
    Uuid::new_v5(&scope.store.0, format!("brief\n{day}").as_bytes())
}

fn kept<R: SqlRow>(row: &R) -> Result<Kept, Undecodable> {
    let mut cells = Cells::of(row);
    let anomaly = cells.json()?;
    let version = cells.int()?;
    let mark = cells.text_or_none()?;
    let mark = mark.map(|text| serde_json::from_str::<Mark>(&text));
    let mark = mark
        .transpose()
        .map_err(|error| cells.bad(error.to_string()))?;
    Ok(Kept {
        anomaly,
        version,
        mark,
        gone: cells.bool()?,
    })
}

fn of_store(what: &str, table: &str, scope: StoreScope, standing: Option<Standing>) -> Sql {
    let mut sql = Sql::new(format!("SELECT {what} FROM {table} WHERE workspace = "));
    sql.push_arg(scope.workspace)
        .push(" AND store = ")
        .push_arg(scope.store);
    if let Some(standing) = standing {
        sql.push(" AND standing = ").push_arg(standing.as_str());
    }
    sql
}

async fn counted<S: Session>(session: &mut S, paging: &Paging, sql: Sql) -> PortResult<u64> {
    match &paging.after {
        Some(cursor) => Ok(cursor.total),
        None => {
            let row = session.one(sql).await?;
            Ok(row.map_or(Ok(0), |row| Cells::of(&row).count())?)
        }
    }
}

#[async_trait]
impl<B: Backend> AnalysisStore for Database<B> {
    async fn save_anomalies(
        &self,
        scope: StoreScope,
        days: DayRange,
        found: &[Anomaly],
        at: DateTime<Utc>,
    ) -> PortResult<()> {
        let mut tx = self.0.write("anomalies.save").await?;
        // All of these days may be gone; those that were found again are not.
        for text in [
            "DELETE FROM anomalies WHERE workspace = $1 AND store = $2 \
             AND created_at >= $3 AND created_at <= $4 AND version = 0",
            "UPDATE anomalies SET gone = 1 WHERE workspace = $1 AND store = $2 \
             AND created_at >= $3 AND created_at <= $4",
        ] {
            let sql = Sql::new(text)
                .bind(scope.workspace)
                .bind(scope.store)
                .bind(midnight(days.from))
                .bind(midnight(days.to));
            tx.run(sql).await?;
        }
        for anomaly in found {
            let sql = Sql::new(
                "INSERT INTO anomalies (id, workspace, store, created_at, standing, gone, version, document) \
                 VALUES ($1, $2, $3, $4, 'open', 0, 0, $5) \
                 ON CONFLICT (id) DO UPDATE SET gone = 0, document = excluded.document \
                 WHERE anomalies.workspace = excluded.workspace",
            )
            .bind(anomaly.id)
            .bind(scope.workspace)
            .bind(scope.store)
            .bind(midnight(anomaly.day))
            .bind(json(anomaly));
            tx.run(sql).await?;
        }
        events::append(&mut tx, &[analysis_changed(scope, at)]).await?;
        tx.commit().await
    }

    async fn anomalies(
        &self,
        scope: StoreScope,
        standing: Option<Standing>,
        page: &PageRequest,
    ) -> PortResult<Page<Kept>> {
        let operation = "anomalies.list";
        let paging = Paging::new::<B>(operation, &format!("{scope:?}{standing:?}"), page)?;
        let mut session = self.0.read(operation).await?;
        let count = of_store("COUNT(*)", "anomalies", scope, standing);
        let total = counted(&mut session, &paging, count).await?;
        let mut sql = of_store(KEPT, "anomalies", scope, standing);
        paging.newest_first(&mut sql);
        let rows = session.rows(sql).await?;
        let items = rows.iter().map(kept).collect::<Result<Vec<Kept>, _>>()?;
        Ok(paging.page(items, total, |last| {
            let at = midnight(last.anomaly.day).timestamp_micros();
            (Key::Int(at), Key::Id(last.anomaly.id.0))
        }))
    }

    async fn anomaly(&self, workspace: WorkspaceId, id: AnomalyId) -> PortResult<Option<Kept>> {
        let sql = Sql::new(format!(
            "SELECT {KEPT} FROM anomalies WHERE id = $1 AND workspace = $2"
        ))
        .bind(id)
        .bind(workspace);
        let row = self.0.read("anomalies.find").await?.one(sql).await?;
        Ok(row.map(|row| kept(&row)).transpose()?)
    }

    async fn mark_anomaly(&self, marked: &Kept, entry: &NewEntry) -> PortResult<()> {
        let operation = "anomalies.mark";
        let scope = marked.anomaly.scope;
        let mut tx = self.0.write(operation).await?;
        let sql = Sql::new(
            "UPDATE anomalies SET version = $3, standing = $4, mark = $5 \
             WHERE id = $1 AND workspace = $2 AND version = $3 - 1",
        )
        .bind(marked.anomaly.id)
        .bind(scope.workspace)
        .bind(marked.version)
        .bind(marked.standing().as_str())
        .bind(marked.mark.as_ref().map(json));
        if tx.run(sql).await? == 0 {
            tx.undo().await?;
            let detail = "somebody else said something about it meanwhile; look at it again";
            return Err(Self::refuse(Kind::Conflict, operation, detail));
        }
        record(&mut tx, std::slice::from_ref(entry)).await?;
        events::append(&mut tx, &[analysis_changed(scope, entry.at)]).await?;
        tx.commit().await
    }

    async fn save_brief(&self, brief: &Brief) -> PortResult<bool> {
        let mut tx = self.0.write("briefs.save").await?;
        let sql = Sql::new(
            "INSERT INTO briefs (id, workspace, store, created_at, document) \
             VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
        )
        .bind(brief_id(brief.scope, brief.day))
        .bind(brief.scope.workspace)
        .bind(brief.scope.store)
        .bind(midnight(brief.day))
        .bind(json(brief));
        let is_first = tx.run(sql).await? == 1;
        if is_first {
            events::append(&mut tx, &[analysis_changed(brief.scope, brief.made_at)]).await?;
        }
        tx.commit().await?;
        Ok(is_first)
    }

    async fn replace_brief(&self, brief: &Brief) -> PortResult<bool> {
        let mut tx = self.0.write("briefs.replace").await?;
        let sql = Sql::new(
            "UPDATE briefs SET document = $3, version = $4 \
             WHERE id = $1 AND workspace = $2 AND version = $4 - 1",
        )
        .bind(brief_id(brief.scope, brief.day))
        .bind(brief.scope.workspace)
        .bind(json(brief))
        .bind(brief.version);
        let is_next = tx.run(sql).await? == 1;
        if is_next {
            events::append(&mut tx, &[analysis_changed(brief.scope, brief.made_at)]).await?;
        }
        tx.commit().await?;
        Ok(is_next)
    }

    async fn briefs(&self, scope: StoreScope, page: &PageRequest) -> PortResult<Page<Brief>> {
        let operation = "briefs.list";
        let paging = Paging::new::<B>(operation, &format!("{scope:?}"), page)?;
        let mut session = self.0.read(operation).await?;
        let count = of_store("COUNT(*)", "briefs", scope, None);
        let total = counted(&mut session, &paging, count).await?;
        let mut sql = of_store("document", "briefs", scope, None);
        paging.newest_first(&mut sql);
        let rows = session.rows(sql).await?;
        let items = rows.iter().map(|row| Cells::of(row).json());
        let items = items.collect::<Result<Vec<Brief>, _>>()?;
        Ok(paging.page(items, total, |last| {
            let id = brief_id(last.scope, last.day);
            (Key::Int(midnight(last.day).timestamp_micros()), Key::Id(id))
        }))
    }

    async fn brief(&self, scope: StoreScope, day: NaiveDate) -> PortResult<Option<Brief>> {
        let sql = Sql::new("SELECT document FROM briefs WHERE id = $1 AND workspace = $2")
            .bind(brief_id(scope, day))
            .bind(scope.workspace);
        let row = self.0.read("briefs.find").await?.one(sql).await?;
        Ok(row.map(|row| Cells::of(&row).json()).transpose()?)
    }
}
