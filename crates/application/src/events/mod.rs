//! What changed, told to whoever watches: written to the log first, then a wake-up call.

mod tail;

use crate::Ports;
use domain::ids::WorkspaceId;
use ports::PortResult;
use ports::clock::Clock;
use ports::events::{Event, EventLog, NewEvent};
use serde_json::Value;
use std::sync::Arc;
use tail::Tails;
use tokio::sync::watch;

#[derive(Clone)]
pub struct EventHub {
    log: Arc<dyn EventLog>,
    clock: Arc<dyn Clock>,
    wake: watch::Sender<u64>,
    /// Only what this process wrote.
    own: watch::Sender<u64>,
    tails: Arc<Tails>,
}

impl EventHub {
    #[must_use]
    pub fn over(log: Arc<dyn EventLog>, clock: Arc<dyn Clock>) -> Self {
        Self {
            log,
            clock,
            wake: watch::Sender::new(0),
            own: watch::Sender::new(0),
            tails: Arc::default(),
        }
    }

    #[must_use]
    pub fn new(ports: &Ports) -> Self {
        Self::over(ports.events.clone(), ports.clock.clone())
    }

    /// Durable when it returns.
    pub async fn publish(
        &self,
        workspace: WorkspaceId,
        kind: &str,
        entity: (&str, String),
        data: Value,
    ) -> PortResult<()> {
        let event = NewEvent {
            workspace,
            kind: kind.to_owned(),
            entity_kind: entity.0.to_owned(),
            entity_id: entity.1,
            version: None,
            at: self.clock.now(),
            data,
        };
        self.log.append(&[event]).await?;
        self.wake();
        Ok(())
    }

    /// Something was written to the log by a store; look there.
    pub fn wake(&self) {
        self.written_elsewhere();
        self.own.send_modify(|n| *n = n.wrapping_add(1));
    }

    /// Another process wrote to the log.
    pub fn written_elsewhere(&self) {
        self.wake.send_modify(|n| *n = n.wrapping_add(1));
    }

    /// Changes whenever this process may have written to the log.
    #[must_use]
    pub fn written_here(&self) -> watch::Receiver<u64> {
        self.own.subscribe()
    }

    /// Changes whenever the log may have grown. Another process may write too, so a reader also looks from time to time.
    #[must_use]
    pub fn subscribe(&self) -> watch::Receiver<u64> {
        self.wake.subscribe()
    }

    pub async fn since(
        &self,
        workspace: WorkspaceId,
        seq: i64,
        limit: u32,
    ) -> PortResult<Vec<Event>> {
        self.log.since(workspace, seq, limit).await
    }

    /// For who tells others of a workspace: reads on in the log, once for all who ask after the same call. When the number that it answers
    /// has changed, [`Self::watched`] may have something new. What was written without a call, by another process, may be seen a second later.
    pub async fn refresh(&self, workspace: WorkspaceId) -> PortResult<i64> {
        let bell = || *self.wake.borrow();
        let log = self.log.as_ref();
        self.tails.refresh(log, &bell, workspace).await
    }

    /// As [`Self::since`] for who goes on asking, as of the last [`Self::refresh`].
    pub async fn watched(
        &self,
        workspace: WorkspaceId,
        seq: i64,
        limit: u32,
    ) -> PortResult<Vec<Arc<Event>>> {
        let log = self.log.as_ref();
        self.tails.since(log, (workspace, seq, limit)).await
    }

    pub async fn latest(&self) -> PortResult<i64> {
        self.log.latest().await
    }
}
