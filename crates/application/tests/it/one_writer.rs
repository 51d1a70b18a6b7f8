//! A database with one writer, as an embedded one has: who keeps a forecast holds it until the lease wants to write, too.

use async_trait::async_trait;
use chrono::{DateTime, Duration, NaiveDate, Utc};
use domain::calendar::DayRange;
use domain::forecast::score::DayScores;
use domain::forecast::{ForecastRun, StoredForecast, Target, TargetLevel};
use domain::ids::{ForecastRunId, StoreId, StoreScope, WorkspaceId};
use ports::forecasts::{ForecastLease, ForecastRuns, ForecastStore};
use ports::{Page, PageRequest, PortResult};
use std::sync::Arc;
use tokio::sync::{Mutex, watch};

pub(crate) struct OneWriter {
    forecasts: Arc<dyn ForecastStore>,
    runs: Arc<dyn ForecastRuns>,
    turn: Mutex<()>,
    /// How often a lease wanted to write.
    beats: watch::Sender<u64>,
}

impl OneWriter {
    pub(crate) fn over(forecasts: Arc<dyn ForecastStore>, runs: Arc<dyn ForecastRuns>) -> Self {
        Self {
            forecasts,
            runs,
            turn: Mutex::new(()),
            beats: watch::Sender::new(0),
        }
    }
}

#[async_trait]
impl ForecastStore for OneWriter {
    async fn save_forecasts(&self, scope: StoreScope, made: &[StoredForecast]) -> PortResult<()> {
        let _turn = self.turn.lock().await;
        let mut beats = self.beats.subscribe();
        beats.changed().await.unwrap();
        self.forecasts.save_forecasts(scope, made).await
    }

    async fn newest_forecasts(
        &self,
        scope: StoreScope,
        level: TargetLevel,
    ) -> PortResult<Vec<StoredForecast>> {
        self.forecasts.newest_forecasts(scope, level).await
    }

    async fn newest_forecast(
        &self,
        scope: StoreScope,
        target: Target,
    ) -> PortResult<Option<StoredForecast>> {
        self.forecasts.newest_forecast(scope, target).await
    }

    async fn walk_forecasts(
        &self,
        scope: StoreScope,
        from: NaiveDate,
        after: Option<(Target, NaiveDate)>,
        limit: u32,
    ) -> PortResult<Vec<StoredForecast>> {
        self.forecasts
            .walk_forecasts(scope, from, after, limit)
            .await
    }

    async fn forget_forecasts(&self, scope: StoreScope, before: NaiveDate) -> PortResult<()> {
        self.forecasts.forget_forecasts(scope, before).await
    }

    async fn save_scores(&self, scope: StoreScope, days: &[DayScores]) -> PortResult<()> {
        self.forecasts.save_scores(scope, days).await
    }

    async fn scores(&self, scope: StoreScope, range: DayRange) -> PortResult<Vec<DayScores>> {
        self.forecasts.scores(scope, range).await
    }
}

#[async_trait]
impl ForecastRuns for OneWriter {
    async fn create(&self, run: &ForecastRun) -> PortResult<()> {
        self.runs.create(run).await
    }

    async fn find(
        &self,
        workspace: WorkspaceId,
        id: ForecastRunId,
    ) -> PortResult<Option<ForecastRun>> {
        self.runs.find(workspace, id).await
    }

    async fn list(
        &self,
        workspace: WorkspaceId,
        store: Option<StoreId>,
        page: &PageRequest,
    ) -> PortResult<Page<ForecastRun>> {
        self.runs.list(workspace, store, page).await
    }

    async fn claim(
        &self,
        now: DateTime<Utc>,
        lease: Duration,
    ) -> PortResult<Option<ForecastLease>> {
        self.runs.claim(now, lease).await
    }

    async fn advance(
        &self,
        lease: &ForecastLease,
        now: DateTime<Utc>,
        prolong: Duration,
    ) -> PortResult<ForecastRun> {
        self.beats.send_modify(|beats| *beats += 1);
        let _turn = self.turn.lock().await;
        self.runs.advance(lease, now, prolong).await
    }

    async fn request_cancel(
        &self,
        workspace: WorkspaceId,
        id: ForecastRunId,
        now: DateTime<Utc>,
    ) -> PortResult<ForecastRun> {
        self.runs.request_cancel(workspace, id, now).await
    }
}
