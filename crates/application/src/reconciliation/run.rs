//! One run from claim to end.

use super::Reconciliations;
use super::evidence::Bench;
use crate::connections::remedy;
use crate::ingest::calendar;
use crate::queue::{Stop, meanwhile};
use domain::reconciliation::{ReconciliationRun, Source, Tally};
use domain::store::Store;
use domain::sync::{SyncFailure, SyncStatus};
use ports::reconciliations::ReconciliationLease;
use ports::source::StoreSource;
use ports::{Kind, PortError, PortResult, Retry};
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

/// Days that are compared and saved together.
const AT_ONCE: u64 = 31;

pub(super) struct Runner {
    pub(super) service: Reconciliations,
    pub(super) lease: ReconciliationLease,
    pub(super) stop: CancellationToken,
}

impl Runner {
    pub(super) async fn run(mut self) {
        let run = self.lease.run.id;
        let outcome = self.days().await;
        if let Err(error) = self.end(outcome).await {
            tracing::warn!(%run, %error, "the end of a reconciliation could not be recorded");
        }
    }

    async fn days(&mut self) -> Result<(), Stop> {
        let (store, oracle) = self.service.meet(&self.lease.run).await?;
        let (calendar, ports) = (calendar(&store)?, self.service.ports.clone());
        while let Some(range) = self.lease.run.next(AT_ONCE) {
            let (source, reason) = choose(oracle.as_ref(), &store, &self.lease.run).await?;
            let bench = Bench {
                ports: &ports,
                store: &store,
                calendar,
                oracle: oracle.as_ref(),
                source,
            };
            let today = calendar.day_of(self.service.ports.clock.now());
            let judged = self.beating(bench.judge(range, today)).await?;
            let run = &mut self.lease.run;
            run.source = Some(source);
            run.source_reason = reason;
            run.tally.add(Tally::of(&judged));
            run.done_through = Some(range.to);
            self.save(&judged).await?;
        }
        Ok(())
    }

    /// Renews the lease while the provider is asked, and hears whether the run is to stop.
    async fn beating<T>(&mut self, work: impl Future<Output = PortResult<T>>) -> Result<T, Stop> {
        let every = (self.service.lease / 3).to_std().unwrap_or_default();
        let mut work = std::pin::pin!(work);
        loop {
            tokio::select! {
                done = &mut work => return Ok(done?),
                () = self.stop.cancelled() => return Err(Stop::Shutdown),
                () = tokio::time::sleep(every) => {
                    let (saved, done) = meanwhile(work.as_mut(), self.save(&[])).await;
                    saved?;
                    if let Some(done) = done {
                        return Ok(done?);
                    }
                }
            }
        }
    }

    async fn save(&mut self, found: &[domain::reconciliation::Reconciled]) -> Result<(), Stop> {
        let now = self.service.ports.clock.now();
        self.lease.run.status = SyncStatus::Running;
        let store = &self.service.ports.reconciliations;
        let saved = store
            .advance(&self.lease, found, now, self.service.lease)
            .await;
        match saved {
            Ok(run) if run.status == SyncStatus::Cancelling => return Err(Stop::Cancelled),
            Ok(_) => {}
            Err(error) if error.kind == Kind::Conflict => return Err(Stop::LostLease),
            Err(error) => return Err(error.into()),
        }
        self.service.announce(&self.lease.run).await?;
        if self.stop.is_cancelled() {
            Err(Stop::Shutdown)
        } else {
            Ok(())
        }
    }

    async fn end(&mut self, outcome: Result<(), Stop>) -> PortResult<()> {
        let now = self.service.ports.clock.now();
        let store = &self.service.ports.reconciliations;
        let run = &mut self.lease.run;
        match outcome {
            Err(Stop::LostLease) => return Ok(()),
            Err(Stop::Shutdown) => {
                // Free at once for whoever comes next.
                let none = chrono::Duration::zero();
                return store.advance(&self.lease, &[], now, none).await.map(drop);
            }
            Ok(()) => run.status = SyncStatus::Succeeded,
            Err(Stop::Cancelled) => run.status = SyncStatus::Cancelled,
            Err(Stop::Failed(error)) => {
                tracing::warn!(run = %run.id, %error, "reconciliation failed");
                run.status = SyncStatus::Failed;
                run.error = Some(SyncFailure {
                    message: error.detail.clone(),
                    remedy: remedy(error.kind).to_owned(),
                });
            }
        }
        run.finished_at = Some(now);
        let none = chrono::Duration::zero();
        store.advance(&self.lease, &[], now, none).await?;
        self.service.announce(&self.lease.run).await
    }
}

/// The provider's own report where it may be read, else the orders' own totals, with the reason. A run stays with what it began with.
async fn choose(
    oracle: &dyn StoreSource,
    store: &Store,
    run: &ReconciliationRun,
) -> PortResult<(Source, Option<String>)> {
    if let Some(source) = run.source {
        return Ok((source, run.source_reason.clone()));
    }
    let day = domain::calendar::DayRange {
        from: run.range.from,
        to: run.range.from,
    };
    match oracle.sales_by_day(day, store.currency).await {
        Ok(_) => Ok((Source::Analytics, None)),
        Err(error) if matches!(error.kind, Kind::Forbidden | Kind::Unsupported) => {
            Ok((Source::OrderTotals, Some(error.detail)))
        }
        Err(error) => Err(error),
    }
}

impl Reconciliations {
    async fn meet(&self, run: &ReconciliationRun) -> PortResult<(Store, Arc<dyn StoreSource>)> {
        let workspace = run.scope.workspace;
        let gone = || {
            let detail = "the connection was removed";
            PortError::new(
                Kind::NotFound,
                Retry::Never,
                "royal",
                "reconciliation",
                detail,
            )
        };
        let connection = self
            .ports
            .connections
            .find(workspace, run.connection)
            .await?;
        let connection = connection.ok_or_else(gone)?;
        let stores = self.ports.connections.stores(workspace).await?;
        let store = stores
            .into_iter()
            .find(|s| s.scope == run.scope)
            .ok_or_else(gone)?;
        let source = self.connections.pool.source(&connection).await?;
        Ok((store, source))
    }
}
