//! The analyst's mornings: looks for unusual days, and writes the brief of the day before, once a store and day.

mod brief;
mod mark;
mod series;

pub use mark::Said;

use crate::Ports;
use crate::changes::Fault;
use crate::events::EventHub;
use crate::ingest::calendar;
use crate::reports::{ReportError, Reports};
use crate::stores::{StoreError, Stores};
use chrono::{DateTime, Days, Duration, NaiveDate, Utc};
use domain::analysis::{Brief, Kept, Standing};
use domain::calendar::DayRange;
use domain::ids::{AnomalyId, StoreId, WorkspaceId};
use domain::store::Store;
use domain::sync::SyncStatus;
use ports::{Page, PageRequest, PortError, PortResult};

/// The hour of the store's day from which on its morning is.
const MORNING: u32 = 6;
/// Where no sync of the new day succeeds, waiting for one ends so long after midnight.
const PATIENCE: Duration = Duration::hours(10);
/// Days that are looked at again each morning: figures of newer ones still move.
const AGAIN: u64 = 3;

#[derive(Debug, thiserror::Error)]
pub enum AnalysisError {
    #[error("there is no such anomaly")]
    Unknown,
    #[error("somebody else said something about it meanwhile; look at it again")]
    ChangedMeanwhile,
    #[error("this cannot be said")]
    Invalid(Vec<Fault>),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Report(#[from] ReportError),
    #[error(transparent)]
    Port(#[from] PortError),
}

#[derive(Clone)]
pub struct Analysis {
    ports: Ports,
    hub: EventHub,
    stores: Stores,
    reports: Reports,
}

impl Analysis {
    #[must_use]
    pub fn new(ports: Ports, hub: EventHub) -> Self {
        Self {
            stores: Stores::new(ports.clone()),
            reports: Reports::new(ports.clone()),
            ports,
            hub,
        }
    }

    pub async fn store(
        &self,
        workspace: WorkspaceId,
        store: Option<StoreId>,
    ) -> Result<Store, StoreError> {
        self.stores.pick(workspace, store).await
    }

    /// The newest day first.
    pub async fn anomalies(
        &self,
        store: &Store,
        standing: Option<Standing>,
        page: &PageRequest,
    ) -> PortResult<Page<Kept>> {
        let port = &self.ports.analysis;
        port.anomalies(store.scope, standing, page).await
    }

    pub async fn find(&self, workspace: WorkspaceId, id: AnomalyId) -> Result<Kept, AnalysisError> {
        let found = self.ports.analysis.anomaly(workspace, id).await?;
        found.ok_or(AnalysisError::Unknown)
    }

    /// The newest day first.
    pub async fn briefs(&self, store: &Store, page: &PageRequest) -> PortResult<Page<Brief>> {
        self.ports.analysis.briefs(store.scope, page).await
    }

    /// Writes the briefs of all stores whose morning is; answers how many. A store that fails does not keep others from theirs.
    pub async fn start_due(&self) -> PortResult<usize> {
        let mut written = 0;
        for workspace in self.ports.accounts.workspaces().await? {
            for store in self.stores.list(workspace.id).await? {
                match self.morning(&store).await {
                    Ok(is_new) => written += usize::from(is_new),
                    Err(error) => {
                        tracing::warn!(%error, store = %store.scope.store, "a brief could not be written");
                    }
                }
            }
        }
        Ok(written)
    }

    /// Whether a brief was written: it is morning, the day before is read, or nobody waits for it any more, and there is none yet.
    pub async fn morning(&self, store: &Store) -> Result<bool, AnalysisError> {
        let (now, calendar) = (self.ports.clock.now(), calendar(store)?);
        let today = calendar.day_of(now);
        let day = today - Days::new(1);
        if calendar.hour_of(now) < MORNING {
            return Ok(false);
        }
        // Of a store without any order there is nothing to say.
        let as_of = self.stores.as_of(store).await?;
        if as_of.is_none() || self.ports.analysis.brief(store.scope, day).await?.is_some() {
            return Ok(false);
        }
        let midnight = calendar.start_of(today);
        let is_read = self.is_read(store, midnight).await?;
        if !is_read && now - midnight < PATIENCE {
            return Ok(false);
        }
        let (found, mut gaps) = self.look(store, today, is_read).await?;
        if is_read {
            let days = DayRange {
                from: today - Days::new(AGAIN),
                to: day,
            };
            let port = &self.ports.analysis;
            port.save_anomalies(store.scope, days, &found, now).await?;
        } else {
            gaps.insert(0, brief::unfinished(day));
        }
        let found = found.into_iter().filter(|a| a.day == day).collect();
        let brief = self.brief(store, day, found, gaps).await?;
        let is_new = self.ports.analysis.save_brief(&brief).await?;
        self.hub.wake();
        Ok(is_new)
    }

    /// Whether a sync that began since the day ended succeeded.
    async fn is_read(&self, store: &Store, midnight: DateTime<Utc>) -> PortResult<bool> {
        let page = PageRequest::first(5);
        let (workspace, of) = (store.scope.workspace, Some(store.connection));
        let runs = self.ports.syncs.list(workspace, of, &page).await?.items;
        let whole = |status| status == SyncStatus::Succeeded;
        Ok(runs
            .iter()
            .any(|run| whole(run.status) && run.created_at >= midnight))
    }

    /// The store's day now.
    pub fn today(&self, store: &Store) -> PortResult<NaiveDate> {
        Ok(calendar(store)?.day_of(self.ports.clock.now()))
    }
}
