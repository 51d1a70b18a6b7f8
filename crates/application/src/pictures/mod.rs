//! Pictures of suppliers' products: shown, and looked at in the background, so that offers with nearly the same one are found.
//!
//! The browser names a product, never an address. What was seen is written down for each product with the address that it is of; a worker goes
//! through what nobody looked at, few at a time, and never while anything waits for it.

mod worker;

use crate::Ports;
use crate::events::EventHub;
use crate::opportunities::Scoring;
use crate::stores::{StoreError, Stores};
use chrono::{DateTime, Utc};
use domain::ids::{StoreId, SupplierProductId, WorkspaceId};
use domain::store::Store;
use domain::supplier::PictureSums;
use ports::pictures::Picture;
use ports::{Kind, PortError, PortResult};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

#[derive(Debug, thiserror::Error)]
pub enum PictureError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("there is no such supplier product")]
    Unknown,
    #[error("the supplier tells no picture of it")]
    Untold,
    /// Whatever the supplier tells, it is none that is shown.
    #[error("{0}")]
    NoPicture(String),
    /// It may be there later.
    #[error("{0}")]
    Away(String),
    #[error(transparent)]
    Port(PortError),
}

#[derive(Clone)]
pub struct PictureDesk {
    ports: Ports,
    stores: Stores,
    scoring: Scoring,
    /// Stores with something new on their pictures that was not compared yet, and since when.
    uncompared: Arc<Mutex<BTreeMap<StoreId, DateTime<Utc>>>>,
}

impl PictureDesk {
    #[must_use]
    pub fn new(ports: Ports, hub: EventHub) -> Self {
        Self {
            stores: Stores::new(ports.clone()),
            scoring: Scoring::new(ports.clone(), hub),
            ports,
            uncompared: Arc::default(),
        }
    }

    pub async fn store(
        &self,
        workspace: WorkspaceId,
        store: Option<StoreId>,
    ) -> Result<Store, StoreError> {
        self.stores.pick(workspace, store).await
    }

    /// Of a product of whichever store it is.
    pub async fn show(
        &self,
        workspace: WorkspaceId,
        id: SupplierProductId,
    ) -> Result<Picture, PictureError> {
        let stores = self.stores.list(workspace).await;
        for store in stores.map_err(PictureError::Port)? {
            let found = self.ports.suppliers.offers(store.scope, &[id]).await;
            let found = found.map_err(PictureError::Port)?;
            let Some(product) = found.into_iter().next() else {
                continue;
            };
            let url = product.image.ok_or(PictureError::Untold)?;
            return self.ports.pictures.picture(&url).await.map_err(failed);
        }
        Err(PictureError::Unknown)
    }

    /// How far the pictures of the store's offers are looked at.
    pub async fn sums(&self, store: &Store) -> PortResult<PictureSums> {
        self.ports.picture_notes.picture_sums(store.scope).await
    }
}

fn failed(error: PortError) -> PictureError {
    match error.kind {
        Kind::NotFound | Kind::Rejected => PictureError::NoPicture(error.detail),
        Kind::Unavailable | Kind::RateLimited => PictureError::Away(error.detail),
        _ => PictureError::Port(error),
    }
}
