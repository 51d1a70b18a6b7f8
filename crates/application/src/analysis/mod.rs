//! What the analyst wrote, and what people say about it. The agent `analytics` reads here what it decides on.
//!
//! Must not know: what is unusual, and when a brief is written.

mod brief;
mod mark;
mod reading;
mod series;

pub use mark::Said;
pub(crate) use reading::Reading;

use crate::Ports;
use crate::changes::Fault;
use crate::events::EventHub;
use crate::stores::{StoreError, Stores};
use domain::analysis::{Brief, Kept, Standing};
use domain::ids::{AnomalyId, StoreId, WorkspaceId};
use domain::store::Store;
use ports::{Page, PageRequest, PortError, PortResult};

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
    Port(#[from] PortError),
}

#[derive(Clone)]
pub struct Analysis {
    ports: Ports,
    hub: EventHub,
    stores: Stores,
}

impl Analysis {
    #[must_use]
    pub fn new(ports: Ports, hub: EventHub) -> Self {
        Self {
            stores: Stores::new(ports.clone()),
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
}
