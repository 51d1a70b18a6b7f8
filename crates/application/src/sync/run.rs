//! One run from claim to end.

use super::windows::Backfill;
use super::{BACKFILL_DONE, ORDERS_BACKFILL, Syncs};
use crate::connections::remedy;
use crate::queue::Stop;
use chrono::{DateTime, Duration, Utc};
use domain::connection::Connection;
use domain::store::Store;
use domain::sync::{FactKind, StepStatus, SyncFailure, SyncKind, SyncStatus, SyncWarning};
use ports::source::{ExportRequest, SourceTotals, StoreSource};
use ports::syncs::Lease;
use ports::{Kind, PortError, PortResult, Retry};
use serde_json::json;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

const MAX_WARNINGS: usize = 50;
/// Full reads of what has no stream of changes are not repeated sooner.
const FULL_READ_EVERY: Duration = Duration::hours(6);
/// The first look at changes begins this long before the backfill did, because clocks differ.
const CLOCK_SLACK: Duration = Duration::hours(1);

pub(super) struct Runner {
    pub(super) syncs: Syncs,
    pub(super) lease: Lease,
    pub(super) stop: CancellationToken,
}

/// What the steps work with, once the provider has answered.
pub(super) struct Session {
    pub connection: Connection,
    pub store: Store,
    pub source: Arc<dyn StoreSource>,
}

impl Runner {
    pub(super) fn new(syncs: Syncs, lease: Lease, stop: CancellationToken) -> Self {
        Self { syncs, lease, stop }
    }

    pub(super) async fn run(mut self) {
        let (sync, connection) = (self.lease.run.id, self.lease.run.connection);
        tracing::info!(%sync, %connection, kind = ?self.lease.run.kind, resumed = self.lease.run.resumed, "sync begins");
        let outcome = self.steps().await;
        if let Err(error) = self.end(outcome).await {
            tracing::warn!(%sync, %error, "the end of a sync could not be recorded");
        }
    }

    async fn steps(&mut self) -> Result<(), Stop> {
        let started = self.now();
        self.lease.run.started_at.get_or_insert(started);
        self.lease.run.error = None;
        let session = self.meet().await?;
        let totals = session.source.totals().await?;
        self.expect_totals(&totals);
        for kind in [FactKind::Locations, FactKind::Products] {
            self.step(&session, kind).await?;
        }
        self.orders_step(&session, &totals).await?;
        self.step(&session, FactKind::Inventory).await?;
        self.write_down_stock(&session.store).await?;
        for kind in [FactKind::Customers, FactKind::Payouts] {
            self.step(&session, kind).await?;
        }
        self.syncs
            .ports
            .syncs
            .set_checkpoint(
                self.lease.run.connection,
                BACKFILL_DONE,
                Some(&json!({ "at": self.now() })),
            )
            .await?;
        Ok(())
    }

    /// What was just read is the stock of the store's day until the next look; where stock may not be read, nobody looked.
    async fn write_down_stock(&self, store: &Store) -> PortResult<()> {
        let step = self.lease.run.steps.iter();
        let mut step = step.filter(|s| s.kind == FactKind::Inventory);
        if step.any(|s| s.status == StepStatus::Done) {
            let now = self.now();
            let day = crate::ingest::calendar(store)?.day_of(now);
            let stock = &self.syncs.ports.stock;
            stock.keep_stock(store.scope, day, now).await?;
        }
        Ok(())
    }

    /// Who is there, what is granted, in which currency and zone.
    async fn meet(&mut self) -> Result<Session, Stop> {
        self.begin(FactKind::Shop);
        let run = &self.lease.run;
        let connection = self
            .syncs
            .ports
            .connections
            .find(run.scope.workspace, run.connection)
            .await?
            .ok_or_else(|| {
                PortError::new(
                    Kind::NotFound,
                    Retry::Never,
                    "royal",
                    "sync",
                    "the connection was removed",
                )
            })?;
        let source = self.syncs.connections.pool.source(&connection).await?;
        let identity = source.identify().await?;
        for warning in &identity.warnings {
            self.warn(warning.clone());
        }
        let missing = identity.scopes.missing.iter();
        for missing in missing.filter(|m| !m.for_changes) {
            self.warn(SyncWarning {
                code: "scope_missing".to_owned(),
                message: format!("{}: {}", missing.scope, missing.costs),
            });
        }
        let (connection, store) = self
            .syncs
            .connections
            .recognised(connection, identity)
            .await?;
        self.finish(FactKind::Shop, 1);
        self.beat().await?;
        Ok(Session {
            connection,
            store,
            source,
        })
    }

    fn expect_totals(&mut self, totals: &SourceTotals) {
        if self.lease.run.kind == SyncKind::Incremental {
            return;
        }
        for (kind, total) in [
            (FactKind::Orders, totals.orders),
            (FactKind::Products, totals.products),
            (FactKind::Customers, totals.customers),
        ] {
            if let Some(step) = self.lease.run.step_mut(kind) {
                step.total = total;
            }
        }
    }

