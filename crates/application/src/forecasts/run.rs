//! One run from claim to end.

use super::Forecasts;
use super::night::{Done, Night, Watch};
use crate::connections::remedy;
use crate::queue::{Beat, Beating, Stop};
use domain::sync::{SyncFailure, SyncStatus};
use ports::forecasts::ForecastLease;
use ports::{Kind, PortResult};
use tokio_util::sync::CancellationToken;

pub(super) struct Runner {
    pub(super) service: Forecasts,
    pub(super) lease: ForecastLease,
    pub(super) stop: CancellationToken,
}

impl Runner {
    pub(super) async fn run(mut self) {
        let run = self.lease.run.id;
        let outcome = self.night().await;
        if let Err(error) = self.end(outcome).await {
            tracing::warn!(%run, %error, "the end of a night of forecasts could not be recorded");
        }
    }

    async fn night(&mut self) -> Result<(), Stop> {
        let run = &self.lease.run;
        let watch = Watch::default();
        let night = Night {
            ports: self.service.ports.clone(),
            scope: run.scope,
            day: run.day,
            watch: watch.clone(),
        };
        let done = self.beating(night, &watch).await?;
        let run = &mut self.lease.run;
        run.done = watch.done();
        run.total = Some(run.done);
        run.refitted = done.refitted;
        run.reused = done.reused;
        run.too_little = done.too_little;
        run.scored_days = done.scored_days;
        run.drift = Some(done.drift);
        Ok(())
    }

    async fn beating(&mut self, night: Night, watch: &Watch) -> Result<Done, Stop> {
        let mut work = Beating::start(night.work(), self.service.lease);
        let ended = loop {
            match work.next(&self.stop).await {
                Beat::Done(done) => return done,
                Beat::Leave => break Stop::Shutdown,
                Beat::Due => {
                    let run = &mut self.lease.run;
                    (run.done, run.total) = (watch.done(), watch.total());
                    if let Err(stop) = self.save().await {
                        break stop;
                    }
                }
            }
        };
        watch.give_up();
        work.put_down().await;
        Err(ended)
    }

    async fn save(&self) -> Result<(), Stop> {
        let now = self.service.ports.clock.now();
        let runs = &self.service.ports.forecast_runs;
        match runs.advance(&self.lease, now, self.service.lease).await {
            Ok(run) if run.status == SyncStatus::Cancelling => return Err(Stop::Cancelled),
            Ok(_) => {}
            Err(error) if error.kind == Kind::Conflict => return Err(Stop::LostLease),
            Err(error) => return Err(error.into()),
        }
        Ok(self.service.announce(&self.lease.run).await?)
    }

    async fn end(&mut self, outcome: Result<(), Stop>) -> PortResult<()> {
        let now = self.service.ports.clock.now();
        let runs = &self.service.ports.forecast_runs;
        let none = chrono::Duration::zero();
        let run = &mut self.lease.run;
        match outcome {
            Err(Stop::LostLease) => return Ok(()),
            // Free at once for whoever comes next.
            Err(Stop::Shutdown) => return runs.advance(&self.lease, now, none).await.map(drop),
            Ok(()) => run.status = SyncStatus::Succeeded,
            Err(Stop::Cancelled) => run.status = SyncStatus::Cancelled,
            Err(Stop::Failed(error)) => {
                tracing::warn!(run = %run.id, %error, "forecasts could not be made");
                run.status = SyncStatus::Failed;
                run.error = Some(SyncFailure {
                    message: error.detail.clone(),
                    remedy: remedy(error.kind).to_owned(),
                });
            }
        }
        run.finished_at = Some(now);
        runs.advance(&self.lease, now, none).await?;
        self.service.announce(&self.lease.run).await
    }
}
