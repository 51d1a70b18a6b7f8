//! Pictures of suppliers' products: fetched from wherever a supplier says they are, and what was seen on them.

use crate::PortResult;
use async_trait::async_trait;
use bytes::Bytes;
use chrono::{DateTime, Utc};
use domain::ids::{StoreScope, SupplierProductId};
use domain::supplier::{PictureHash, PictureNote, PictureSums};

/// A picture as it is shown: scaled down and encoded anew, so that nothing of the file that came is handed on.
#[derive(Debug, Clone)]
pub struct Picture {
    pub bytes: Bytes,
    pub media_type: &'static str,
    /// The same for the same bytes, and no other's.
    pub mark: String,
    /// `None`: there is too little on it to know it by.
    pub hash: Option<PictureHash>,
}

#[async_trait]
pub trait Pictures: Send + Sync {
    /// What is there, kept or fetched. `NotFound`: there is none; `Rejected`: it is not spoken to, or what it answers is no picture that is
    /// shown; `Unavailable`: it does not answer as it should, and may later.
    async fn picture(&self, url: &str) -> PortResult<Picture>;
}

/// One that is to be looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DuePicture {
    pub product: SupplierProductId,
    pub url: String,
    /// Tries at this very address that failed.
    pub failures: u32,
}

#[async_trait]
pub trait PictureNotes: Send + Sync {
    /// Pictures that nobody looked at, whose product has another one by now, or that are to be tried again by now; by product, at most `limit`. Nobody
    /// else gets them before `until`.
    async fn claim_pictures(
        &self,
        scope: StoreScope,
        now: DateTime<Utc>,
        until: DateTime<Utc>,
        limit: u32,
    ) -> PortResult<Vec<DuePicture>>;
    /// The last word on each.
    async fn save_pictures(&self, scope: StoreScope, notes: &[PictureNote]) -> PortResult<()>;
    /// Of these products, as far as it is of the pictures that they have now; by product.
    async fn pictures(
        &self,
        scope: StoreScope,
        products: &[SupplierProductId],
    ) -> PortResult<Vec<PictureNote>>;
    /// Of all products of the store, as far as they are of the pictures that they have now; by product.
    async fn picture_hashes(
        &self,
        scope: StoreScope,
    ) -> PortResult<Vec<(SupplierProductId, PictureHash)>>;
    /// How far it is; of the reasons at most five.
    async fn picture_sums(&self, scope: StoreScope) -> PortResult<PictureSums>;
}
