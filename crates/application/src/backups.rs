//! Backups that are made by themselves: when one is due, how many stay, and what is said when there is none.

use crate::Ports;
use chrono::{DateTime, Duration, Utc};
use domain::audit::{Actor, NewEntry, Outcome};
use ports::backups::{BackupPlace, Kept};
use ports::{Kind, PortResult};
use std::sync::{Arc, Mutex, PoisonError};

/// After one that failed.
const AGAIN_AFTER: Duration = Duration::minutes(15);

/// When one is due, and how many stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Schedule {
    pub every: Duration,
    /// At least one.
    pub keep: usize,
}

/// The audit, and so people, are told of one that goes on failing so often.
const TELL_AGAIN_AFTER: Duration = Duration::hours(24);
pub(crate) const FAILED: &str = "backup.failed";

/// When the last try failed, and why; and when that was told.
#[derive(Debug, Clone)]
struct Failure {
    at: DateTime<Utc>,
    why: String,
    told_at: DateTime<Utc>,
}

#[derive(Clone)]
pub struct Backups {
    ports: Ports,
    schedule: Schedule,
    failed: Arc<Mutex<Option<Failure>>>,
}

/// How they stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    pub newest: Option<Kept>,
    pub kept: usize,
    /// Since the newest one.
    pub failure: Option<String>,
    /// Twice the time between two has gone by without one.
    pub is_late: bool,
}

impl Backups {
    #[must_use]
    pub fn new(ports: Ports, schedule: Schedule) -> Self {
        Self {
            ports,
            schedule,
            failed: Arc::default(),
        }
    }

    /// Makes one when it is time, and removes the oldest beyond what is kept, which a failure never does.
    pub async fn make_due(&self) -> PortResult<Option<Kept>> {
        let Some(place) = self.ports.backups.as_ref() else {
            return Ok(None);
        };
        let now = self.ports.clock.now();
        let kept = place.list().await?;
        let is_new = |k: &Kept| now - k.made_at < self.schedule.every;
        let before = self.failure();
        let lately = before.as_ref().is_some_and(|f| now - f.at < AGAIN_AFTER);
        if lately || kept.first().is_some_and(is_new) {
            return Ok(None);
        }
        match place.make(now).await {
            Ok(made) => {
                self.fails(None);
                self.thin_out(place.as_ref()).await?;
                Ok(Some(made))
            }
            // Another replica is at it in the same folder.
            Err(error) if error.kind == Kind::Conflict => Ok(None),
            Err(error) => {
                let told_at = before.map(|f| f.told_at);
                let told_at = told_at.filter(|at| now - *at < TELL_AGAIN_AFTER);
                self.fails(Some(Failure {
                    at: now,
                    why: error.detail.clone(),
                    told_at: told_at.unwrap_or(now),
                }));
                if told_at.is_none() {
                    self.tell(now, &error.detail).await?;
                }
                Err(error)
            }
        }
    }

    /// In the first workspace: a backup is the installation's, and its people are there.
    async fn tell(&self, now: DateTime<Utc>, why: &str) -> PortResult<()> {
        let workspaces = self.ports.accounts.workspaces().await?;
        let Some(first) = workspaces.into_iter().next() else {
            return Ok(());
        };
        let target = ("backup", "scheduled", "scheduled backup");
        let mut entry = NewEntry::done(first.id, now, Actor::system(), FAILED, target);
        entry.outcome = Outcome::Failed;
        entry.reason = Some(why.chars().take(500).collect());
        self.ports.audit.record(&[entry]).await
    }

    async fn thin_out(&self, place: &dyn BackupPlace) -> PortResult<()> {
        let old = place
            .list()
            .await?
            .into_iter()
            .skip(self.schedule.keep.max(1));
        for kept in old {
            place.remove(&kept.name).await?;
            tracing::info!(backup = kept.name, "an old backup is removed");
        }
        Ok(())
    }

    /// How often; `None` when none are made by themselves.
    #[must_use]
    pub fn every(&self) -> Option<Duration> {
        self.ports.backups.as_ref().map(|_| self.schedule.every)
    }

    /// `None` when none are made by themselves.
    pub async fn standing(&self) -> PortResult<Option<Standing>> {
        let Some(place) = self.ports.backups.as_ref() else {
            return Ok(None);
        };
        let now = self.ports.clock.now();
        let kept = place.list().await?;
        let newest = kept.first().cloned();
        let since = newest.as_ref().map(|k| k.made_at);
        let failure = self
            .failure()
            .filter(|failed| since.is_none_or(|s| failed.at > s));
        Ok(Some(Standing {
            is_late: since.is_some_and(|at| now - at >= self.schedule.every * 2),
            kept: kept.len(),
            failure: failure.map(|failed| failed.why),
            newest,
        }))
    }

    fn failure(&self) -> Option<Failure> {
        let failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
        failed.clone()
    }

    fn fails(&self, how: Option<Failure>) {
        *self.failed.lock().unwrap_or_else(PoisonError::into_inner) = how;
    }
}
