//! Forecasts, scores by day, and the nights' work on them.

use super::database::{FakeDatabase, refuse};
use super::leased::WorkRow;
use super::paging;
use async_trait::async_trait;
use chrono::{DateTime, Duration, NaiveDate, Utc};
use domain::calendar::DayRange;
use domain::forecast::score::DayScores;
use domain::forecast::{ForecastRun, StoredForecast, Target, TargetLevel};
use domain::ids::{ForecastRunId, StoreId, StoreScope, WorkspaceId};
use domain::work::Run as _;
use ports::forecasts::{ForecastLease, ForecastRuns, ForecastStore};
use ports::{Kind, Page, PageRequest, PortResult};
use std::collections::BTreeMap;

type Place = (&'static str, i64, NaiveDate);

#[derive(Default)]
pub(super) struct ForecastState {
    pub runs: BTreeMap<ForecastRunId, WorkRow<ForecastRun>>,
    pub nights: BTreeMap<(StoreScope, Place), StoredForecast>,
    pub scores: BTreeMap<(StoreScope, NaiveDate), DayScores>,
}

impl ForecastState {
    pub(super) fn purge(&mut self, scope: StoreScope) {
        self.runs.retain(|_, row| row.work.scope != scope);
        self.nights.retain(|(of, _), _| *of != scope);
        self.scores.retain(|(of, _), _| *of != scope);
    }
}

fn place(target: Target, first: NaiveDate) -> Place {
    (target.level().as_str(), target.number(), first)
}

#[async_trait]
impl ForecastRuns for FakeDatabase {
    async fn create(&self, run: &ForecastRun) -> PortResult<()> {
        let mut state = self.lock();
        let runs = &mut state.forecasts.runs;
        let open =
            |row: &WorkRow<ForecastRun>| row.work.scope == run.scope && row.work.status.is_open();
        if runs.values().any(open) || runs.contains_key(&run.id) {
            let detail = "another run of this store is open";
            return Err(refuse(Kind::Conflict, "forecast_runs.create", detail));
        }
        runs.insert(run.id, WorkRow::new(run));
        Ok(())
    }

    async fn find(
        &self,
        workspace: WorkspaceId,
        id: ForecastRunId,
    ) -> PortResult<Option<ForecastRun>> {
        let state = self.lock();
        let run = state.forecasts.runs.get(&id).map(|row| row.work.clone());
        Ok(run.filter(|run| run.scope.workspace == workspace))
    }

    async fn list(
        &self,
        workspace: WorkspaceId,
        store: Option<StoreId>,
        page: &PageRequest,
    ) -> PortResult<Page<ForecastRun>> {
        let state = self.lock();
        let rows = state.forecasts.runs.values();
        let rows = rows
            .filter(|row| row.work.scope.workspace == workspace)
            .filter(|row| store.is_none_or(|s| row.work.scope.store == s))
            .map(|row| (row.key(), row.work.clone()))
            .collect();
        paging::page("forecast_runs", "forecast_runs.list", rows, page)
    }

    async fn claim(
        &self,
        now: DateTime<Utc>,
        lease: Duration,
    ) -> PortResult<Option<ForecastLease>> {
        let mut state = self.lock();
        let row = WorkRow::claim(state.forecasts.runs.values_mut(), now, lease);
        Ok(row.map(|row| ForecastLease {
            run: row.work.clone(),
            fence: row.fence,
        }))
    }

    async fn advance(
        &self,
        lease: &ForecastLease,
        now: DateTime<Utc>,
        prolong: Duration,
    ) -> PortResult<ForecastRun> {
        let mut state = self.lock();
        let row = state.forecasts.runs.get_mut(&lease.run.id);
        let operation = "forecast_runs.advance";
        WorkRow::advance(row, operation, &lease.run, lease.fence, now + prolong)
    }

    async fn request_cancel(
        &self,
        workspace: WorkspaceId,
        id: ForecastRunId,
        now: DateTime<Utc>,
    ) -> PortResult<ForecastRun> {
        let operation = "forecast_runs.request_cancel";
        let mut state = self.lock();
        let row = state.forecasts.runs.get_mut(&id);
        let row = row
            .filter(|row| row.work.scope.workspace == workspace)
            .ok_or_else(|| refuse(Kind::NotFound, operation, "there is no such run"))?;
        let cancelled = row.work.cancel(now);
        cancelled.map_err(|detail| refuse(Kind::Conflict, operation, detail))?;
        Ok(row.work.clone())
    }
}

#[async_trait]
impl ForecastStore for FakeDatabase {
    async fn save_forecasts(&self, scope: StoreScope, made: &[StoredForecast]) -> PortResult<()> {
        let mut state = self.lock();
        for forecast in made {
            let place = place(forecast.target, forecast.first);
            state
                .forecasts
                .nights
                .insert((scope, place), forecast.clone());
        }
        Ok(())
    }

    async fn newest_forecasts(
        &self,
        scope: StoreScope,
        level: TargetLevel,
    ) -> PortResult<Vec<StoredForecast>> {
        let state = self.lock();
        let mine = state.forecasts.nights.iter();
        let mine = mine.filter(|((of, place), _)| *of == scope && place.0 == level.as_str());
        let newest: BTreeMap<i64, StoredForecast> = mine
            .map(|((_, place), forecast)| (place.1, forecast.clone()))
            .collect();
        Ok(newest.into_values().collect())
    }

    async fn newest_forecast(
        &self,
        scope: StoreScope,
        target: Target,
    ) -> PortResult<Option<StoredForecast>> {
        let all = self.newest_forecasts(scope, target.level()).await?;
        Ok(all.into_iter().find(|f| f.target == target))
    }

    async fn walk_forecasts(
        &self,
        scope: StoreScope,
        from: NaiveDate,
        after: Option<(Target, NaiveDate)>,
        limit: u32,
    ) -> PortResult<Vec<StoredForecast>> {
        let after = after.map(|(target, first)| place(target, first));
        let state = self.lock();
        let mine = state.forecasts.nights.iter();
        let mine = mine.filter(|((of, place), _)| {
            *of == scope && place.2 >= from && after.is_none_or(|after| *place > after)
        });
        let found = mine.map(|(_, forecast)| forecast.clone());
        Ok(found.take(limit as usize).collect())
    }

    async fn forget_forecasts(&self, scope: StoreScope, before: NaiveDate) -> PortResult<()> {
        let mut state = self.lock();
        let nights = &mut state.forecasts.nights;
        nights.retain(|(of, place), _| *of != scope || place.2 >= before);
        Ok(())
    }

    async fn save_scores(&self, scope: StoreScope, days: &[DayScores]) -> PortResult<()> {
        let mut state = self.lock();
        for day in days {
            let key = (scope, day.day);
            state.forecasts.scores.insert(key, day.clone());
        }
        Ok(())
    }

    async fn scores(&self, scope: StoreScope, range: DayRange) -> PortResult<Vec<DayScores>> {
        let state = self.lock();
        let days = (scope, range.from)..=(scope, range.to);
        let found = state.forecasts.scores.range(days);
        Ok(found.map(|(_, day)| day.clone()).collect())
    }
}