    /// A kind that is not granted or not offered is skipped with the reason; the run goes on.
    async fn step(&mut self, session: &Session, kind: FactKind) -> Result<(), Stop> {
        if self.is_done(kind) {
            return Ok(());
        }
        self.begin(kind);
        let outcome = match self.lease.run.kind {
            SyncKind::Backfill => self.read_all(session, kind).await,
            SyncKind::Incremental => self.read_news(session, kind).await,
        };
        self.settle(kind, outcome).await
    }

    async fn settle(&mut self, kind: FactKind, outcome: Result<u64, Stop>) -> Result<(), Stop> {
        match outcome {
            Ok(done) => self.finish(kind, done),
            Err(Stop::Failed(error))
                if matches!(error.kind, Kind::Forbidden | Kind::Unsupported) =>
            {
                self.skip(kind, error.detail)
            }
            Err(stop) => {
                if let (Stop::Failed(error), Some(step)) = (&stop, self.lease.run.step_mut(kind)) {
                    step.status = StepStatus::Failed;
                    step.reason = Some(error.detail.clone());
                }
                return Err(stop);
            }
        }
        self.beat().await
    }

    async fn read_all(&mut self, session: &Session, kind: FactKind) -> Result<u64, Stop> {
        let before = self.now();
        let done = self
            .export(
                session,
                ExportRequest {
                    kind,
                    from: None,
                    until: None,
                },
                0,
            )
            .await?;
        self.keep(&format!("{}.full", kind.as_str()), &json!({ "at": before }))
            .await?;
        self.begin_changes(kind, before - CLOCK_SLACK).await?;
        Ok(done)
    }

    async fn read_news(&mut self, session: &Session, kind: FactKind) -> Result<u64, Stop> {
        match self.changes(session, kind).await {
            Err(Stop::Failed(error)) if error.kind == Kind::Unsupported => {}
            other => return other,
        }
        let full = self
            .syncs
            .ports
            .syncs
            .checkpoint(session.connection.id, &format!("{}.full", kind.as_str()))
            .await?;
        let at = full.and_then(|v| v.get("at")?.as_str()?.parse::<DateTime<Utc>>().ok());
        if at.is_some_and(|at| self.now() - at < FULL_READ_EVERY) {
            return Err(Stop::Failed(PortError::new(
                Kind::Unsupported,
                Retry::Never,
                "royal",
                "sync.step",
                format!(
                    "read as a whole every {} hours",
                    FULL_READ_EVERY.num_hours()
                ),
            )));
        }
        self.read_all(session, kind).await
    }

    /// Orders of the past in pieces, newest first; then what changed meanwhile.
    async fn orders_step(&mut self, session: &Session, totals: &SourceTotals) -> Result<(), Stop> {
        if self.is_done(FactKind::Orders) {
            return Ok(());
        }
        self.begin(FactKind::Orders);
        let outcome = match self.lease.run.kind {
            SyncKind::Backfill => self.backfill_orders(session, totals).await,
            SyncKind::Incremental => self.changes(session, FactKind::Orders).await,
        };
        self.settle(FactKind::Orders, outcome).await
    }

    async fn backfill_orders(
        &mut self,
        session: &Session,
        totals: &SourceTotals,
    ) -> Result<u64, Stop> {
        let mut place = match self
            .syncs
            .ports
            .syncs
            .checkpoint(session.connection.id, ORDERS_BACKFILL)
            .await?
        {
            Some(saved) => serde_json::from_value(saved).map_err(|e| corrupt(&e))?,
            None => self.begin_backfill(session, totals)?,
        };
        self.keep_place(&place).await?;
        let calendar = crate::ingest::calendar(&session.store)?;
        self.lease
            .run
            .newest_day
            .get_or_insert(calendar.day_of(place.started_at));
        while let Some(window) = place.window() {
            let request = ExportRequest {
                kind: FactKind::Orders,
                from: Some(window.from),
                until: Some(window.until),
            };
            match self.export(session, request, place.done).await {
                Ok(orders) => place.finished(window, orders),
                Err(Stop::Failed(error)) if error.is_transient() && place.shrink() => {
                    self.warn(SyncWarning {
                        code: "smaller_pieces".to_owned(),
                        message: error.detail,
                    });
                }
                Err(stop) => return Err(stop),
            }
            self.keep_place(&place).await?;
            if place.until <= place.started_at {
                self.lease.run.oldest_day = Some(calendar.day_of(place.until));
            }
        }
        self.begin_changes(FactKind::Orders, place.started_at - CLOCK_SLACK)
            .await?;
        self.changes(session, FactKind::Orders).await?;
        self.syncs
            .ports
            .syncs
            .set_checkpoint(session.connection.id, ORDERS_BACKFILL, None)
            .await?;
        self.compare_counts(session, totals).await?;
        Ok(place.done)
    }

    fn begin_backfill(&self, session: &Session, totals: &SourceTotals) -> PortResult<Backfill> {
        let now = self.now();
        // Without any order there is nothing to read; what comes later is a change.
        let oldest = totals.oldest_order.unwrap_or(now + Duration::days(2));
        let wanted = match session.connection.backfill_from {
            Some(day) => crate::ingest::calendar(&session.store)?.start_of(day),
            None => oldest,
        };
        Ok(Backfill::begin(now, oldest.max(wanted)))
    }

