//! One run from claim to end.

use super::read::Reading;
use super::{AccountState, Ads};
use crate::queue::{Beat, Beating, Progress, Stop};
use domain::ads::{AdAccount, AdSyncRun};
use domain::sync::{SyncFailure, SyncStatus};
use ports::ads::AdSyncLease;
use ports::{Kind, PortError, PortResult, Retry};
use tokio_util::sync::CancellationToken;

pub(super) struct Runner {
    pub(super) service: Ads,
    pub(super) lease: AdSyncLease,
    pub(super) stop: CancellationToken,
}

impl Runner {
    pub(super) async fn run(mut self) {
        let run = self.lease.run.id;
        let outcome = self.reading().await;
        if let Err(error) = self.end(outcome).await {
            tracing::warn!(%run, %error, "the end of a reading of an ad account could not be recorded");
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

    fn take(&mut self, progress: &Progress<AdSyncRun>) {
        let status = self.lease.run.status;
        self.lease.run = AdSyncRun {
            status,
            ..progress.now()
        };
    }

    async fn save(&self) -> Result<(), Stop> {
        let now = self.service.ports.clock.now();
        let runs = &self.service.ports.ad_syncs;
        let saved = runs.advance_ad_sync(&self.lease, now, self.service.lease);
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
        let runs = &self.service.ports.ad_syncs;
        let none = chrono::Duration::zero();
        match outcome {
            Err(Stop::LostLease) => return Ok(()),
            // Free at once for whoever comes next.
            Err(Stop::Shutdown) => {
                return runs.advance_ad_sync(&self.lease, now, none).await.map(drop);
            }
            Ok(()) => self.lease.run.status = SyncStatus::Succeeded,
            Err(Stop::Cancelled) => self.lease.run.status = SyncStatus::Cancelled,
            Err(Stop::Failed(error)) => {
                tracing::warn!(run = %self.lease.run.id, %error, "an ad account could not be read");
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
        runs.advance_ad_sync(&self.lease, now, none).await?;
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

impl Ads {
    pub(super) async fn find(&self, run: &AdSyncRun) -> PortResult<AdAccount> {
        let found = self.ports.ads.ad_account(run.scope.workspace, run.account);
        found.await?.ok_or_else(|| {
            let detail = "the ad account was taken away";
            PortError::new(Kind::NotFound, Retry::Never, "royal", "ads.read", detail)
        })
    }

    /// Changes the account as it is stored now; whoever changed it meanwhile is not overwritten.
    pub(super) async fn update(
        &self,
        run: &AdSyncRun,
        mut change: impl FnMut(&mut AdAccount) + Send,
    ) -> PortResult<AdAccount> {
        const TRIES: u32 = 5;
        let mut tries = 0;
        loop {
            let mut account = self.find(run).await?;
            change(&mut account);
            match self.ports.ads.update_ad_account(&account).await {
                Err(error) if error.kind == Kind::Conflict && tries < TRIES => tries += 1,
                updated => return updated,
            }
        }
    }
}

fn remedy(kind: Kind) -> &'static str {
    match kind {
        Kind::Unauthorized => {
            "Grant access again at the platform, and enter the new token under Connections."
        }
        Kind::Forbidden => {
            "Assign the account to the system user and grant ads_read, then read it again."
        }
        Kind::RateLimited => "Nothing to do: it is tried again when the platform allows it.",
        Kind::Configuration | Kind::NotFound => {
            "Check the account's number, and the address of the platform among the settings."
        }
        other => crate::connections::remedy(other),
    }
}
