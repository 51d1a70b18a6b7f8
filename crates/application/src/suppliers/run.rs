//! One run from claim to end.

use super::Suppliers;
use super::read::Reading;
use crate::queue::{Beat, Beating, Progress, Stop};
use domain::ads::AccountState;
use domain::supplier::{SupplierAccount, SupplierSyncRun};
use domain::sync::{SyncFailure, SyncStatus};
use ports::supplier_accounts::SupplierSyncLease;
use ports::{Kind, PortError, PortResult, Retry};
use tokio_util::sync::CancellationToken;

pub(super) struct Runner {
    pub(super) service: Suppliers,
    pub(super) lease: SupplierSyncLease,
    pub(super) stop: CancellationToken,
}

impl Runner {
    pub(super) async fn run(mut self) {
        let run = self.lease.run.id;
        let outcome = self.reading().await;
        if let Err(error) = self.end(outcome).await {
            tracing::warn!(%run, %error, "the end of a reading of a supplier could not be recorded");
        }
    }

    async fn reading(&mut self) -> Result<(), Stop> {
        let progress = Progress::new(&self.lease.run);
        let reading = Reading {
            service: self.service.clone(),
            progress: progress.clone(),
        };
        let mut work = Beating::start(reading.work(), self.service.lease);
        let ended = loop {
            let beat = work.next(&self.stop).await;
            self.take(&progress);
            match beat {
                Beat::Done(done) => return done,
                Beat::Leave => break Stop::Shutdown,
                Beat::Due => {
                    if let Err(stop) = self.save().await {
                        break stop;
                    }
                }
            }
        };
        work.put_down().await;
        self.take(&progress);
        Err(ended)
    }

    fn take(&mut self, progress: &Progress<SupplierSyncRun>) {
        let status = self.lease.run.status;
        self.lease.run = SupplierSyncRun {
            status,
            ..progress.now()
        };
    }

    async fn save(&self) -> Result<(), Stop> {
        let now = self.service.ports.clock.now();
        let runs = &self.service.ports.supplier_syncs;
        let saved = runs.advance_supplier_sync(&self.lease, now, self.service.lease);
        match saved.await {
            Ok(run) if run.status == SyncStatus::Cancelling => return Err(Stop::Cancelled),
            Ok(_) => {}
            Err(error) if error.kind == Kind::Conflict => return Err(Stop::LostLease),
            Err(error) => return Err(error.into()),
        }
        Ok(self.service.announce(&self.lease.run).await?)
    }

    async fn end(&mut self, outcome: Result<(), Stop>) -> PortResult<()> {
        let now = self.service.ports.clock.now();
        let runs = &self.service.ports.supplier_syncs;
        let none = chrono::Duration::zero();
        match outcome {
            Err(Stop::LostLease) => return Ok(()),
            // Free at once for whoever comes next.
            Err(Stop::Shutdown) => {
                return runs
                    .advance_supplier_sync(&self.lease, now, none)
                    .await
                    .map(drop);
            }
            Ok(()) => self.lease.run.status = SyncStatus::Succeeded,
            Err(Stop::Cancelled) => self.lease.run.status = SyncStatus::Cancelled,
            Err(Stop::Failed(error)) => {
                tracing::warn!(run = %self.lease.run.id, %error, "a supplier could not be read");
                let failure = SyncFailure {
                    message: error.detail.clone(),
                    remedy: remedy(error.kind).to_owned(),
                };
                self.lease.run.status = SyncStatus::Failed;
                self.lease.run.error = Some(failure.clone());
                self.mark(&error, failure).await?;
            }
        }
        self.lease.run.finished_at = Some(now);
        runs.advance_supplier_sync(&self.lease, now, none).await?;
        self.service.announce(&self.lease.run).await
    }

    /// What the failure says about the account.
    async fn mark(&self, error: &PortError, failure: SyncFailure) -> PortResult<()> {
        let state = match error.kind {
            Kind::Unauthorized => AccountState::Reauthorize,
            Kind::Forbidden | Kind::RateLimited | Kind::Corrupt => AccountState::Degraded,
            Kind::Unavailable | Kind::CircuitOpen | Kind::Configuration | Kind::NotFound => {
                AccountState::Down
            }
            _ => return Ok(()),
        };
        let marked = self.service.update(&self.lease.run, |account| {
            account.state = state;
            account.state_reason = Some(failure.message.clone());
            account.last_error = Some(failure.clone());
        });
        match marked.await {
            // It was taken away meanwhile.
            Err(error) if error.kind == Kind::NotFound => Ok(()),
            marked => marked.map(drop),
        }
    }
}

impl Suppliers {
    pub(super) async fn find(&self, run: &SupplierSyncRun) -> PortResult<SupplierAccount> {
        let found = self
            .ports
            .supplier_accounts
            .supplier_account(run.scope.workspace, run.account);
        found.await?.ok_or_else(|| {
            let detail = "the supplier was taken away";
            PortError::new(
                Kind::NotFound,
                Retry::Never,
                "royal",
                "supplier.read",
                detail,
            )
        })
    }

    /// Changes the account as it is stored now; whoever changed it meanwhile is not overwritten.
    pub(super) async fn update(
        &self,
        run: &SupplierSyncRun,
        mut change: impl FnMut(&mut SupplierAccount) + Send,
    ) -> PortResult<SupplierAccount> {
        const TRIES: u32 = 5;
        let mut tries = 0;
        loop {
            let mut account = self.find(run).await?;
            change(&mut account);
            let accounts = &self.ports.supplier_accounts;
            match accounts.update_supplier_account(&account, None).await {
                Err(error) if error.kind == Kind::Conflict && tries < TRIES => tries += 1,
                updated => return updated,
            }
        }
    }
}

fn remedy(kind: Kind) -> &'static str {
    match kind {
        Kind::Unauthorized => "Make a new API key at the supplier, and connect it again with it.",
        Kind::RateLimited => {
            "Nothing to do: it goes on from there when the supplier allows it. What is read stays."
        }
        Kind::Configuration | Kind::NotFound => {
            "Check the supplier's address among the settings, and connect it again."
        }
        other => crate::connections::remedy(other),
    }
}
