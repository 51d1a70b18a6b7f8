//! What the analyst reads: reports, syncs, and what waits. Changes nothing.

use crate::Ports;
use crate::reports::Reports;
use chrono::{DateTime, Utc};
use domain::store::Store;
use domain::sync::SyncStatus;
use ports::{PageRequest, PortResult};

/// Syncs back in which one that succeeded is looked for.
const SYNCS_BACK: u32 = 5;

pub(crate) struct Reading {
    pub(super) ports: Ports,
    pub(super) reports: Reports,
}

impl Reading {
    pub(crate) fn new(ports: Ports) -> Self {
        Self {
            reports: Reports::new(ports.clone()),
            ports,
        }
    }

    /// Whether a sync that began since the day ended succeeded.
    pub(crate) async fn is_read(&self, store: &Store, midnight: DateTime<Utc>) -> PortResult<bool> {
        let page = PageRequest::first(SYNCS_BACK);
        let (workspace, of) = (store.scope.workspace, Some(store.connection));
        let runs = self.ports.syncs.list(workspace, of, &page).await?.items;
        let whole = |status| status == SyncStatus::Succeeded;
        Ok(runs
            .iter()
            .any(|run| whole(run.status) && run.created_at >= midnight))
    }
}
