//! Bringing the local copy up to the provider's state: on demand, on a timer, after a stop or a crash.
//!
//! The run row is the truth; a worker holds it by a lease and goes on from saved places, so that nothing is lost or doubled.

mod changes;
mod export;
mod progress;
mod run;
mod saving;
mod windows;
mod worker;

pub use progress::Pace;

use crate::Ports;
use crate::connections::Connections;
use crate::events::EventHub;
use crate::ingest::Ingest;
use crate::traces::asked;
use chrono::Duration;
use domain::audit::{Actor, NewEntry};
use domain::ids::{ConnectionId, StoreScope, SyncId, WorkspaceId};
use domain::sync::{SyncKind, SyncRun};
use ports::{Kind, Page, PageRequest, PortError, PortResult};
use std::sync::Arc;
use tokio::sync::Notify;
use uuid::Uuid;

#[derive(Debug, thiserror::Error)]
pub enum SyncError {
    #[error("there is no such connection")]
    UnknownConnection,
    #[error("there is no such sync")]
    UnknownSync,
    #[error("a sync of this connection is under way")]
    AlreadyRunning(Option<SyncId>),
    #[error("this sync has ended")]
    Ended,
    #[error("only a cancelled or failed sync can go on")]
    NotResumable,
    #[error(transparent)]
    Port(#[from] PortError),
}

#[derive(Clone)]
pub struct Syncs {
    ports: Ports,
    hub: EventHub,
    connections: Connections,
    ingest: Ingest,
    queued: Arc<Notify>,
    lease: Duration,
}

const DEFAULT_LEASE: Duration = Duration::seconds(15);
/// Says that everything was read once.
const BACKFILL_DONE: &str = "backfill.done";
/// Where the backfill of orders stands.
const ORDERS_BACKFILL: &str = "orders.backfill";

impl Syncs {
    #[must_use]
    pub fn new(ports: Ports, hub: EventHub, connections: Connections) -> Self {
        Self {
            ingest: connections.ingest.clone(),
            ports,
            hub,
            connections,
            queued: Arc::default(),
            lease: DEFAULT_LEASE,
        }
    }

    /// How long a run whose worker died waits for another one; a worker renews it twice a second.
    #[must_use]
    pub fn with_lease(self, lease: Duration) -> Self {
        Self { lease, ..self }
    }

    /// Queues a run. Without a kind: what changed, once everything was read; until then everything, from where it stopped.
    /// An explicit backfill begins anew. What `by` somebody was asked for is told in the audit; the rest follows from what is.
    pub async fn start(
        &self,
        workspace: WorkspaceId,
        id: ConnectionId,
        kind: Option<SyncKind>,
        by: Option<Actor>,
    ) -> Result<SyncRun, SyncError> {
        let connection = self
            .ports
            .connections
            .find(workspace, id)
            .await?
            .ok_or(SyncError::UnknownConnection)?;
        let done = self
            .ports
            .syncs
            .checkpoint(id, BACKFILL_DONE)
            .await?
            .is_some();
        let kind = match kind {
            Some(kind) => kind,
            None if done => SyncKind::Incremental,
            None => SyncKind::Backfill,
        };
        let scope = StoreScope {
            workspace,
            store: connection.store,
        };
        let run = SyncRun::queued(
            SyncId(Uuid::now_v7()),
            scope,
            id,
            kind,
            self.ports.clock.now(),
        );
        let told = by.map(|by| {
            let (run_id, id) = (run.id.to_string(), id.to_string());
            let target = ("sync", run_id.as_str(), connection.domain.as_str());
            NewEntry::done(workspace, run.created_at, by, "sync.start", target)
                .after(&serde_json::json!({ "connection_id": id, "kind": kind }))
        });
        asked(&self.ports, workspace, run.id.0).await;
        match self.ports.syncs.create(&run, told.as_ref()).await {
            Err(error) if error.kind == Kind::Conflict => Err(SyncError::AlreadyRunning(
                self.open_run(workspace, id).await?,
            )),
            Err(error) => Err(error.into()),
            Ok(()) => {
                if kind == SyncKind::Backfill && done {
                    self.ports
                        .syncs
                        .set_checkpoint(id, ORDERS_BACKFILL, None)
                        .await?;
                }
                self.announce(&run, "sync.progress").await?;
                self.queued.notify_one();
                Ok(run)
            }
        }
    }

