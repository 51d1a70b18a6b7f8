//! Opportunities: figures and decisions as documents, with what is looked for in columns beside them.

use crate::audit::record;
use crate::codec::json;
use crate::cursor::{Key, Paging};
use crate::row::{SqlRow, Undecodable};
use crate::{Backend, Bulk, Cells, Database, Session, Sql, Writer, events, versioned};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::audit::NewEntry;
use domain::ids::{OpportunityId, StoreScope, TrendSeriesId, WorkspaceId};
use domain::opportunity::{
    Decision, Opportunity, OpportunitySettings, Potential, TrendSeries, Watch, Watched,
};
use ports::events::opportunities_changed;
use ports::opportunities::{OpportunityFilter, OpportunityStore, OpportunitySums};
use ports::{Kind, Page, PageRequest, PortResult};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

const TABLE: &str = "opportunities";
const SETTINGS: &str = "opportunity_settings";
const COLUMNS: &str = "document, discovered_at, version, decision, gone";
const SET: &str = "ON CONFLICT (id) DO UPDATE SET rank = excluded.rank, score = excluded.score, \
     margin = excluded.margin, high = excluded.high, suppliers = excluded.suppliers, \
     ships_to = excluded.ships_to, round = excluded.round, gone = excluded.gone, \
     document = excluded.document WHERE opportunities.workspace = excluded.workspace";
const PIECE: usize = 1 << 20;

/// A line before and after each, so that a whole one can be looked for.
fn lines(of: impl IntoIterator<Item = String>) -> String {
    let all: BTreeSet<String> = of.into_iter().collect();
    let mut text = "\n".to_owned();
    for one in all {
        text.push_str(&one.replace('\n', " "));
        text.push('\n');
    }
    text
}

fn line(of: &str) -> String {
    format!("\n{}\n", of.trim().replace('\n', " "))
}

fn insert(scope: StoreScope, round: Uuid, found: &[Opportunity]) -> Bulk {
    let last: BTreeMap<_, _> = found.iter().map(|o| (o.id, o)).collect();
    let all = || last.values();
    let suppliers = |o: &Opportunity| {
        let names = o.leads.iter().filter_map(|l| l.supplier.as_deref());
        lines(names.map(|s| s.trim().to_lowercase()))
    };
    let is_high = |o: &Opportunity| i64::from(o.potential == Some(Potential::High));
    Bulk::insert(TABLE, SET)
        .ids("id", last.keys().map(|id| id.0))
        .same_id("workspace", scope.workspace.0)
        .same_id("store", scope.store.0)
        .ints("rank", all().map(|o| o.interval.low))
        .ints("score", all().map(|o| o.score))
        .ints("margin", all().map(|o| o.margin.value.map(|m| m.low)))
        .ints("high", all().map(|o| is_high(o)))
        .texts("suppliers", all().map(|o| suppliers(o)))
        .texts("ships_to", all().map(|o| lines(o.ships_to.iter().cloned())))
        .instants("discovered_at", all().map(|o| o.computed_at))
        .texts("round", all().map(|_| round.to_string()))
        .same_int("gone", 0)
        .texts("document", all().map(|o| json(*o)))
        .same_int("version", 0)
        .texts("watch", all().map(|_| Watch::Proposed.as_str().to_owned()))
}

fn watched<R: SqlRow>(row: &R) -> Result<Watched, Undecodable> {
    let mut cells = Cells::of(row);
    let opportunity = cells.json()?;
    let discovered_at = cells.at()?;
    let version = cells.int()?;
    let decision = cells.text_or_none()?;
    let decision = decision.map(|text| serde_json::from_str::<Decision>(&text));
    let decision = decision
        .transpose()
        .map_err(|error| cells.bad(error.to_string()))?;
    Ok(Watched {
        opportunity,
        discovered_at,
        version,
        decision,
        gone: cells.bool()?,
    })
}

/// What waits for somebody at a moment.
fn push_watch(sql: &mut Sql, watch: Watch, now: DateTime<Utc>) {
    match watch {
        Watch::Proposed => {
            sql.push(" AND (watch = 'proposed' OR (watch = 'snoozed' AND until <= ")
                .push_arg(now)
                .push("))");
        }
        Watch::Snoozed => {
            sql.push(" AND watch = 'snoozed' AND until > ")
                .push_arg(now);
        }
        Watch::Approved | Watch::Rejected => {
            sql.push(" AND watch = ").push_arg(watch.as_str());
        }
    }
}

