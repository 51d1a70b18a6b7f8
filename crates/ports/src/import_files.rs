//! Where uploaded files lie until they are imported.

use crate::PortResult;
use async_trait::async_trait;
use bytes::Bytes;
use chrono::{DateTime, Utc};
use domain::ids::ImportId;
use std::io::Read;

/// A file that is being written.
#[async_trait]
pub trait FileDraft: Send {
    /// `StorageFull` when there is no room.
    async fn write(&mut self, chunk: Bytes) -> PortResult<()>;
    /// On disk when it returns. A draft that is dropped instead leaves nothing behind.
    async fn finish(self: Box<Self>) -> PortResult<()>;
}

#[async_trait]
pub trait ImportFiles: Send + Sync {
    async fn create(&self, id: ImportId) -> PortResult<Box<dyn FileDraft>>;
    /// Reads from the beginning, blocking; `NotFound` when it is not here.
    fn open(&self, id: ImportId) -> PortResult<Box<dyn Read + Send>>;
    async fn remove(&self, id: ImportId) -> PortResult<()>;
    /// Ids and times of what lies here, for housekeeping.
    async fn list(&self) -> PortResult<Vec<(ImportId, DateTime<Utc>)>>;
}