    async fn open_run(
        &self,
        workspace: WorkspaceId,
        id: ConnectionId,
    ) -> PortResult<Option<SyncId>> {
        let runs = self
            .ports
            .syncs
            .list(workspace, Some(id), &PageRequest::first(10))
            .await?;
        Ok(runs.items.iter().find(|r| r.status.is_open()).map(|r| r.id))
    }

    pub async fn cancel(&self, workspace: WorkspaceId, id: SyncId) -> Result<SyncRun, SyncError> {
        match self
            .ports
            .syncs
            .request_cancel(workspace, id, self.ports.clock.now())
            .await
        {
            Ok(run) => {
                self.announce(&run, "sync.progress").await?;
                Ok(run)
            }
            Err(error) => Err(refusal(error, SyncError::Ended)),
        }
    }

    /// A cancelled or failed run goes on where it stopped.
    pub async fn resume(&self, workspace: WorkspaceId, id: SyncId) -> Result<SyncRun, SyncError> {
        asked(&self.ports, workspace, id.0).await;
        match self
            .ports
            .syncs
            .requeue(workspace, id, self.ports.clock.now())
            .await
        {
            Ok(run) => {
                self.announce(&run, "sync.progress").await?;
                self.queued.notify_one();
                Ok(run)
            }
            Err(error) => Err(refusal(error, SyncError::NotResumable)),
        }
    }

    pub async fn find(&self, workspace: WorkspaceId, id: SyncId) -> PortResult<Option<SyncRun>> {
        self.ports.syncs.find(workspace, id).await
    }

    pub async fn list(
        &self,
        workspace: WorkspaceId,
        connection: Option<ConnectionId>,
        page: &PageRequest,
    ) -> PortResult<Page<SyncRun>> {
        self.ports.syncs.list(workspace, connection, page).await
    }

    /// How fast a run is and how long it will take.
    #[must_use]
    pub fn pace(&self, run: &SyncRun) -> Pace {
        Pace::of(run, self.ports.clock.now())
    }

    /// Queues what is due: each connection whose last run ended longer ago than `every`.
    pub async fn start_due(&self, every: Duration) -> PortResult<usize> {
        let mut started = 0;
        for connection in self.ports.connections.list(None).await? {
            let runs = self
                .ports
                .syncs
                .list(
                    connection.workspace,
                    Some(connection.id),
                    &PageRequest::first(1),
                )
                .await?;
            // A person who cancelled, or who has not asked for a first sync yet, is not overruled.
            let due = runs.items.first().is_some_and(|last| {
                let ended = last
                    .finished_at
                    .is_some_and(|at| self.ports.clock.now() - at >= every);
                ended && last.status != domain::sync::SyncStatus::Cancelled
            });
            if due {
                match self
                    .start(connection.workspace, connection.id, None, None)
                    .await
                {
                    Ok(_) => started += 1,
                    Err(SyncError::Port(error)) => return Err(error),
                    Err(_) => {}
                }
            }
        }
        Ok(started)
    }

    async fn announce(&self, run: &SyncRun, kind: &str) -> PortResult<()> {
        let data = serde_json::json!({ "status": run.status.as_str(), "progress": run.progress(), "connection_id": run.connection });
        self.hub
            .publish(
                run.scope.workspace,
                kind,
                ("sync", run.id.to_string()),
                data,
            )
            .await
    }
}

fn refusal(error: PortError, conflict: SyncError) -> SyncError {
    match error.kind {
        Kind::NotFound => SyncError::UnknownSync,
        Kind::Conflict => conflict,
        _ => SyncError::Port(error),
    }
}