fn filtered<B: Backend>(
    what: &str,
    scope: StoreScope,
    filter: &OpportunityFilter,
    now: DateTime<Utc>,
) -> Sql {
    let mut sql = Sql::new(format!(
        "SELECT {what} FROM opportunities WHERE workspace = "
    ));
    sql.push_arg(scope.workspace)
        .push(" AND store = ")
        .push_arg(scope.store);
    if let Some(watch) = filter.watch {
        push_watch(&mut sql, watch, now);
    }
    if let Some(score) = filter.score {
        sql.push(" AND score >= ").push_arg(score);
    }
    if let Some(margin) = filter.margin {
        sql.push(" AND margin >= ").push_arg(margin);
    }
    if let Some(country) = &filter.ships_to {
        let (own, all) = (
            sql.number(line(&country.to_ascii_uppercase())),
            sql.number(line("*")),
        );
        let (own, all) = (B::contains("ships_to", own), B::contains("ships_to", all));
        sql.push(&format!(" AND ({own} OR {all})"));
    }
    if let Some(supplier) = &filter.supplier {
        let n = sql.number(line(&supplier.to_lowercase()));
        sql.push(" AND ").push(&B::contains("suppliers", n));
    }
    sql
}

#[async_trait]
impl<B: Backend> OpportunityStore for Database<B> {
    async fn save_opportunities(
        &self,
        scope: StoreScope,
        round: Uuid,
        found: &[Opportunity],
    ) -> PortResult<()> {
        if found.is_empty() {
            return Ok(());
        }
        let mut tx = self.0.write("opportunities.save").await?;
        for piece in insert(scope, round, found).pieces(PIECE) {
            tx.bulk(piece).await?;
        }
        tx.commit().await
    }

    async fn settle_opportunities(
        &self,
        scope: StoreScope,
        round: Uuid,
        at: DateTime<Utc>,
    ) -> PortResult<()> {
        let mut tx = self.0.write("opportunities.settle").await?;
        for text in [
            "DELETE FROM opportunities \
             WHERE workspace = $1 AND store = $2 AND round < $3 AND version = 0",
            "UPDATE opportunities SET gone = 1 \
             WHERE workspace = $1 AND store = $2 AND round < $3",
        ] {
            let sql = Sql::new(text)
                .bind(scope.workspace)
                .bind(scope.store)
                .bind(round.to_string());
            tx.run(sql).await?;
        }
        events::append(&mut tx, &[opportunities_changed(scope, at)]).await?;
        tx.commit().await
    }

    async fn opportunities(
        &self,
        scope: StoreScope,
        filter: &OpportunityFilter,
        now: DateTime<Utc>,
        page: &PageRequest,
    ) -> PortResult<Page<Watched>> {
        let operation = "opportunities.list";
        let paging = Paging::new::<B>(operation, &format!("{scope:?}{filter:?}"), page)?;
        let mut session = self.0.read(operation).await?;
        let total = match &paging.after {
            Some(cursor) => cursor.total,
            None => {
                let counted = filtered::<B>("COUNT(*)", scope, filter, now);
                let row = session.one(counted).await?;
                row.map_or(Ok(0), |row| Cells::of(&row).count())?
            }
        };
        let mut sql = filtered::<B>(COLUMNS, scope, filter, now);
        if let Some(cursor) = &paging.after {
            sql.push(" AND (rank < ")
                .push_arg(cursor.sort.clone())
                .push(" OR (rank = ")
                .push_arg(cursor.sort.clone())
                .push(" AND id > ")
                .push_arg(cursor.id.clone())
                .push("))");
        }
        sql.push(" ORDER BY rank DESC, id LIMIT ")
            .push_arg(paging.fetch());
        let rows = session.rows(sql).await?;
        let items = rows
            .iter()
            .map(watched)
            .collect::<Result<Vec<Watched>, _>>()?;
        Ok(paging.page(items, total, |last| {
            let rank = Key::Int(last.opportunity.interval.low);
            (rank, Key::Id(last.opportunity.id.0))
        }))
    }

