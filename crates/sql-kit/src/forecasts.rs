//! Forecasts as documents, the newest of each target and those of late nights; scores by day; runs with their leases.

use crate::codec::{json, word};
use crate::leased::Leased;
use crate::{Backend, Bulk, Cells, Database, Session, Sql, Writer};
use async_trait::async_trait;
use chrono::{DateTime, Duration, NaiveDate, Utc};
use domain::calendar::DayRange;
use domain::forecast::score::DayScores;
use domain::forecast::{ForecastRun, StoredForecast, Target, TargetLevel};
use domain::ids::{ForecastRunId, StoreId, StoreScope, WorkspaceId};
use domain::work::Run as _;
use ports::forecasts::{ForecastLease, ForecastRuns, ForecastStore};
use ports::{Page, PageRequest, PortResult};
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;

impl Leased for ForecastRun {
    const TABLE: &'static str = "forecast_runs";
    const OPEN: &'static str = "'queued', 'running', 'cancelling'";
    const NAME: &'static str = "run";
}

#[async_trait]
impl<B: Backend> ForecastRuns for Database<B> {
    async fn create(&self, run: &ForecastRun) -> PortResult<()> {
        let columns = vec![("store", run.scope.store.into())];
        let taken = "the forecasts of this store are being made; wait for their end";
        self.create_work("forecast_runs.create", run, columns, taken, None)
            .await
    }

    async fn find(
        &self,
        workspace: WorkspaceId,
        id: ForecastRunId,
    ) -> PortResult<Option<ForecastRun>> {
        self.find_work("forecast_runs.find", workspace, id.0).await
    }

    async fn list(
        &self,
        workspace: WorkspaceId,
        store: Option<StoreId>,
        page: &PageRequest,
    ) -> PortResult<Page<ForecastRun>> {
        let of = store.map(|id| ("store", id.into()));
        self.list_work("forecast_runs.list", workspace, of.as_slice(), page)
            .await
    }

    async fn claim(
        &self,
        now: DateTime<Utc>,
        lease: Duration,
    ) -> PortResult<Option<ForecastLease>> {
        let row = self.claim_work("forecast_runs.claim", now, lease).await?;
        Ok(row.map(|row| ForecastLease {
            run: row.work,
            fence: row.fence,
        }))
    }

    async fn advance(
        &self,
        lease: &ForecastLease,
        now: DateTime<Utc>,
        prolong: Duration,
    ) -> PortResult<ForecastRun> {
        let operation = "forecast_runs.advance";
        self.advance_work(operation, &lease.run, lease.fence, now + prolong)
            .await
    }

    async fn request_cancel(
        &self,
        workspace: WorkspaceId,
        id: ForecastRunId,
        now: DateTime<Utc>,
    ) -> PortResult<ForecastRun> {
        let operation = "forecast_runs.request_cancel";
        self.change_work::<ForecastRun>(operation, workspace, id.0, |row| row.work.cancel(now))
            .await
    }
}

fn insert(
    table: &'static str,
    on_conflict: &'static str,
    scope: StoreScope,
    rows: &[&StoredForecast],
) -> Bulk {
    Bulk::insert(table, on_conflict)
        .same_id("workspace", scope.workspace.0)
        .same_id("store", scope.store.0)
        .texts(
            "level",
            rows.iter().map(|f| f.target.level().as_str().to_owned()),
        )
        .ints("number", rows.iter().map(|f| f.target.number()))
        .texts("first_day", rows.iter().map(|f| f.first.to_string()))
        .texts("document", rows.iter().map(|f| json(*f)))
}

/// Only the last one of each key, as one statement writes no row twice.
fn last_of_each<K: Ord>(
    made: &[StoredForecast],
    key: impl Fn(&StoredForecast) -> K,
    beats: impl Fn(&StoredForecast, &StoredForecast) -> bool,
) -> Vec<&StoredForecast> {
    let mut last: BTreeMap<K, &StoredForecast> = BTreeMap::new();
    for forecast in made {
        let known = last.get(&key(forecast));
        if known.is_none_or(|known| beats(forecast, known)) {
            last.insert(key(forecast), forecast);
        }
    }
    last.into_values().collect()
}

impl<B: Backend> Database<B> {
    async fn documents_of<T: DeserializeOwned>(
        &self,
        operation: &'static str,
        sql: Sql,
    ) -> PortResult<Vec<T>> {
        let rows = self.0.read(operation).await?.rows(sql).await?;
        rows.iter().map(|row| Ok(Cells::of(row).json()?)).collect()
    }
}

