//! Segments of people who may be written to, exported for mail tools.
//!
//! Who is in a segment is read from orders, and checkouts that were left behind from the shop, each time anew. How somebody is reached and
//! whether they agreed is asked of the shop when an export is made: neither is kept here. What is kept is that a person was named, for which
//! cause and when, so that nobody is told twice for one cause, nor too often; that goes when they are forgotten.

mod export;
mod members;
mod send;

pub use export::{Exported, Named, Way};
pub use members::SegmentSize;

use crate::Ports;
use crate::changes::Fault;
use crate::connections::Connections;
use crate::stores::{StoreError, Stores};
use domain::audit::{Actor, NewEntry};
use domain::ids::{StoreId, WorkspaceId};
use domain::outreach::{DeliveryState, OutreachExport, OutreachLimits, OutreachSettings};
use domain::store::Store;
use ports::source::StoreSource;
use ports::{Kind, PortError, PortResult};
use serde_json::json;
use std::sync::Arc;
use tokio::sync::Notify;

/// Exports that are shown.
const SHOWN: u32 = 100;

#[derive(Debug, thiserror::Error)]
pub enum OutreachError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Customers(#[from] crate::customers::CustomerError),
    #[error("what was entered cannot be")]
    Invalid(Vec<Fault>),
    #[error("the settings were changed otherwise meanwhile")]
    SetMeanwhile,
    /// Consent is asked of the shop.
    #[error("no shop is connected that could say who agreed")]
    NoShop,
    #[error("there is no such channel")]
    UnknownChannel,
    /// Why a channel cannot be used.
    #[error("{0}")]
    BadChannel(String),
    #[error(
        "{members} people are too many for one message; at most {most} are sent, more are exported as a file"
    )]
    TooMany { members: usize, most: usize },
    /// It was refused, and nobody counts as told.
    #[error("it was not taken: {0}")]
    NotTaken(String),
    /// It may have arrived: whom it names counts as told.
    #[error("nobody knows whether it arrived: {0}")]
    MayHaveArrived(String),
    #[error("there is no such export")]
    UnknownExport,
    #[error("it was not sent to anybody")]
    NotSent,
    /// What it is now, in which this cannot be done.
    #[error("it is `{}`, in which this cannot be done", .0.as_str())]
    CannotBe(DeliveryState),
    #[error("it was tried, or decided otherwise, meanwhile")]
    TriedMeanwhile,
    #[error(transparent)]
    Port(#[from] PortError),
}

#[derive(Debug, Clone)]
pub struct LimitsChange {
    /// Of the settings that were looked at; 0 when nobody set anything yet.
    pub version: i64,
    pub limits: OutreachLimits,
}

#[derive(Clone)]
pub struct Outreach {
    ports: Ports,
    stores: Stores,
    connections: Connections,
    queued: Arc<Notify>,
}

impl Outreach {
    #[must_use]
    pub fn new(ports: Ports, connections: Connections) -> Self {
        Self {
            stores: Stores::new(ports.clone()),
            ports,
            connections,
            queued: Arc::default(),
        }
    }

    pub async fn store(
        &self,
        workspace: WorkspaceId,
        store: Option<StoreId>,
    ) -> Result<Store, StoreError> {
        self.stores.pick(workspace, store).await
    }

    pub async fn settings(&self, store: &Store) -> PortResult<OutreachSettings> {
        let set = self.ports.outreach.outreach_settings(store.scope).await?;
        Ok(set.unwrap_or_else(|| OutreachSettings {
            scope: store.scope,
            version: 0,
            limits: OutreachLimits::default(),
            updated_at: self.ports.clock.now(),
            updated_by: Actor::system(),
        }))
    }

    /// Stores the next version, or names everything that is wrong with it.
    pub async fn set_settings(
        &self,
        store: &Store,
        change: LimitsChange,
        by: &Actor,
    ) -> Result<OutreachSettings, OutreachError> {
        let before = self.settings(store).await?;
        if before.version != change.version {
            return Err(OutreachError::SetMeanwhile);
        }
        let faults = change.limits.faults().into_iter();
        let faults: Vec<_> = faults.map(|(key, why)| Fault::new(key, why)).collect();
        if !faults.is_empty() {
            return Err(OutreachError::Invalid(faults));
        }
        let set = OutreachSettings {
            version: before.version + 1,
            limits: change.limits,
            updated_at: self.ports.clock.now(),
            updated_by: by.clone(),
            ..before.clone()
        };
        let id = store.scope.store.to_string();
        let target = ("segments", id.as_str(), store.name.as_str());
        let (workspace, now) = (store.scope.workspace, set.updated_at);
        let entry = NewEntry::done(workspace, now, by.clone(), "segments.set", target)
            .before(&json!(before.limits))
            .after(&json!(set.limits));
        let stored = self
            .ports
            .outreach
            .set_outreach_settings(&set, &entry)
            .await;
        stored.map_err(|error| match error.kind {
            Kind::Conflict => OutreachError::SetMeanwhile,
            _ => OutreachError::Port(error),
        })?;
        Ok(set)
    }

    /// The newest first.
    pub async fn exports(&self, store: &Store) -> PortResult<Vec<OutreachExport>> {
        self.ports
            .outreach
            .outreach_exports(store.scope, SHOWN)
            .await
    }

    /// The shop, as it is connected now.
    async fn shop(&self, store: &Store) -> Result<Arc<dyn StoreSource>, OutreachError> {
        let (workspace, id) = (store.scope.workspace, store.connection);
        let connection = self.ports.connections.find(workspace, id).await?;
        let connection = connection.ok_or(OutreachError::NoShop)?;
        Ok(self.connections.pool.source(&connection).await?)
    }
}