    async fn opportunity(
        &self,
        workspace: WorkspaceId,
        id: OpportunityId,
    ) -> PortResult<Option<Watched>> {
        let sql = Sql::new(format!(
            "SELECT {COLUMNS} FROM opportunities WHERE id = $1 AND workspace = $2"
        ))
        .bind(id)
        .bind(workspace);
        let row = self.0.read("opportunities.find").await?.one(sql).await?;
        Ok(row.map(|row| watched(&row)).transpose()?)
    }

    async fn decide_opportunity(&self, decided: &Watched, entry: &NewEntry) -> PortResult<()> {
        let operation = "opportunities.decide";
        let scope = decided.opportunity.scope;
        let decision = decided.decision.as_ref();
        let watch = decision.map_or(Watch::Proposed, |d| d.watch);
        let mut tx = self.0.write(operation).await?;
        let sql = Sql::new(
            "UPDATE opportunities SET version = $3, watch = $4, until = $5, decision = $6 \
             WHERE id = $1 AND workspace = $2 AND version = $3 - 1",
        )
        .bind(decided.opportunity.id)
        .bind(scope.workspace)
        .bind(decided.version)
        .bind(watch.as_str())
        .bind(decision.and_then(|d| d.until))
        .bind(decision.map(json));
        if tx.run(sql).await? == 0 {
            tx.undo().await?;
            let detail = "somebody else decided about it meanwhile; look at it again";
            return Err(Self::refuse(Kind::Conflict, operation, detail));
        }
        record(&mut tx, std::slice::from_ref(entry)).await?;
        events::append(&mut tx, &[opportunities_changed(scope, entry.at)]).await?;
        tx.commit().await
    }

    async fn opportunity_sums(
        &self,
        scope: StoreScope,
        now: DateTime<Utc>,
        since: DateTime<Utc>,
    ) -> PortResult<OpportunitySums> {
        let waits = "watch = 'proposed' OR (watch = 'snoozed' AND until <= $3)";
        let sql = Sql::new(format!(
            "SELECT COALESCE(SUM(CASE WHEN {waits} THEN 1 ELSE 0 END), 0), \
             COALESCE(SUM(CASE WHEN high = 1 AND ({waits}) THEN 1 ELSE 0 END), 0), \
             COALESCE(SUM(CASE WHEN watch = 'approved' THEN 1 ELSE 0 END), 0), \
             COALESCE(SUM(CASE WHEN discovered_at >= $4 THEN 1 ELSE 0 END), 0) \
             FROM opportunities WHERE workspace = $1 AND store = $2"
        ))
        .bind(scope.workspace)
        .bind(scope.store)
        .bind(now)
        .bind(since);
        let row = self.0.read("opportunities.sums").await?.one(sql).await?;
        let Some(row) = row else {
            return Ok(OpportunitySums::default());
        };
        let mut cells = Cells::of(&row);
        Ok(OpportunitySums {
            waiting: cells.count()?,
            high: cells.count()?,
            approved: cells.count()?,
            discovered: cells.count()?,
        })
    }

    async fn trends(&self, scope: StoreScope) -> PortResult<Vec<TrendSeries>> {
        crate::trends::all(self, scope).await
    }

    async fn save_trends(
        &self,
        scope: StoreScope,
        series: &[TrendSeries],
        entry: &NewEntry,
    ) -> PortResult<()> {
        crate::trends::save(self, scope, series, entry).await
    }

    async fn forget_trend(
        &self,
        scope: StoreScope,
        id: TrendSeriesId,
        entry: &NewEntry,
    ) -> PortResult<()> {
        crate::trends::forget(self, scope, id, entry).await
    }

    async fn opportunity_settings(
        &self,
        scope: StoreScope,
    ) -> PortResult<Option<OpportunitySettings>> {
        self.newest(SETTINGS, scope).await
    }

    async fn set_opportunity_settings(
        &self,
        settings: &OpportunitySettings,
        entry: &NewEntry,
    ) -> PortResult<()> {
        let (scope, version) = (settings.scope, settings.version);
        let mut tx = self.0.write(SETTINGS).await?;
        if !versioned::replace(&mut tx, SETTINGS, scope, version, settings).await? {
            tx.undo().await?;
            let detail = "the settings were changed otherwise meanwhile; look at them again";
            return Err(Self::refuse(Kind::Conflict, SETTINGS, detail));
        }
        record(&mut tx, std::slice::from_ref(entry)).await?;
        events::append(&mut tx, &[opportunities_changed(scope, entry.at)]).await?;
        tx.commit().await
    }
}
