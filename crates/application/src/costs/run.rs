//! Works on runs that book orders again: a page of orders, a saved place, the next page.

use super::Costs;
use crate::traces::span;
use chrono::Duration;
use domain::ids::RecostId;
use domain::ledger::DERIVATION;
use domain::recost::{RecostCause, RecostExtent, RecostRun};
use domain::store::Store;
use domain::sync::SyncStatus;
use ports::inputs::OnMismatch;
use ports::recosts::RecostLease;
use ports::{Kind, PortError, PortResult};
use tokio_util::sync::CancellationToken;
use tracing::Instrument as _;
use uuid::Uuid;

const LOOK_EVERY: std::time::Duration = std::time::Duration::from_secs(2);
/// Between two looks for stores that an earlier version booked.
const UPGRADES_EVERY: Duration = Duration::seconds(60);
const PAGE: u32 = 200;

impl Costs {
    /// Until cancelled; then a run is put down at its last saved place, to be taken up at the next start.
    pub async fn run_worker(&self, stop: CancellationToken) {
        let mut looked_at = None;
        while !stop.is_cancelled() {
            let now = self.ports.clock.now();
            if looked_at.is_none_or(|at| now - at >= UPGRADES_EVERY) {
                looked_at = Some(now);
                if let Err(error) = self.queue_upgrades().await {
                    tracing::warn!(%error, "stores that an earlier version booked could not be looked for");
                }
            }
            match self.work_once(&stop).await {
                Ok(true) => continue,
                Ok(false) => {}
                Err(error) => {
                    tracing::warn!(%error, "runs that book orders again could not be read")
                }
            }
            tokio::select! {
                () = stop.cancelled() => {}
                () = self.queued.notified() => {}
                () = tokio::time::sleep(LOOK_EVERY) => {}
            }
        }
    }

    /// Works on the oldest open run, if there is one; answers whether there was.
    pub async fn work_once(&self, stop: &CancellationToken) -> PortResult<bool> {
        let now = self.ports.clock.now();
        let Some(mut lease) = self.ports.recosts.claim(now, self.lease).await? else {
            return Ok(false);
        };
        let (workspace, id) = (lease.run.scope.workspace, lease.run.id.0);
        let span = span(&self.ports, "recost", workspace, id).await;
        match self.work(&mut lease, stop).instrument(span).await {
            Ok(()) => {}
            // Somebody else has the run now.
            Err(error) if error.kind == Kind::Conflict => {}
            Err(error) if error.is_transient() => return Err(error),
            Err(error) => {
                tracing::error!(%error, run = %lease.run.id, "orders could not be booked again");
                lease.run.status = SyncStatus::Failed;
                lease.run.error = Some(error.detail.clone());
                self.end(&mut lease).await?;
            }
        }
        Ok(true)
    }

    async fn work(&self, lease: &mut RecostLease, stop: &CancellationToken) -> PortResult<()> {
        let run = &lease.run;
        let store = self.stores.find(run.scope).await?;
        let Some(store) = store else {
            lease.run.status = SyncStatus::Failed;
            lease.run.error = Some("the store is gone".to_owned());
            return self.end(lease).await;
        };
        // What this process read of the costs may be older than the run.
        self.ingest.forget_book(run.scope);
        if run.total.is_none() {
            let total = self.ports.recosts.count_affected(run.scope, &run.extent);
            lease.run.total = Some(total.await?);
        }
        while !stop.is_cancelled() {
            if lease.run.status == SyncStatus::Cancelling && !lease.run.reverting {
                self.revert(lease).await?;
            }
            if self.step(&store, &mut lease.run).await? {
                lease.run.status = if lease.run.reverting {
                    SyncStatus::Cancelled
                } else {
                    SyncStatus::Succeeded
                };
                if lease.run.cause == RecostCause::Upgrade {
                    let recosts = &self.ports.recosts;
                    recosts.set_derivation(store.scope, DERIVATION).await?;
                }
                return self.end(lease).await;
            }
            self.save(lease).await?;
            self.announce(&lease.run, "recost.progress").await?;
        }
        Ok(())
    }

    /// Puts the old inputs back; the orders follow from the first one on.
    async fn revert(&self, lease: &mut RecostLease) -> PortResult<()> {
        let run = &lease.run;
        self.ports
            .inputs
            .apply(run.scope, &run.inverse, OnMismatch::Skip, None, None)
            .await?;
        self.ingest.forget_book(run.scope);
        lease.run.reverting = true;
        lease.run.after = None;
        lease.run.looked_at = 0;
        self.save(lease).await
    }

    /// Books the next page; answers whether there was none.
    async fn step(&self, store: &Store, run: &mut RecostRun) -> PortResult<bool> {
        let page = self
            .ports
            .recosts
            .affected(run.scope, &run.extent, run.after, PAGE)
            .await?;
        let Some(last) = page.last() else {
            return Ok(true);
        };
        let (after, count) = (last.order.id, page.len() as u64);
        let orders = page.into_iter().map(|stored| stored.order).collect();
        run.changed += self.ingest.book(store, orders).await?;
        run.looked_at += count;
        run.after = Some(after);
        Ok(false)
    }

    async fn save(&self, lease: &mut RecostLease) -> PortResult<()> {
        let now = self.ports.clock.now();
        lease.run = self.ports.recosts.advance(lease, now, self.lease).await?;
        Ok(())
    }

    async fn end(&self, lease: &mut RecostLease) -> PortResult<()> {
        lease.run.finished_at = Some(self.ports.clock.now());
        self.save(lease).await?;
        self.announce(&lease.run, "recost.finished").await
    }

    /// Opens a run for each store whose orders an earlier version booked. A store without orders is this version's own.
    pub async fn queue_upgrades(&self) -> Result<(), PortError> {
        for workspace in self.ports.accounts.workspaces().await? {
            for store in self.ports.connections.stores(workspace.id).await? {
                self.queue_upgrade(&store).await?;
            }
        }
        Ok(())
    }

    async fn queue_upgrade(&self, store: &Store) -> PortResult<()> {
        let recosts = &self.ports.recosts;
        let known = recosts.derivation(store.scope).await?;
        if known.is_some_and(|version| version >= DERIVATION) {
            return Ok(());
        }
        let span = self.ports.orders.span(store.scope).await?;
        if span.first_day.is_none() {
            return recosts.set_derivation(store.scope, DERIVATION).await;
        }
        let open = recosts.open(store.scope).await?;
        if open.iter().any(|run| run.cause == RecostCause::Upgrade) {
            return Ok(());
        }
        let run = RecostRun {
            cause: RecostCause::Upgrade,
            ..RecostRun::new(
                RecostId(Uuid::now_v7()),
                store.scope,
                RecostExtent::everything(),
                "A new version books the orders again",
                self.ports.clock.now(),
            )
        };
        recosts.create(&run).await?;
        self.announce(&run, "recost.progress").await
    }
}