    /// Fewer orders than the provider counts is said, never hidden.
    async fn compare_counts(&mut self, session: &Session, totals: &SourceTotals) -> PortResult<()> {
        let stored = self.syncs.ports.orders.count(session.store.scope).await?;
        if let Some(total) = totals
            .orders
            .filter(|t| *t > stored && session.connection.backfill_from.is_none())
        {
            let message = format!(
                "{} counts {total} orders, {stored} could be read",
                session.connection.domain
            );
            self.warn(SyncWarning {
                code: "orders_missing".to_owned(),
                message,
            });
        }
        Ok(())
    }

    async fn keep_place(&self, place: &Backfill) -> Result<(), Stop> {
        let value = serde_json::to_value(place).map_err(|e| corrupt(&e))?;
        self.keep(ORDERS_BACKFILL, &value).await
    }

    pub(super) async fn keep(&self, name: &str, value: &serde_json::Value) -> Result<(), Stop> {
        Ok(self
            .syncs
            .ports
            .syncs
            .set_checkpoint(self.lease.run.connection, name, Some(value))
            .await?)
    }

    /// Saves progress and asks whether to go on.
    pub(super) async fn beat(&mut self) -> Result<(), Stop> {
        self.lease.run.status = SyncStatus::Running;
        let saved = self
            .syncs
            .ports
            .syncs
            .advance(&self.lease, self.now(), self.syncs.lease)
            .await;
        match saved {
            Ok(run) if run.status == SyncStatus::Cancelling => return Err(Stop::Cancelled),
            Ok(_) => {}
            Err(error) if error.kind == Kind::Conflict => return Err(Stop::LostLease),
            Err(error) => return Err(error.into()),
        }
        self.syncs
            .announce(&self.lease.run, "sync.progress")
            .await?;
        if self.stop.is_cancelled() {
            Err(Stop::Shutdown)
        } else {
            Ok(())
        }
    }

    async fn end(&mut self, outcome: Result<(), Stop>) -> PortResult<()> {
        let now = self.now();
        let run = &mut self.lease.run;
        match outcome {
            Err(Stop::LostLease) => return Ok(()),
            Err(Stop::Shutdown) => {
                // The lease ends at once, so that the next start can go on at once.
                self.syncs
                    .ports
                    .syncs
                    .advance(&self.lease, now, Duration::zero())
                    .await?;
                return Ok(());
            }
            Ok(()) => run.status = SyncStatus::Succeeded,
            Err(Stop::Cancelled) => run.status = SyncStatus::Cancelled,
            Err(Stop::Failed(error)) => {
                tracing::warn!(sync = %run.id, %error, source = ?error.source, "sync failed");
                run.status = SyncStatus::Failed;
                run.error = Some(SyncFailure {
                    message: error.detail.clone(),
                    remedy: remedy(error.kind).to_owned(),
                });
                let (workspace, id) = (run.scope.workspace, run.connection);
                if let Some(connection) = self.syncs.ports.connections.find(workspace, id).await? {
                    self.syncs.connections.failed(connection, &error).await?;
                }
            }
        }
        let run = &mut self.lease.run;
        run.finished_at = Some(now);
        self.syncs
            .ports
            .syncs
            .advance(&self.lease, now, Duration::zero())
            .await?;
        tracing::info!(sync = %self.lease.run.id, status = self.lease.run.status.as_str(), "sync ends");
        self.syncs.announce(&self.lease.run, "sync.finished").await
    }

    pub(super) fn now(&self) -> DateTime<Utc> {
        self.syncs.ports.clock.now()
    }

    fn is_done(&self, kind: FactKind) -> bool {
        let ended = |s: &domain::sync::SyncStep| {
            s.kind == kind && matches!(s.status, StepStatus::Done | StepStatus::Skipped)
        };
        self.lease.run.steps.iter().any(ended)
    }

    fn begin(&mut self, kind: FactKind) {
        if let Some(step) = self.lease.run.step_mut(kind) {
            step.status = StepStatus::Running;
            step.reason = None;
        }
    }

    fn finish(&mut self, kind: FactKind, done: u64) {
        if let Some(step) = self.lease.run.step_mut(kind) {
            step.status = StepStatus::Done;
            step.reason = None;
            step.done = done;
            // The provider's count is a forecast; what was read is the fact.
            step.total = Some(done);
        }
    }

    fn skip(&mut self, kind: FactKind, reason: String) {
        if let Some(step) = self.lease.run.step_mut(kind) {
            step.status = StepStatus::Skipped;
            step.reason = Some(reason);
        }
    }

    pub(super) fn warn(&mut self, warning: SyncWarning) {
        let warnings = &mut self.lease.run.warnings;
        if warnings.len() < MAX_WARNINGS && !warnings.contains(&warning) {
            warnings.push(warning);
        }
    }
}

fn corrupt(error: &serde_json::Error) -> PortError {
    PortError::new(
        Kind::Corrupt,
        Retry::Never,
        "royal",
        "sync.checkpoint",
        format!("a saved place cannot be read: {error}"),
    )
}
