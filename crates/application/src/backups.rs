//! Backups that are made by themselves: when one is due, how many stay, and what is said when there is none.

use crate::Ports;
use chrono::{DateTime, Duration, Utc};
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

/// When the last try failed, and why.
type Failure = (DateTime<Utc>, String);

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
        let lately = self.failure().is_some_and(|(at, _)| now - at < AGAIN_AFTER);
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
                self.fails(Some((now, error.detail.clone())));
                Err(error)
            }
        }
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
            .filter(|(at, _)| since.is_none_or(|s| *at > s));
        Ok(Some(Standing {
            is_late: since.is_some_and(|at| now - at >= self.schedule.every * 2),
            kept: kept.len(),
            failure: failure.map(|(_, why)| why),
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