#[async_trait]
impl<B: Backend> ForecastStore for Database<B> {
    async fn save_forecasts(&self, scope: StoreScope, made: &[StoredForecast]) -> PortResult<()> {
        let nights = last_of_each(made, |f| (f.target, f.first), |_, _| true);
        let newest = last_of_each(made, |f| f.target, |f, known| f.first >= known.first);
        let mut tx = self.0.write("forecasts.save").await?;
        let nights = insert(
            "forecast_nights",
            "ON CONFLICT (workspace, store, level, number, first_day) \
             DO UPDATE SET document = excluded.document",
            scope,
            &nights,
        );
        tx.bulk(nights).await?;
        let newest = insert(
            "forecasts",
            "ON CONFLICT (workspace, store, level, number) \
             DO UPDATE SET first_day = excluded.first_day, document = excluded.document \
             WHERE forecasts.first_day <= excluded.first_day",
            scope,
            &newest,
        );
        tx.bulk(newest).await?;
        tx.commit().await
    }

    async fn newest_forecasts(
        &self,
        scope: StoreScope,
        level: TargetLevel,
    ) -> PortResult<Vec<StoredForecast>> {
        let sql = Sql::new(
            "SELECT document FROM forecasts \
             WHERE workspace = $1 AND store = $2 AND level = $3 ORDER BY number",
        )
        .bind(scope.workspace)
        .bind(scope.store)
        .bind(word(&level));
        self.documents_of("forecasts.newest", sql).await
    }

    async fn newest_forecast(
        &self,
        scope: StoreScope,
        target: Target,
    ) -> PortResult<Option<StoredForecast>> {
        let sql = Sql::new(
            "SELECT document FROM forecasts \
             WHERE workspace = $1 AND store = $2 AND level = $3 AND number = $4",
        )
        .bind(scope.workspace)
        .bind(scope.store)
        .bind(word(&target.level()))
        .bind(target.number());
        let found = self.documents_of("forecasts.find", sql).await?;
        Ok(found.into_iter().next())
    }

    async fn walk_forecasts(
        &self,
        scope: StoreScope,
        from: NaiveDate,
        after: Option<(Target, NaiveDate)>,
        limit: u32,
    ) -> PortResult<Vec<StoredForecast>> {
        let mut sql = Sql::new(
            "SELECT document FROM forecast_nights \
             WHERE workspace = $1 AND store = $2 AND first_day >= $3",
        )
        .bind(scope.workspace)
        .bind(scope.store)
        .bind(from);
        if let Some((target, first)) = after {
            sql.push(" AND (level, number, first_day) > (")
                .push_arg(word(&target.level()))
                .push(", ")
                .push_arg(target.number())
                .push(", ")
                .push_arg(first)
                .push(")");
        }
        sql.push(" ORDER BY level, number, first_day LIMIT ")
            .push_arg(limit);
        self.documents_of("forecasts.walk", sql).await
    }

    async fn forget_forecasts(&self, scope: StoreScope, before: NaiveDate) -> PortResult<()> {
        let mut tx = self.0.write("forecasts.forget").await?;
        for table in ["forecast_nights", "forecasts"] {
            let sql = Sql::new(format!(
                "DELETE FROM {table} WHERE workspace = $1 AND store = $2 AND first_day < $3"
            ))
            .bind(scope.workspace)
            .bind(scope.store)
            .bind(before);
            tx.run(sql).await?;
        }
        tx.commit().await
    }

    async fn save_scores(&self, scope: StoreScope, days: &[DayScores]) -> PortResult<()> {
        let last: BTreeMap<NaiveDate, &DayScores> = days.iter().map(|d| (d.day, d)).collect();
        let bulk = Bulk::insert(
            "forecast_scores",
            "ON CONFLICT (workspace, store, day) DO UPDATE SET document = excluded.document",
        )
        .same_id("workspace", scope.workspace.0)
        .same_id("store", scope.store.0)
        .texts("day", last.keys().map(ToString::to_string))
        .texts("document", last.values().map(|d| json(*d)));
        let mut tx = self.0.write("forecasts.save_scores").await?;
        tx.bulk(bulk).await?;
        tx.commit().await
    }

    async fn scores(&self, scope: StoreScope, range: DayRange) -> PortResult<Vec<DayScores>> {
        let sql = Sql::new(
            "SELECT document FROM forecast_scores \
             WHERE workspace = $1 AND store = $2 AND day BETWEEN $3 AND $4 ORDER BY day",
        )
        .bind(scope.workspace)
        .bind(scope.store)
        .bind(range.from)
        .bind(range.to);
        self.documents_of("forecasts.scores", sql).await
    }
}
